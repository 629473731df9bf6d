"""The desks of projects and their changes."""

from __future__ import annotations

from keji.desk.desk import Desk, Panel, register
from keji.kernel.people.roles import Actor, Role
from keji.modules.projects.models import Change, Project
from keji.modules.projects.module import GROUP
from keji.modules.projects.results.panels import result_panel
from keji.modules.projects.running.forms import RegisterForm
from keji.modules.projects.running.panels import (
    CHANGE_TONES,
    acceptance_panel,
    book_panel,
    change_panel,
    due_panel,
    effect_panel,
    money_panel,
    report_panel,
)
from keji.modules.projects.running.services.register import register_projects
from keji.modules.projects.shares.panels import shares_panel

PROJECT_TONES = {
    "established": "amber",
    "signed": "blue",
    "accepting": "violet",
    "mending": "amber",
    "accepted": "green",
    "archived": "teal",
    "terminated": "plain",
    "revoked": "red",
    "waived": "plain",
}


@register
class ProjectDesk(Desk):
    name, model, group, icon = "projects", Project, GROUP, "briefcase"
    intro = "立项后的项目：任务书、拨款、执行、变更、验收、归档；早先立项的可以用表格登记。"
    columns = ("title", "party", "region", "year", "grant", "paid", "ends_on", "state")
    search = ("title", "number", "party__name", "leader_name")
    filters = ("state", "region", "year", "programme", "guideline", "programme__tag", "grade")
    tones = PROJECT_TONES
    facts = (
        ("项目", ("title", "party", "region", "programme", "leader_name", "number", "document", "established_on")),
        ("期限和经费", ("starts_on", "ends_on", "signed_on", "grant", "paid", "remaining", "own_money", "returned")),
        ("结果", ("conclusion", "grade", "accepted_on", "keep_until")),
    )
    panels = (
        Panel("到期事项", "projects/dues.html", due_panel, first=True),
        Panel("任务书", "projects/task_book.html", book_panel),
        Panel("联合攻关和揭榜挂帅", "projects/joint.html", shares_panel),
        Panel("经费", "projects/money.html", money_panel),
        Panel("年度执行报告", "projects/reports.html", report_panel),
        Panel("变更", "projects/changes.html", change_panel),
        Panel("验收和档案", "projects/acceptance.html", acceptance_panel),
        Panel("成果跟踪", "projects/followed.html", result_panel),
    )
    form = RegisterForm
    create = staticmethod(register_projects)
    upload = True
    related = ("party", "region", "programme", "proposal", "guideline")
    empty = "还没有项目。指南的立项文件签发后，项目出现在这里。"

    def may_create(self, actor: Actor) -> bool:
        return actor.has(Role.OFFICER)


@register
class ChangeDesk(Desk):
    name, model, group, icon = "project-changes", Change, GROUP, "adjustments"
    intro = "负责人、承担单位、主要指标、总预算和延期由市局审批；其余由单位决定后备案。"
    columns = ("project", "kind", "party", "before", "after", "state")
    search = ("number", "project__title", "project__number", "party__name")
    filters = ("kind", "state", "region")
    tones = CHANGE_TONES
    facts = (("变更", ("project", "kind", "before", "after", "until_on", "to_party", "reason", "number", "answer")),)
    panels = (Panel("生效情况", "projects/effect.html", effect_panel),)
    related = ("party", "region", "project", "to_party")
    empty = "还没有变更。承担单位在项目页提出。"
