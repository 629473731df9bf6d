"""The desks of guidelines, programmes and review schemes."""

from __future__ import annotations

from keji.desk.desk import Desk, Panel, register
from keji.modules.projects.calls.forms import GuidelineForm, ProgrammeForm, SchemeForm
from keji.modules.projects.calls.panels import board_panel, call_panel, criteria_panel, publishing_panel
from keji.modules.projects.calls.services import guidelines, schemes
from keji.modules.projects.models import Guideline, Programme, ReviewScheme
from keji.modules.projects.module import GROUP


@register
class GuidelineDesk(Desk):
    name, model, group, icon = "guidelines", Guideline, GROUP, "mail-forward"
    intro = "一份指南一个批次：发布、申报、推荐、形式审查、评审、集体决策、公示、立项。"
    columns = ("title", "programme", "year", "opens_on", "closes_on", "money", "state")
    search = ("title", "number", "document")
    filters = ("programme", "year", "state")
    tones = {"draft": "gray", "open": "blue", "done": "green", "cancelled": "plain"}
    facts = (
        ("指南", ("title", "programme", "year", "document", "opens_on", "closes_on", "number", "contact")),
        ("经费和限项", ("money", "grant_most", "own_percent", "months_most", "unit_quota", "leader_most")),
        ("时限", ("county_days", "form_days", "resubmit_days", "publicity_days")),
    )
    panels = (
        Panel("申报", "projects/guideline.html", call_panel, first=True),
        Panel("办理进度", "projects/board.html", board_panel),
        Panel("集体决策、公示和立项", "projects/publishing.html", publishing_panel),
    )
    form = GuidelineForm
    create, update = staticmethod(guidelines.draft_guidelines), staticmethod(guidelines.correct_guideline)
    editable_in = ("draft",)
    related = ("programme", "region", "scheme")
    empty = "还没有项目指南。业务科室起草、另一人发布后，申报单位就能看到。"


@register
class ProgrammeDesk(Desk):
    name, model, group, icon = "programmes", Programme, GROUP, "folder"
    intro = "项目资金按科技计划安排；绿色低碳和民生科技另列清单。"
    columns = ("name", "kind", "tag", "in_use", "note")
    search = ("name",)
    filters = ("kind", "tag", "in_use")
    form = ProgrammeForm
    create, update = staticmethod(guidelines.create_programmes), staticmethod(guidelines.update_programme)
    attachments = False
    empty = "还没有科技计划。先建计划，再起草指南。"


@register
class SchemeDesk(Desk):
    name, model, group, icon = "review-schemes", ReviewScheme, GROUP, "scale"
    intro = "评什么、每项多少分、怎么计分；启用后不再改动。"
    columns = ("title", "mode", "blind", "panel_least", "pass_line", "state")
    search = ("title", "number")
    filters = ("mode", "state")
    tones = {"draft": "gray", "frozen": "green", "retired": "plain"}
    facts = (
        ("评审方案", ("title", "mode", "blind", "number", "drafted_by")),
        ("计分规则", ("panel_least", "drop_from", "deviation", "pass_line")),
        ("会议评审", ("quorum", "said_plainly")),
    )
    panels = (Panel("评审指标", "projects/criteria.html", criteria_panel),)
    form = SchemeForm
    create, update = staticmethod(schemes.draft_schemes), staticmethod(schemes.correct_scheme)
    editable_in = ("draft",)
    related = ("region",)
    attachments = False
    empty = "还没有评审方案。起草后由另一人启用，指南才能引用。"
