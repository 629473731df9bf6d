"""Benefit of the doubt (Cherchye et al. 2007): each unit under the weights that suit it best, by linear programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from keji.lib.race.weights import Table, points_table

SENTENCE = "每个单位取对自己最有利的权重，得分 1 表示没有单位在这组权重下胜过它；只作对照，不作排名依据。"


@dataclass(frozen=True)
class BestCase:
    """One unit under the weights that suit it best. `unit`: its row; `score`: 1 when nobody beats it, else how much of
    the best it reaches; `shares`: how much of the score each indicator makes."""

    unit: int
    score: float
    shares: Mapping[str, float]


def benefit_of_doubt(
    codes: Sequence[str], points: Table, *, least: float = 0.0, most: float = 1.0
) -> tuple[BestCase, ...]:
    """Each unit's best case; each indicator's share of the score within [least, most].

    `points`: units × indicators, none below zero. ValueError for those, for a gap, and for bounds that leave nothing.
    """
    table = points_table(codes, points)
    n = len(codes)
    if (table < 0).any():
        raise ValueError("最有利权重法要求得分不为负，请先用极差法计分。")
    if not 0 <= least <= most or least * n > 1 or most * n < 1:
        raise ValueError("各项指标占比的上下限互相矛盾，请放宽。")
    return tuple(_best_case(codes, table, unit, least, most) for unit in range(len(table)))


def _best_case(codes: Sequence[str], table: Any, unit: int, least: float, most: float) -> BestCase:
    own, n = table[unit], len(codes)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    infinity = highspy.kHighsInf
    solver.addVars(n, np.zeros(n), np.full(n, infinity))
    index = np.arange(n, dtype=np.int32)
    for other in table:
        solver.addRow(-infinity, 1.0, n, index, other)
    for i in range(n):
        if least > 0:
            solver.addRow(0.0, infinity, n, index, np.where(index == i, own, 0.0) - least * own)
        if most < 1:
            solver.addRow(-infinity, 0.0, n, index, np.where(index == i, own, 0.0) - most * own)
    solver.changeColsCost(n, index, own)
    solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:  # all its points are nought: any weight will do
        return BestCase(unit, 0.0, dict.fromkeys(codes, 0.0))
    parts = np.maximum(np.array(solver.getSolution().col_value), 0.0) * own
    score = float(parts.sum())
    shares = parts / score if score > 1e-12 else parts
    return BestCase(unit, round(score, 9) + 0.0, dict(zip(codes, shares.tolist(), strict=True)))
