"""Weights for the panels that give everybody exactly their odds: the lottery nearest to the herd's own average.

minimise |λ - u|² over λ ≥ 0 with Xλ = m (X: experts × panels). The dual has one number an expert: λ = max(0, u + Xᵀy);
Newton's method on it, each step by conjugate gradients over the panels that carry weight.
"""

# mypy: allow-untyped-defs, allow-untyped-calls
from __future__ import annotations

import numpy as np

from keji.lib.draw.compiled import compiled
from keji.lib.draw.problem import Floats, Ints

REACHED = 1e-14  # of a probability: float noise of sums of some thousand terms
NEWTON, GRADIENTS = 40, 1500
DAMPING = 1e-2  # of the diagonal; less as the miss shrinks


@compiled
def _dot(a, b):
    total = 0.0
    for i in range(a.shape[0]):
        total += a[i] * b[i]
    return total


@compiled
def _weights(panels, start, y, weights):
    for p in range(panels.shape[0]):
        total = start[p]
        for j in range(panels.shape[1]):
            total += y[panels[p, j]]
        weights[p] = total if total > 0.0 else 0.0


@compiled
def _spread(panels, weights, out):
    out[:] = 0.0
    for p in range(panels.shape[0]):
        w = weights[p]
        if w != 0.0:
            for j in range(panels.shape[1]):
                out[panels[p, j]] += w


@compiled
def _step(panels, active, residual, damping, rounds, reached):
    """Solve (X_A X_Aᵀ + damping × diagonal) d = residual by conjugate gradients; returns d."""
    n = residual.shape[0]
    diagonal = np.zeros(n)
    for a in active:
        for j in range(panels.shape[1]):
            diagonal[panels[a, j]] += 1.0
    extra = damping * (diagonal + 1.0)  # where too few panels are active the plain system has no solution
    diagonal = 1.0 / (diagonal + extra + 1e-300)
    d, r = np.zeros(n), residual.copy()
    z = diagonal * r
    direction, product = z.copy(), np.empty(n)
    rz = _dot(r, z)
    for _ in range(rounds):
        product[:] = extra * direction
        for a in active:
            total = 0.0
            for j in range(panels.shape[1]):
                total += direction[panels[a, j]]
            for j in range(panels.shape[1]):
                product[panels[a, j]] += total
        curve = _dot(direction, product)
        if curve <= 0.0 or rz <= 0.0:
            break
        step = rz / curve
        d += step * direction
        r -= step * product
        if np.max(np.abs(r)) < reached:
            break
        z = diagonal * r
        new = _dot(r, z)
        direction = z + new / rz * direction
        rz = new
    return d


@compiled
def _project(panels, start, odds, y, newton, gradients, reached):
    """λ, and the largest miss of anybody's odds. `y` is improved in place."""
    weights, sums = np.empty(panels.shape[0]), np.empty(odds.shape[0])
    _weights(panels, start, y, weights)
    value = 0.5 * _dot(weights, weights) - _dot(odds, y)
    _spread(panels, weights, sums)
    miss = np.max(np.abs(odds - sums))
    for _ in range(newton):
        if miss < reached:
            break
        d = _step(
            panels,
            np.flatnonzero(weights),
            odds - sums,
            min(DAMPING, miss),
            gradients,
            0.01 * min(miss, 1e-3) + 0.1 * reached,
        )
        length, better = 1.0, False
        for _ in range(30):
            trial = y + length * d
            _weights(panels, start, trial, weights)
            now = 0.5 * _dot(weights, weights) - _dot(odds, trial)
            _spread(panels, weights, sums)
            near = np.max(np.abs(odds - sums))
            if now < value or (near < miss and miss < 1e-6):
                better = True
                break
            length *= 0.5
        if not better:
            _weights(panels, start, y, weights)
            break
        y[:] = trial
        value, miss = now, near
    return weights, miss


def project(panels: Ints, counts: Ints, odds: Floats, y: Floats) -> tuple[Floats, float]:
    """(weights of the panels, largest miss of anybody's odds). A miss near 1e-14 is none.

    `counts`: how often the herd chose each panel; `y` (one number an expert, zeros at first) is kept between calls.
    """
    start = counts / counts.sum()
    return _project(panels, start, odds, y, NEWTON, GRADIENTS, REACHED)
