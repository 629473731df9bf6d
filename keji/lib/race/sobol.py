"""Variance-based sensitivity of any model of up to eight factors: Sobol points, first-order and total indices.

Direction numbers: S. Joe, F. Y. Kuo, SIAM J. Sci. Comput. 30 (2008) 2635–2654, new-joe-kuo-6. Estimators: first order
by Saltelli et al., Comput. Phys. Commun. 181 (2010) 259–270; total by Jansen, Comput. Phys. Commun. 117 (1999) 35–43.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
BITS = 32
#: (a, m₁ … m_s) of dimensions 2 … 16.
_DIRECTIONS: tuple[tuple[int, tuple[int, ...]], ...] = (
    (0, (1,)),
    (1, (1, 3)),
    (1, (1, 3, 1)),
    (2, (1, 1, 1)),
    (1, (1, 1, 3, 3)),
    (4, (1, 3, 5, 13)),
    (2, (1, 1, 5, 5, 17)),
    (4, (1, 1, 5, 5, 5)),
    (7, (1, 1, 7, 11, 19)),
    (11, (1, 1, 5, 1, 1)),
    (13, (1, 1, 1, 3, 11)),
    (14, (1, 3, 5, 5, 31)),
    (1, (1, 3, 3, 9, 7, 49)),
    (13, (1, 1, 1, 15, 21, 21)),
    (16, (1, 3, 1, 13, 27, 49)),
)
MOST_FACTORS = (len(_DIRECTIONS) + 1) // 2


@dataclass(frozen=True)
class Indices:
    """By factor. `first`: share of the variance it explains alone; `total`: with all its interactions. All 0 when the
    model does not vary; estimates may fall a little below 0 or above 1."""

    first: Mapping[str, float]
    total: Mapping[str, float]


def sobol_points(count: int, dimensions: int) -> Array:
    """The first `count` points of the Sobol sequence, (count, dimensions) in [0, 1), in its own (Gray code) order."""
    columns = []
    for d in range(dimensions):
        directions = _directions(d)
        x, found = 0, np.zeros(count, np.uint64)
        for i in range(1, count):
            x ^= directions[(i & -i).bit_length() - 1]
            found[i] = x
        columns.append(found)
    return np.stack(columns, axis=1) / 2.0**BITS


def _directions(dimension: int) -> list[int]:
    if dimension == 0:
        return [1 << (BITS - 1 - i) for i in range(BITS)]
    a, first = _DIRECTIONS[dimension - 1]
    s = len(first)
    v = [m << (BITS - 1 - i) for i, m in enumerate(first)]
    for i in range(s, BITS):
        value = v[i - s] ^ (v[i - s] >> s)
        for k in range(1, s):
            if a >> (s - 1 - k) & 1:
                value ^= v[i - k]
        v.append(value)
    return v


def sobol(model: Callable[[Array], Array], factors: Sequence[str], *, points: int = 1024, seed: int = 1) -> Indices:
    """First-order and total indices of a model.

    `model`: array (n, factors) of values in [0, 1) → array (n,); called once, n = points × (factors + 2). `points`
    should be a power of two. `seed` shifts the points. ValueError for more than eight factors, or none.
    """
    k = len(factors)
    if not 1 <= k <= MOST_FACTORS:
        raise ValueError(f"the sensitivity takes 1 to {MOST_FACTORS} factors, not {k}")
    shift = np.random.Generator(np.random.PCG64(seed)).random(2 * k)
    both = (sobol_points(points, 2 * k) + shift) % 1.0
    a, b = both[:, :k], both[:, k:]
    mixed = [np.where(np.arange(k) == i, b, a) for i in range(k)]
    found = np.asarray(model(np.concatenate([a, b, *mixed])), dtype=float)
    fa, fb, *rest = np.split(found, k + 2)
    middle = np.concatenate([fa, fb]).mean()
    variance = np.concatenate([fa, fb]).var()
    if not variance > 1e-18:
        return Indices(dict.fromkeys(factors, 0.0), dict.fromkeys(factors, 0.0))
    first = {f: float(np.mean((fb - middle) * (fi - fa)) / variance) for f, fi in zip(factors, rest, strict=True)}
    total = {f: float(np.mean((fa - fi) ** 2) / (2 * variance)) for f, fi in zip(factors, rest, strict=True)}
    return Indices(first, total)
