"""Benefit of the doubt (Cherchye et al. 2007): each unit under the weights that suit it best, a small linear
program each, solved here: the programs are tiny and start at a solution, so no solver needs to be loaded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from keji.lib.race.weights import Table, points_table

SENTENCE = "每个单位取对自己最有利的权重，得分 1 表示没有单位在这组权重下胜过它；只作对照，不作排名依据。"
TINY = 1e-10


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
    rows, limits = [*table], [1.0] * len(table)
    for i in range(n):
        alone = np.where(np.arange(n) == i, own, 0.0)
        if least > 0:
            rows.append(least * own - alone)
        if most < 1:
            rows.append(alone - most * own)
    limits += [0.0] * (len(rows) - len(limits))
    parts = maximise(own, np.array(rows), np.array(limits)) * own
    score = float(parts.sum())
    shares = parts / score if score > TINY else parts
    return BestCase(unit, round(score, 9) + 0.0, dict(zip(codes, shares.tolist(), strict=True)))


def maximise(gain: Any, rows: Any, limits: Any) -> Any:
    """x ≥ 0 that makes gain · x greatest with rows · x ≤ limits, none of which is below zero; so nought is a start.

    The simplex method on a dense table, always the first column that gains (Bland), so it cannot go round in circles.
    ValueError when there is no greatest.
    """
    m, n = rows.shape
    table = np.hstack([rows, np.eye(m), limits[:, None]])
    prices = np.concatenate([gain, np.zeros(m + 1)])
    basis = np.arange(n, n + m)
    while (gaining := np.flatnonzero(prices[:-1] > TINY)).size:
        column = int(gaining[0])
        room = np.flatnonzero(table[:, column] > TINY)
        if not room.size:
            raise ValueError("没有最大值。")
        ratios = table[room, -1] / table[room, column]
        tied = room[ratios <= ratios.min() + TINY]
        row = int(tied[basis[tied].argmin()])
        table[row] /= table[row, column]
        others = np.arange(m) != row
        table[others] -= np.outer(table[others, column], table[row])
        prices -= prices[column] * table[row]
        basis[row] = column
    found = np.zeros(n + m)
    found[basis] = table[:, -1]
    return np.maximum(found[:n], 0.0)
