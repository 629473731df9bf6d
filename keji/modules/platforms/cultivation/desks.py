"""The desk of cultivation."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from keji.desk.desk import Desk, Panel, register
from keji.desk.guard import actor_of
from keji.kernel import clock
from keji.modules.platforms.cultivation import gaps, services
from keji.modules.platforms.cultivation.forms import CultivationForm, StepForm, VisitForm
from keji.modules.platforms.incubators.rows import verdict_card
from keji.modules.platforms.models import Cultivation


def plan_panel(request: HttpRequest, record: Cultivation) -> dict[str, Any]:
    today = clock.today()
    return {
        "record": record,
        "steps": [{"step": s, "late": s.done_on is None and s.due_on < today} for s in record.plan_steps.all()],
        "may_write": services.may_tutor(record, actor_of(request)),
        "form": StepForm(auto_id="step_%s"),
        "today": today.isoformat(),
    }


def gaps_panel(request: HttpRequest, record: Cultivation) -> dict[str, Any]:
    """What is still lacking by the rule, as of today; of those who arrived or gave up nothing is asked any more."""
    if record.state not in services.RUNNING:
        return {"none": f"培育{record.get_state_display()}，不再核对差距。"}
    verdict = gaps.verdict_for(record, clock.today())
    if verdict is None:
        known = gaps.has_rule(record.kind, record.level)
        lacks = "没有可以核对的平台登记，请先在“科创平台”登记现有平台。"
        return {"none": lacks if known else "这个方向和级别还没有录入认定规则，差距请写在“其他差距”里。"}
    firm = verdict.rule in gaps.CENTRES.values()
    url = f"/enterprises/{record.party_id}/rules/{verdict.rule}" if firm else ""
    return {"card": verdict_card(verdict), "url": url}


def visits_panel(request: HttpRequest, record: Cultivation) -> dict[str, Any]:
    may = services.may_tutor(record, actor_of(request))
    form = VisitForm(auto_id="visit_%s", initial={"on": clock.today()})
    return {"record": record, "visits": list(record.visits.all()), "may_write": may, "form": form}


@register
class CultivationDesk(Desk):
    name, model, group, icon = "platform-cultivation", Cultivation, "创新平台", "plant-2"
    intro = "从市级平台里选出省级培育对象，一对一辅导：差什么、做什么、什么时候做完、结果如何。"
    columns = ("party", "kind", "level", "tutor", "goal_on", "region", "state")
    search = ("party__name", "number", "gaps")
    filters = ("kind", "level", "state", "region", "tutor")
    tones = {"candidate": "gray", "tutoring": "blue", "applied": "violet", "succeeded": "green", "ended": "plain"}
    facts = (
        ("培育对象", ("party", "region", "kind", "level", "platform", "goal_on", "number")),
        ("辅导", ("tutor", "gaps", "result")),
    )
    panels = (
        Panel("按规则还差什么", "platforms/cultivation_gaps.html", gaps_panel),
        Panel("培育事项", "platforms/plan_steps.html", plan_panel),
        Panel("辅导走访", "platforms/tutor_visits.html", visits_panel),
    )
    form = CultivationForm
    create, update = staticmethod(services.name_candidates), staticmethod(services.correct_candidate)
    editable_in = services.RUNNING
    related = ("party", "region", "tutor", "platform")
    empty = "还没有培育对象。从“科创平台”里选出有望升级的单位，新建一条即可。"
