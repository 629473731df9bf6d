"""The rules as narrow as the odds make them: a bound the odds meet exactly is met exactly by every panel drawn.

Where an upper bound equals the sum of the odds it speaks of, no panel of the lottery may stay below it (the average
could not be made up for), and likewise with lower bounds and caps. Panels are looked for among those only: quotas
become equalities, an employer at its cap a quota of its own, and so does who is certain of a seat or has no chance.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from keji.lib.draw.pool import Quota
from keji.lib.draw.problem import NONE, Floats, Ints, Problem

MET = 1e-9  # sums of odds within this of a bound meet it


def face_of(problem: Problem, odds: Floats) -> Problem:
    """The same experts in the same order under the narrower rules. `odds`: by expert, inside the rules."""
    p = problem
    sums = np.zeros(len(p.quotas))
    for column in p.kinds[p.kind_of].T:
        counted = column != NONE
        np.add.at(sums, column[counted], odds[counted])
    low, high = p.low.copy(), p.high.copy()
    low[sums >= high - MET] = high[sums >= high - MET]
    high[sums <= low + MET] = low[sums <= low + MET]
    full = _full_units(p, odds)
    certain, hopeless = odds >= 1 - MET, odds <= MET
    rows = list(p.quotas)
    place_of_unit = {unit: len(rows) + i for i, unit in enumerate(full)}
    rows += [Quota("employer", p.units[unit]) for unit in full]
    sure, never = len(rows), len(rows) + 1
    rows += [Quota("odds", "1"), Quota("odds", "0")]
    extra = np.array([place_of_unit.get(unit, NONE) for unit in p.unit_of.tolist()], dtype=np.int64)
    fate = np.where(certain, sure, np.where(hopeless, never, NONE))
    return _refined(
        replace(
            p,
            quotas=tuple(rows),
            low=np.concatenate([low, np.full(len(full), p.cap), [int(certain.sum()), 0]]),
            high=np.concatenate([high, np.full(len(full), p.cap), [int(certain.sum()), 0]]),
            unit_of=np.where(extra != NONE, NONE, p.unit_of),
        ),
        np.column_stack([p.kinds[p.kind_of], extra, fate]),
    )


def _full_units(p: Problem, odds: Floats) -> list[int]:
    """The employers whose cap is just the sum of their experts' odds."""
    capped = p.unit_of != NONE
    sums = np.bincount(p.unit_of[capped], weights=odds[capped], minlength=len(p.units))
    return np.flatnonzero(sums >= p.cap - MET).tolist()


def _refined(p: Problem, rows: Ints) -> Problem:
    """The problem with these rows by expert (NONE: counts for no row of the column), its kinds and types anew."""
    rows = rows[:, [bool((column != NONE).any()) for column in rows.T]]
    kinds, kind_of = np.unique(rows, axis=0, return_inverse=True)
    pairs = np.column_stack([kind_of.reshape(-1), p.unit_of])
    types, type_of, counts = np.unique(pairs, axis=0, return_inverse=True, return_counts=True)
    return replace(
        p,
        kinds=np.ascontiguousarray(kinds),
        kind_of=np.ascontiguousarray(kind_of.reshape(-1)),
        type_of=type_of.reshape(-1),
        type_kind=np.ascontiguousarray(types[:, 0]),
        type_unit=np.ascontiguousarray(types[:, 1]),
        type_count=counts,
    )
