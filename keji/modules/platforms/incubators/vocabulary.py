"""The words the rules of incubation are written in: facts of a house and of a tenant, worked out from the records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from keji.lib.rules.vocabulary import Fact, Kind, declare, fact

HOUSE, TENANT = "house_", "tenant_"
SITE, PEOPLE, MONEY, FIRMS, YEAR = "场地", "人员", "资金", "在孵和毕业", "近一年"


def _count(name: str, label: str, unit: str, group: str, help: str = "") -> Fact:
    return Fact(HOUSE + name, label, Kind.COUNT, unit, group, annual=False, help=help)


def _area(name: str, label: str) -> Fact:
    return Fact(HOUSE + name, label, Kind.NUMBER, "㎡", SITE, annual=False, places=2)


def _money(name: str, label: str) -> Fact:
    return Fact(HOUSE + name, label, Kind.MONEY, "元", MONEY, annual=False)


def _yes_no(name: str, label: str, group: str = FIRMS) -> Fact:
    return Fact(name, label, Kind.YES_NO, group=group, annual=False)


HOUSE_FACTS = (
    _yes_no(HOUSE + "special", "专业孵化器", SITE),
    _yes_no(HOUSE + "legal_person", "运营主体为独立法人", SITE),
    _yes_no(HOUSE + "remote", "位于艰苦边远地区", SITE),
    _yes_no(HOUSE + "own_platform", "自建公共技术服务平台", SITE),
    _count("operating_months", "注册并实际运营时间", "个月", SITE),
    _count("statistics_years", "连续真实上报统计数据", "年", SITE),
    _area("site_area", "可自主支配场地面积"),
    _area("used_area", "在孵企业使用面积（含公共服务）"),
    _area("shared_area", "公共服务和创业工位面积"),
    _count("seats", "创业工位", "个", SITE),
    _count("staff", "孵化管理人员", "人", PEOPLE),
    _count("professional_staff", "专业孵化服务人员", "人", PEOPLE),
    _count("mentors", "创业导师", "人", PEOPLE),
    _count("people_needed", "按在孵企业数应配人数", "人", PEOPLE, "每10家在孵企业至少1名，不足10家的按10家计。"),
    _money("fund", "种子（孵化）资金规模"),
    _money("income", "上年总收入"),
    _money("service_income", "房租、物业以外收入"),
    _count("fund_cases", "资金使用案例", "个", MONEY),
    _count("tenants", "在孵企业", "家", FIRMS, "已注册、已确认且在孵化期内的企业；团队和超期的不计。"),
    _count("graduates", "累计毕业企业", "家", FIRMS),
    _count("same_industry", "同一产业在孵企业", "家", FIRMS),
    _count("funded_tenants", "获投融资的在孵企业", "家", FIRMS),
    _count("patent_tenants", "已申请专利的在孵企业", "家", FIRMS),
    _count("patent_most", "已申请专利的在孵企业（未报的都算有）", "家", FIRMS),
    _count("ip_tenants", "拥有有效知识产权的在孵企业", "家", FIRMS),
    _count("ip_most", "拥有有效知识产权的在孵企业（未报的都算有）", "家", FIRMS),
    _yes_no(HOUSE + "ip_told", "全部在孵企业的知识产权年度数据"),
    _count("equity_funded", "上年获本载体及其基金股权投资的在孵企业", "家", YEAR),
    _count("any_funded", "上年获各类融资的在孵企业", "家", YEAR),
    _count("growing", "营业收入或研发投入快速增长的在孵企业", "家", YEAR),
    _count("growing_most", "快速增长的在孵企业（未报的都算有）", "家", YEAR),
    _yes_no(HOUSE + "growth_told", "全部在孵企业近两年的营业收入和研发投入", YEAR),
    _count("entrants", "近一年入驻的团队和企业", "家", YEAR),
    _count("registered", "近一年新注册企业", "家", YEAR),
    _count("funded_year", "近一年获融资的团队和企业", "家", YEAR),
    _count("overdue", "超过入驻时限的团队和企业", "家", FIRMS),
    _count("events", "近一年创业活动", "场", YEAR),
)
TENANT_FACTS = (
    _yes_no(TENANT + "firm", "已注册为企业"),
    _yes_no(TENANT + "hnte", "取得高新技术企业资格"),
    Fact(TENANT + "invested", "累计获天使投资或风险投资", Kind.MONEY, "元", MONEY, annual=False),
    Fact(TENANT + "revenue", "连续两年营业收入累计", Kind.MONEY, "元", MONEY, annual=False),
    _yes_no(TENANT + "deal", "被兼并、收购或挂牌、上市"),
    _yes_no(TENANT + "inside", "注册地和主要研发、办公场所均在本载体内"),
    _yes_no(TENANT + "technology", "从事新技术、新产品研发生产和服务"),
    _yes_no(TENANT + "young", "入驻时成立时间在规定时限内"),
    _yes_no(TENANT + "in_time", "在孵化时限内"),
)
# Worked out from the records of a house or a tenant: no form asks a unit for them.
declare(*(replace(f, about="incubator") for f in HOUSE_FACTS), *(replace(f, about="tenant") for f in TENANT_FACTS))


def known(prefix: str, facts: Mapping[str, Any]) -> dict[str, int]:
    """Facts as the rules read them: integers in the smallest step, what is not known left out. Money comes in 万元."""
    found = {}
    for name, value in facts.items():
        if value is None:
            continue
        word = fact(prefix + name)
        stored = word.store(value * 10_000 if word.kind is Kind.MONEY else value)
        if stored is not None:
            found[word.name] = stored
    return found
