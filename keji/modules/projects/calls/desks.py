"""The desks of programmes, schemes, guidelines, review batches and earlier projects."""

from __future__ import annotations

from keji.desk.desk import Desk, Panel, register
from keji.modules.projects.calls.forms import BatchForm, EarlierForm, GuidelineForm, ProgrammeForm, SchemeForm
from keji.modules.projects.calls.panels import board_panel, call_panel, criteria_panel, publishing_panel
from keji.modules.projects.calls.services import guidelines, schemes
from keji.modules.projects.meetings.panels import meeting_panel
from keji.modules.projects.models import EarlierProject, Guideline, Programme, ReviewBatch, ReviewScheme
from keji.modules.projects.module import GROUP
from keji.modules.projects.reviews.panels import blind_panel, people_panel, progress_panel, results_panel
from keji.modules.projects.reviews.services import panel


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


@register
class BatchDesk(Desk):
    name, model, group, icon = "review-batches", ReviewBatch, GROUP, "users"
    intro = "把通过形式审查的项目交给一组专家；专家在结束前只以代号出现。"
    columns = ("title", "guideline", "due_on", "draw_number", "state")
    search = ("title", "number", "guideline__title")
    filters = ("guideline", "state")
    tones = {"draft": "gray", "running": "blue", "closed": "green"}
    facts = (("评审批次", ("title", "guideline", "due_on", "draw_number", "number")),)
    panels = (
        Panel("评审进度", "projects/progress.html", progress_panel),
        Panel("评审专家", "projects/people.html", people_panel),
        Panel("匿名检查", "projects/blind.html", blind_panel),
        Panel("评审会议", "projects/meeting_card.html", meeting_panel),
        Panel("评分和得分", "projects/results.html", results_panel),
    )
    form = BatchForm
    create, update = staticmethod(panel.draft_batches), staticmethod(panel.correct_batch)
    editable_in = ("draft", "running")
    related = ("guideline", "region")
    empty = "还没有评审批次。项目通过形式审查后，在这里新建批次、安排专家。"


@register
class EarlierDesk(Desk):
    name, model, group, icon = "earlier-projects", EarlierProject, GROUP, "history"
    intro = "往年和其他渠道的项目，只用于查重，可以用表格一次导入。"
    columns = ("code", "title", "unit", "year", "programme", "money")
    search = ("code", "title", "unit")
    filters = ("year", "programme")
    facts = (("往年项目", ("code", "title", "unit", "year", "programme", "money", "abstract")),)
    form = EarlierForm
    create, update = staticmethod(guidelines.keep_earlier), staticmethod(guidelines.correct_earlier)
    upload = True
    attachments = False
    empty = "还没有往年项目。下载模板填好后上传，查重才有比对的对象。"
