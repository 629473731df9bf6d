"""The same race with other figures: one changed, or those still missing anywhere between worst and best."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from keji.lib.race.run import Run


@dataclass(frozen=True)
class Late:
    """Places a unit can have once missing figures come in: `best` and `worst` over all corners tried."""

    unit: str
    place: int | None
    best: int
    worst: int


def what_if(run: Run, changes: Mapping[tuple[str, str], Fraction | None]) -> Run:
    """The run with figures replaced: (unit code, indicator code) → value, None for missing."""
    raise NotImplementedError


def when_late_arrive(run: Run, unit: str) -> tuple[Late, ...]:
    """How the places of everybody may change when the unit's missing figures come in, each between the worst and the
    best figure of its group. Empty when nothing is missing."""
    raise NotImplementedError
