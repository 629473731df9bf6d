"""The inner loop of the replicates: totals through the levels, places, counts; one replicate after another, compiled.

Sums run in a fixed order and counts are whole numbers, so neither threads nor block sizes change the result.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit

TIE = 1e-9  # totals closer than this are equal: far below what is printed, far above what rounding does
BY_COUNTING = 128  # groups up to this size are placed by comparing all pairs, larger ones by sorting
LEAST = 1.0  # under a geometric mean a value below one counts as one: the logarithm of nought has no floor


def compiled(function: Callable[..., None]) -> Any:
    """Compiled at the first call and kept on disk, or in memory only where the disk may not be written."""
    try:
        return njit(cache=True, nogil=True)(function)
    except RuntimeError:
        return njit(nogil=True)(function)


@compiled
def simulate(
    points: Any, logs: Any, masks: Any, masked: Any, drawn: Any,
    kinds: Any, parts: Any, starts: Any, declared: Any, gap_parts: Any, gap_units: Any, gap_starts: Any,
    extra: Any, quantum: float, groups: Any, official: Any, near: int,
    table: Any, how: Any, weights: Any, donors: Any,
    counts: Any, ahead: Any, shift: Any,
) -> None:  # fmt: skip
    """Run the replicates of one block.

    Tables (tables, indicators, units): `points`, `logs`, `masks`; `masked`, `drawn` flag a table. Tree: part p of level
    l (starts[l] ≤ p < starts[l + 1]) is indicator or level parts[p] by kinds[p]; `declared[l]` 1 for geometric. Gaps
    (sorted by level): part, unit. `groups`: starts of the slices of units ranked together, units in official order.
    A replicate: `table`, `how` (0 declared, 1 arithmetic, 2 geometric), `weights` (by part), `donors` (by gap).
    Filled: `counts` (units, places), `ahead` (units, lag: before the one so many places below), `shift` (replicates).
    """
    levels, units = declared.shape[0], points.shape[2]
    values, dens = np.zeros((levels, units)), np.zeros((levels, units))
    places = np.zeros(units, np.int64)
    for r in range(table.shape[0]):
        t = table[r]
        for level in range(levels):
            geometric = how[r] == 2 or (how[r] == 0 and declared[level] == 1)
            _level(level, geometric, points[t], logs[t], masks[t], masked[t], kinds, parts, starts, weights[r],
                   values, dens)  # fmt: skip
            if drawn[t]:
                for g in range(gap_starts[level], gap_starts[level + 1]):
                    p, donor = gap_parts[g], donors[r, g]
                    source = logs[t] if geometric else points[t]
                    values[level, gap_units[g]] += weights[r, p] * source[parts[p], donor]
            if masked[t]:
                for u in range(units):
                    if dens[level, u] > 0:
                        values[level, u] /= dens[level, u]
                        dens[level, u] = 1.0
            if geometric:
                for u in range(units):
                    values[level, u] = np.exp(values[level, u])
        totals = values[levels - 1]
        for u in range(units):
            totals[u] += extra[u]
            if quantum > 0:
                totals[u] = np.floor(totals[u] / quantum + 0.5) * quantum
        moved = 0
        for g in range(groups.shape[0] - 1):
            first, last = groups[g], groups[g + 1]
            _place(totals, first, last, places)
            for u in range(first, last):
                counts[u, places[u] - 1] += 1
                moved += abs(places[u] - official[u])
                for lag in range(1, min(near, last - 1 - u) + 1):
                    if totals[u] > totals[u + lag] + TIE:
                        ahead[u, lag - 1] += 2
                    elif totals[u] >= totals[u + lag] - TIE:
                        ahead[u, lag - 1] += 1
        shift[r] = moved / units


@compiled
def _level(
    level: int, geometric: bool, points: Any, logs: Any, masks: Any, masked: bool,
    kinds: Any, parts: Any, starts: Any, weights: Any, values: Any, dens: Any,
) -> None:  # fmt: skip
    """Weighted sum of the parts of one level (of their logarithms, if geometric), and of the weights that count."""
    units = points.shape[1]
    out, den = values[level], dens[level]
    out[:] = 0.0
    den[:] = 0.0
    for p in range(starts[level], starts[level + 1]):
        w, at = weights[p], parts[p]
        if kinds[p] == 0:
            source = logs[at] if geometric else points[at]
            for u in range(units):
                out[u] += w * source[u]
            if masked:
                mask = masks[at]
                for u in range(units):
                    den[u] += w * mask[u]
        else:
            below, there = values[at], dens[at]
            for u in range(units):
                here = 1.0 if not masked or there[u] > 0 else 0.0
                value = np.log(max(below[u], LEAST)) if geometric else below[u]
                out[u] += w * value * here
                den[u] += w * here


@compiled
def _place(totals: Any, first: int, last: int, places: Any) -> None:
    """Competition places of the units first … last − 1."""
    size = last - first
    if size <= BY_COUNTING:
        for a in range(first, last):
            better = 0
            limit = totals[a] + TIE
            for b in range(first, last):
                better += totals[b] > limit
            places[a] = better + 1
        return
    order = np.argsort(-totals[first:last])
    place = 1
    for i in range(size):
        u = first + order[i]
        if i and totals[first + order[i - 1]] > totals[u] + TIE:
            place = i + 1
        places[u] = place
