"""Judging houses and tenants: their facts put into the words of the rules, and the rules that apply to each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from keji.lib.rules.found import Verdict
from keji.lib.rules.rule import rules
from keji.modules.platforms.incubators.services.facts import facts_of
from keji.modules.platforms.incubators.terms import Terms
from keji.modules.platforms.incubators.vocabulary import HOUSE, TENANT, known
from keji.modules.platforms.models import Platform, Tenant

RULES = {
    Platform.Kind.INCUBATOR: ("incubator_provincial", "incubator_national"),
    Platform.Kind.MAKERSPACE: ("makerspace_national",),
}
SAME = (
    *("legal_person", "own_platform", "operating_months", "statistics_years", "site_area", "used_area", "seats"),
    *("staff", "professional_staff", "mentors", "people_needed", "fund", "income", "service_income", "fund_cases"),
    *("tenants", "graduates", "same_industry", "funded_tenants", "patent_tenants", "ip_tenants", "overdue", "events"),
)


def house_known(facts: Mapping[str, Any]) -> dict[str, int]:
    """A house's facts in the words of the rules. Where nobody has said, a house does not lie in a remote area."""
    kinds = {"special": True, "general": False}
    words = {name: facts[name] for name in SAME} | {
        "special": kinds.get(facts["type"]),
        "remote": bool(facts["remote_area"]),
        "shared_area": facts["public_area"],
        "patent_most": facts["patent_tenants"] + facts["patent_unknown"],
        "ip_most": facts["ip_tenants"] + facts["ip_unknown"],
        "ip_told": None if facts["patent_unknown"] or facts["ip_unknown"] else True,
        "equity_funded": facts["equity_funded_last_year"],
        "any_funded": facts["any_funded_last_year"],
        "growing": facts["growing_tenants"],
        "growing_most": facts["growing_tenants"] + facts["growth_unknown"],
        "growth_told": None if facts["growth_unknown"] else True,
    }
    words |= {name: facts.get(name) for name in ("entrants", "registered", "funded_year")}
    return known(HOUSE, words)


def judge_house(platform: Platform, facts: Mapping[str, Any], on: date, terms: Terms | None = None) -> list[Verdict]:
    """The verdicts that concern a house, the nearest level first."""
    numbers, words = (terms or Terms(on)).numbers, house_known(facts)
    return [rules()[code].judge(words, on, numbers) for code in RULES[Platform.Kind(platform.kind)]]


def judge_houses(platforms: Sequence[Platform], on: date) -> dict[int, tuple[dict[str, Any], list[Verdict]]]:
    """{house: (facts, verdicts)}: a board's worth in a handful of queries."""
    terms, facts = Terms(on), facts_of(platforms, on)
    return {p.pk: (facts[p.pk], judge_house(p, facts[p.pk], on, terms)) for p in platforms}


def incubation_facts(tenant: Tenant, on: date, terms: Terms) -> dict[str, Any]:
    """What decides whether a tenant counts as 在孵企业 on a day."""
    founded = tenant.established_on
    return {
        "firm": tenant.firm_id is not None,
        "technology": tenant.technology,
        "inside": tenant.inside,
        "young": None if founded is None else tenant.entered_on <= terms.last_entry_day(founded),
        "in_time": on <= tenant.due_on,
    }


def judge_incubation(tenant: Tenant, on: date, terms: Terms | None = None) -> Verdict:
    terms = terms or Terms(on)
    return rules()["tenant_incubation"].judge(known(TENANT, incubation_facts(tenant, on, terms)), on, terms.numbers)
