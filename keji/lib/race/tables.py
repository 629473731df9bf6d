"""A run as arrays for the replicates: points under every way of scoring, the tree of levels, the gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from keji.lib.race.choices import Choices, Gaps, Normalisation
from keji.lib.race.functions import FUNCTIONS, Column, points_of
from keji.lib.race.kernel import LEAST
from keji.lib.race.run import Run
from keji.lib.race.scheme import Aggregation, Direction, Figure, Indicator, Missing, Ties, Treatment

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Tables:
    """`units`: ranked unit codes, by group, in official order. `shape`: how many treatments, normalisations, gaps: the
    table of a choice is its index in that shape. Arrays as `kernel.simulate` wants them; `pools`: units that may stand
    for each gap; `shares`: the weight of every part in its level."""

    units: tuple[str, ...]
    shape: tuple[int, int, int]
    points: Array
    logs: Array
    masks: Array
    masked: Array
    drawn: Array
    kinds: Array
    parts: Array
    starts: Array
    declared: Array
    gap_parts: Array
    gap_units: Array
    gap_starts: Array
    pools: tuple[Array, ...]
    shares: Array
    extra: Array
    quantum: float
    groups: Array
    official: Array


def tables_of(run: Run, choices: Choices) -> Tables:
    """Everything that is the same in all replicates. ValueError when no unit has a place."""
    ranked = [s for s in run.placings if s.place is not None]
    if not ranked:
        raise ValueError("没有单位排上名次，不能模拟。")
    count = len(ranked)
    everyone = [*ranked, *(s for s in run.placings if s.place is None)]  # the others' figures are compared with, too
    units = tuple(s.unit for s in everyone)
    missing = np.array([[_missing(run, u, i.code) for u in units] for i in run.scheme.indicators], dtype=bool)
    compared = _compared(run, [s.group for s in everyone])
    layers = [
        _layer(run, units, missing, compared, treatment, normalisation, gaps)
        for treatment in choices.treatments
        for normalisation in choices.normalisations
        for gaps in choices.gaps
    ]
    points = np.ascontiguousarray(np.stack([p for p, _ in layers])[:, :, :count])
    masks = np.ascontiguousarray(np.stack([m for _, m in layers])[:, :, :count])
    missing, compared = missing[:, :count], [here[here < count] for here in compared]
    logs = np.log(np.maximum(points, LEAST))
    logs[~masks] = 0.0
    drawn = np.array([g is Gaps.DRAWN for _ in layers[:: len(choices.gaps)] for g in choices.gaps])
    logs[drawn] = np.where(missing, 0.0, logs[drawn])
    tree = _tree(run, missing, compared)
    starts = [0, *(i for i in range(1, count) if ranked[i].group != ranked[i - 1].group), count]
    shape = (len(choices.treatments), len(choices.normalisations), len(choices.gaps))
    quantum = 10.0**-run.scheme.places if run.scheme.ties is Ties.PRINTED else 0.0
    return Tables(
        units[:count], shape, points, logs, masks.astype(float), np.asarray(~masks.all(axis=(1, 2))), drawn, **tree,
        extra=np.array([float(s.bonus) for s in ranked]), quantum=quantum, groups=np.array(starts),
        official=np.array([s.place for s in ranked]),
    )  # fmt: skip


def _missing(run: Run, unit: str, indicator: str) -> bool:
    cell = run.cells[unit][indicator]
    return cell.filled or cell.points is None


def _compared(run: Run, groups: Sequence[str]) -> list[Array]:
    """Columns whose figures are compared with each other."""
    if run.scheme.across or not run.scheme.groups:
        return [np.arange(len(groups))]
    return [np.flatnonzero([g == group for g in groups]) for group in dict.fromkeys(groups)]


def _layer(
    run: Run,
    units: Sequence[str],
    missing: Array,
    compared: Sequence[Array],
    treatment: Treatment | None,
    normalisation: Normalisation,
    gaps: Gaps,
) -> tuple[Array, Array]:
    """(points, what counts) for one choice, each (indicators, units)."""
    rows, masks = [], []
    for indicator, gone in zip(run.scheme.indicators, missing, strict=True):
        row = _points(run, units, indicator, gone, compared, treatment, normalisation)
        mask = np.ones(len(units), dtype=bool)
        if gone.any():
            row, mask = _fill(indicator, row, gone, compared, gaps)
        rows.append(row)
        masks.append(mask)
    return np.array(rows), np.array(masks)


def _points(
    run: Run,
    units: Sequence[str],
    indicator: Indicator,
    gone: Array,
    compared: Sequence[Array],
    treatment: Treatment | None,
    normalisation: Normalisation,
) -> Array:
    """Points of one indicator; NaN where the figure is missing."""
    cells = [run.cells[u][indicator.code] for u in units]
    how, declared = FUNCTIONS[indicator.function], normalisation is Normalisation.DECLARED
    if declared and (treatment is None or how.wants):
        return np.array([np.nan if g else float(c.points or 0) for c, g in zip(cells, gone, strict=True)])
    if how.wants:  # a rate or a growth: what it comes to is the figure, more is better
        row = np.array([np.nan if g else float(c.points or 0) for c, g in zip(cells, gone, strict=True)])
    else:
        sign = 1.0 if indicator.direction is Direction.MORE else -1.0
        given = [c.treated if treatment is None else c.value for c in cells]
        row = np.array([np.nan if g or v is None else float(v) for v, g in zip(given, gone, strict=True)])
        if treatment is not None:
            for here in compared:
                row[here] = treat(row[here], treatment)
        row = row * (1.0 if declared else sign)
        if declared:
            return _declared(indicator, row, compared)
    for here in compared:
        row[here] = NORMALISERS[normalisation](row[here])
    return row


def _declared(indicator: Indicator, row: Array, compared: Sequence[Array]) -> Array:
    """The declared function on figures treated otherwise than declared."""
    found = np.full(len(row), np.nan)
    for here in compared:
        figures = tuple(Figure(None if np.isnan(v) else Fraction(v)) for v in row[here].tolist())
        points = points_of(Column(indicator, figures))
        found[here] = [np.nan if f.value is None else float(p.value or 0) for f, p in zip(figures, points, strict=True)]
    return found


def _fill(indicator: Indicator, row: Array, gone: Array, compared: Sequence[Array], gaps: Gaps) -> tuple[Array, Array]:
    """The row with its gaps filled, and where it counts. Without any figure to go by there is nothing to fill with."""
    row, mask = row.copy(), np.ones(len(row), dtype=bool)
    if gaps is Gaps.DECLARED:
        gaps = _DECLARED[indicator.missing]
    for here in compared:
        lost = here[gone[here]]
        there = row[here[~gone[here]]]
        if not lost.size:
            continue
        if gaps is Gaps.SHARED or (gaps is not Gaps.NOTHING and not there.size):
            row[lost], mask[lost] = 0.0, False
        elif gaps is Gaps.MEAN:
            row[lost] = there.mean()
        elif gaps is Gaps.LOWEST:
            row[lost] = there.min()
        else:  # nothing, or what is drawn for each replicate is added there
            row[lost] = 0.0
    return row, mask


_DECLARED = {
    Missing.NOTHING: Gaps.NOTHING,
    Missing.SHARED: Gaps.SHARED,
    Missing.NO_TOTAL: Gaps.SHARED,
    Missing.MEAN: Gaps.MEAN,
    Missing.LOWEST: Gaps.LOWEST,
}


def _tree(run: Run, missing: Array, compared: Sequence[Array]) -> dict[str, Any]:
    levels = list(run.scheme.root.levels())
    at_level = {level.code: i for i, level in enumerate(levels)}
    at_indicator = {i.code: n for n, i in enumerate(run.scheme.indicators)}
    kinds: list[int] = []
    parts: list[int] = []
    shares: list[float] = []
    gap_parts: list[int] = []
    gap_units: list[int] = []
    pools: list[Array] = []
    starts, gap_starts = [0], [0]
    for level in levels:
        for part, share in zip(level.parts, level.shares(), strict=True):
            if isinstance(part, Indicator):
                at = at_indicator[part.code]
                for here in compared:
                    pool = here[~missing[at][here]]
                    for unit in here[missing[at][here]] if pool.size else ():
                        gap_parts.append(len(parts))
                        gap_units.append(unit)
                        pools.append(pool)
            else:
                at = at_level[part.code]
            kinds.append(0 if isinstance(part, Indicator) else 1)
            parts.append(at)
            shares.append(float(share))
        starts.append(len(parts))
        gap_starts.append(len(gap_parts))
    return {
        "kinds": np.array(kinds),
        "parts": np.array(parts),
        "starts": np.array(starts),
        "declared": np.array([level.aggregation is Aggregation.GEOMETRIC for level in levels], dtype=np.int64),
        "gap_parts": np.array(gap_parts, dtype=np.int64),
        "gap_units": np.array(gap_units, dtype=np.int64),
        "gap_starts": np.array(gap_starts),
        "pools": tuple(pools),
        "shares": np.array(shares),
    }


def _minmax(values: Array) -> Array:
    low, high = np.nanmin(values), np.nanmax(values)
    return np.where(np.isnan(values), np.nan, 100.0) if low == high else (values - low) / (high - low) * 100.0


def _zscore(values: Array) -> Array:
    known = values[~np.isnan(values)]
    deviation = known.std(ddof=1) if known.size > 1 else 0.0
    if not deviation > 0:
        return np.where(np.isnan(values), np.nan, 50.0)
    centred: Array = 50.0 + 10.0 * (values - known.mean()) / deviation
    return centred


def _percentile(values: Array) -> Array:
    known = np.sort(values[~np.isnan(values)])
    if known.size == 1:
        return np.where(np.isnan(values), np.nan, 100.0)
    behind = known.size - np.searchsorted(known, values, side="right")
    return np.where(np.isnan(values), np.nan, 100.0 * (known.size - 1 - behind) / (known.size - 1))


def _quiet(way: Any) -> Any:
    """A group in which nobody filed anything stays empty."""
    return lambda values: values if np.isnan(values).all() else way(values)


NORMALISERS = {
    Normalisation.MINMAX: _quiet(_minmax),
    Normalisation.ZSCORE: _quiet(_zscore),
    Normalisation.PERCENTILE: _quiet(_percentile),
}


def _outlying(x: Array, by: Treatment) -> int:
    n = x.size
    away = x - x.mean()
    m2 = (away**2).mean()
    if n < 4 or m2 == 0:
        return 0
    m3, m4 = (away**3).mean(), (away**4).mean()
    skew = m3 / m2**1.5 * np.sqrt(n * (n - 1)) / (n - 2)
    kurtosis = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (m4 / m2**2 - 3) + 6)
    return int(np.sign(skew)) if abs(skew) > float(by.skew) and kurtosis > float(by.kurtosis) else 0


def treat(values: Array, by: Treatment) -> Array:
    """`treatment.treat` in floats: the same steps; NaN stays NaN."""
    there = ~np.isnan(values)
    known = values[there]
    side = _outlying(known, by) if known.size else 0
    if not side:
        return values
    drawn = known.copy()
    for _ in range(by.most):
        now = _outlying(drawn, by)
        if not now:
            break
        edge = drawn.max() if now > 0 else drawn.min()
        inner = drawn[drawn != edge]
        drawn[drawn == edge] = inner.max() if now > 0 else inner.min()
    if _outlying(drawn, by):
        if not by.log:
            return values
        low, high = known.min(), known.max()
        little = (high - low) / 100
        drawn = np.log(known - low + little) if side > 0 else -np.log(high - known + little)
    found = values.copy()
    found[there] = drawn
    return found
