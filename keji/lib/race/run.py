"""What scoring found: every cell, every level, every place, and the log of how it came about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from keji.lib.race.scheme import Data, Scheme


@dataclass(frozen=True)
class Cell:
    """One unit's way through one indicator.

    `value` as filed, `treated` after outliers, `points` by the scoring function (None: not scored, `note` says why),
    `filled`: the points stand for a figure nobody filed. `weight`: share of the whole total for this unit after any
    re-weighing; `contribution`: what of the total is due to it, points of the total scale.
    """

    unit: str
    indicator: str
    value: Fraction | None
    treated: Fraction | None
    points: Fraction | None
    filled: bool
    weight: Fraction
    contribution: Fraction
    note: str = ""


@dataclass(frozen=True)
class Placing:
    """A unit's place. `total` None: not ranked, `note` says why; then `place` and `overall` are None too.

    `place` in its group, `overall` among all; competition ranks (1, 2, 2, 4). `change`: places gained since the last
    time, below zero for lost, None when there was none. `printed`: the total as published. `base`: without bonuses.
    """

    unit: str
    group: str
    base: Fraction | None
    bonus: Fraction
    total: Fraction | None
    printed: Decimal | None
    place: int | None
    overall: int | None
    change: int | None
    missing: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class Run:
    """One scoring, all of it. `cells`: unit code → indicator code → cell; `levels`: unit code → level code → value.

    `placings`: by group in the order of the scheme, best first, then those without a place. `log`: one Chinese
    sentence a step: data version, treatment, normalisation, weights, aggregation, places.
    """

    scheme: Scheme
    data: Data
    cells: Mapping[str, Mapping[str, Cell]]
    levels: Mapping[str, Mapping[str, Fraction | None]]
    placings: tuple[Placing, ...]
    log: tuple[str, ...]

    def placing(self, unit: str) -> Placing:
        """KeyError for a unit that is not in the race."""
        for placing in self.placings:
            if placing.unit == unit:
                return placing
        raise KeyError(unit)
