"""Scoring a race: treatment → points → weights → levels → bonuses → places, exact, and all of it kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from keji.lib.race import treatment
from keji.lib.race.functions import FUNCTIONS, Column, Points, points_of, shown
from keji.lib.race.levels import Scored, Weighed, weigh
from keji.lib.race.places import bonuses_of, placings_of
from keji.lib.race.run import Cell, Placing, Run
from keji.lib.race.scheme import Data, Indicator, Missing, Scheme, Ties, Unit
from keji.lib.race.validation import data_problems, problems

Columns = dict[str, dict[str, Scored]]


class SchemeError(ValueError):
    """A scheme or data that cannot be scored; `sentences` say why, one each."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = tuple(sentences)


def score(scheme: Scheme, data: Data) -> Run:
    """The whole race. SchemeError when `problems` or `data_problems` finds something."""
    found = problems(scheme) or data_problems(scheme, data)
    if found:
        raise SchemeError(found)
    columns = {i.code: column_of(scheme, data, i) for i in scheme.indicators}
    points = {u.code: {c: column[u.code] for c, column in columns.items()} for u in data.units}
    totals = {u.code: weigh(scheme, points[u.code]) for u in data.units}
    placings = placings_of(scheme, data, totals, points, bonuses_of(scheme, data))
    cells = {u.code: _cells(scheme, data, u, points[u.code], totals[u.code]) for u in data.units}
    levels = {k: t.levels for k, t in totals.items()}
    return Run(scheme, data, cells, levels, placings, _log(scheme, data, points, placings))


def compared(scheme: Scheme, data: Data) -> list[tuple[Unit, ...]]:
    """The units whose figures are compared with each other, in the order of the data."""
    if scheme.across or not scheme.groups:
        return [data.units]
    return [g for group in scheme.groups if (g := tuple(u for u in data.units if u.group == group.code))]


def column_of(scheme: Scheme, data: Data, indicator: Indicator) -> dict[str, Scored]:
    """{unit code: how it scored} at one indicator."""
    found: dict[str, Scored] = {}
    for units in compared(scheme, data):
        figures = [data.figure(u.code, indicator.code) for u in units]
        notes = [""] * len(figures)
        if indicator.treatment is not None:
            treated = treatment.treat([f.value for f in figures], indicator.treatment)
            pairs = list(zip(figures, treated.values, strict=True))
            notes = [treated.said if t != f.value else "" for f, t in pairs]
            figures = [replace(f, value=t) for f, t in pairs]
        points = points_of(Column(indicator, tuple(figures)))
        filling = _filling(indicator, points)
        for unit, figure, given, note in zip(units, figures, points, notes, strict=True):
            said = "；".join(s for s in (note, given.said) if s)
            value, filled = given.value, False
            if value is None and filling is not None:
                value, filled = filling, True
                said = f"{said}，{indicator.missing.word}（{shown(filling)} 分）"
            found[unit.code] = Scored(figure.value, value, filled, said)
    return {u.code: found[u.code] for u in data.units}


def _filling(indicator: Indicator, points: Sequence[Points]) -> Fraction | None:
    """The points that stand for what is missing, or None."""
    known = [p.value for p in points if p.value is not None]
    if not known or indicator.missing not in (Missing.MEAN, Missing.LOWEST):
        return None
    return min(known) if indicator.missing is Missing.LOWEST else sum(known, Fraction(0)) / len(known)


def _cells(scheme: Scheme, data: Data, unit: Unit, points: Mapping[str, Scored], total: Weighed) -> dict[str, Cell]:
    found = {}
    for indicator in scheme.indicators:
        code, at = indicator.code, points[indicator.code]
        value, weight, due = data.figure(unit.code, code).value, total.weights[code], total.contributions[code]
        found[code] = Cell(unit.code, code, value, at.treated, at.points, at.filled, weight, due, at.note)
    return found


def _log(
    scheme: Scheme, data: Data, points: Mapping[str, Mapping[str, Scored]], placings: Sequence[Placing]
) -> tuple[str, ...]:
    """One sentence a step."""
    indicators = scheme.indicators
    asked = len(indicators) * len(data.units)
    there = sum(data.figure(u.code, i.code).value is not None for u in data.units for i in indicators)
    treated = [
        f"{i.title} {n} 个"
        for i in indicators
        if (n := sum(p[i.code].treated != data.figure(u, i.code).value for u, p in points.items()))
    ]
    ways: dict[str, list[str]] = {}
    for i in indicators:
        ways.setdefault(FUNCTIONS[i.function].title, []).append(i.title)
    scope = "全部单位之间比较" if scheme.across or not scheme.groups else "各组之内比较"
    how = "；".join(f"{way}：{'、'.join(titles)}" for way, titles in ways.items())
    shares = scheme.weights()
    weights = "、".join(f"{i.title} {shown(shares[i.code] * 100)}%" for i in indicators)
    filled = sum(cell.filled for unit in points.values() for cell in unit.values())
    levels = [f"{level.title}（{level.aggregation.word}）" for level in scheme.root.levels()]
    ranked = sum(s.place is not None for s in placings)
    ties = "按全部数位比较" if scheme.ties is Ties.EXACT else f"按公布的 {scheme.places} 位小数比较"
    counted = f"，{filled} 项缺数按规定补分" if filled else ""
    return (
        f"数据：{data.period}，版本 {data.version}，{len(data.units)} 个单位、{len(indicators)} 项指标，"
        f"应有 {asked} 项数据，实有 {there} 项。",
        f"极端值：{'、'.join(treated) if treated else '没有处理'}。",
        f"计分（{scope}）：{how}{counted}。",
        f"权重：{weights}。",
        f"合成：{' → '.join(levels)}。",
        f"名次：{ranked} 个单位排名，总分{ties}，同分同名次，后一名次空缺。",
    )
