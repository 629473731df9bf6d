"""The desks of the expert pool: experts, exits, draws. No desk ever shows whom a draw gave."""

from __future__ import annotations

from typing import Any

from keji.desk.desk import Desk, Panel, register
from keji.kernel.people.roles import Actor, Role
from keji.modules.experts.forms import ExitForm, ExpertForm
from keji.modules.experts.models import Draw, ExitCase, Expert
from keji.modules.experts.panels import history_panel, ties_panel, uses_panel
from keji.modules.experts.services import credit
from keji.modules.experts.services import register as services

GROUP = "评审专家"


@register
class ExpertDesk(Desk):
    name, model, group, icon = "experts", Expert, GROUP, "users"
    intro = "录入和审核由两个人办理；专家每年确认一次本人信息，逾期未确认的不参加抽取。"
    columns = ("person__name", "number", "employer", "home", "kind", "level", "discipline", "confirmed_until", "state")
    search = ("person__name", "employer", "number", "place")
    filters = {
        "kind": ["exact"],
        "state": ["exact"],
        "in_city": ["exact"],
        "discipline": ["exact"],
        "level": ["exact"],
        "on_register": ["exact"],
    }
    tones = {"applied": "blue", "active": "green", "paused": "amber", "exited": "plain", "rejected": "red"}
    facts = (
        ("专家", ("number", "sex", "kind", "person__title", "level", "title_on", "degree", "school")),
        ("单位", ("party", "employer", "person__post", "home", "place", "roles_elsewhere")),
        ("专业", ("discipline", "also_named", "industries", "keywords")),
        ("入库", ("joined_on", "agreed_on", "confirmed_until", "confirmed_word", "source")),
    )
    panels = (
        Panel("使用和评价", "experts/panel_uses.html", uses_panel),
        Panel("关系申报", "experts/panel_ties.html", ties_panel),
        Panel("任职经历", "experts/panel_history.html", history_panel),
    )
    form = ExpertForm
    create = staticmethod(services.register_experts)
    update = staticmethod(services.correct_expert)
    upload = True
    editable_in = ("applied", "active", "paused")
    bulk = ("admit",)
    related = ("person", "party", "discipline")
    sealed = ("phone", "id_number", "bank_card")
    empty = "还没有评审专家。可以上传表格，也可以发邀请码由专家本人登记。"


@register
class ExitDesk(Desk):
    name, model, group, icon = "expert-exits", ExitCase, GROUP, "logout"
    intro = "先告知专家并留出申辩期，再由另一人决定；符合出库规则的每天自动列出，不会自动出库。"
    columns = ("expert", "ground", "evidence", "notified_on", "appeal_until", "state")
    search = ("expert__person__name", "number")
    filters = ("ground", "state")
    tones = {"proposed": "blue", "notified": "amber", "appealed": "violet", "exited": "plain", "dropped": "green"}
    facts = (
        ("出库", ("expert", "ground", "evidence", "number")),
        ("告知和申辩", ("notified_on", "appeal_until", "appeal", "answer")),
    )
    form = ExitForm
    create = staticmethod(credit.create_exits)
    related = ("expert__person",)
    empty = "没有出库事项。符合出库规则的专家每天自动列在这里。"

    def may_create(self, actor: Actor) -> bool:
        """Experts write to their own case by answering it; opening one is the bureau's."""
        return actor.has(Role.OFFICER)


@register
class DrawDesk(Desk):
    name, model, group, icon = "expert-draws", Draw, GROUP, "dice-5"
    intro = "冻结并公布专家库，监督人到场给出数字后抽取；取消的抽取一直可查。"
    columns = ("title", "number", "review_on", "size", "requested_by", "state", "state_since")
    search = ("title", "number")
    filters = ("state",)
    tones = {
        "requested": "gray",
        "frozen": "blue",
        "sealed": "violet",
        "opened": "teal",
        "closed": "green",
        "cancelled": "plain",
    }
    facts = (
        ("抽取", ("title", "number", "review_on", "venue", "size", "substitutes", "employer_cap", "requested_by")),
    )
    related = ("requested_by",)
    attachments = False
    empty = "还没有抽取。业务科室申请评审组后显示在这里。"

    def record_url(self, record: Any) -> str:
        """A draw has a page of its own: freezing, odds and the witness's digits are no plain steps."""
        return f"/experts/draws/{record.pk}"
