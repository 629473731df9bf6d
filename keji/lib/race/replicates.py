"""How sure is a place: the race run thousands of times over other defensible choices, in batches, deterministic.

After Saisana, Saltelli, Tarantola, J. R. Stat. Soc. A 168 (2005) 307–323. Bonuses stay as they are, units without a
place are left out. Memory stays bounded: a block of replicates at a time, only counts are kept.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from keji.lib.race.choices import Averages, Choices, Gaps, Normalisation, usual
from keji.lib.race.kernel import simulate
from keji.lib.race.run import Run
from keji.lib.race.tables import Array, Tables, tables_of

__all__ = ["Averages", "Choices", "Gaps", "Normalisation", "Spread", "Spreads", "replicate", "usual"]

BLOCK = 500  # replicates drawn and run together; their random numbers hang on the seed and the block alone
NEAR_ALL = 256  # groups up to this size are compared pair by pair, in larger ones each unit with the next NEAR
NEAR = 24
SURE = 0.95  # one unit is ahead of another when it is in so many replicates; below they cannot be told apart
TAIL = 0.05
HOW = {Averages.DECLARED: 0, Averages.ARITHMETIC: 1, Averages.GEOMETRIC: 2}


@dataclass(frozen=True)
class Spread:
    """How sure one unit's place is. In 90 % of the replicates it lies within `low` … `high`.

    `counts`: how often it came to each place, the first place first.
    """

    unit: str
    place: int
    median: int
    low: int
    high: int
    counts: tuple[int, ...]

    def at_most(self, place: int) -> float:
        """The share of replicates in which it came to `place` or better."""
        return sum(self.counts[:place]) / sum(self.counts)


@dataclass(frozen=True)
class Spreads:
    """What the replicates found.

    `units`: unit code → spread. `ahead`: (one, other) → share of replicates in which one has the higher total, half of
    the equal ones, for pairs of a group with one before the other (in groups over NEAR_ALL: up to NEAR places apart).
    `alike`: runs of neighbours of a group of which none is surely ahead of another, best first, each unit in one.
    `shift`: places a unit moves on average. `count`, `seed`: enough to repeat it.
    """

    units: Mapping[str, Spread]
    ahead: Mapping[tuple[str, str], float]
    alike: tuple[tuple[str, ...], ...]
    shift: float
    count: int
    seed: int

    def undecided(self, unit: str) -> tuple[str, ...]:
        """The units it cannot be told apart from: neither is ahead in SURE of the replicates."""
        pairs = ((a, b, share) for (a, b), share in self.ahead.items() if unit in (a, b))
        return tuple(b if a == unit else a for a, b, share in pairs if 1 - SURE < share < SURE)

    def sentence(self, run: Run, unit: str) -> str:
        """The place, how sure it is, and whom it cannot be told apart from, in Chinese."""
        titles = {u.code: u.title for u in run.data.units}
        spread = self.units[unit]
        span = f"第 {spread.low} 名" if spread.low == spread.high else f"第 {spread.low}—{spread.high} 名"
        others = [titles[u] for u in self.undecided(unit)]
        named = "、".join(others[:5]) + ("等" if len(others) > 5 else "")
        same = f"，与{named}分不出先后" if others else ""
        tried = f"换用其他合理的算法和权重模拟 {self.count:,} 次"
        return f"{titles[unit]}第 {spread.place} 名；{tried}，九成以上在{span}{same}。"


@dataclass(frozen=True)
class Draws:
    """One block of replicates, each a row: table, way of averaging, weights by part, donors by gap."""

    table: Array
    how: Array
    weights: Array
    donors: Array


def replicate(run: Run, choices: Choices | None = None, *, count: int = 10_000, seed: int = 1) -> Spreads:
    """Run the race `count` times over `choices` (default: `usual`). The same arguments give the same result.

    ValueError when nobody has a place or `count` is below 1.
    """
    if count < 1:
        raise ValueError("模拟次数应不少于 1 次。")
    choices = choices or usual(run.scheme)
    tables = tables_of(run, choices)
    counts, ahead, shift = simulated(tables, blocks(tables, choices, count, seed))
    return _found(tables, counts, ahead, float(shift.mean()), count, seed)


def blocks(tables: Tables, choices: Choices, count: int, seed: int) -> Iterator[Draws]:
    for number, start in enumerate(range(0, count, BLOCK)):
        size = min(BLOCK, count - start)
        rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, number])))
        every = [rng.integers(0, most, BLOCK)[:size] for most in tables.shape]
        how = np.array([HOW[a] for a in choices.averages])[rng.integers(0, len(choices.averages), BLOCK)[:size]]
        weights = weights_of(tables, rng.random((BLOCK, tables.shares.size))[:size], choices.spread)
        donors = donors_of(tables, rng.random((size, len(tables.pools))))
        yield Draws(np.ravel_multi_index(every, tables.shape), how, weights, donors)


def weights_of(tables: Tables, uniform: Array, spread: float) -> Array:
    """Weights of the parts, each within ± spread of the scheme's, then adding up to one in each level again."""
    weights = tables.shares * (1.0 + spread * (2.0 * uniform - 1.0))
    sums = np.add.reduceat(weights, tables.starts[:-1], axis=1)
    shared: Array = weights / np.repeat(sums, np.diff(tables.starts), axis=1)
    return shared


def donors_of(tables: Tables, uniform: Array) -> Array:
    """For each gap a unit of its pool."""
    donors = np.empty(uniform.shape, dtype=np.int64)
    for gap, pool in enumerate(tables.pools):
        donors[:, gap] = pool[(uniform[:, gap] * pool.size).astype(np.int64)]
    return donors


def simulated(tables: Tables, draws: Iterator[Draws]) -> tuple[Array, Array, Array]:
    """(how often each unit came to each place, twice how often ahead by lag, mean shift by replicate)."""
    sizes = np.diff(tables.groups)
    units, most = len(tables.units), int(sizes.max())
    near = most - 1 if most <= NEAR_ALL else NEAR
    counts, ahead = np.zeros((units, most), np.int64), np.zeros((units, max(near, 1)), np.int64)
    shifts: list[Array] = []

    def work(block: Draws) -> tuple[Array, Array, Array]:
        part = np.zeros((units, most), np.int32), np.zeros((units, max(near, 1)), np.int32), np.zeros(len(block.table))
        t = tables
        simulate(
            t.points, t.logs, t.masks, t.masked, t.drawn,
            t.kinds, t.parts, t.starts, t.declared, t.gap_parts, t.gap_units, t.gap_starts,
            t.extra, t.quantum, t.groups, t.official, near,
            block.table, block.how, block.weights, block.donors, *part,
        )  # fmt: skip
        return part

    threads = min(2, os.cpu_count() or 1)
    with ThreadPoolExecutor(threads) as pool:
        for batch in _batches(draws, threads):
            for some, before, shift in pool.map(work, batch):
                counts += some
                ahead += before
                shifts.append(shift)
    return counts, ahead, np.concatenate(shifts)


def _batches(draws: Iterator[Draws], size: int) -> Iterator[list[Draws]]:
    """A few at a time: drawing ahead of the running would keep everything in memory."""
    batch: list[Draws] = []
    for block in draws:
        batch.append(block)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _found(tables: Tables, counts: Array, ahead: Array, shift: float, count: int, seed: int) -> Spreads:
    units = tables.units
    sums = np.cumsum(counts, axis=1)
    places = tables.official.tolist()
    median, low, high = ((np.argmax(sums >= q * count, axis=1) + 1).tolist() for q in (0.5, TAIL, 1 - TAIL))
    spreads = {
        u: Spread(u, places[i], median[i], low[i], high[i], tuple(counts[i].tolist())) for i, u in enumerate(units)
    }
    pairs = {
        (units[i], units[i + lag]): float(ahead[i, lag - 1]) / (2 * count)
        for first, last in pairwise(tables.groups.tolist())
        for i in range(first, last)
        for lag in range(1, min(ahead.shape[1], last - 1 - i) + 1)
    }
    return Spreads(spreads, pairs, tuple(_alike(units, tables.groups.tolist(), pairs)), shift, count, seed)


def _alike(
    units: Sequence[str], groups: Sequence[int], ahead: Mapping[tuple[str, str], float]
) -> Iterator[tuple[str, ...]]:
    """From the top: a unit joins the run of those before it while none of them is surely ahead of it."""
    for first, last in pairwise(groups):
        run = [units[first]]
        for unit in units[first + 1 : last]:
            if all(ahead.get((other, unit), 1.0) < SURE for other in run):
                run.append(unit)
            else:
                yield tuple(run)
                run = [unit]
        yield tuple(run)
