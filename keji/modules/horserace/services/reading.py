"""What pages and papers say of a run: lines of the ranking, of an indicator, of a unit, of what can be done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from keji.lib.figures import format_change, format_number, format_percent
from keji.lib.race.moves import Move, moves_up
from keji.lib.race.run import Cell, Placing, Run
from keji.lib.race.scheme import Direction, Indicator
from keji.lib.race.whatif import Late, when_late_arrive
from keji.modules.horserace.models import RaceRun
from keji.modules.horserace.services.runs import file_of


@dataclass(frozen=True)
class Line:
    """One unit in the ranking. `span`: its rank interval as words; `with_`: units it cannot be told apart from."""

    placing: Placing
    name: str
    span: str
    with_: tuple[str, ...]
    sentence: str

    @property
    def moved(self) -> str:
        change = self.placing.change
        if change is None:
            return "—"
        return "持平" if change == 0 else f"{'升' if change > 0 else '降'} {abs(change)} 位"


def run_of(record: RaceRun) -> Run:
    return file_of(record.file_id)


def lines(record: RaceRun) -> list[Line]:
    run = run_of(record)
    names = {u.code: u.title for u in run.data.units}
    spans = record.doubt.get("units", {})
    found = []
    for s in run.placings:
        own = spans.get(s.unit, {})
        span = "—"
        if own:
            span = f"第 {own['low']} 名" if own["low"] == own["high"] else f"第 {own['low']}—{own['high']} 名"
        others = tuple(names[u] for u in own.get("undecided", ()))
        found.append(Line(s, names[s.unit], span, others, own.get("sentence", s.note)))
    return found


def score_text(record_or_run: Any, value: Decimal | Fraction | None) -> str:
    return format_number(value, places=record_or_run.scheme.places)


@dataclass(frozen=True)
class IndicatorLine:
    """One unit's figure of one indicator, as printed."""

    unit: str
    name: str
    value: str
    change: str
    target: str
    completion: str
    points: str
    place: int | None
    note: str
    cell: Cell


def indicator_lines(record: RaceRun, code: str) -> list[IndicatorLine]:
    """By place. KeyError for an indicator that is not in the run."""
    run = run_of(record)
    indicator = next(i for i in run.scheme.indicators if i.code == code) if code in run.scheme.weights() else None
    if indicator is None:
        raise KeyError(code)
    sign = 1 if indicator.direction is Direction.MORE else -1
    known = [c.value * sign for u in run.data.units if (c := run.cells[u.code][code]).value is not None]
    places = places_of(run.cells[u.code][code].value for u in run.data.units)
    found = []
    for unit in run.data.units:
        cell, figure = run.cells[unit.code][code], run.data.figure(unit.code, code)
        place = None if cell.value is None else 1 + sum(v > cell.value * sign for v in known)
        completion = None
        if figure.target and cell.value is not None and figure.target > 0:
            completion = cell.value / figure.target
        found.append(
            IndicatorLine(
                unit.code,
                unit.title,
                shown(cell.value, indicator, places),
                growth(figure.value, figure.base, indicator),
                shown(figure.target, indicator) if figure.target is not None else "—",
                format_percent(completion),
                format_number(cell.points, places=2),
                place,
                cell.note,
                cell,
            )
        )
    return sorted(found, key=lambda line: (line.place is None, line.place or 0))


def shown(value: Fraction | None, indicator: Indicator, places: int | None = None) -> str:
    if value is None:
        return "—"
    if places is None:
        places = None if (value * 10**4).denominator == 1 else 2
    return format_number(value, indicator.unit, places=places)


def places_of(values: Iterable[Fraction | None]) -> int:
    """Decimals a column needs so that all its figures are printed alike: at most four, two for what never ends."""
    needed = [next((n for n in range(5) if (v * 10**n).denominator == 1), 2) for v in values if v is not None]
    return max(needed, default=0)


def growth(value: Fraction | None, base: Fraction | None, indicator: Indicator) -> str:
    """Against the base: points for figures in per cent, a rate otherwise; — where a base is no base."""
    if value is None or base is None:
        return "—"
    if indicator.unit == "%":
        return format_change(value - base, "个百分点", places=2)
    return "—" if base <= 0 else format_change((value / base - 1) * 100, "%", places=1)


@dataclass(frozen=True)
class UnitCell:
    indicator: Indicator
    cell: Cell
    value: str
    points: str
    weight: str
    contribution: str
    place: int | None


def unit_cells(record: RaceRun, unit: str) -> list[UnitCell]:
    run = run_of(record)
    return [
        UnitCell(
            i,
            cell := run.cells[unit][i.code],
            shown(cell.value, i, places_of(run.cells[u.code][i.code].value for u in run.data.units)),
            format_number(cell.points, places=2),
            format_percent(cell.weight),
            format_number(cell.contribution, places=2),
            next(line.place for line in indicator_lines(record, i.code) if line.unit == unit),
        )
        for i in run.scheme.indicators
    ]


def shown_lines(record: RaceRun) -> tuple[list[str], list[list[str]]]:
    """What is printed beside the race though it does not count: (column heads, a row a unit); ([], []) for nothing."""
    columns = record.about.get("shown", [])
    if not columns:
        return [], []
    heads = [f"{c['title']}（{c['period']}）" + ("，参考" if c["proxy_of"] else "") for c in columns]
    rows = []
    for unit in run_of(record).data.units:
        values = [c["values"].get(unit.code) for c in columns]
        told = [
            "—" if v is None else format_number(Decimal(v), c["unit"]) for v, c in zip(values, columns, strict=True)
        ]
        rows.append([unit.title, *told])
    return heads, rows


def moves(record: RaceRun, unit: str) -> tuple[Move, ...]:
    return moves_up(run_of(record), unit)


def late(record: RaceRun) -> list[tuple[str, tuple[Late, ...]]]:
    """What may change once missing figures come in, for each unit that misses some."""
    run = run_of(record)
    names = {u.code: u.title for u in run.data.units}
    found = []
    for unit in run.data.units:
        if changes := when_late_arrive(run, unit.code):
            found.append((names[unit.code], changes))
    return found


def weakest(record: RaceRun, unit: str, most: int = 2) -> list[UnitCell]:
    """Where most is lost against full marks of the best of the race: the shortcomings a review names."""
    run = run_of(record)
    lost: list[tuple[Fraction, UnitCell]] = []
    for own in unit_cells(record, unit):
        cells = [run.cells[u.code][own.indicator.code] for u in run.data.units]
        best = max((c.points for c in cells if c.points is not None), default=None)
        if own.cell.points is not None and best is not None:
            lost.append(((best - own.cell.points) * own.cell.weight, own))
    lost.sort(key=lambda pair: -pair[0])
    return [own for gap, own in lost[:most] if gap > 0]


def leaders_and_slippers(record: RaceRun) -> dict[str, list[Line]]:
    """Who leads, who has lost places, who has gained."""
    own = [line for line in lines(record) if line.placing.place is not None]
    return {
        "leads": [line for line in own if line.placing.place == 1],
        "slips": sorted((x for x in own if (x.placing.change or 0) < 0), key=lambda x: x.placing.change or 0),
        "gains": sorted((x for x in own if (x.placing.change or 0) > 0), key=lambda x: -(x.placing.change or 0)),
        "last": own[-1:],
    }


def why_moved(record: RaceRun, before: RaceRun, unit: str, most: int = 2) -> list[str]:
    """The indicators whose contribution changed most since the run before, in the direction of the move."""
    run, old = run_of(record), run_of(before)
    titles = {i.code: i.title for i in run.scheme.indicators}
    if unit not in old.cells:
        return []

    def relative(of: Run, code: str) -> Fraction:
        """Against the average of all units: everybody's points move with the yardstick."""
        every = [of.cells[u.code][code].contribution for u in of.data.units if code in of.cells[u.code]]
        if not every or unit not in of.cells or code not in of.cells[unit]:
            return Fraction(0)
        return of.cells[unit][code].contribution - sum(every, Fraction(0)) / len(every)

    moved = {c: relative(run, c) - relative(old, c) for c in titles}
    change = run.placing(unit).change or 0
    sign = 1 if change > 0 else -1
    ranked = sorted((c for c in moved if moved[c] * sign > 0), key=lambda c: -abs(moved[c]))
    return [f"{titles[c]}（相对平均 {format_change(moved[c], ' 分', places=2)}）" for c in ranked[:most]]
