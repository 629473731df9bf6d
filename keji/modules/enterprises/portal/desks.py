"""The desk of claims; invitations have a page of their own."""

from __future__ import annotations

from keji.desk.desk import Desk, register
from keji.modules.enterprises.portal.models import Claim


@register
class ClaimDesk(Desk):
    name, model, group, icon = "claims", Claim, "一企一档", "id"
    intro = "企业自己申请账号；打电话核对是本单位的人，再开通。"
    columns = ("party", "contact", "position", "region", "created_at", "state")
    search = ("party__name", "contact", "number")
    filters = ("region", "state")
    tones = {"waiting": "amber", "confirmed": "green", "refused": "gray"}
    facts = (
        ("申请", ("party", "contact", "position", "account", "created_at")),
        ("登记", ("number", "region", "reason")),
    )
    related = ("party", "region", "account")
    sealed = ("phone",)
    attachments = False
    empty = "没有企业申请认领。企业在登录页点“企业开通账号”即可申请。"
