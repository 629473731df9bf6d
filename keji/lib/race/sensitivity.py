"""Which choice moves the places most: Sobol indices over all choices at once, and one weight at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from keji.lib.figures import format_number, format_percent
from keji.lib.race.choices import Averages, Choices, Gaps, Normalisation, usual
from keji.lib.race.replicates import BLOCK, HOW, Draws, donors_of, simulated, weights_of
from keji.lib.race.run import Run
from keji.lib.race.scheme import Indicator
from keji.lib.race.sobol import Indices, sobol
from keji.lib.race.tables import Array, Tables, tables_of

__all__ = ["Indices", "OneAtATime", "Sensitivity", "one_at_a_time", "sensitivity", "sobol"]

WEIGHTS, SCORING, AVERAGES, GAPS, OUTLIERS = "权重", "计分方法", "合成方法", "缺数处理", "极端值处理"
CHANGES = (0.25, -0.25, -1.0)
_HUNDREDTH = Fraction(1, 100)


@dataclass(frozen=True)
class OneAtATime:
    """One indicator's weight changed by `change` (0.25: a quarter more), or the indicator left out (-1).

    `shift`: places a unit moves on average; `moved`: units whose place changes.
    """

    indicator: str
    change: float
    shift: float
    moved: tuple[str, ...]


@dataclass(frozen=True)
class Sensitivity:
    """`indices` of the mean shift of places, by factor; `shift`: that mean; `sentence`: what to tell a reader."""

    indices: Indices
    shift: float
    one_at_a_time: tuple[OneAtATime, ...]
    sentence: str


def sensitivity(run: Run, choices: Choices | None = None, *, points: int = 1024, seed: int = 1) -> Sensitivity:
    """What moves the places of this run: the mean absolute shift of places against those of the run.

    `points`: a power of two; points × (factors + 2) replicates are run. ValueError when nobody has a place.
    """
    choices = choices or usual(run.scheme)
    tables = tables_of(run, choices)
    factors = [
        name
        for name, varies in (
            (WEIGHTS, choices.spread > 0 and len(tables.shares) > 1),
            (SCORING, len(choices.normalisations) > 1),
            (AVERAGES, len(choices.averages) > 1),
            (GAPS, len(choices.gaps) > 1 and bool(tables.pools)),
            (OUTLIERS, len(choices.treatments) > 1),
        )
        if varies
    ]
    single = one_at_a_time(run)
    if not factors:
        return Sensitivity(Indices({}, {}), 0.0, single, _sentence(run, Indices({}, {}), 0.0, single))
    rng = np.random.Generator(np.random.PCG64(seed))
    bank = weights_of(tables, rng.random((points, tables.shares.size)), choices.spread)
    donors = donors_of(tables, rng.random((points, len(tables.pools))))
    shifts: list[Array] = []

    def model(values: Array) -> Array:
        shifts.append(simulated(tables, _draws(tables, choices, factors, values, bank, donors))[2])
        return shifts[-1]

    indices = sobol(model, factors, points=points, seed=seed)
    shift = float(shifts[-1][: 2 * points].mean())
    return Sensitivity(indices, shift, single, _sentence(run, indices, shift, single))


def _draws(
    tables: Tables, choices: Choices, factors: list[str], values: Array, bank: Array, donors: Array
) -> Iterator[Draws]:
    """The replicates these factor values (n, factors) stand for; a factor that does not vary takes its first choice."""
    how = np.array([HOW[a] for a in choices.averages])
    for start in range(0, len(values), BLOCK):
        some = dict(zip(factors, values[start : start + BLOCK].T, strict=True))
        still = np.zeros(min(BLOCK, len(values) - start))

        def pick(factor: str, most: int, some: dict[str, Array] = some, still: Array = still) -> Array:
            chosen: Array = np.minimum((some.get(factor, still) * most).astype(np.int64), most - 1)
            return chosen

        treatments, normalisations, gaps = tables.shape
        every = [pick(OUTLIERS, treatments), pick(SCORING, normalisations), pick(GAPS, gaps)]
        weights = bank[pick(WEIGHTS, len(bank))] if WEIGHTS in some else np.tile(tables.shares, (len(still), 1))
        # Which unit stands for a gap belongs to the same factor: the rest of its value picks the draw.
        rest = (some.get(GAPS, still) * gaps) % 1.0
        drawn = donors[np.minimum((rest * len(donors)).astype(np.int64), len(donors) - 1)]
        yield Draws(np.ravel_multi_index(every, tables.shape), how[pick(AVERAGES, len(how))], weights, drawn)


def one_at_a_time(run: Run) -> tuple[OneAtATime, ...]:
    """Each indicator's weight a quarter up, a quarter down, and left out; everything else as declared."""
    declared = Choices(
        spread=0.0, normalisations=(Normalisation.DECLARED,), averages=(Averages.DECLARED,), gaps=(Gaps.DECLARED,)
    )
    tables = tables_of(run, declared)
    indicators = run.scheme.indicators
    found = []
    for part in np.flatnonzero(tables.kinds == 0).tolist():
        level = int(np.searchsorted(tables.starts, part, side="right")) - 1
        own = slice(int(tables.starts[level]), int(tables.starts[level + 1]))
        for change in CHANGES:
            weights = tables.shares.copy()
            weights[part] *= 1.0 + change
            whole = weights[own].sum()
            if not whole > 0 or not tables.shares[part] > 0:
                continue  # nothing would be left of the level, or nothing changes
            weights[own] /= whole
            nobody = np.zeros((1, len(tables.pools)), np.int64)
            draws = Draws(np.zeros(1, np.int64), np.zeros(1, np.int64), weights[None, :], nobody)
            counts, _, shift = simulated(tables, iter([draws]))
            places = counts.argmax(axis=1) + 1
            moved = tuple(u for u, p, o in zip(tables.units, places, tables.official, strict=True) if p != o)
            code = indicators[int(tables.parts[part])].code
            found.append(OneAtATime(code, change, float(shift[0]), moved))
    return tuple(found)


def _sentence(run: Run, indices: Indices, shift: float, single: tuple[OneAtATime, ...]) -> str:
    said = []
    ranked = sorted(indices.total.items(), key=lambda item: -item[1])
    if shift > 0 and ranked and ranked[0][1] > 0:
        parts = [f"{name}（总影响 {_percent(share)}）" for name, share in ranked if share >= 0.005]
        words = f"名次受{parts[0]}影响最大" + (f"，其次是{'、'.join(parts[1:])}" if parts[1:] else "")
        said.append(f"{words}；换一种合理算法，平均每个单位移动 {_number(shift)} 位。")
    else:
        said.append("在考虑的各种算法和权重下，名次都不变。")
    quarter = [s for s in single if abs(s.change) < 1]
    titles = {i.code: i for i in run.scheme.indicators}
    if quarter:
        most = max(quarter, key=lambda s: (len(s.moved), s.shift))
        if most.moved:
            way = "增加" if most.change > 0 else "减少"
            title = _title(titles[most.indicator])
            said.append(f"单看权重，{title}最敏感：它的权重{way}四分之一，{len(most.moved)} 个单位的名次会变。")
        else:
            said.append("单看权重，任何一项指标的权重增减四分之一，名次都不变。")
    return "".join(said)


def _title(indicator: Indicator) -> str:
    return f"“{indicator.title}”"


def _percent(share: float) -> str:
    return format_percent(round(min(max(share, 0.0), 1.0) * 100) * _HUNDREDTH, places=0)


def _number(value: float) -> str:
    return format_number(round(value * 100) * _HUNDREDTH)
