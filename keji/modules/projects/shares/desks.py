"""The desk of joint projects' shares."""

from __future__ import annotations

from keji.desk.desk import Desk, Panel, register
from keji.modules.projects.models import Share
from keji.modules.projects.module import GROUP
from keji.modules.projects.shares.panels import share_panel


@register
class ShareDesk(Desk):
    name, model, group, icon = "project-shares", Share, GROUP, "puzzle"
    intro = "联合攻关由几家单位共同承担：牵头单位填写分工，参加单位各自确认后才能签订任务书。"
    columns = ("project", "party", "lead", "task", "grant", "own_money", "agreed_at")
    search = ("project__title", "project__number", "party__name")
    filters = ("lead",)
    facts = (("分工", ("project", "party", "lead", "task", "grant", "own_money", "agreed_by", "agreed_at")),)
    panels = (Panel("确认", "projects/share.html", share_panel),)
    attachments = False
    related = ("project", "party")
    empty = "还没有联合攻关分工。牵头单位在项目页填写。"
