"""Where a stock will stand at the year's end, and what must happen: every number is a count with its list."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from keji.kernel.indicators.models import Target
from keji.lib.figures import format_percent
from keji.modules.enterprises.ladder import renewal
from keji.modules.enterprises.ladder.campaign_models import IN_FLIGHT, Application
from keji.modules.enterprises.ladder.due import free_counts
from keji.modules.enterprises.ladder.models import Prospect
from keji.modules.enterprises.models import Certification

INDICATORS = {"hnte": "hnte_stock"}
FEW = 20  # decided applications below which a share of passes says nothing
NEAREST = ("ready", "experts", "fact", "condition")


@dataclass(frozen=True)
class Part:
    """One line of the sum: what it is, how many, where the list is."""

    label: str
    low: int
    high: int
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class YearEnd:
    """The sum from today's stock to the year's end. `low` counts only what is settled, `high` all that is in flight."""

    stock: int
    parts: tuple[Part, ...]
    goal: int | None
    goal_from: str = ""
    rate: Fraction | None = None
    rate_note: str = ""
    nearest: int = 0
    lists: tuple[Part, ...] = field(default_factory=tuple)

    @property
    def low(self) -> int:
        return self.stock + sum(p.low for p in self.parts)

    @property
    def high(self) -> int:
        return self.stock + sum(p.high for p in self.parts)

    @property
    def needed(self) -> int | None:
        """How many more it takes even if nothing that is in flight comes to anything; None without a goal."""
        return None if self.goal is None else max(self.goal - self.low, 0)


def goal_of(rung: str, region: str, year: int) -> tuple[int | None, str]:
    """What the region was held to for this stock; (None, "") where nobody was."""
    rows = Target.objects.filter(indicator=INDICATORS.get(rung, ""), year=year, value__isnull=False)
    row = rows.filter(region=region).first() if region else rows.filter(region__level="city").first()
    if row is None or row.value is None:
        return None, ""
    return int(row.value), f"{row.source}"


def pass_rate(rung: str, year: int) -> tuple[Fraction | None, str]:
    """How many of the decided applications of earlier years passed; None where too few are on file."""
    rows = Application.objects.filter(campaign__rung=rung, campaign__year__lt=year)
    counted = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    passed = counted.get("certified", 0) + counted.get("passed", 0)
    decided = passed + counted.get("failed", 0)
    if decided < FEW:
        return None, f"往年有结果的申报只有 {decided} 家，少于 {FEW} 家，不推算通过率"
    rate = Fraction(passed, decided)
    return rate, f"往年申报 {decided} 家有结果，通过 {passed} 家，通过率{format_percent(rate)}"


def adding(rung: str, on: date, end: date, region: str) -> QuerySet[Any]:
    """Applications in flight that would add a firm to the stock at the year's end.

    A firm whose present title is still valid then adds nothing: it is in the stock already.
    """
    still = Certification.objects.filter(party=OuterRef("party"), kind=rung).valid_on(on).filter(valid_until__gte=end)
    rows = Application.objects.filter(campaign__rung=rung, campaign__year=on.year, state__in=IN_FLIGHT)
    rows = rows.filter(~Exists(still))
    return rows.filter(region=region) if region else rows


def year_end(rung: str, on: date, region: str = "", goal: int | None = None) -> YearEnd:
    """The explained forecast. `goal` replaces what the plan says."""
    end = date(on.year, 12, 31)
    stock = Certification.objects.filter(kind=rung).valid_on(on)
    stock = stock.filter(region=region) if region else stock
    lapse = renewal.unrenewed(rung, on, end, region).count()
    flying = dict(adding(rung, on, end, region).order_by().values_list("state").annotate(n=Count("pk")))
    where = f"&region={region}" if region else ""
    base = f"/enterprises/ladder/applications?rung={rung}&year={on.year}&adding=1{where}"
    waiting = sum(flying.get(s, 0) for s in ("submitted", "returned", "reviewed"))
    parts = (
        Part("年底前到期、还没有新证", -lapse, -lapse, f"/enterprises/ladder/renewal?rung={rung}&until={end}{where}"),
        Part("拟认定公示，等待发证", flying.get("passed", 0), flying.get("passed", 0), f"{base}&state=passed"),
        Part("市局已推荐，等待评审", 0, flying.get("recommended", 0), f"{base}&state=recommended"),
        Part("县区审核中", 0, waiting, f"{base}&state=waiting"),
    )
    planned, said = goal_of(rung, region, on.year)
    rate, note = pass_rate(rung, on.year)
    lists = tuple(nearest_lists(rung, on, region))
    return YearEnd(
        stock=stock.order_by().values("party").distinct().count(),
        parts=parts,
        goal=goal if goal is not None else planned,
        goal_from="按您输入的目标" if goal is not None else said,
        rate=rate,
        rate_note=note,
        nearest=sum(p.high for p in lists),
        lists=lists,
    )


def nearest_lists(rung: str, on: date, region: str) -> list[Part]:
    """Firms neither in the stock nor in flight, from those that lack nothing to those that lack one thing."""
    counted: dict[str, int] = {}
    for (kind, _, _), n in free_counts(rung, on, region).items():
        counted[kind] = counted.get(kind, 0) + n
    where = f"&region={region}" if region else ""
    labels = dict(Prospect.Kind.choices)
    return [
        Part(labels[k], 0, counted.get(k, 0), f"/enterprises/ladder/near?rung={rung}&kind={k}{where}") for k in NEAREST
    ]
