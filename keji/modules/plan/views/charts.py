"""Chart specs of a target: its trend against pace, its counties on the map and as bars."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from keji.kernel.indicators.models import Reading
from keji.kernel.parties.models import Region
from keji.lib.figures import Period, to_decimal
from keji.lib.pace import expected
from keji.modules.plan.models import TargetProgress
from keji.modules.plan.services.track import TargetLine

Spec = dict[str, Any]


def trend(line: TargetLine, *, on: date, period: Period | None) -> Spec | None:
    """Month by month: what was frozen (or confirmed), where the curve wants it, where it is heading."""
    year = line.target.plan.year
    last = period or Period.of(min(on, date(year, 12, 31)))
    known = _monthly(line, year)
    known = {m: v for m, v in known.items() if m <= last.months[-1]}
    if line.figure.value is not None and line.rate is None and line.figure.as_of and line.figure.as_of.year == year:
        known[line.figure.as_of.month] = line.figure.value
    if not known:
        return None
    months = range(1, 13)
    series: list[Spec] = [{"name": "实际", "values": [known.get(m) for m in months]}]
    pace = [_wanted_at(line, Period.month(year, m).end) for m in months]
    if any(v is not None for v in pace):
        series.append({"name": "应有进度", "values": pace, "dashed": True, "tone": "gray"})
    if line.outlook and not period:
        ahead: list[Any] = [None] * 12
        now = max(known)
        ahead[now - 1] = known[now]
        ahead[max(min(line.target.due_on.month, 12), now) - 1] = line.outlook.forecast.mid
        if now < line.target.due_on.month:
            ahead = _straight(ahead, now - 1, line.target.due_on.month - 1)
            series.append({"name": "预测", "values": ahead, "dashed": True, "tone": "amber"})
    goal = line.question.goal if not isinstance(line.question.goal, tuple) else line.question.goal[0]
    return {
        "kind": "line",
        "categories": [f"{m}月" for m in months],
        "category_label": "月份",
        "series": series,
        "unit": line.question.unit or line.unit,
        "target": None if goal is None else to_decimal(Fraction(goal), 2).normalize(),
        "scale": line.stock,
    }


def _straight(values: list[Any], start: int, end: int) -> list[Any]:
    """Points between two known ones on a straight line, so that the drawing is not broken."""
    first, last = Fraction(values[start]), Fraction(values[end])
    for place in range(start + 1, end):
        values[place] = to_decimal(first + (last - first) * Fraction(place - start, end - start), 1)
    return values


def _monthly(line: TargetLine, year: int) -> dict[int, Decimal]:
    """{month: value of the city}; growth targets are drawn by their rate."""
    if line.indicator:
        rows = Reading.objects.filter(
            indicator=line.indicator.code, region__level=Region.Level.CITY, current=True, period__startswith=f"{year}-"
        )
        found = {}
        for period, value, rate in rows.values_list("period", "value", "computed_rate"):
            drawn = rate if line.target.op.startswith("growth_") and rate is not None else value
            if drawn is not None:
                found[int(period[5:7])] = drawn
        return found
    confirmed = TargetProgress.objects.filter(
        target=line.target, region__level=Region.Level.CITY, confirmed_at__isnull=False, period__startswith=f"{year}-"
    )
    return {int(p[5:7]): v for p, v in confirmed.values_list("period", "value") if v is not None}


def _wanted_at(line: TargetLine, on: date) -> Decimal | None:
    """What the curve asks for by a day; rates and shares are levels and have no such way."""
    goal = line.question.goal
    if line.question.op not in ("ge", "gt", "eq", "about") or goal is None or isinstance(goal, tuple):
        return None
    share = expected(line.curve, on)
    if share is None:
        return None
    if line.stock and line.base is None:
        return None
    start = Fraction(line.base) if line.stock and line.base is not None else Fraction(0)
    return to_decimal(start + (Fraction(goal) - start) * share, 1)


def county_map(line: TargetLine, period: Period | None) -> Spec | None:
    if all(c.figure.value is None for c in line.counties):
        return None
    suffix = f"&period={period}" if period else ""
    items = [
        {
            "code": c.region.code,
            "name": c.region.short_name if c.region.level == Region.Level.ZONE else c.region.name,
            "value": c.figure.value,
            "url": f"{line.url}/records?region={c.region.code}{suffix}" if line.indicator and line.figure.live else "",
        }
        for c in line.counties
    ]
    return {"kind": "map", "items": items, "unit": line.unit, "value_label": line.target.subject}


def county_bars(line: TargetLine) -> Spec | None:
    """Bars to each county's share; without shares, plain bars from the largest."""
    shared = [c for c in line.counties if c.share]
    if shared and line.completion is not None:
        items = [
            {
                "label": c.region.short_name,
                "value": c.figure.value,
                "target": c.share,
                "light": str(c.light.kind),
            }
            for c in sorted(shared, key=lambda c: (c.rank or 99, c.region.order))
        ]
        return {"kind": "progress", "items": items, "unit": line.unit}
    known = sorted((c for c in line.counties if c.figure.value is not None), key=lambda c: -(c.figure.value or 0))
    if not known:
        return None
    return {
        "kind": "bar",
        "horizontal": True,
        "categories": [c.region.short_name for c in known],
        "category_label": "县区",
        "series": [{"name": line.target.subject, "values": [c.figure.value for c in known]}],
        "unit": line.unit,
    }
