"""The fairest lottery where the relaxed odds cannot be reached: leximin over the panels, by column generation.

Small and tight pools need it: there the panels' hull is smaller than the polytope of the quotas. Each level is a linear
program over the panels known so far; the integer program prices new ones until none is missing, whose bound is proof.
Works on types; the members of a type share its seats equally.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import highspy
import numpy as np

from keji.lib.draw.problem import NONE, Floats, Ints, Problem
from keji.lib.draw.whole import Whole, quiet

MOST_LISTED = 4000  # panels of types listed outright instead of being priced
MOST_TYPES = 200  # with more there are always more panels
FIXED_BY = 1e-9
PRICED = 1e-10


@dataclass
class Price:
    """Proof of one level: every right panel is worth at most `most` at these worths by type (of one member)."""

    value: float
    worths: Floats
    most: float


@dataclass
class ByColumns:
    """Panels as counts by type (one a row) with their chances; odds of a member, level by type, proofs by level.

    `proved`: every level was priced to the end.
    """

    columns: Ints
    chances: Floats
    odds: Floats
    level_of: Ints
    prices: list[Price]
    proved: bool


def all_columns(problem: Problem, limit: int = MOST_LISTED) -> list[tuple[int, ...]] | None:
    """Every right panel as counts by type, in order; None for more than `limit` (or 50 × as many steps)."""
    p = problem
    if p.types > MOST_TYPES:
        return None
    rows = [p.rows_of_kind[kind] for kind in p.type_kind.tolist()]
    counts, used = [0] * len(p.quotas), [0] * (len(p.units) + 1)  # the last: of nobody
    low, high = p.low.tolist(), p.high.tolist()
    rest = np.cumsum(p.type_count[::-1])[::-1].tolist() + [0]
    found: list[tuple[int, ...]] = []
    chosen = [0] * p.types
    steps = 0

    def walk(t: int, seats: int) -> bool:
        nonlocal steps
        steps += 1
        if steps > 50 * limit or len(found) > limit:
            return False
        if seats == 0:
            if all(a <= n for a, n in zip(low, counts, strict=True)):
                found.append(tuple(chosen))
            return True
        if t == p.types or rest[t] < seats:
            return True
        unit, taken, whole = int(p.type_unit[t]), 0, True
        while True:
            whole = walk(t + 1, seats - taken)
            if not whole or taken == min(int(p.type_count[t]), seats):
                break
            if any(counts[r] == high[r] for r in rows[t]) or (unit != NONE and used[unit] == p.cap):
                break
            taken += 1
            chosen[t] = taken
            used[unit] += unit != NONE
            for r in rows[t]:
                counts[r] += 1
        chosen[t] = 0
        if unit != NONE:
            used[unit] -= taken
        for r in rows[t]:
            counts[r] -= taken
        return whole

    return found if walk(0, p.size) and len(found) <= limit else None


class _Master:
    """max z: rows Σ_P c_tP/n_t λ_P - z ≥ 0 of each free type, ≥ its odds of each fixed one, Σ λ = 1."""

    def __init__(self, problem: Problem) -> None:
        self.p = problem
        self.columns: list[tuple[int, ...]] = []
        self.known: set[tuple[int, ...]] = set()
        self.h = quiet(highspy.Highs())
        lp = highspy.HighsLp()
        types = problem.types
        lp.num_col_, lp.num_row_, lp.sense_ = 1, types + 1, highspy.ObjSense.kMaximize
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = np.array([1.0]), np.zeros(1), np.ones(1)
        lp.row_lower_ = np.concatenate([np.zeros(types), [1.0]])
        lp.row_upper_ = np.concatenate([np.full(types, highspy.kHighsInf), [1.0]])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.array([0, types], dtype=np.int32)
        lp.a_matrix_.index_ = np.arange(types, dtype=np.int32)
        lp.a_matrix_.value_ = np.full(types, -1.0)
        self.h.passModel(lp)
        self.h.setOptionValue("dual_feasibility_tolerance", 1e-10)
        self.h.setOptionValue("primal_feasibility_tolerance", 1e-10)

    def add(self, column: tuple[int, ...]) -> bool:
        if column in self.known:
            return False
        self.known.add(column)
        self.columns.append(column)
        rows = [t for t, n in enumerate(column) if n]
        values = [column[t] / int(self.p.type_count[t]) for t in rows] + [1.0]
        rows.append(self.p.types)
        inf = highspy.kHighsInf
        self.h.addCol(0.0, 0.0, inf, len(rows), np.array(rows, dtype=np.int32), np.array(values))
        return True

    def solve(self) -> tuple[float, Floats, Floats]:
        """z, the chances of the columns, the duals of the types as positive worths."""
        self.h.run()
        solution = self.h.getSolution()
        values = np.array(solution.col_value)
        return values[0], values[1:], np.abs(np.array(solution.row_dual)[: self.p.types])

    def fix(self, t: int, odds: float) -> None:
        self.h.changeCoeff(t, 0, 0.0)
        self.h.changeRowBounds(t, odds, highspy.kHighsInf)


def by_columns(
    problem: Problem,
    start: list[tuple[int, ...]],
    most_prices: int = 5000,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> ByColumns:
    """The leximin lottery over all right panels. `start`: some right panels as counts by type, at least one.

    After `most_prices` integer programs pricing ends and the lottery is the best over the panels found until then.
    `progress` is told how many types have their odds, of how many.
    """
    master = _Master(problem)
    listed = all_columns(problem)
    for column in start if listed is None else listed:
        master.add(column)
    whole = Whole(problem) if listed is None else None
    counts = problem.type_count.astype(float)
    odds, level_of = np.zeros(problem.types), np.full(problem.types, NONE, dtype=np.int64)
    prices: list[Price] = []
    chances, proved, asked = np.zeros(0), True, 0
    while (level_of == NONE).any():
        while True:
            progress(int((level_of != NONE).sum()), problem.types)
            z, chances, worths = master.solve()
            worths = worths / counts
            known = np.array(master.columns) @ worths
            most = float(known.max())
            if whole is None:
                break
            asked += 1
            priced = whole.best(worths) if asked <= most_prices else None
            if priced is None:
                proved = False
                break
            better, bound = priced
            if float(better @ worths) <= most + PRICED or not master.add(tuple(better.tolist())):
                most = max(most, bound)
                break
        free = level_of == NONE
        tied = free & (worths * counts > FIXED_BY)
        if not tied.any() or z >= 1 - FIXED_BY:
            tied = free
        prices.append(Price(z, worths, most))
        level_of[tied], odds[tied] = len(prices) - 1, z
        for t in np.flatnonzero(tied).tolist():
            master.fix(t, z)
    used = np.flatnonzero(chances > 1e-13)
    columns = np.array(master.columns, dtype=np.int64)[used]
    order = np.lexsort(columns.T[::-1])
    chances = chances[used][order] / chances[used].sum()
    return ByColumns(columns[order], chances, odds, level_of, prices, proved)


def seat_all(problem: Problem, found: ByColumns, copies: int = 6) -> tuple[list[tuple[int, ...]], list[float]]:
    """Panels of experts with their chances: each panel of types some times, its members taking turns."""
    members, turn = problem.members(), [0] * problem.types
    panels, chances = [], []
    for column, chance in zip(found.columns.tolist(), found.chances.tolist(), strict=True):
        inside = [t for t, n in enumerate(column) if n]
        times = min(copies, max(-(-len(members[t]) // column[t]) for t in inside))
        cuts = [chance * i / times for i in range(times + 1)]
        for before, after in pairwise(cuts):
            panel = []
            for t in inside:
                panel += [members[t][(turn[t] + j) % len(members[t])] for j in range(column[t])]
                turn[t] = (turn[t] + column[t]) % len(members[t])
            panels.append(tuple(sorted(panel)))
            chances.append(after - before)
    return panels, chances
