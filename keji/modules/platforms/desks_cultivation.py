"""The desk of cultivation."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from keji.desk.desk import Desk, Panel, register
from keji.desk.guard import actor_of
from keji.kernel import clock
from keji.modules.platforms.forms_cultivation import CultivationForm, StepForm, VisitForm
from keji.modules.platforms.models import Cultivation
from keji.modules.platforms.services import cultivation as services


def plan_panel(request: HttpRequest, record: Cultivation) -> dict[str, Any]:
    today = clock.today()
    return {
        "record": record,
        "steps": [{"step": s, "late": s.done_on is None and s.due_on < today} for s in record.plan_steps.all()],
        "may_write": services.may_tutor(record, actor_of(request)),
        "form": StepForm(auto_id="step_%s"),
        "today": today.isoformat(),
    }


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
        Panel("培育事项", "platforms/plan_steps.html", plan_panel),
        Panel("辅导走访", "platforms/tutor_visits.html", visits_panel),
    )
    form = CultivationForm
    create, update = staticmethod(services.name_candidates), staticmethod(services.correct_candidate)
    editable_in = services.RUNNING
    related = ("party", "region", "tutor", "platform")
    empty = "还没有培育对象。从“科创平台”里选出有望升级的单位，新建一条即可。"
