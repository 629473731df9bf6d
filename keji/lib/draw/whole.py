"""Right panels as integer programs over the types: is there one, which is worth most, what would have to give."""

from __future__ import annotations

import highspy
import numpy as np

from keji.lib.draw.problem import NONE, Floats, Ints, Problem

SIZE_COST = 100.0  # a seat less is worse than any number of quotas moved by one
CAP_COST = 1.5


def quiet(h: highspy.Highs) -> highspy.Highs:
    for option, value in (
        ("output_flag", False), ("threads", 1), ("random_seed", 0), ("mip_rel_gap", 0.0), ("mip_abs_gap", 1e-12),
        ("primal_feasibility_tolerance", 1e-9), ("mip_feasibility_tolerance", 1e-9),
    ):  # fmt: skip
        h.setOptionValue(option, value)
    return h


class Whole:
    """One integer column a type: how many of it sit on the panel. Rows: seats, quotas, employers."""

    def __init__(self, problem: Problem) -> None:
        self.p = p = problem
        self.rows = 1 + len(p.quotas) + len(p.units)
        self.h = quiet(highspy.Highs())
        starts, index = [0], []
        for kind, unit in zip(p.type_kind.tolist(), p.type_unit.tolist(), strict=True):
            index += [0, *(1 + r for r in p.rows_of_kind[kind])]
            if unit != NONE:
                index.append(1 + len(p.quotas) + unit)
            starts.append(len(index))
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_, lp.sense_ = p.types, self.rows, highspy.ObjSense.kMaximize
        lp.col_cost_ = np.zeros(p.types)
        lp.col_lower_, lp.col_upper_ = np.zeros(p.types), np.minimum(p.type_count, p.size).astype(float)
        lp.row_lower_ = np.concatenate([[p.size], p.low, np.full(len(p.units), -highspy.kHighsInf)]).astype(float)
        lp.row_upper_ = np.concatenate([[p.size], p.high, np.full(len(p.units), p.cap)]).astype(float)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.array(starts, dtype=np.int32)
        lp.a_matrix_.index_ = np.array(index, dtype=np.int32)
        lp.a_matrix_.value_ = np.ones(len(index))
        lp.integrality_ = [highspy.HighsVarType.kInteger] * p.types
        self.h.passModel(lp)

    def best(self, worth: Floats | None = None) -> tuple[Ints, float] | None:
        """The right panel of the largest worth (by type) as counts by type, and a proved bound for all panels."""
        if worth is not None:
            self.h.changeColsCost(self.p.types, np.arange(self.p.types, dtype=np.int32), worth)
        self.h.run()
        if self.h.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        found = np.rint(np.array(self.h.getSolution().col_value)[: self.p.types]).astype(np.int64)
        return found, float(self.h.getInfo().mip_dual_bound)

    def relaxed(self, step: int) -> tuple[list[tuple[int, int]], int, int]:
        """The smallest relaxation: [(fewer, more) of each quota row], what is added to the cap, seats given up.

        `step`: seats are given up in such steps (2 keeps an odd panel odd).
        """
        p, h = self.p, self.h
        n = len(p.quotas)
        h.changeColsCost(p.types, np.arange(p.types, dtype=np.int32), np.zeros(p.types))
        for r in range(n):
            tie = 1e-4 * (r + 1) / (n + 1)  # of equally small relaxations always the same one
            for bound, sign in ((int(p.low[r]), 1.0), (max(0, p.size - int(p.high[r])), -1.0)):
                self._slack(bound, -(1.0 + tie), [(1 + r, sign)])
        self._slack(p.size, -CAP_COST, [(1 + n + u, -1.0) for u in range(len(p.units))])
        self._slack(p.size // step, -SIZE_COST * step, [(0, float(step))])
        h.run()
        values = np.rint(np.array(h.getSolution().col_value)[p.types :]).astype(int).tolist()
        pairs = [(values[2 * r], values[2 * r + 1]) for r in range(n)]
        return pairs, values[2 * n], values[2 * n + 1] * step

    def _slack(self, bound: int, cost: float, entries: list[tuple[int, float]]) -> None:
        column = self.h.getNumCol()
        rows, values = [r for r, _ in entries], [v for _, v in entries]
        self.h.addCol(cost, 0.0, float(bound), len(rows), np.array(rows, dtype=np.int32), np.array(values))
        self.h.changeColIntegrality(column, highspy.HighsVarType.kInteger)


def seated(problem: Problem, counts: Ints) -> Ints:
    """The first members of each type, as many as `counts` says; ascending."""
    members = problem.members()
    panel = [i for t in np.flatnonzero(counts).tolist() for i in members[t][: int(counts[t])]]
    return np.array(sorted(panel), dtype=np.int64)
