"""科技企业孵化器 and 众创空间: what a house must have at each level, found by found, need by need.

The national numbers of 2018 were read; the provincial ones were not found, so other cities' stand in their place as
dated numbers marked 待核. The ministry's text of 2025 is known by three further conditions only.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from keji.lib.rules.formula import Constant, Formula, Share, When, yuan
from keji.lib.rules.law import AnyOf, Clause, Condition, Every, Names, Where, yes
from keji.lib.rules.rule import Numbers, Rule, since
from keji.lib.rules.vocabulary import Unit
from keji.modules.platforms.incubators import vocabulary  # noqa: F401 - declares the words

TEXT_2018 = "国科发区〔2018〕300号"
TEXT_2025 = "工信部科〔2025〕131号"
TEXT_PROVINCE = "皖科区〔2020〕21号（数量条件未找到，参照外市模板，待核）"
TEXT_SPACE = "国科发火〔2017〕120号（待核）"
PER_THOUSAND = Unit("家/千㎡", 1, 2)
NOT_ASKED = "not_asked."  # begins the key of a condition that does not apply to this house


class House:
    """Facts of a house by their short names, and the clauses several editions share."""

    def __init__(self, f: Names, n: Numbers, level: str, cites: str) -> None:
        self.f, self.n, self.level, self.cites = f, n, level, cites

    def __getitem__(self, name: str) -> Formula:
        return self.f.now("house_" + name)

    def number(self, name: str) -> Fraction:
        return self.n(f"{self.level}.{name}")

    def percent(self, name: str) -> Fraction:
        return self.number(name) / 100

    def eased(self, value: Any, money: bool = False) -> Formula:
        """The need, a fifth lower in 艰苦边远地区 where the text allows it."""
        lower = value * self.n("incubator.national.remote_share") / 100
        pair = (yuan(lower), yuan(value)) if money else (lower, value)
        return When(self["remote"], *pair)

    def by_type(self, name: str, eased: bool = False) -> Formula:
        special, general = (self.number(f"{kind}.{name}") for kind in ("special", "general"))
        parts = [self.eased(v) if eased else v for v in (special, general)]
        return When(self["special"], *parts)

    def at_least(self, name: str, label: str, value: Formula, need: Any) -> Condition:
        return Condition(label, value, ">=", need, self.cites, name)

    def of_tenants(self, name: str) -> Share:
        return Share(self[name], self["tenants"])

    def enough(self, label: str, name: str, most: str, told: str, need: Any) -> Clause:
        """A share of tenants: proved by those that are known, open while those that have not told could make it up."""
        sure = Condition(label, self.of_tenants(name), ">=", need, self.cites, name)
        rest = Every("补报后可能达到", (self._possible(most, need), yes(self.f.now("house_" + told))), self.cites, told)
        return AnyOf(label, (sure, rest), self.cites, name + "_share")

    def _possible(self, most: str, need: Any) -> Condition:
        return Condition("未报的都计入时的占比", self.of_tenants(most), ">=", need, self.cites, most)

    def patents_or_rights(self, ease: bool) -> Clause:
        """Patents applied for or rights held: either share is enough; what is not told yet is not a no."""
        patents, rights = self.percent("patent_share"), self.percent("ip_share")
        p, r = (self.eased(patents), self.eased(rights)) if ease else (patents, rights)
        told = yes(self.f.now("house_ip_told"), cites=self.cites)
        possible = AnyOf(
            "未报的都计入时的占比", (self._possible("patent_most", p), self._possible("ip_most", r)), self.cites
        )
        parts = (
            Condition("已申请专利的在孵企业占比", self.of_tenants("patent_tenants"), ">=", p, self.cites, "patents"),
            Condition("拥有有效知识产权的在孵企业占比", self.of_tenants("ip_tenants"), ">=", r, self.cites, "rights"),
            Every("补报知识产权情况后可能达到", (possible, told), self.cites, "ip_told"),
        )
        return AnyOf("知识产权", parts, self.cites, "ip")

    def only_special(self, clause: Clause, label: str) -> Clause:
        """A condition on specialised houses; others are not asked."""
        nothing = Condition(label, Constant(1), ">=", 1, self.cites, NOT_ASKED + label)
        return Where(label, self["special"], clause, nothing, cites=self.cites)

    def site_and_funds(self, ease: bool) -> Iterator[Clause]:
        def eased(name: str, money: bool = False) -> Formula:
            value = self.number(name)
            return self.eased(value, money) if ease else yuan(value) if money else Constant(value)

        yield self.at_least("site_area", "可自主支配场地面积", self["site_area"], eased("site_area"))
        used = Share(self["used_area"], self["site_area"])
        yield self.at_least("occupancy", "在孵企业使用面积（含公共服务）占比", used, self.percent("occupancy"))
        yield self.at_least("fund", "种子（孵化）资金规模", self["fund"], eased("fund", money=True))
        funded = self.of_tenants("funded_tenants")
        yield self.at_least("funded_share", "获投融资的在孵企业占比", funded, self.percent("funded_share"))
        yield self.at_least("fund_cases", "资金使用案例", self["fund_cases"], self.number("fund_cases"))

    def same_industry(self) -> Clause:
        share = self.of_tenants("same_industry")
        need = self.percent("special.industry_share")
        return self.only_special(
            self.at_least("same_industry", "同一产业在孵企业占比", share, need), "同一产业在孵企业占比"
        )


class NationalIncubator(Rule):
    """Does an incubator meet the national conditions of its type?"""

    code, title, about = "incubator_national", "国家级科技企业孵化器", "incubator"

    @since("2019-01-01", cites=TEXT_2018)
    def edition_2018(self, f: Names, n: Numbers) -> Iterator[Clause]:
        yield from self.of_2018(House(f, n, "incubator.national", TEXT_2018))

    @since("2025-01-01", cites=TEXT_2025 + "（施行日期和未列条件待核，暂按300号）")
    def edition_2025(self, f: Names, n: Numbers) -> Iterator[Clause]:
        yield from self.of_2018(House(f, n, "incubator.national", TEXT_2018 + "（131号对应条件待核）"))
        yield from self.added_2025(House(f, n, "incubator.national", TEXT_2025))

    def of_2018(self, h: House) -> Iterator[Clause]:
        yield yes(h.f.now("house_legal_person"), cites=h.cites)
        months, years = h.number("operating_months"), h.number("statistics_years")
        yield h.at_least("operating", "注册并实际运营时间", h["operating_months"], months)
        yield h.at_least("statistics", "连续真实上报统计数据", h["statistics_years"], years)
        yield from h.site_and_funds(ease=True)
        professional = Share(h["professional_staff"], h["staff"])
        yield h.at_least("professional", "专业孵化服务人员占比", professional, h.percent("professional_share"))
        yield h.at_least("professionals", "专业孵化服务人员", h["professional_staff"], h["people_needed"])
        yield h.at_least("mentors", "创业导师", h["mentors"], h["people_needed"])
        yield h.patents_or_rights(ease=True)
        yield h.at_least("tenants", "在孵企业", h["tenants"], h.by_type("tenants", eased=True))
        density = Share(h["tenants"], h["site_area"] / 1000, PER_THOUSAND)
        yield h.at_least("density", "每千平方米平均在孵企业", density, h.by_type("density"))
        yield h.at_least("graduates", "累计毕业企业", h["graduates"], h.by_type("graduates", eased=True))
        yield h.same_industry()
        label = "自建公共技术服务平台"
        yield h.only_special(yes(h.f.now("house_own_platform"), cites=h.cites), label)

    def added_2025(self, h: House) -> Iterator[Clause]:
        """标准级: equity or any financing last year, growth, income that is not rent."""
        equity = Condition(
            "上年获本载体及其基金股权投资的在孵企业占比",
            h.of_tenants("equity_funded"),
            ">=",
            h.percent("equity_share"),
            h.cites,
            "equity_share",
        )
        money = Condition(
            "上年获各类融资的在孵企业占比",
            h.of_tenants("any_funded"),
            ">=",
            h.percent("any_funded_share"),
            h.cites,
            "any_share",
        )
        yield AnyOf("上年投融资", (equity, money), h.cites, "invested")
        label = "营业收入或研发投入快速增长的在孵企业占比"
        yield h.enough(label, "growing", "growing_most", "growth_told", h.percent("growing_share"))
        other = Share(h["service_income"], h["income"])
        yield h.at_least("service_income", "房租、物业以外收入占总收入", other, h.percent("service_income_share"))


class ProvincialIncubator(Rule):
    """Would an incubator meet the provincial conditions, as far as other cities' templates tell?"""

    code, title, about = "incubator_provincial", "省级科技企业孵化器", "incubator"

    @since("2020-01-01", cites=TEXT_PROVINCE)
    def edition_2020(self, f: Names, n: Numbers) -> Iterator[Clause]:
        h = House(f, n, "incubator.provincial", TEXT_PROVINCE)
        yield yes(f.now("house_legal_person"), cites=h.cites)
        yield h.at_least("operating", "注册并实际运营时间", h["operating_months"], h.number("operating_months"))
        yield from h.site_and_funds(ease=False)
        professional = Share(h["professional_staff"], h["staff"])
        yield h.at_least("professional", "专业孵化服务人员占比", professional, h.percent("professional_share"))
        yield h.patents_or_rights(ease=False)
        yield h.at_least("tenants", "在孵企业", h["tenants"], h.by_type("tenants"))
        yield h.same_industry()


class NationalMakerspace(Rule):
    """Does a 众创空间 meet the conditions of the national register? None of the numbers was read in the text."""

    code, title, about = "makerspace_national", "国家备案众创空间", "makerspace"

    @since("2017-01-01", cites=TEXT_SPACE)
    def edition_2017(self, f: Names, n: Numbers) -> Iterator[Clause]:
        h = House(f, n, "makerspace", TEXT_SPACE)
        area = h.at_least("site_area", "服务场地面积", h["site_area"], h.number("site_area"))
        seats = h.at_least("seats", "创业工位", h["seats"], h.number("seats"))
        yield AnyOf("场地或工位", (area, seats), h.cites, "room")
        shared = Share(h["shared_area"], h["site_area"])
        yield h.at_least("shared", "公共服务和创业工位面积占比", shared, h.percent("shared_share"))
        yield h.at_least("entrants", "近一年入驻的团队和企业", h["entrants"], h.number("entrants"))
        yield Condition("超过入驻时限的团队和企业", h["overdue"], "<=", 0, h.cites, "overdue")
        registered = h.at_least("registered", "近一年新注册企业", h["registered"], h.number("registered"))
        funded = h.at_least("funded", "近一年获融资的团队和企业", h["funded_year"], h.number("funded"))
        yield AnyOf("新注册或获融资", (registered, funded), h.cites, "born")
        yield h.at_least("mentors", "专职导师", h["mentors"], h.number("mentors"))
        yield h.at_least("events", "近一年创业活动", h["events"], h.number("events"))


class Graduation(Rule):
    """May a tenant graduate? One of four routes; "超过" means that the mark itself is not enough."""

    code, title, about = "tenant_graduation", "在孵企业毕业", "tenant"

    @since("2019-01-01", cites=TEXT_2018)
    def edition_2018(self, f: Names, n: Numbers) -> Iterator[Clause]:
        yield yes(f.now("tenant_firm"), cites=TEXT_2018)
        invested = yuan(n("graduation.investment"))
        revenue = yuan(n("graduation.revenue"))
        routes = (
            yes(f.now("tenant_hnte"), cites=TEXT_2018),
            Condition("累计获天使投资或风险投资", f.now("tenant_invested"), ">", invested, TEXT_2018, "invested"),
            Condition("连续两年营业收入累计", f.now("tenant_revenue"), ">", revenue, TEXT_2018, "revenue"),
            yes(f.now("tenant_deal"), cites=TEXT_2018),
        )
        yield AnyOf("毕业条件", routes, TEXT_2018, "route")


class Incubation(Rule):
    """Does a tenant count as 在孵企业 on a day?"""

    code, title, about = "tenant_incubation", "在孵企业条件", "tenant"

    @since("2019-01-01", cites=TEXT_2018)
    def edition_2018(self, f: Names, n: Numbers) -> Iterator[Clause]:
        for name in ("firm", "technology", "inside", "young", "in_time"):
            yield yes(f.now("tenant_" + name), cites=TEXT_2018)
