"""The desk of projects."""

from __future__ import annotations

from keji.desk.desk import Desk, register
from keji.modules.projects.models import Project
from keji.modules.projects.module import GROUP

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
    intro = "立项后的项目：任务书、拨款、执行、变更、验收、归档。"
    columns = ("title", "party", "region", "year", "grant", "paid", "ends_on", "state")
    search = ("title", "number", "party__name", "leader_name")
    filters = ("state", "region", "year", "programme", "guideline", "programme__tag", "grade")
    tones = PROJECT_TONES
    facts = (
        ("项目", ("title", "party", "region", "programme", "leader_name", "number", "document", "established_on")),
        ("期限和经费", ("starts_on", "ends_on", "signed_on", "grant", "paid", "remaining", "own_money")),
    )
    related = ("party", "region", "programme")
    empty = "还没有项目。指南的立项文件签发后，项目出现在这里。"
