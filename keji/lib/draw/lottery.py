"""From chances to balls: whole numbers for every panel, evened out so that equal odds are equal to the ball.

Each panel gets the balls of its chance rounded by largest remainder. Rounding leaves experts whose odds should be equal
some balls apart; then one of them gives its seat to the other on a few balls, on panels that stay right with that swap.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from keji.lib.draw.problem import NONE, Floats, Ints, Problem

Panel = tuple[int, ...]
THIRDS = 50  # experts tried as a go-between
MOST_LOOKS = 3_000_000  # at panels, all in all


@dataclass(frozen=True)
class Lottery:
    """`panels` (experts of the problem, ascending, in order) with their `weights`, which add up to `balls`."""

    balls: int
    panels: list[Panel]
    weights: list[int]

    def seats(self, experts: int) -> list[int]:
        """Expert → on how many balls."""
        found = [0] * experts
        for panel, weight in zip(self.panels, self.weights, strict=True):
            for i in panel:
                found[i] += weight
        return found


def balls_for(problem: Problem, least: int) -> int:
    """The smallest number of balls from `least` on that lets equal odds of everybody be whole."""
    step = problem.experts // math.gcd(problem.experts, problem.size)
    return -(-least // step) * step


def apportion(chances: Sequence[float] | Floats, balls: int) -> list[int]:
    """Whole balls in proportion to the chances, summing to `balls`, by largest remainder; of equal ones the first."""
    exact = [float(c).as_integer_ratio() for c in chances]
    scale = max(d for _, d in exact)  # powers of two
    parts = [n * (scale // d) for n, d in exact]
    whole = sum(parts)
    counts = [balls * part // whole for part in parts]
    order = sorted(range(len(parts)), key=lambda i: (-(balls * parts[i] % whole), i))
    for i in order[: balls - sum(counts)]:
        counts[i] += 1
    return counts


def lottery_of(
    problem: Problem, panels: Sequence[Panel], chances: Sequence[float] | Floats, classes: Ints, balls: int
) -> Lottery:
    """The integer lottery. `classes`: expert → number of its level; of one level all should have equal odds."""
    even = _Evening(problem, list(panels), apportion(chances, balls), classes)
    even.run()
    merged: Counter[Panel] = Counter()
    for panel, weight in zip(even.panels, even.weights, strict=True):
        merged[panel] += weight
    kept = sorted((panel, weight) for panel, weight in merged.items() if weight)
    return Lottery(balls, [panel for panel, _ in kept], [weight for _, weight in kept])


class _Evening:
    """Moves balls between experts of a level by single swaps until all of it are equal or one ball apart."""

    def __init__(self, problem: Problem, panels: list[Panel], weights: list[int], classes: Ints) -> None:
        self.p, self.panels, self.weights = problem, panels, weights
        self.kind, self.unit = problem.kind_of.tolist(), problem.unit_of.tolist()
        self.rows = problem.rows_of_kind
        self.low, self.high = problem.low.tolist(), problem.high.tolist()
        self.sits: list[list[int]] = [[] for _ in range(problem.experts)]
        seats = [0] * problem.experts
        for number, panel in enumerate(panels):
            for i in panel:
                self.sits[i].append(number)
                seats[i] += weights[number]
        self.seats, self.left = seats, MOST_LOOKS
        self.classes = classes.tolist()
        self.off = [0] * problem.experts

    def run(self) -> None:
        """Even out those of a level who count for the same quotas; where all are of one level, all of them.

        Between kinds of one of several levels some balls' difference stays: there tight quotas fix each kind's sum.
        """
        self._even(list(zip(self.classes, self.kind, strict=True)))
        if len(set(self.classes)) == 1:
            self._even(self.classes, thirds=True)

    def _even(self, groups: Sequence[Hashable], thirds: bool = False) -> None:
        by_group: dict[Hashable, list[int]] = {}
        for i, group in enumerate(groups):
            by_group.setdefault(group, []).append(i)
        for members in by_group.values():
            each, odd = divmod(sum(self.seats[i] for i in members), len(members))
            for place, i in enumerate(sorted(members, key=lambda i: (-self.seats[i], i))):
                self.off[i] = self.seats[i] - each - (place < odd)  # who has most keeps an odd ball
            lacking = [i for i in members if self.off[i] < 0]
            for i in members:
                self._give(i, lacking)
            for i, j in product([i for i in members if self.off[i] > 0], lacking if thirds else ()):
                if self.left <= 0:
                    break
                while self.off[i] > 0 and self.off[j] < 0 and self._give_through(i, j):
                    pass

    def _give(self, i: int, takers: Sequence[int]) -> None:
        """Let `i` pass its surplus on to takers, panel by panel."""
        for j in takers:
            if self.off[i] <= 0:
                return
            while self.off[i] > 0 and self.off[j] < 0:
                number = self._panel(i, j)
                if number is None:
                    break
                self._move(number, i, j, min(self.off[i], -self.off[j]))

    def _give_through(self, i: int, j: int) -> bool:
        """One ball from `i` to `j` by way of a third expert."""
        for third in range(min(len(self.off), THIRDS)):
            if third in (i, j) or (first := self._panel(i, third)) is None:
                continue
            self._move(first, i, third, 1)
            if (second := self._panel(third, j)) is not None:
                self._move(second, third, j, 1)
                return True
            self._undo(i, third)
        return False

    def _undo(self, i: int, third: int) -> None:
        back = next(n for n in reversed(self.sits[third]) if self.weights[n] and i not in self.panels[n])
        self._move(back, third, i, 1)

    def _panel(self, i: int, j: int) -> int | None:
        """A panel with balls on which `j` may take the seat of `i`."""
        for number in self.sits[i] if self.left > 0 else ():
            self.left -= 1
            panel = self.panels[number]
            if self.weights[number] and i in panel and j not in panel and self._right(panel, i, j):
                return number
        return None

    def _right(self, panel: Panel, i: int, j: int) -> bool:
        unit = self.unit[j]
        if unit not in (NONE, self.unit[i]) and sum(self.unit[m] == unit for m in panel) >= self.p.cap:
            return False
        if self.kind[i] == self.kind[j]:
            return True
        old, new = self.rows[self.kind[i]], self.rows[self.kind[j]]
        for row in {*old} ^ {*new}:
            n = sum(row in self.rows[self.kind[m]] for m in panel) + (1 if row in new else -1)
            if not self.low[row] <= n <= self.high[row]:
                return False
        return True

    def _move(self, number: int, i: int, j: int, balls: int) -> None:
        """On some balls of the panel `j` sits instead of `i`: a panel of its own."""
        balls = min(balls, self.weights[number])
        self.weights[number] -= balls
        changed = tuple(sorted([*(m for m in self.panels[number] if m != i), j]))
        for m in changed:
            self.sits[m].append(len(self.panels))
        self.panels.append(changed)
        self.weights.append(balls)
        for m, more in ((i, -balls), (j, balls)):
            self.off[m] += more
            self.seats[m] += more


def spread_of(seats: Sequence[int], classes: Ints) -> int:
    """The largest difference in balls between two experts of one level."""
    values = np.array(seats, dtype=np.int64)
    return max((int(np.ptp(values[classes == c])) for c in np.unique(classes)), default=0)
