"""The desks of the register: platforms and their yearly figures."""

from __future__ import annotations

from keji.desk.desk import Desk, Panel, register
from keji.modules.platforms.models import Platform, PlatformYear
from keji.modules.platforms.register import services
from keji.modules.platforms.register.forms import PlatformForm, PlatformYearForm
from keji.modules.platforms.register.panels import assessments_panel, events_panel, years_panel

GROUP = "创新平台"


@register
class PlatformDesk(Desk):
    name, model, group, icon = "platforms", Platform, GROUP, "flask"
    intro = "县区填报，业务科室确认后计入总数；升到更高级别的另填一条，原级别保留。"
    columns = ("name", "kind", "level", "party", "region", "recognised_on", "valid_until", "state")
    search = ("name", "number", "party__name", "document")
    filters = ("kind", "level", "region", "state")
    tones = {"reported": "blue", "returned": "amber", "confirmed": "green", "withdrawn": "red", "void": "gray"}
    facts = (
        ("平台", ("name", "kind", "level", "field", "party", "region")),
        ("认定", ("recognised_on", "valid_until", "recognised_by", "document")),
        ("登记", ("number", "source", "reported_by", "created_at")),
        ("撤销", ("withdrawn_on", "withdrawn_reason")),
    )
    panels = (
        Panel("年度成效", "platforms/years.html", years_panel),
        Panel("历年评估", "platforms/assessments.html", assessments_panel),
        Panel("大事记", "platforms/events.html", events_panel),
    )
    form = PlatformForm
    create, update = staticmethod(services.report_platforms), staticmethod(services.correct_platform)
    upload = True
    editable_in = ("reported", "returned")
    bulk = ("confirm", "send_back")
    related = ("party", "region", "reported_by")
    empty = "还没有登记科创平台。县区可以逐个新建，也可以下载模板填好后上传。"


@register
class PlatformYearDesk(Desk):
    name, model, group, icon = "platform-years", PlatformYear, GROUP, "chart-line"
    intro = "每个平台每年一份，由依托单位或县区填报、另一人确认；不清楚的留空，不填零。"
    columns = ("platform", "year", "rnd_spend", "staff", "patents", "income", "region", "state")
    search = ("platform__name", "number", "party__name")
    filters = ("year", "region", "state")
    tones = {"reported": "blue", "returned": "amber", "confirmed": "green"}
    facts = (
        ("平台和年度", ("platform", "year", "party", "region")),
        ("投入和条件", ("rnd_spend", "staff", "equipment_value")),
        ("成效", ("projects", "patents", "services", "income", "remark")),
        ("登记", ("number", "source", "reported_by", "created_at")),
    )
    form = PlatformYearForm
    create, update = staticmethod(services.report_years), staticmethod(services.correct_year)
    upload = True
    editable_in = ("reported", "returned")
    bulk = ("confirm",)
    related = ("platform", "party", "region", "reported_by")
    empty = "还没有平台年报。依托单位或县区可以逐份新建，也可以下载模板填好后上传。"
