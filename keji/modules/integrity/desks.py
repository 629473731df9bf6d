"""The desks. A case's page shows its course; what it is about stands in the sealed file, each look logged."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from keji.desk.desk import Desk, Panel, register
from keji.modules.integrity import forms
from keji.modules.integrity.models import Activity, Case, CatalogueItem
from keji.modules.integrity.services import cases, catalogue, education

GROUP = "科研诚信"
TONES = {
    "received": "amber",
    "checking": "amber",
    "refused": "gray",
    "transferred": "gray",
    "investigating": "blue",
    "reported": "blue",
    "proposed": "amber",
    "decided": "amber",
    "served": "blue",
    "appealed": "amber",
    "reviewing": "amber",
    "reviewed": "blue",
    "in_force": "green",
    "closed": "gray",
}


def file_panel(request: HttpRequest, record: Any) -> dict[str, Any]:
    return {"case": record}


@register
class CaseDesk(Desk):
    name, model, group, icon = "integrity-cases", Case, GROUP, "gavel"
    intro = "只列出您承办、调查、复查或应当决定的案件；当事人、举报内容和证据在案卷里，每次打开都留痕。"
    columns = ("number", "state", "origin", "line", "received_on", "handler", "due_said")
    search = ("number",)
    filters = ("state", "origin", "line", "year")
    tones = TONES
    facts = (
        ("案件", ("number", "origin", "line", "edition_said", "received_on", "handler", "due_said")),
        (
            "进程",
            ("accepted_on", "decided_on", "served_on", "appealed_on", "review_from_on", "effective_on", "closed_on"),
        ),
    )
    panels = (Panel("案卷", "integrity/panel_file.html", file_panel),)
    form = forms.ClueForm
    create = staticmethod(cases.open_cases)
    related = ("edition",)
    attachments = False  # evidence is kept in the sealed file, where every look is logged
    empty = "没有您办理的案件。网上举报自动成为待初核案件；其他线索由办案人员点“新建”登记。"


@register
class ActivityDesk(Desk):
    name, model, group, icon = "integrity-activities", Activity, GROUP, "book"
    intro = "县区和市局开展的科研诚信宣传教育活动，填报后由另一位业务科室同志确认。"
    columns = ("title", "region", "kind", "held_on", "people", "copies", "state")
    search = ("title", "organiser", "number")
    filters = ("region", "kind", "state", "year")
    tones = {"reported": "amber", "returned": "amber", "confirmed": "green", "void": "gray"}
    facts = (
        ("活动", ("title", "region", "kind", "held_on", "place", "organiser", "audience")),
        ("成效", ("people", "copies", "note", "reported_by")),
    )
    form = forms.ActivityForm
    create = staticmethod(education.report_activities)
    update = staticmethod(education.correct_activity)
    upload = True
    editable_in = ("reported", "returned")
    bulk = ("confirm",)
    related = ("region", "reported_by")
    empty = "还没有宣传教育活动。点“新建”登记一次活动，或下载模板批量填报。"


@register
class CatalogueDesk(Desk):
    name, model, group, icon = "integrity-catalogue", CatalogueItem, GROUP, "scale"
    intro = "各版本规则列明的行为、措施、情节期限和因素；标“未核对”的没有读到原文，核对后在这里改。"
    columns = ("label", "edition", "kind", "code", "restricted", "least_months", "most_months", "cites", "certain")
    search = ("label", "code", "cites")
    filters = ("edition", "kind", "certain")
    facts = (
        ("条目", ("label", "edition", "kind", "code", "restricted", "timed", "least_months", "most_months")),
        ("依据", ("cites", "certain")),
    )
    form = forms.ItemForm
    create = staticmethod(catalogue.add_items)
    update = staticmethod(catalogue.correct_item)
    attachments = False
    newest_first = False
    empty = "目录是空的。点“新建”按原文登记行为、措施和期限。"
