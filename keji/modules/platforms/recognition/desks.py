"""The desks of recognition: batches and applications."""

from __future__ import annotations

from typing import Any

from keji.desk.desk import Desk, Panel, register
from keji.kernel.people.roles import Actor
from keji.modules.platforms.models import Application, Call
from keji.modules.platforms.recognition.forms import ApplicationForm, CallForm
from keji.modules.platforms.recognition.panels import (
    board_panel,
    call_panel,
    checks_panel,
    decision_panel,
    materials_panel,
    progress_panel,
    publishing_panel,
    visits_panel,
)
from keji.modules.platforms.recognition.services import recognition as services

GROUP = "创新平台"
APPLICATION_TONES = {
    "draft": "gray",
    "submitted": "blue",
    "returned": "amber",
    "recommended": "blue",
    "form_passed": "blue",
    "visited": "violet",
    "approved": "teal",
    "publicised": "teal",
    "listed": "green",
    "rejected": "red",
    "withdrawn": "plain",
}


@register
class CallDesk(Desk):
    name, model, group, icon = "platform-calls", Call, GROUP, "mail-forward"
    intro = "一次认定一个批次：通知发布、组织申报、县区推荐、形式审查、现场审查、党组会审议、公示、公布。"
    columns = ("title", "kind", "year", "batch", "opens_on", "closes_on", "state")
    search = ("title", "number", "document")
    filters = ("kind", "year", "state")
    tones = {"draft": "gray", "open": "blue", "done": "green", "cancelled": "plain"}
    facts = (
        ("通知", ("title", "kind", "level", "year", "batch", "document", "opens_on", "closes_on", "number")),
        (
            "时限",
            ("county_days", "resubmit_days", "form_days", "visit_days", "publicity_days", "returns_allowed"),
        ),
    )
    panels = (
        Panel("申报条件和材料", "platforms/call.html", call_panel),
        Panel("办理进度", "platforms/board.html", board_panel),
        Panel("审议、公示和公布", "platforms/publishing.html", publishing_panel),
    )
    form = CallForm
    create, update = staticmethod(services.draft_calls), staticmethod(services.correct_call)
    editable_in = ("draft",)
    related = ("region",)
    empty = "还没有认定批次。业务科室新建、另一人发布后，申报单位就能看到。"


@register
class ApplicationDesk(Desk):
    name, model, group, icon = "platform-applications", Application, GROUP, "file-certificate"
    intro = "申报单位在认定批次里开始申报；走到哪一步、还差什么，单位和县区随时能看到。"
    columns = ("name", "party", "region", "call", "state", "state_since")
    search = ("name", "number", "party__name")
    filters = ("call", "state", "region")
    tones = APPLICATION_TONES
    facts = (
        ("申请", ("name", "party", "region", "call", "number", "reason", "platform")),
        ("中心", ("field", "leader", "direction")),
        (
            "数据",
            (
                *("data_year", "revenue", "rnd_spend", "staff", "rnd_staff"),
                *("site_area", "equipment_value", "ip_count", "contact_name"),
            ),
        ),
    )
    panels = (
        Panel("走到哪一步", "platforms/progress.html", progress_panel),
        Panel("申报材料", "platforms/materials.html", materials_panel),
        Panel("形式审查", "desk/parts/checklist.html", checks_panel),
        Panel("现场审查", "platforms/visits.html", visits_panel),
        Panel("审议和公示", "platforms/decisions.html", decision_panel),
    )
    form, update = ApplicationForm, staticmethod(services.update_application)
    editable_in = ("draft", "returned")
    attachments = False  # files hang on the items of the checklist and are frozen with the application
    bulk = ("recommend",)
    related = ("party", "region", "call", "platform")
    sealed = ("contact_phone",)
    empty = "还没有认定申请。申报单位在“认定批次”里开始申报。"

    def edit_refusal(self, actor: Actor, record: Any) -> str:
        return services.editing_refusal(record, actor)
