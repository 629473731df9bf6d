"""The desks of firms: units, titles, look-alikes."""

from __future__ import annotations

from typing import Any

from keji.desk.desk import Desk, Panel, register
from keji.kernel.parties.models import DuplicatePair, Party
from keji.modules.enterprises.firms.panels import (
    certifications_panel,
    duplicate_panel,
    events_panel,
    facts_panel,
    profile_panel,
    verdict_panel,
)
from keji.modules.enterprises.firms.panels_standing import standing_panel
from keji.modules.enterprises.models import Certification
from keji.modules.enterprises.titles import services
from keji.modules.enterprises.titles.forms import CertificationForm, EnterpriseForm


@register
class PartyDesk(Desk):
    name, model, group, icon = "parties", Party, "名录", "building"
    intro = "单位建一次档，各项业务共用；改名时直接修改，曾用名自动保留。已并入其他单位的不列出，可以搜到。"
    columns = ("name", "uscc", "kind", "region", "industry_code", "established_on")
    search = ("name", "uscc", "names__name")
    filters = ("region", "kind")
    facts = (
        ("基本信息", ("name", "uscc", "kind", "region", "division", "established_on", "address", "industry_code")),
        ("档案", ("contact_name", "created_at")),
    )
    panels = (
        Panel("一企一档", "enterprises/facts_panel.html", facts_panel),
        Panel("企业概况", "enterprises/profile.html", profile_panel),
        Panel("科技资质", "enterprises/certifications.html", certifications_panel),
        Panel("信用状态", "enterprises/standings.html", standing_panel),
        Panel("资格评价", "enterprises/verdicts.html", verdict_panel),
        Panel("大事记", "enterprises/events.html", events_panel),
    )
    form = EnterpriseForm
    create, update = staticmethod(services.create_parties), staticmethod(services.update_party)
    upload = True
    related = ("region", "division", "merged_into")
    sealed = ("contact_phone",)
    empty = "还没有企业档案。可以逐个新建，也可以下载模板填好后上传。"

    def listed(self, rows: Any) -> Any:
        """Without units merged into another; who searches an old name or code still finds them."""
        return rows.filter(merged_into__isnull=True)


@register
class CertificationDesk(Desk):
    name, model, group, icon = "certifications", Certification, "创新主体", "certificate"
    intro = "县区填报，业务科室确认后计入总数；填报和确认由两个人办理。"
    columns = ("party", "kind", "certificate_code", "issued_on", "valid_until", "region", "state")
    search = ("party__name", "certificate_code", "number", "party__uscc")
    filters = ("kind", "region", "state", "year")
    tones = {"reported": "blue", "returned": "amber", "confirmed": "green", "revoked": "red", "void": "gray"}
    facts = (
        ("资质", ("party", "kind", "certificate_code", "issued_on", "valid_until", "batch", "year")),
        ("登记", ("number", "region", "source", "reported_by", "created_at", "confirmed_at")),
        ("撤销", ("revoked_on", "revoked_reason")),
    )
    form = CertificationForm
    create = staticmethod(services.report_certifications)
    update = staticmethod(services.correct_certification)
    upload = True
    editable_in = ("reported", "returned")
    bulk = ("confirm", "send_back")
    related = ("party", "region", "reported_by")
    empty = "还没有科技资质记录。县区可以下载模板填好后上传。"


@register
class DuplicatePairDesk(Desk):
    name, model, group, icon = "duplicates", DuplicatePair, "名录", "copy"
    intro = "名称相同或代码只差一处的单位，由人判定；合并可以撤销。"
    columns = ("first", "second", "reason", "state")
    search = ("first__name", "second__name")
    filters = ("state",)
    tones = {"open": "amber", "merged": "green", "distinct": "gray"}
    facts = (("疑似重复", ("first", "second", "reason", "state")),)
    panels = (Panel("判定", "enterprises/duplicate.html", duplicate_panel),)
    related = ("first", "second")
    attachments = False
