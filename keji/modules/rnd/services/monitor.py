"""R&D growth: monthly proxies from this house beside the official yearly figure, each with its caliber, never mixed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q, Sum

from keji.kernel.indicators.indicator import get
from keji.kernel.indicators.models import Reading
from keji.lib.figures import Period
from keji.modules.rnd.models import ProjectYear, RndProject, RndStatement, SpendMonth

OFFICIAL = "rd_growth"


@dataclass(frozen=True)
class Proxy:
    """One monthly reference figure: what it is now, what it was a year ago, and what exactly it covers."""

    title: str
    unit: str
    value: Decimal
    before: Decimal
    caliber: str
    url: str

    @property
    def growth(self) -> Fraction | None:
        """Over the same months last year; None without a base."""
        return Fraction(self.value) / Fraction(self.before) - 1 if self.before > 0 else None


def official(region: str) -> tuple[Reading | None, str]:
    """(newest frozen reading with a value, its caliber) of 全社会研发经费增速 for a region."""
    rows = Reading.objects.filter(indicator=OFFICIAL, region_id=region, current=True, value__isnull=False)
    return rows.order_by("-period").first(), get(OFFICIAL).caliber()


def proxies(on: date, region: str = "") -> list[Proxy]:
    """The three proxies up to the newest month that has ended, for the city or one county."""
    last = Period.of(on).previous()
    year, month = last.year, last.number
    spent, spent_before = _spent(year, month, region), _spent(year - 1, month, region)
    same, same_before = _same_firms(year, month, region)
    budget, budget_before = _budget(date(year, 1, 1), on, region), _budget(date(year - 1, 1, 1), _year_ago(on), region)
    suffix = f"&project__region={region}" if region else ""
    return [
        Proxy(
            f"备案项目 1—{month} 月已填研发支出",
            "元",
            spent,
            spent_before,
            "已备案项目逐月填报的八项费用之和，按实际发生计，未按任何口径折算；备案企业增多时，与上年同期不完全可比",
            f"/d/rnd-spend/?year={year}{suffix}",
        ),
        Proxy(
            f"同一批企业 1—{month} 月研发支出",
            "元",
            same,
            same_before,
            "只算两年同期都填报了的企业，去掉备案面扩大的影响；仍不含未备案的研发活动",
            f"/d/rnd-spend/?year={year}{suffix}",
        ),
        Proxy(
            "本年新备案项目预算",
            "元",
            budget,
            budget_before,
            "首次报送日期在本年的项目的预算总额，跨年项目按全部预算计；预算不是支出，只反映投入意愿",
            f"/d/rnd-projects/{f'?region={region}' if region else ''}",
        ),
    ]


def _months(year: int, month: int, region: str) -> Any:
    rows = SpendMonth.objects.of_year(year, month)
    return rows.filter(project__region_id=region) if region else rows


def _spent(year: int, month: int, region: str) -> Decimal:
    return _months(year, month, region).aggregate(s=Sum("total"))["s"] or Decimal(0)


def _same_firms(year: int, month: int, region: str) -> tuple[Decimal, Decimal]:
    now, before = (dict(_by_party(_months(y, month, region))) for y in (year, year - 1))
    both = now.keys() & before.keys()
    return sum((now[p] for p in both), Decimal(0)), sum((before[p] for p in both), Decimal(0))


def _by_party(rows: Any) -> Any:
    return rows.order_by().values_list("project__party_id").annotate(Sum("total"))


def _budget(first: date, last: date, region: str) -> Decimal:
    rows = RndProject.objects.filed().filter(filed_on__range=(first, last))
    rows = rows.filter(region_id=region) if region else rows
    return rows.aggregate(s=Sum("budget"))["s"] or Decimal(0)


def _year_ago(day: date) -> date:
    return date(day.year - 1, day.month, 28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


def ledger_check(year: int, region: str = "") -> Mapping[str, Decimal | int]:
    """Projects with a ledger total of a year: how many, what the ledgers say, what their months say."""
    rows = ProjectYear.objects.filter(year=year, ledger_total__isnull=False, project__filed_on__isnull=False)
    rows = rows.filter(project__region_id=region) if region else rows
    said = rows.aggregate(n=Count("pk"), s=Sum("ledger_total"))
    months = SpendMonth.objects.filter(year=year, project__in=rows.values("project_id")).aggregate(s=Sum("total"))["s"]
    return {"count": said["n"], "ledger": said["s"] or Decimal(0), "months": months or Decimal(0)}


def monthly(on: date, region: str = "") -> dict[str, list[Decimal | None]]:
    """{this year, last year}: cumulated spending by month; None for months that have not ended."""
    last = Period.of(on).previous()
    found: dict[str, list[Decimal | None]] = {}
    for year in (last.year, last.year - 1):
        rows = dict(_months(year, 12, region).order_by().values_list("month").annotate(Sum("total")))
        sums: list[Decimal | None] = []
        so_far = Decimal(0)
        for month in range(1, 13):
            so_far += rows.get(month) or Decimal(0)
            sums.append(so_far if year < last.year or month <= last.number else None)
        found[f"{year}年"] = sums
    return found


def by_county(on: date) -> list[dict[str, Any]]:
    """Each county: firms that filed, projects, spending so far, the same firms' growth, official yearly growth."""
    from keji.kernel.parties.models import Region

    last = Period.of(on).previous()
    spent = dict(
        _months(last.year, last.number, "").order_by().values_list("project__region_id").annotate(Sum("total"))
    )
    filed = RndProject.objects.filter(state=RndProject.State.NOTED).order_by().values("region_id")
    counts = {r["region_id"]: r for r in filed.annotate(n=Count("pk"), firms=Count("party_id", distinct=True))}
    now, before = (_by_firm_and_region(_months(year, last.number, "")) for year in (last.year, last.year - 1))
    readings = {}
    for reading in Reading.objects.filter(indicator=OFFICIAL, current=True, value__isnull=False).order_by("period"):
        readings[reading.region_id] = reading
    rows = []
    for region in Region.objects.exclude(level=Region.Level.CITY):
        both = [key for key in now if key[1] == region.code and key in before]
        base = sum((before[key] for key in both), Decimal(0))
        growth = Fraction(sum((now[key] for key in both), Decimal(0))) / Fraction(base) - 1 if base else None
        count = counts.get(region.code, {"n": 0, "firms": 0})
        rows.append(
            {
                "region": region,
                "firms": count["firms"],
                "projects": count["n"],
                "spent": spent.get(region.code) or Decimal(0),
                "growth": growth,
                "official": readings.get(region.code),
            }
        )
    return rows


def _by_firm_and_region(rows: Any) -> dict[tuple[int, str], Decimal]:
    found = rows.order_by().values_list("project__party_id", "project__region_id").annotate(Sum("total"))
    return {(party, region): total for party, region, total in found}


def statements_of(year: int) -> dict[str, Any]:
    """Yearly statements in this house: how many are confirmed and what research they add up to."""
    rows = RndStatement.objects.filter(year=year).aggregate(
        n=Count("pk", filter=Q(state="confirmed")),
        waiting=Count("pk", filter=Q(state="reported")),
        s=Sum("rnd_expense", filter=Q(state="confirmed")),
    )
    return {"year": year, "count": rows["n"], "waiting": rows["waiting"], "expense": rows["s"] or Decimal(0)}
