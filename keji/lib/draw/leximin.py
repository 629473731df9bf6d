"""The fairest odds that quotas and caps could ever allow: leximin over the relaxed polytope, by linear programs.

Every lottery over right panels has odds inside the polytope {quotas, cap, size in expectation}, so its leximin point is
never worse than any lottery's. Progressive filling (Flanigan et al., Nature 596, 2021, for the aim): raise the lowest
odds z of all that are not fixed, π = z + s with s ≥ 0; who has a nonzero reduced cost cannot rise with z and is fixed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import highspy
import numpy as np

from keji.lib.draw.problem import NONE, Floats, Ints, Problem

FIXED_BY = 1e-9  # a reduced cost beyond this, of duals that sum to 1 over the experts, is one
OVER_ONE = 1e-11


@dataclass
class Level:
    """One step of the filling: the odds `value`, and the duals that prove that nobody left could have more.

    `rows`: multiplier of each quota row (above zero for its upper bound, below zero for its lower one), `size` of the
    seats, `units` of the employers, `boxes` of single types that are certain of a seat.
    """

    value: float
    size: float
    rows: Floats
    units: Floats
    boxes: dict[int, float]


@dataclass
class Leximin:
    """`odds` of each type's experts, `level_of` each type, and the levels in ascending order of value."""

    odds: Floats
    level_of: Ints
    levels: list[Level] = field(default_factory=list)


class _Filling:
    """The linear program: columns are z and each type's mass above z, rows are seats, quotas, employers, boxes."""

    def __init__(self, problem: Problem) -> None:
        self.p = problem
        self.free = np.ones(problem.types, dtype=bool)
        self.odds = np.zeros(problem.types)
        self.boxes: list[int] = []
        counts = problem.type_count.astype(float)
        self.first_unit = 1 + len(problem.quotas)
        self.first_box = self.first_unit + len(problem.units)
        self.rows_of = [self._rows(t) for t in range(problem.types)]
        entries = [(row, t) for t, rows in enumerate(self.rows_of) for row in rows]
        self.row_index = np.array([row for row, _ in entries], dtype=np.int64)
        self.type_index = np.array([t for _, t in entries], dtype=np.int64)
        self.counts = counts
        self.h = highspy.Highs()
        for option, value in (
            ("output_flag", False), ("threads", 1), ("random_seed", 0), ("primal_feasibility_tolerance", 1e-10),
            ("dual_feasibility_tolerance", 1e-10), ("solver", "simplex"),
        ):  # fmt: skip
            self.h.setOptionValue(option, value)
        self._pass_model()

    def _rows(self, t: int) -> list[int]:
        kind, unit = int(self.p.type_kind[t]), int(self.p.type_unit[t])
        rows = [0] + [1 + r for r in self.p.rows_of_kind[kind]]
        return rows if unit == NONE else [*rows, self.first_unit + unit]

    def _bounds(self) -> tuple[Floats, Floats]:
        p = self.p
        low = np.concatenate([[p.size], p.low, np.full(len(p.units), -highspy.kHighsInf)]).astype(float)
        high = np.concatenate([[p.size], p.high, np.full(len(p.units), p.cap)]).astype(float)
        return low, high

    def _sums(self, values: Floats) -> Floats:
        """Row → sum over its types."""
        return np.bincount(self.row_index, weights=values[self.type_index], minlength=self.first_box).astype(float)

    def _pass_model(self) -> None:
        types, rows = self.p.types, self.first_box
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = types + 1, rows
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.col_cost_ = np.concatenate([[1.0], np.zeros(types)])
        lp.col_lower_ = np.zeros(types + 1)
        lp.col_upper_ = np.concatenate([[1.0], np.full(types, highspy.kHighsInf)])
        lp.row_lower_, lp.row_upper_ = self._bounds()
        weights = self._sums(self.counts)
        used = np.flatnonzero(weights)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lengths = [len(used), *(len(r) for r in self.rows_of)]
        lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
        lp.a_matrix_.index_ = np.concatenate([used, self.row_index]).astype(np.int32)
        lp.a_matrix_.value_ = np.concatenate([weights[used], np.ones(len(self.row_index))])
        self.h.passModel(lp)

    def solve(self) -> Level | None:
        """The next level; None when the rows cannot be met."""
        while True:
            self.h.run()
            if self.h.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                return None
            solution = self.h.getSolution()
            columns = np.array(solution.col_value)
            z = columns[0]
            now = np.where(self.free, z + columns[1:] / self.counts, self.odds)
            over = [t for t in np.flatnonzero(self.free & (now > 1 + OVER_ONE)).tolist() if t not in self.boxes]
            if not over:
                break
            for t in over:  # more than certain: only now is the row worth its place
                self.boxes.append(t)
                pair = np.array([0, t + 1], dtype=np.int32)
                n = self.counts[t]
                self.h.addRow(-highspy.kHighsInf, n, 2, pair, np.array([n, 1.0]))
        duals, reduced = np.array(solution.row_dual), np.array(solution.col_dual)[1:]
        level = Level(
            value=z,
            size=duals[0],
            rows=duals[1 : self.first_unit],
            units=duals[self.first_unit : self.first_box],
            boxes={t: d for t, d in zip(self.boxes, duals[self.first_box :].tolist(), strict=True) if d},
        )
        tied = np.abs(reduced) > FIXED_BY
        self._fix(self.free & (tied if z < 1 - OVER_ONE else True), z)
        return level

    def _fix(self, which: np.ndarray, z: float) -> None:
        self.odds[which] = z
        self.free &= ~which
        low, high = self._bounds()
        taken = self._sums(np.where(self.free, 0.0, self.odds * self.counts))
        weights = self._sums(np.where(self.free, self.counts, 0.0))
        touched = np.unique(self.row_index[which[self.type_index]])
        for row in touched.tolist():
            self.h.changeCoeff(row, 0, weights[row])
            self.h.changeRowBounds(row, low[row] - taken[row], high[row] - taken[row])
        for t in np.flatnonzero(which).tolist():
            self.h.changeColBounds(t + 1, 0.0, 0.0)
        for place, t in enumerate(self.boxes):
            if which[t]:
                self.h.changeCoeff(self.first_box + place, 0, 0.0)


def leximin(problem: Problem) -> Leximin | None:
    """The leximin odds of the relaxed polytope; None when not even that has a point."""
    filling = _Filling(problem)
    found = Leximin(filling.odds, np.zeros(problem.types, dtype=np.int64))
    while filling.free.any():
        before = filling.free.copy()
        level = filling.solve()
        if level is None:
            if found.levels:
                raise ArithmeticError("the linear program lost its own solution")
            return None
        fixed = before & ~filling.free
        if not fixed.any():
            raise ArithmeticError("nobody could be fixed at this level")
        found.level_of[fixed] = len(found.levels)
        found.levels.append(level)
    return found
