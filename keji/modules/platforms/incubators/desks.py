"""The desks of incubation: tenants, and what is kept of houses, of tenants' years and money, of graduates."""

from __future__ import annotations

from keji.desk.desk import Desk, Panel, register
from keji.kernel.people.roles import Actor, Role
from keji.modules.platforms.incubators.forms import FacilityForm, FinancingForm, TenantYearForm, VisitForm
from keji.modules.platforms.incubators.panels import TONES, clock_panel, graduation_panel, told_panel, visits_panel
from keji.modules.platforms.incubators.services import data, tenants
from keji.modules.platforms.incubators.tenant_forms import TenantForm
from keji.modules.platforms.models import FacilityFacts, Financing, GraduateVisit, Platform, Tenant, TenantYear
from keji.modules.platforms.models.incubator import HATCHERIES


class OfOperators(Desk):
    """Base: firms write here only when they run a house."""

    def may_create(self, actor: Actor) -> bool:
        if not super().may_create(actor):
            return False
        if actor.has(Role.OFFICER, Role.COUNTY):
            return True
        return Platform.objects.filter(party__in=actor.parties, kind__in=HATCHERIES, state="confirmed").exists()


@register
class TenantDesk(OfOperators):
    name, model, group, icon = "tenants", Tenant, "创新平台", "building-community"
    intro = "运营单位填报，县区科技局确认后计入；已注册、在孵化期内的企业才计为在孵企业。"
    columns = ("name", "incubator", "field", "entered_on", "due_on", "clock", "state")
    search = ("name", "number", "firm__uscc", "incubator__name")
    filters = ("incubator", "field", "state", "leaving", "region")
    tones = TONES
    facts = (
        ("企业（团队）", ("name", "firm", "field", "established_on", "region")),
        ("入驻", ("incubator", "entered_on", "due_on", "area", "seats", "inside", "technology")),
        ("登记", ("number", "source", "reported_by", "confirmed_at", "deal", "deal_on", "deal_evidence")),
        ("离开", ("left_on", "leaving", "left_reason", "graduation_route", "graduation_evidence")),
    )
    panels = (
        Panel("孵化时钟和在孵条件", "platforms/incubator_clock.html", clock_panel),
        Panel("毕业条件", "platforms/incubator_graduation.html", graduation_panel),
        Panel("年度数据、融资和资质", "platforms/incubator_told.html", told_panel),
        Panel("跟踪服务", "platforms/incubator_visits.html", visits_panel),
    )
    form = TenantForm
    create, update = staticmethod(tenants.report_tenants), staticmethod(tenants.correct_tenant)
    upload = True
    editable_in = ("reported", "returned", "incubating")
    bulk = ("confirm", "confirm_graduation", "send_back")
    related = ("party", "region", "incubator", "firm", "reported_by")
    empty = "还没有入驻登记。运营单位可以逐个新建，也可以下载模板填好后上传。"


@register
class FacilityDesk(OfOperators):
    name, model, group, icon = "facility-facts", FacilityFacts, "", "building-warehouse"
    intro = "某一天的场地、人员、资金情况；有变化就新填一条，没变的项可以不填。使用面积和占比由在孵名单加总。"
    columns = ("incubator", "as_of", "type", "site_area", "fund", "staff", "mentors", "updated_by")
    search = ("incubator__name",)
    filters = ("incubator", "type")
    facts = (
        ("载体", ("incubator", "as_of", "type", "industry", "legal_person", "operating_since", "statistics_years")),
        ("场地", ("site_area", "public_area", "seats", "remote_area")),
        ("服务能力", ("staff", "professional_staff", "mentors", "own_platform", "events")),
        ("资金和收入", ("fund", "income", "service_income")),
        ("来源", ("evidence", "source", "updated_by", "updated_at")),
    )
    form = FacilityForm
    create, update = staticmethod(data.add_facility_facts), staticmethod(data.correct_facility_facts)
    upload = True
    related = ("incubator",)
    empty = "还没有填过场地与服务情况。请由运营单位填写。"


@register
class TenantYearDesk(OfOperators):
    name, model, group, icon = "tenant-years", TenantYear, "", "chart-line"
    intro = "每家在孵企业一年一条；不清楚的留空，不要填零。"
    columns = ("tenant", "year", "revenue", "rnd_expense", "employees", "patents_applied", "valid_ip", "updated_by")
    search = ("tenant__name", "tenant__number", "tenant__firm__uscc")
    filters = ("year", "tenant__incubator")
    facts = (
        ("年度数据", ("tenant", "year", "revenue", "rnd_expense", "employees", "patents_applied", "valid_ip")),
        ("来源", ("evidence", "source", "updated_by", "updated_at")),
    )
    form = TenantYearForm
    create, update = staticmethod(data.add_tenant_years), staticmethod(data.correct_tenant_year)
    upload = True
    related = ("tenant",)
    empty = "还没有年度数据。运营单位可以下载模板，一次填好全部在孵企业。"


@register
class FinancingDesk(OfOperators):
    name, model, group, icon = "financings", Financing, "", "coin"
    intro = "已经到账的投资和贷款，每笔一条，要有佐证；毕业只计天使投资和风险投资。"
    columns = ("tenant", "on", "kind", "amount", "investor", "own_fund", "updated_by")
    search = ("tenant__name", "tenant__number", "investor")
    filters = ("kind", "own_fund", "tenant__incubator")
    facts = (
        ("融资", ("tenant", "on", "kind", "amount", "investor", "own_fund")),
        ("来源", ("evidence", "source", "updated_by", "updated_at")),
    )
    form = FinancingForm
    create, update = staticmethod(data.add_financings), staticmethod(data.correct_financing)
    upload = True
    related = ("tenant",)
    empty = "还没有登记过融资。"


@register
class VisitDesk(OfOperators):
    name, model, group, icon = "graduate-visits", GraduateVisit, "", "heart-handshake"
    intro = "毕业企业每年至少回访一次：是否仍在本市、是否成为高企、经营情况和需要的服务。"
    columns = ("tenant", "visited_on", "in_city", "hnte", "revenue", "employees", "updated_by")
    search = ("tenant__name", "tenant__number", "note")
    filters = ("in_city", "hnte", "tenant__incubator")
    facts = (
        ("回访", ("tenant", "visited_on", "in_city", "hnte", "revenue", "employees", "note")),
        ("来源", ("source", "updated_by", "updated_at")),
    )
    form = VisitForm
    create, update = staticmethod(data.add_visits), staticmethod(data.correct_visit)
    upload = True
    related = ("tenant",)
    empty = "还没有回访记录。"
