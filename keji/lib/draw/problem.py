"""The eligible experts as arrays: what the search for a fair lottery works on.

Experts with the same values in every category that has a quota are one *kind*; of one kind and one employer, one
*type*. An employer with no more eligible experts than the cap restricts nobody and is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from keji.lib.draw.pool import Pool, Quota, Request

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
NONE = -1


@dataclass(frozen=True)
class Problem:
    """`positions` in the pool of the N eligible; the arrays below are about them in that order.

    `quotas` are rows; `kinds[s, c]` is the row kind s counts for in category c, or NONE. `kind_of`, `unit_of`
    (NONE: no cap), `type_of` by expert; `type_kind`, `type_unit`, `type_count` by type.
    """

    size: int
    cap: int
    quotas: tuple[Quota, ...]
    low: Ints
    high: Ints
    positions: Ints
    kinds: Ints
    kind_of: Ints
    unit_of: Ints
    units: tuple[str, ...]
    type_of: Ints
    type_kind: Ints
    type_unit: Ints
    type_count: Ints

    @property
    def experts(self) -> int:
        return len(self.positions)

    @property
    def types(self) -> int:
        return len(self.type_count)

    @cached_property
    def rows_of_kind(self) -> list[list[int]]:
        return [[int(r) for r in kind if r != NONE] for kind in self.kinds]

    def members(self) -> list[list[int]]:
        """Type → its experts, ascending."""
        found: list[list[int]] = [[] for _ in range(self.types)]
        for expert, kind in enumerate(self.type_of.tolist()):
            found[kind].append(expert)
        return found


def problem_of(pool: Pool, request: Request) -> Problem:
    """The arrays of the eligible experts, in canonical order throughout."""
    positions = pool.eligible()
    experts = [pool.experts[i] for i in positions]
    quotas = tuple(sorted(request.quotas, key=lambda q: (q.category, q.value)))
    row_of = {(q.category, q.value): i for i, q in enumerate(quotas)}
    categories = sorted({q.category for q in quotas})
    kinds = [tuple(row_of.get((c, e.features.get(c, "")), NONE) for c in categories) for e in experts]
    sizes = Counter(e.employer for e in experts)
    cap = request.employer_cap
    units = tuple(sorted(u for u, n in sizes.items() if u and cap and n > cap))
    unit_place = {unit: i for i, unit in enumerate(units)}
    unit_of = [unit_place.get(e.employer, NONE) for e in experts]
    all_kinds = sorted(set(kinds))
    kind_place = {kind: i for i, kind in enumerate(all_kinds)}
    kind_of = [kind_place[kind] for kind in kinds]
    pairs = list(zip(kind_of, unit_of, strict=True))
    types = Counter(pairs)
    all_types = sorted(types)
    type_place = {pair: i for i, pair in enumerate(all_types)}
    return Problem(
        size=request.size,
        cap=cap,
        quotas=quotas,
        low=_ints([q.least for q in quotas]),
        high=_ints([max(q.least, min(q.most, request.size)) for q in quotas]),
        positions=_ints(positions),
        kinds=_ints(all_kinds).reshape(len(all_kinds), len(categories)),
        kind_of=_ints(kind_of),
        unit_of=_ints(unit_of),
        units=units,
        type_of=_ints([type_place[pair] for pair in pairs]),
        type_kind=_ints([kind for kind, _ in all_types]),
        type_unit=_ints([unit for _, unit in all_types]),
        type_count=_ints([types[pair] for pair in all_types]),
    )


def _ints(values: Sequence[Any]) -> Ints:
    return np.array(values, dtype=np.int64)
