"""Cleaning of an entry: who moves in where and since when, and whether the law lets them. Page and sheet alike."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from keji.desk.fields import plain
from keji.desk.forms import PartyCodeField
from keji.kernel import clock
from keji.lib.figures import plain_date
from keji.modules.platforms.incubators.forms import HouseField, OfHouseForm, choice, day, not_future, number, text
from keji.modules.platforms.incubators.terms import Terms
from keji.modules.platforms.models import Platform, Tenant

YES_NO = ((None, "请选择"), (True, "是"), (False, "否"))


def must_say(name: str, **kw: Any) -> forms.NullBooleanField:
    label = str(Tenant._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return forms.NullBooleanField(label=label, required=False, widget=forms.Select(choices=YES_NO), **kw)


class TenantForm(OfHouseForm):
    fieldsets = (
        ("企业或团队", ("incubator", "firm", "name", "field", "established_on")),
        ("入驻", ("entered_on", "area", "seats", "inside", "technology")),
        ("被兼并、收购或挂牌、上市（没有的不填）", ("deal", "deal_on", "deal_evidence")),
    )
    key = ("incubator", "firm", "name")
    examples = (
        {
            "incubator": "六安某某科技企业孵化器",
            "firm": "91341503MA8N12A31C",
            "field": "电子信息",
            "entered_on": "2024-03-01",
            "area": "120",
            "inside": "是",
            "technology": "是",
        },
    )

    incubator = HouseField()
    firm = PartyCodeField(required=False, help_text="已注册的企业必填；尚未注册的团队留空，填写下面的名称")
    name = text(Tenant, "name", required=False, help_text="填了统一社会信用代码的，名称以企业名册为准")
    field = choice(Tenant, "field", help_text="生物医药、现代农业、集成电路的孵化时限较长")
    established_on = day(Tenant, "established_on", required=False, help_text="企业名册里有的不用填")
    entered_on = day(Tenant, "entered_on")
    area = number(Tenant, "area", 2, help_text="在孵企业必填，用于计算使用面积占比")
    seats = number(Tenant, "seats")
    inside = must_say("inside")
    technology = must_say("technology")
    deal = choice(Tenant, "deal", required=False)
    deal_on = day(Tenant, "deal_on", required=False)
    deal_evidence = text(Tenant, "deal_evidence", required=False)

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self._terms: Terms | None = None

    @property
    def terms(self) -> Terms:
        if self._terms is None:
            self._terms = Terms(clock.today())
        return self._terms

    @classmethod
    def values(cls, record: Tenant) -> dict[str, Any]:
        found = {n: plain(getattr(record, n)) for n in cls.base_fields}
        return found | {"incubator": record.incubator_id, "firm": record.firm.uscc if record.firm else ""}

    def clean_entered_on(self) -> date:
        return not_future(self.cleaned_data["entered_on"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._settle_firm(cleaned)
        house = cleaned.get("incubator")
        if house is not None and cleaned.get("firm") is not None and house.kind == Platform.Kind.INCUBATOR:
            self._check_entry(cleaned)
        self._check_dates(cleaned)
        if cleaned.get("deal") and not (cleaned.get("deal_on") and cleaned.get("deal_evidence")):
            self.add_error("deal_on", "请同时填写并购上市的日期和依据")
        cleaned["area"], cleaned["seats"] = cleaned.get("area") or 0, cleaned.get("seats") or 0
        return cleaned

    def _settle_firm(self, cleaned: dict[str, Any]) -> None:
        """A code becomes its firm; without one there must be a team's name."""
        if "firm" in self.errors:
            return
        code = cleaned.get("firm") or ""
        cleaned["firm"] = firm = self.lookup.party(code) if code else None
        if code and firm is None:
            self.add_error("firm", f"企业名册里没有代码为 {code} 的单位，请先由县区科技局在“单位”中建档")
        elif firm is not None:
            cleaned["name"] = firm.name
            known, said = firm.established_on, cleaned.get("established_on")
            if known and said and known != said:
                self.add_error("established_on", f"企业名册登记的成立日期是{plain_date(known)}，请核对其中一个")
            cleaned["established_on"] = said or known
            if not cleaned["established_on"] and "established_on" not in self.errors:
                self.add_error("established_on", "企业名册里没有这家企业的成立日期，请填写")
        elif not cleaned.get("name"):
            self.add_error("name", "请填写统一社会信用代码；尚未注册的团队请填写团队名称")

    def _check_entry(self, cleaned: dict[str, Any]) -> None:
        """What the law asks of a firm that enters an incubator; a makerspace takes anybody."""
        founded, entered = cleaned.get("established_on"), cleaned.get("entered_on")
        if founded and entered and entered > (last := self.terms.last_entry_day(founded)):
            months = self.terms.count("tenant.age_months")
            said = f"该企业{plain_date(founded)}成立，入驻时已超过{months}个月"
            self.add_error("entered_on", f"{said}（最迟{plain_date(last)}入驻），不能作为在孵企业")
        for name, why in (
            ("inside", "注册地或主要研发、办公场所不在本孵化器内的，不能作为在孵企业"),
            ("technology", "不从事新技术、新产品研发生产和服务的，不能作为在孵企业"),
        ):
            if cleaned.get(name) is False:
                self.add_error(name, why)
            elif cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, "请选择“是”或“否”")
        if not cleaned.get("area") and "area" not in self.errors:
            self.add_error("area", "请填写使用面积，使用面积占比由在孵名单加总")

    def _check_dates(self, cleaned: dict[str, Any]) -> None:
        """A firm enters after it was founded; a team that was inside before it registered keeps its first day."""
        founded, entered = cleaned.get("established_on"), cleaned.get("entered_on")
        was_team = self.record is not None and self.record.firm_id is None
        if founded and entered and entered < founded and cleaned.get("firm") and not was_team:
            self.add_error("entered_on", f"入驻日期早于企业成立日期{plain_date(founded)}，请核对")

    @classmethod
    def clashes(cls, rows: list[dict[str, Any]], exclude: int = 0) -> dict[int, list[tuple[str, str]]]:
        """Firms that are in an incubator or makerspace already, or twice in one sheet."""
        firms = sorted({row["firm"].pk for row in rows if row["firm"] is not None})
        there: dict[int, str] = {}
        for start in range(0, len(firms), 500):
            live = Tenant.objects.filter(firm__in=firms[start : start + 500], state__in=Tenant.LIVE).exclude(pk=exclude)
            for tenant in live.select_related("incubator"):
                there[tenant.firm_id] = f"“{tenant.incubator.name}”（{tenant.number}）"
        found: dict[int, list[tuple[str, str]]] = {}
        for i, row in enumerate(rows):
            if row["firm"] is None:
                continue
            if place := there.get(row["firm"].pk):
                found[i] = [("firm", f"该企业已经在{place}在孵，一家企业同时只能在一个载体；请先在那里办理离开")]
            there.setdefault(row["firm"].pk, "本表前面的行")
        return found
