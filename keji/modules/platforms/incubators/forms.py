"""Cleaning of what is said of a house and of the years, money and later life of its tenants; page and sheet alike."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.db.models import Q

from keji.desk.cells import label_of
from keji.desk.fields import DATE, plain
from keji.desk.forms import RecordForm
from keji.kernel import clock
from keji.kernel.people.roles import Role
from keji.lib.figures import plain_date
from keji.modules.platforms.incubators.services.houses import may_write
from keji.modules.platforms.models import FacilityFacts, Financing, GraduateVisit, Platform, Tenant, TenantYear
from keji.modules.platforms.models.incubator import FACILITY_NAMES, HATCHERIES

YES_NO = ((None, "未填"), (True, "是"), (False, "否"))
NO_TENANT = "没有编号、统一社会信用代码或名称为“{}”的在孵企业，或它不在您的管理范围内；请先登记入驻"


def day(model: type[models.Model], name: str, **kw: Any) -> forms.DateField:
    return forms.DateField(label=label_of(model, name), widget=DATE, **kw)


def number(model: type[models.Model], name: str, places: int = 0, **kw: Any) -> forms.Field:
    """A count, or an amount with `places` decimals; blank means not known unless it is required."""
    kw.setdefault("required", False)
    kw.setdefault("min_value", 0)
    kw["label"] = label_of(model, name)
    if places:
        return forms.DecimalField(max_digits=12 + places, decimal_places=places, **kw)
    return forms.IntegerField(max_value=10_000_000, **kw)


def text(model: type[models.Model], name: str, **kw: Any) -> forms.CharField:
    column: Any = model._meta.get_field(name)
    return forms.CharField(label=label_of(model, name), max_length=column.max_length, **kw)


def yes_no(model: type[models.Model], name: str, **kw: Any) -> forms.NullBooleanField:
    return forms.NullBooleanField(
        label=label_of(model, name), required=False, widget=forms.Select(choices=YES_NO), **kw
    )


def choice(model: type[models.Model], name: str, **kw: Any) -> forms.ChoiceField:
    column: Any = model._meta.get_field(name)
    options = [(k, v) for k, v in column.choices if k != ""]
    return forms.ChoiceField(label=label_of(model, name), choices=[("", "请选择"), *options], **kw)


def not_future(on: date) -> date:
    if on > clock.today():
        raise forms.ValidationError(f"{plain_date(on)}在今天之后，请核对")
    return on


def house_choices() -> list[tuple[str, str]]:
    rows = Platform.objects.filter(kind__in=HATCHERIES, state="confirmed")
    return [("", "请选择"), *((str(pk), name) for pk, name in _first_of_each_name(rows).items())]


def _first_of_each_name(rows: Any) -> dict[int, str]:
    found: dict[str, int] = {}
    for pk, name in rows.order_by("pk").values_list("pk", "name"):
        found.setdefault(name, pk)
    return {pk: name for name, pk in sorted(found.items())}


class HouseField(forms.ChoiceField):
    """An incubator or makerspace by its name, as sheets write it; cleaned to its entry in the register."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "载体")
        super().__init__(choices=house_choices, **kwargs)
        self._known: dict[str, Platform] = {}

    def __deepcopy__(self, memo: Any) -> HouseField:
        copied: HouseField = super().__deepcopy__(memo)
        copied._known = {}
        return copied

    def to_python(self, value: Any) -> str:
        return "" if value in (None, "") else str(getattr(value, "pk", value)).strip()

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def clean(self, value: Any) -> Any:
        wanted = super().clean(value)
        if not self._known:
            rows = Platform.objects.filter(kind__in=HATCHERIES, state="confirmed").select_related("party", "region")
            for row in rows.order_by("-pk"):  # the first entry of a name stands for the house
                self._known |= {str(row.pk): row, row.name: row}
        if wanted not in self._known:
            raise forms.ValidationError(f"没有名为“{wanted}”的孵化器或众创空间，或它还没有确认；请照模板中的名称填写")
        return self._known[wanted]


class OfHouseForm(RecordForm):
    """Base of forms about a house: its writer runs it, or it lies in their county."""

    party_field = ""

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        field: Any = self.fields.get("incubator")
        if field is not None and not self.actor.has(Role.OFFICER) and not self.by_row:
            mine = Tenant.access.within(self.actor, Tenant.access.write)
            rows = Platform.objects.filter(mine or Q(), kind__in=HATCHERIES, state="confirmed")
            own = [(str(pk), name) for pk, name in _first_of_each_name(rows).items()]
            field.choices = [("", "请选择"), *own]
            if len(own) == 1:
                field.initial = own[0][0]

    def clean_incubator(self) -> Platform:
        house: Platform = self.cleaned_data["incubator"]
        if not may_write(self.actor, house):
            raise forms.ValidationError(f"“{house.name}”不由您的单位运营，也不在您的县区范围内")
        return house


class FacilityForm(OfHouseForm):
    fieldsets = (
        ("载体", ("incubator", "as_of", "type", "industry", "legal_person", "operating_since", "statistics_years")),
        ("场地", ("site_area", "public_area", "seats", "remote_area")),
        ("服务能力", ("staff", "professional_staff", "mentors", "own_platform", "events")),
        ("资金和收入", ("fund", "income", "service_income", "evidence")),
    )
    key = ("incubator", "as_of")
    incubator = HouseField()
    as_of = day(FacilityFacts, "as_of", help_text="这些情况是哪一天的")
    type = choice(FacilityFacts, "type", required=False, help_text="众创空间不用填")
    industry = choice(FacilityFacts, "industry", required=False, help_text="专业孵化器必填，据此计算同一产业占比")
    legal_person = yes_no(FacilityFacts, "legal_person")
    operating_since = day(FacilityFacts, "operating_since", required=False)
    statistics_years = number(FacilityFacts, "statistics_years")
    site_area = number(FacilityFacts, "site_area", 2)
    public_area = number(
        FacilityFacts, "public_area", 2, help_text="企业使用面积由在孵名单加总，不用填；众创空间填公共服务和工位面积"
    )
    seats = number(FacilityFacts, "seats", help_text="众创空间填写")
    remote_area = yes_no(FacilityFacts, "remote_area", help_text="按国家公布的艰苦边远地区名单")
    staff = number(FacilityFacts, "staff")
    professional_staff = number(FacilityFacts, "professional_staff")
    mentors = number(FacilityFacts, "mentors")
    own_platform = yes_no(FacilityFacts, "own_platform")
    events = number(FacilityFacts, "events")
    fund = number(FacilityFacts, "fund", 4)
    income = number(FacilityFacts, "income", 4)
    service_income = number(FacilityFacts, "service_income", 4)
    evidence = text(FacilityFacts, "evidence", help_text="如租赁合同、资金到位证明、人员名册；原件作为附件上传")

    @classmethod
    def values(cls, record: FacilityFacts) -> dict[str, Any]:
        found = {n: plain(getattr(record, n)) for n in (*FACILITY_NAMES, "as_of", "evidence")}
        return found | {"incubator": record.incubator_id}

    def clean_as_of(self) -> date:
        return not_future(self.cleaned_data["as_of"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._within("professional_staff", "staff", "人")
        self._within("public_area", "site_area", "㎡")
        self._within("service_income", "income", "万元")
        if cleaned.get("type") == "special" and not cleaned.get("industry"):
            self.add_error("industry", "专业孵化器要选择专业方向，否则无法计算同一产业占比")
        return cleaned

    def _within(self, part: str, whole: str, unit: str) -> None:
        a, b = self.cleaned_data.get(part), self.cleaned_data.get(whole)
        if a is not None and b is not None and a > b:
            labels = label_of(FacilityFacts, part), label_of(FacilityFacts, whole)
            self.add_error(part, f"{labels[0]} {a:,} 大于{labels[1]} {b:,}，请核对（单位：{unit}）")

    @classmethod
    def clashes(cls, rows: list[dict[str, Any]], exclude: int = 0) -> dict[int, list[tuple[str, str]]]:
        taken = set(
            FacilityFacts.objects.filter(incubator__in={r["incubator"].pk for r in rows})
            .exclude(pk=exclude)
            .values_list("incubator_id", "as_of")
        )
        return {
            i: [("as_of", f"“{row['incubator'].name}”已有{plain_date(row['as_of'])}的情况，请在那一条上修改")]
            for i, row in enumerate(rows)
            if (row["incubator"].pk, row["as_of"]) in taken
        }


class OfTenantForm(RecordForm):
    """Base of forms about a tenant, named by number, code or name; only tenants the writer keeps books of."""

    party_field = ""
    states: tuple[str, ...] = ("incubating", "graduating", "graduated", "left")

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self._tenants: dict[str, list[Tenant]] = {}

    def clean_tenant(self) -> Tenant:
        said = self.cleaned_data["tenant"].strip()
        found = self._found(said)
        if not found:
            raise forms.ValidationError(NO_TENANT.format(said))
        if len(found) > 1:
            listed = "、".join(t.number for t in found[:5])
            raise forms.ValidationError(f"有 {len(found)} 条“{said}”的记录（{listed}），请填写编号")
        return found[0]

    def _found(self, said: str) -> list[Tenant]:
        mine = Tenant.objects.writable_by(self.actor).filter(state__in=self.states).select_related("firm")
        if not self.by_row:
            return list(mine.filter(Q(number=said) | Q(firm__uscc=said.upper()) | Q(name=said))[:6])
        if not self._tenants:
            for tenant in mine:
                for word in {tenant.number, tenant.name, tenant.firm.uscc if tenant.firm else tenant.number}:
                    self._tenants.setdefault(word, []).append(tenant)
        return self._tenants.get(said, []) or self._tenants.get(said.upper(), [])


def tenant_field() -> forms.CharField:
    return forms.CharField(
        label="在孵企业", max_length=120, help_text="填编号（如 ZF-2024-0001）、统一社会信用代码或企业名称"
    )


def taken(model: Any, names: tuple[str, ...], rows: list[dict[str, Any]], exclude: int) -> set[int]:
    """Places of the rows whose named columns are on file already."""
    tenants = sorted({row["tenant"].pk for row in rows})
    there: set[tuple[Any, ...]] = set()
    for start in range(0, len(tenants), 500):
        found = model.objects.filter(tenant__in=tenants[start : start + 500]).exclude(pk=exclude)
        there |= set(found.values_list("tenant_id", *names))
    return {i for i, row in enumerate(rows) if (row["tenant"].pk, *(row[n] for n in names)) in there}


class TenantYearForm(OfTenantForm):
    key = ("tenant", "year")
    tenant = tenant_field()
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    revenue = number(TenantYear, "revenue", 4, help_text="毕业按连续两年营业收入累计判断")
    rnd_expense = number(TenantYear, "rnd_expense", 4)
    employees = number(TenantYear, "employees")
    patents_applied = number(TenantYear, "patents_applied")
    valid_ip = number(TenantYear, "valid_ip")
    evidence = text(TenantYear, "evidence", help_text="如审计报告、纳税申报表、专利受理通知书")

    @classmethod
    def values(cls, record: TenantYear) -> dict[str, Any]:
        return {n: plain(getattr(record, n)) for n in cls.base_fields} | {"tenant": record.tenant.number}

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if year > clock.today().year:
            raise forms.ValidationError(f"{year}年还没有到，请核对年度")
        return year

    @classmethod
    def clashes(cls, rows: list[dict[str, Any]], exclude: int = 0) -> dict[int, list[tuple[str, str]]]:
        sentence = "已有{}年的数据，请在那一条上修改"
        return {i: [("year", sentence.format(rows[i]["year"]))] for i in taken(TenantYear, ("year",), rows, exclude)}


class FinancingForm(OfTenantForm):
    key = ("tenant", "on", "investor", "kind")
    tenant = tenant_field()
    on = day(Financing, "on")
    kind = choice(Financing, "kind", help_text="毕业只计天使投资和风险投资")
    amount = number(Financing, "amount", 4, required=True)
    investor = text(Financing, "investor")
    own_fund = forms.BooleanField(label=label_of(Financing, "own_fund"), required=False)
    evidence = text(Financing, "evidence", help_text="如投资协议和到账凭证")

    @classmethod
    def values(cls, record: Financing) -> dict[str, Any]:
        return {n: plain(getattr(record, n)) for n in cls.base_fields} | {"tenant": record.tenant.number}

    def clean_on(self) -> date:
        return not_future(self.cleaned_data["on"])

    def clean_amount(self) -> Decimal:
        amount: Decimal = self.cleaned_data["amount"]
        if not amount:
            raise forms.ValidationError("金额要大于零；没有到账的不用登记")
        return amount

    def clean_own_fund(self) -> bool:
        return bool(self.cleaned_data["own_fund"])

    @classmethod
    def clashes(cls, rows: list[dict[str, Any]], exclude: int = 0) -> dict[int, list[tuple[str, str]]]:
        sentence = "同一天、同一出资方、同一方式的融资已经登记过"
        return {i: [("investor", sentence)] for i in taken(Financing, ("on", "investor", "kind"), rows, exclude)}


class VisitForm(OfTenantForm):
    states = ("graduated",)
    key = ("tenant", "visited_on")
    tenant = forms.CharField(
        label="毕业企业", max_length=120, help_text="填编号（如 ZF-2024-0001）、统一社会信用代码或企业名称"
    )
    visited_on = day(GraduateVisit, "visited_on")
    in_city = yes_no(GraduateVisit, "in_city")
    hnte = yes_no(GraduateVisit, "hnte")
    revenue = number(GraduateVisit, "revenue", 4)
    employees = number(GraduateVisit, "employees")
    note = text(GraduateVisit, "note", widget=forms.Textarea(attrs={"rows": 4}))

    @classmethod
    def values(cls, record: GraduateVisit) -> dict[str, Any]:
        return {n: plain(getattr(record, n)) for n in cls.base_fields} | {"tenant": record.tenant.number}

    def clean_visited_on(self) -> date:
        return not_future(self.cleaned_data["visited_on"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        tenant, on = cleaned.get("tenant"), cleaned.get("visited_on")
        if tenant and on and tenant.left_on and on < tenant.left_on:
            self.add_error("visited_on", f"该企业{plain_date(tenant.left_on)}才毕业，回访日期不能更早")
        return cleaned

    @classmethod
    def clashes(cls, rows: list[dict[str, Any]], exclude: int = 0) -> dict[int, list[tuple[str, str]]]:
        sentence = "这一天已经登记过回访"
        return {i: [("visited_on", sentence)] for i in taken(GraduateVisit, ("visited_on",), rows, exclude)}
