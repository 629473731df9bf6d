"""What would move a unit one place up: for each indicator the smallest change of its figure that does, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from keji.lib.race.run import Run


@dataclass(frozen=True)
class Move:
    """`value` → `needed` moves the unit from `place` to `gained` (smaller). `change` = needed − value, in the unit of
    the figure. `needed` None: no feasible figure of this indicator alone is enough, `note` says why.
    """

    unit: str
    indicator: str
    value: Fraction | None
    needed: Fraction | None
    change: Fraction | None
    place: int
    gained: int | None
    sentence: str
    note: str = ""


def moves_up(run: Run, unit: str) -> tuple[Move, ...]:
    """One move per indicator, easiest first (against the spread of the group's figures), impossible ones last.

    Empty for a unit without a place or in the first place.
    """
    raise NotImplementedError
