"""What the boards of incubation show: houses side by side, an operator's day, graduates to visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from keji.lib.months import add_months
from keji.lib.rules.found import Verdict
from keji.modules.platforms.incubators.services import data as incubator_data
from keji.modules.platforms.incubators.services import graduation
from keji.modules.platforms.incubators.services.rules import judge_houses
from keji.modules.platforms.models import FacilityFacts, GraduateVisit, Platform, RosterConfirmation, Tenant, TenantYear

FACTS_HOLD_MONTHS = 12  # facility facts older than this are asked for again
SOON_MONTHS = 6


@dataclass(frozen=True)
class House:
    """One row of the board."""

    platform: Platform
    facts: dict[str, Any]
    verdicts: list[Verdict]
    next_due: date | None  # when the next tenant's time is up

    @property
    def url(self) -> str:
        return f"/platforms/incubators/{self.platform.pk}"


def board(rows: Sequence[Platform], on: date) -> list[House]:
    """Some houses, each with its facts and verdicts: as many as one page shows."""
    judged = judge_houses(rows, on)
    first: dict[int, date] = {}
    near = Tenant.objects.filter(incubator__in=rows, due_on__gte=on).inside_on(on).order_by("due_on")
    for house, day in near.values_list("incubator_id", "due_on"):
        first.setdefault(house, day)
    return [House(p, *judged[p.pk], first.get(p.pk)) for p in rows]


def totals(rows: Sequence[Platform], on: date) -> dict[str, int]:
    """What the facts of all these houses add up to, counted where the tenants are: the same sums as over `board`."""
    tenants = Tenant.objects.filter(incubator__in=rows)
    inside = tenants.inside_on(on).aggregate(
        tenants=Count("pk", filter=Q(firm__isnull=False, due_on__gte=on)),
        teams=Count("pk", filter=Q(firm__isnull=True)),
        overdue=Count("pk", filter=Q(due_on__lt=on)),
    )
    gone = tenants.graduated_by(on).aggregate(
        graduates=Count("pk"), graduates_this_year=Count("pk", filter=Q(left_on__year=on.year))
    )
    return inside | gone


# --- one house -------------------------------------------------------------------------------------------------------

SHOWS = ("tenants", "overdue", "soon", "ready", "teams", "silent", "funded", "graduates", "fresh", "waiting")


def listed(mine: QuerySet[Any], show: str, on: date) -> QuerySet[Any]:
    """Of these tenants the ones behind one figure, those whose time is up first."""
    inside = mine.inside_on(on)  # type: ignore[attr-defined]
    counted = inside.filter(firm__isnull=False, due_on__gte=on)
    graduated = mine.graduated_by(on)  # type: ignore[attr-defined]
    found = {
        "tenants": lambda: counted,
        "overdue": lambda: inside.filter(due_on__lt=on),
        "soon": lambda: inside.filter(due_on__gte=on, due_on__lte=add_months(on, SOON_MONTHS)),
        "ready": lambda: inside.filter(pk__in=ready(inside.filter(state="incubating"), on)),
        "teams": lambda: inside.filter(firm__isnull=True),
        "silent": lambda: silent(inside, on.year - 1),
        "funded": lambda: counted.filter(financings__on__lte=on).distinct(),
        "graduates": lambda: graduated,
        "fresh": lambda: graduated.filter(left_on__year=on.year),
        "waiting": lambda: mine.filter(state__in=("reported", "returned", "graduating")),
    }[show]()
    order = ("-left_on", "pk") if show in ("graduates", "fresh") else ("due_on", "pk")
    ordered: QuerySet[Any] = found.order_by(*order).select_related("firm", "incubator")
    return ordered


def silent(inside: QuerySet[Any], year: int) -> QuerySet[Any]:
    """Firms that were inside in a year and have not told of it."""
    told = TenantYear.objects.filter(year=year).values("tenant")
    return inside.filter(firm__isnull=False, entered_on__year__lte=year).exclude(pk__in=told)


def ready(tenants: QuerySet[Any], on: date) -> list[int]:
    """Tenants for whom a route of graduation holds."""
    verdicts = graduation.judge_all(list(tenants.filter(firm__isnull=False)), on)
    return [pk for pk, verdict in verdicts.items() if verdict.passed]


def counts(mine: QuerySet[Any], on: date) -> dict[str, int]:
    return {show: listed(mine, show, on).count() for show in SHOWS}


# --- the operator's day ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Task:
    text: str
    url: str
    icon: str
    urgent: bool = False


def tasks(house: Platform, on: date, numbers: dict[str, int]) -> list[Task]:
    """What the operator has to do today, the most urgent first."""
    at = f"/platforms/incubators/{house.pk}?show="
    returned = Tenant.objects.filter(incubator=house, state="returned").count()
    found = []
    if returned:
        found.append(Task(f"{returned} 家入驻登记被退回，请更正后重新报送", at + "waiting", "arrow-back-up", True))
    if n := numbers["overdue"]:
        found.append(Task(f"{n} 家超过孵化时限，请办理毕业、迁出或到期清退", at + "overdue", "alert-triangle", True))
    period = incubator_data.last_quarter(on)
    if not RosterConfirmation.objects.filter(incubator=house, quarter=incubator_data.quarter_code(period)).exists():
        found.append(
            Task(
                f"{period.label}在孵名单还没有确认", f"/platforms/incubators/{house.pk}#roster", "clipboard-check", True
            )
        )
    if n := numbers["ready"]:
        found.append(Task(f"{n} 家已满足毕业条件，可以申请毕业", at + "ready", "award"))
    if n := numbers["soon"]:
        found.append(Task(f"{n} 家在 {SOON_MONTHS} 个月内孵化期满", at + "soon", "clock"))
    if n := numbers["silent"]:
        found.append(Task(f"{n} 家还没有填{on.year - 1}年的年度数据", at + "silent", "file-text"))
    newest = FacilityFacts.objects.filter(incubator=house, as_of__lte=on).aggregate(day=Max("as_of"))["day"]
    if newest is None or add_months(newest, FACTS_HOLD_MONTHS) < on:
        text = "还没有填场地与服务情况" if newest is None else f"场地与服务情况已超过 {FACTS_HOLD_MONTHS} 个月没有更新"
        found.append(Task(text, f"/d/facility-facts/new?incubator={house.pk}", "building-warehouse"))
    if n := to_visit(Tenant.objects.filter(incubator=house), on).count():
        found.append(Task(f"{n} 家毕业企业今年还没有回访", "/platforms/graduates?show=open", "heart-handshake"))
    return found


# --- graduates -------------------------------------------------------------------------------------------------------


def graduates(tenants: QuerySet[Any], on: date) -> QuerySet[Any]:
    return tenants.filter(state="graduated", left_on__lte=on)


def to_visit(tenants: QuerySet[Any], on: date) -> QuerySet[Any]:
    """Graduates of earlier years whom nobody has visited this year; in its own year a graduate has just been seen."""
    seen = Q(visits__visited_on__year=on.year)
    return graduates(tenants, on).filter(left_on__year__lt=on.year).exclude(pk__in=tenants.filter(seen).values("pk"))


def graduate_lists(tenants: QuerySet[Any], on: date) -> dict[str, QuerySet[Any]]:
    """The lists behind the figures of 毕业企业跟踪."""
    left = graduates(tenants, on)

    def seen(**said: Any) -> QuerySet[Any]:
        visits = GraduateVisit.objects.filter(visited_on__year=on.year, visited_on__lte=on, **said)
        return left.filter(pk__in=visits.values("tenant"))

    return {
        "open": to_visit(tenants, on),
        "seen": seen(),
        "grown": seen(hnte=True),
        "gone": seen(in_city=False),
        "all": left,
    }


def last_visits(keys: Sequence[int]) -> dict[int, Any]:
    """{graduate: its newest visit}."""
    return {v.tenant_id: v for v in GraduateVisit.objects.filter(tenant__in=keys).order_by("visited_on", "pk")}
