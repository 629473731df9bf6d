"""The desks of proposals and of the earlier projects they are compared with."""

from __future__ import annotations

from keji.desk.desk import Desk, Panel, register
from keji.modules.projects.models import EarlierProject, Proposal
from keji.modules.projects.module import GROUP
from keji.modules.projects.proposals.forms import EarlierForm
from keji.modules.projects.proposals.panels import (
    checks_panel,
    contents_panel,
    decision_panel,
    likeness_panel,
    materials_panel,
    people_panel,
    review_panel,
    stage_panel,
)
from keji.modules.projects.proposals.services import earlier

PROPOSAL_TONES = {
    "draft": "gray",
    "unit_check": "amber",
    "submitted": "blue",
    "recommended": "blue",
    "returned": "amber",
    "form_passed": "blue",
    "reviewing": "violet",
    "reviewed": "violet",
    "approved": "teal",
    "publicised": "teal",
    "established": "green",
    "declined": "red",
    "withdrawn": "plain",
}


@register
class EarlierDesk(Desk):
    name, model, group, icon = "earlier-projects", EarlierProject, GROUP, "history"
    intro = "往年和其他渠道的项目，只用于查重，可以用表格一次导入。"
    columns = ("code", "title", "unit", "year", "programme", "money")
    search = ("code", "title", "unit")
    filters = ("year", "programme")
    facts = (("往年项目", ("code", "title", "unit", "year", "programme", "money", "abstract")),)
    form = EarlierForm
    create, update = staticmethod(earlier.keep_earlier), staticmethod(earlier.correct_earlier)
    upload = True
    attachments = False
    empty = "还没有往年项目。下载模板填好后上传，查重才有比对的对象。"


@register
class ProposalDesk(Desk):
    name, model, group, icon = "proposals", Proposal, GROUP, "file-certificate"
    intro = "申报单位在项目指南里开始申报；走到哪一步、还差什么，单位和县区随时能看到。"
    columns = ("title", "party", "region", "guideline", "asked", "state", "state_since")
    search = ("title", "number", "party__name", "leader_name")
    filters = ("guideline", "state", "region", "theme", "guideline__programme__tag")
    tones = PROPOSAL_TONES
    facts = (
        ("项目", ("title", "theme", "party", "region", "guideline", "leader_name", "months", "number", "reason")),
        ("经费", ("asked", "equipment", "business", "labour", "indirect", "own_money", "total", "grant")),
        ("申报单位", ("revenue", "staff", "rnd_staff", "contact_name", "promised")),
    )
    panels = (
        Panel("走到哪一步", "projects/stages.html", stage_panel, first=True),
        Panel("申报书", "projects/contents.html", contents_panel),
        Panel("参加人员和单位", "projects/members.html", people_panel),
        Panel("申报材料", "projects/materials.html", materials_panel),
        Panel("形式审查", "desk/parts/checklist.html", checks_panel),
        Panel("查重", "projects/likeness.html", likeness_panel),
        Panel("评审", "projects/review.html", review_panel),
        Panel("集体决策和公示", "projects/decisions.html", decision_panel),
    )
    attachments = False  # files hang on the items of the checklist and are frozen with the proposal
    bulk = ("recommend",)
    related = ("party", "region", "guideline", "guideline__scheme")
    sealed = ("contact_phone", "leader_id_number")
    empty = "还没有项目申报。申报单位在“项目指南”里开始申报。"
