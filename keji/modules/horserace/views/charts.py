"""Plain specs of the race's charts, all from the same run that is printed."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from keji.kernel.parties.models import Region
from keji.lib.figures import to_decimal
from keji.modules.horserace.models import RaceRun, RunPlace
from keji.modules.horserace.services import reading

Spec = dict[str, Any]


COLOURS = 7


def _wrapped(title: str, width: int = 5) -> str:
    """Long names around a radar would be cut off at its edge."""
    return "\n".join(title[i : i + width] for i in range(0, len(title), width))


def _text(value: Fraction | None, places: int = 2) -> str | None:
    return None if value is None else str(to_decimal(value, places))


def contributions(record: RaceRun) -> Spec | None:
    run = reading.run_of(record)
    ranked = [line for line in reading.lines(record) if line.placing.place is not None]
    if not ranked:
        return None
    series = [
        {
            "name": i.title,
            "values": [_text(run.cells[line.placing.unit][i.code].contribution) for line in ranked],
            "urls": [f"/horserace/runs/{record.pk}/units/{line.placing.unit}" for line in ranked],
        }
        for i in run.scheme.indicators
    ]
    names = [f"{line.placing.place}. {line.name}" for line in ranked]
    return {"kind": "stack", "horizontal": True, "unit": "分", "categories": names, "series": series}


def place_map(record: RaceRun) -> Spec | None:
    """Scores on the map; the zone is a point."""
    regions = {r.pk: r for r in Region.objects.all()}
    items = [
        {
            "code": line.placing.unit,
            "name": r.short_name if r.level == Region.Level.ZONE else r.name,
            "value": _text(line.placing.total),
            "url": f"/horserace/runs/{record.pk}/units/{line.placing.unit}",
        }
        for line in reading.lines(record)
        if line.placing.total is not None and (r := regions.get(line.placing.unit)) is not None
    ]
    return {"kind": "map", "items": items, "unit": "分", "value_label": "得分"} if items else None


def trend(rows: Sequence[RunPlace], only: str = "") -> Spec | None:
    """Scores by month; of one unit with everybody's average beside it."""
    months = sorted({row.run.period for row in rows})
    if len(months) < 2:
        return None
    labels = [f"{int(m[5:7])}月" for m in months]
    by_unit: dict[str, dict[str, RunPlace]] = {}
    for row in rows:
        by_unit.setdefault(row.region_id, {})[row.run.period] = row
    series: list[dict[str, Any]] = []
    for unit, own in by_unit.items():
        if only and unit != only:
            continue
        name = next(iter(own.values())).region.short_name
        # The palette has seven colours: from the eighth on lines are dashed, so that two are never alike.
        more = {"dashed": True} if len(series) >= COLOURS else {}
        series.append({"name": name, "values": [_total(own.get(m)) for m in months], **more})
    if only:
        means = []
        for m in months:
            known = [row.total for row in rows if row.run.period == m and row.total is not None]
            means.append(_text(Fraction(sum(known)) / len(known)) if known else None)
        series.append({"name": "各单位平均", "values": means, "dashed": True})
    return {"kind": "line", "categories": labels, "series": series, "unit": "分", "scale": True}


def _total(row: RunPlace | None) -> str | None:
    return None if row is None or row.total is None else str(row.total)


def places_trend(rows: Sequence[RunPlace], unit: str) -> list[dict[str, Any]]:
    return [
        {"label": row.run.span.label, "place": row.place, "total": row.total, "url": f"/horserace/runs/{row.run_id}"}
        for row in rows
        if row.region_id == unit
    ]


def radar(record: RaceRun, unit: str, name: str) -> Spec | None:
    run = reading.run_of(record)
    axes, own, mean = [], [], []
    for i in run.scheme.indicators:
        points = [c.points for u in run.data.units if (c := run.cells[u.code][i.code]).points is not None]
        mine = run.cells[unit][i.code].points
        if not points or mine is None:
            continue
        top = max([*points, Fraction(100)])
        axes.append({"label": _wrapped(i.title), "max": str(to_decimal(top, 0))})
        own.append(_text(mine))
        mean.append(_text(sum(points, Fraction(0)) / len(points)))
    if len(axes) < 3:
        return None
    return {"kind": "radar", "axes": axes, "series": [{"name": name, "values": own}, {"name": "平均", "values": mean}]}


def radar_of(record: RaceRun, units: Sequence[tuple[str, str]]) -> Spec | None:
    """Points of some units ((code, name) each) on the indicators all of them have; None for fewer than three."""
    run = reading.run_of(record)
    axes, values = [], [[] for _ in units]  # type: tuple[list[dict[str, str]], list[list[str | None]]]
    for i in run.scheme.indicators:
        points = [run.cells[code][i.code].points for code, _ in units]
        every = [c.points for u in run.data.units if (c := run.cells[u.code][i.code]).points is not None]
        if any(p is None for p in points):
            continue
        axes.append({"label": _wrapped(i.title), "max": str(to_decimal(max([*every, Fraction(100)]), 0))})
        for own, p in zip(values, points, strict=True):
            own.append(_text(p))
    if len(axes) < 3:
        return None
    series = [{"name": name, "values": own} for (_, name), own in zip(units, values, strict=True)]
    return {"kind": "radar", "axes": axes, "series": series}


def points_of(record: RaceRun, units: Sequence[tuple[str, str]]) -> Spec:
    """The same points as bars, indicator by indicator."""
    run = reading.run_of(record)
    indicators = run.scheme.indicators
    return {
        "kind": "bar",
        "horizontal": True,
        "unit": "分",
        "categories": [i.title for i in indicators],
        "category_label": "指标",
        "series": [
            {
                "name": name,
                "values": [_text(run.cells[code][i.code].points) for i in indicators],
                "urls": [f"/horserace/runs/{record.pk}/indicators/{i.code}" for i in indicators],
            }
            for code, name in units
        ],
    }


def histogram(record: RaceRun, unit: str) -> Spec | None:
    """How often the replicates put the unit on each place."""
    own = record.doubt.get("units", {}).get(unit)
    if not own:
        return None
    share = [str(to_decimal(Fraction(n * 100, record.doubt["count"]), 1)) for n in own["counts"]]
    names = [str(n) for n in range(1, len(share) + 1)]
    return {
        "kind": "bar",
        "categories": names,
        "category_label": "名次",
        "series": [{"name": "模拟次数占比", "values": share}],
        "unit": "%",
    }
