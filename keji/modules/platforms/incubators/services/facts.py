"""What an incubator or makerspace is on a day, worked out from its tenants and its own facts. A handful of queries
serves any number of houses, and judging one asks the same function as judging all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Q

from keji.lib.months import add_months, whole_months
from keji.modules.platforms.incubators.terms import Terms
from keji.modules.platforms.models import FacilityFacts, Financing, Platform, Tenant, TenantYear
from keji.modules.platforms.models.incubator import FACILITY_NAMES

TENANT_COLUMNS = (
    *("pk", "incubator_id", "firm_id", "field", "area", "seats", "entered_on", "due_on", "left_on", "state"),
    "established_on",
)


@dataclass
class Told:
    """All that is asked of the database for one house; rows are plain tuples with names, thousands are read."""

    facility: dict[str, Any] = field(default_factory=dict)
    inside: list[dict[str, Any]] = field(default_factory=list)
    gone: list[dict[str, Any]] = field(default_factory=list)
    years: dict[int, dict[int, Any]] = field(default_factory=dict)
    money: dict[int, list[Any]] = field(default_factory=dict)


def incubator_facts(platform: Platform, on: date) -> dict[str, Any]:
    """{fact: value} of one house on a day; None is not known. Shares are exact fractions, money 万元, areas ㎡."""
    return facts_of([platform], on)[platform.pk]


def facts_of(platforms: Sequence[Platform], on: date) -> dict[int, dict[str, Any]]:
    """{house: facts}, for a board as for one page."""
    terms, told = Terms(on), _told(platforms, on)
    return {p.pk: _facts(p, told[p.pk], terms, on) for p in platforms}


# --- asking ----------------------------------------------------------------------------------------------------------


def _told(platforms: Sequence[Platform], on: date) -> dict[int, Told]:
    found: dict[int, Told] = {p.pk: Told(facility=dict.fromkeys(FACILITY_NAMES)) for p in platforms}
    for row in FacilityFacts.objects.filter(incubator__in=platforms, as_of__lte=on).order_by("as_of", "pk"):
        known = {n: getattr(row, n) for n in FACILITY_NAMES if getattr(row, n) not in (None, "")}
        found[row.incubator_id].facility |= known | {"as_of": row.as_of}  # what a later row leaves blank still holds
    house: dict[int, int] = {}
    tenants = Tenant.objects.filter(incubator__in=platforms, entered_on__lte=on, state__in=Tenant.COUNTED)
    for tenant in tenants.order_by("pk").values(*TENANT_COLUMNS):
        told = found[tenant["incubator_id"]]
        (told.inside if tenant["left_on"] is None or tenant["left_on"] > on else told.gone).append(tenant)
        house[tenant["pk"]] = tenant["incubator_id"]
    of_these = Q(tenant__incubator__in=platforms)
    for year in TenantYear.objects.filter(of_these, year__lte=on.year).values_list(*_YEAR_COLUMNS, named=True):
        if year.tenant_id in house:
            found[house[year.tenant_id]].years.setdefault(year.tenant_id, {})[year.year] = year
    money = Financing.objects.filter(of_these, on__lte=on)
    for each in money.values_list("tenant_id", "on", "kind", "own_fund", named=True):
        if each.tenant_id in house:
            found[house[each.tenant_id]].money.setdefault(each.tenant_id, []).append(each)
    return found


_YEAR_COLUMNS = ("tenant_id", "year", "revenue", "rnd_expense", "patents_applied", "valid_ip")


# --- working out -----------------------------------------------------------------------------------------------------


def _facts(platform: Platform, told: Told, terms: Terms, on: date) -> dict[str, Any]:
    facility = told.facility
    firms = [t for t in told.inside if t["firm_id"] is not None and t["due_on"] >= on]
    facts = {name: facility[name] for name in FACILITY_NAMES if name != "operating_since"}
    since = facility["operating_since"]
    facts |= {
        "as_of": facility.get("as_of"),
        "operating_months": None if since is None else max(0, whole_months(since, on)),
        "tenants": len(firms),
        "teams": sum(t["firm_id"] is None for t in told.inside),
        "overdue": sum(t["due_on"] < on for t in told.inside),
        "graduates": sum(t["state"] == Tenant.State.GRADUATED for t in told.gone),
        "graduates_this_year": sum(
            t["state"] == Tenant.State.GRADUATED and t["left_on"].year == on.year for t in told.gone
        ),
        "seats_used": sum(t["seats"] for t in told.inside),
    }
    facts |= _space(told, facts)
    facts |= _people(facts, terms)
    facts |= _achievements(told, [t["pk"] for t in firms], terms, on)
    facts |= _money(told, [t["pk"] for t in firms], on)
    facts["same_industry"] = None if not facts["industry"] else sum(t["field"] == facts["industry"] for t in firms)
    if platform.kind == Platform.Kind.MAKERSPACE:
        facts |= _year_of_makerspace(told, on)
    return facts


def share(part: int | Decimal | None, whole: int | Decimal | None) -> Fraction | None:
    """part / whole exactly; None when either is unknown or the whole is nothing."""
    return None if part is None or not whole else Fraction(part) / Fraction(whole)


def _space(told: Told, facts: dict[str, Any]) -> dict[str, Any]:
    taken = sum((t["area"] for t in told.inside), Decimal(0))
    used = None if facts["public_area"] is None else taken + facts["public_area"]
    return {
        "used_area": used,
        "occupancy": share(used, facts["site_area"]),
        "density": None if not facts["site_area"] else Fraction(facts["tenants"] * 1000) / Fraction(facts["site_area"]),
    }


def _people(facts: dict[str, Any], terms: Terms) -> dict[str, Any]:
    each = terms.count("incubator.tenants_per_staff")
    return {
        "professional_share": share(facts["professional_staff"], facts["staff"]),
        "people_needed": -(-facts["tenants"] // each),
    }


def _achievements(told: Told, firms: Iterable[int], terms: Terms, on: date) -> dict[str, Any]:
    """How many have applied for patents, hold rights, grow; and of how many nobody has said."""
    found = dict.fromkeys(
        ("patent_tenants", "patent_unknown", "ip_tenants", "ip_unknown", "growing_tenants", "growth_unknown"), 0
    )
    limit = terms.find("incubator.national.growth")
    grown = None if limit is None else 1 + limit.exact / 100
    last = on.year - 1
    for firm in firms:
        years = told.years.get(firm, {})
        applied = [y.patents_applied for y in years.values() if y.patents_applied is not None]
        held = [rights for y in sorted(years) if (rights := years[y].valid_ip) is not None]
        grows = _grows(years.get(last), years.get(last - 1), grown)
        found["patent_tenants"] += any(applied)
        found["patent_unknown"] += not applied
        found["ip_tenants"] += bool(held and held[-1])
        found["ip_unknown"] += not held
        found["growing_tenants"] += grows is True
        found["growth_unknown"] += grows is None
    return found


def _grows(year: Any, before: Any, grown: Fraction | None) -> bool | None:
    """Did revenue or R&D grow by more than the law asks? None where neither can be compared: zero has no growth."""
    if year is None or before is None or grown is None:
        return None
    compared = [
        Fraction(now) > grown * Fraction(then)
        for now, then in ((year.revenue, before.revenue), (year.rnd_expense, before.rnd_expense))
        if now is not None and then
    ]
    return any(compared) if compared else None


def _money(told: Told, firms: Sequence[int], on: date) -> dict[str, Any]:
    last = on.year - 1
    cases = [m for each in told.money.values() for m in each if m.own_fund]
    return {
        "funded_tenants": sum(bool(told.money.get(firm)) for firm in firms),
        "fund_cases": len(cases),
        "any_funded_last_year": sum(any(m.on.year == last for m in told.money.get(firm, ())) for firm in firms),
        "equity_funded_last_year": sum(
            any(m.on.year == last and m.own_fund and m.kind in Financing.EQUITY for m in told.money.get(firm, ()))
            for firm in firms
        ),
    }


def _year_of_makerspace(told: Told, on: date) -> dict[str, Any]:
    """Counts over the twelve months that end on the day."""
    since = add_months(on, -12)
    everyone = told.inside + told.gone
    recent = [t for t in everyone if since < t["entered_on"] <= on]
    return {
        "entrants": len(recent),
        "registered": sum(
            t["firm_id"] is not None and t["established_on"] is not None and since < t["established_on"] <= on
            for t in everyone
        ),
        "funded_year": sum(any(since < m.on <= on for m in each) for each in told.money.values()),
        "shared_share": share(told.facility["public_area"], told.facility["site_area"]),
    }
