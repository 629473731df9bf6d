"""The proof that the odds are the fairest: for each level, an inequality every lottery obeys, in whole numbers.

Level by level from the smallest odds: multipliers of the rules (seats, quotas, employers) add up to
Σ aᵢ πᵢ ≤ b for the odds π of any lottery whatever. With the lower levels as they are, the average of the others weighed
by a is at most what b leaves, so the smallest of them cannot be larger: the level's bound. What the published odds
miss of it is the gap. Where quotas are so tight that the rules alone prove too little, a level instead gives worths aᵢ
and the most any right panel is worth, which can be checked by going through the panels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from keji.lib.draw.columns import ByColumns
from keji.lib.draw.leximin import Leximin
from keji.lib.draw.problem import NONE, Problem

SCALE = 1 << 44
BY_RULES, BY_PANELS = "rules", "panels"


@dataclass(frozen=True)
class Certificate:
    """`kind`: BY_RULES or BY_PANELS. `level_of`: expert → level from 0. `levels`: see `plain`."""

    kind: str
    level_of: list[int]
    levels: list[dict[str, Any]]

    def plain(self, problem: Problem, pool_size: int) -> dict[str, Any]:
        """As the published file has it; experts by their place in the pool (-1: may not be drawn).

        BY_RULES: `size`, `quotas` (one a quota, above zero times its upper bound, below zero times its lower one) and
        `employers` (name → multiplier ≥ 0). BY_PANELS: `worths` by place in the pool and `most`.
        """
        level_of = [NONE] * pool_size
        for place, number in zip(problem.positions.tolist(), self.level_of, strict=True):
            level_of[place] = number
        levels = self.levels
        if self.kind == BY_PANELS:
            levels = []
            for level in self.levels:
                worths = [0] * pool_size
                for place, worth in zip(problem.positions.tolist(), level["worths"], strict=True):
                    worths[place] = worth
                levels.append(level | {"worths": worths})
        return {"kind": self.kind, "level_of": level_of, "levels": levels}


def _whole(value: float) -> int:
    return round(value * SCALE)


def by_rules(problem: Problem, found: Leximin) -> Certificate:
    """The duals of the linear programs in whole numbers; rounding costs the bound some 1e-12."""
    levels = []
    for level in found.levels:
        units = {u: max(0, _whole(y)) for u, y in zip(problem.units, level.units.tolist(), strict=True)}
        levels.append(
            {
                "size": _whole(level.size),
                "quotas": [_whole(y) for y in level.rows.tolist()],
                "employers": {u: y for u, y in units.items() if y},
            }
        )
    return Certificate(BY_RULES, found.level_of[problem.type_of].tolist(), levels)


def by_panels(problem: Problem, found: ByColumns) -> Certificate:
    levels = []
    for price in found.prices:
        worths = [_whole(w) for w in price.worths[problem.type_of].tolist()]
        # Rounding moves a panel's worth by half a unit a seat at most.
        levels.append({"worths": worths, "most": _whole(price.most) + problem.size})
    return Certificate(BY_PANELS, found.level_of[problem.type_of].tolist(), levels)


def coefficients(problem: Problem, kind: str, level: dict[str, Any]) -> tuple[list[int], int]:
    """(a by expert, b) of the level's inequality Σ aᵢ πᵢ ≤ b."""
    if kind == BY_PANELS:
        return list(level["worths"]), level["most"]
    of_kind = [level["size"] + sum(level["quotas"][r] for r in rows) for rows in problem.rows_of_kind]
    of_unit = [level["employers"].get(unit, 0) for unit in problem.units]
    b = level["size"] * problem.size + problem.cap * sum(of_unit)
    for y, low, high in zip(level["quotas"], problem.low.tolist(), problem.high.tolist(), strict=True):
        b += y * (high if y > 0 else low)
    pairs = zip(problem.kind_of.tolist(), problem.unit_of.tolist(), strict=True)
    return [of_kind[s] + (of_unit[u] if u != NONE else 0) for s, u in pairs], b


def bounds(problem: Problem, certificate: Certificate, seats: Sequence[int], balls: int) -> list[Fraction]:
    """Level → what nobody could raise its smallest odds beyond, exact, with the odds of lower levels as they are."""
    level_of = np.array(certificate.level_of)
    found = []
    for number, level in enumerate(certificate.levels):
        a, b = coefficients(problem, certificate.kind, level)
        left, weight = Fraction(b), 0
        for i, of_expert in enumerate(a):
            if level_of[i] < number:
                left -= Fraction(of_expert * seats[i], balls)
            elif of_expert < 0:
                left -= of_expert  # nobody's odds are above 1
            else:
                weight += of_expert
        found.append(min(Fraction(1), left / weight) if weight else Fraction(1))
    return found
