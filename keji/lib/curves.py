"""How much of a target is expected by when: equal parts, milestones, or a season that opens late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise


@dataclass(frozen=True)
class Linear:
    """An equal part each day from `start` to `end`, both included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError("a curve cannot end before it starts")


@dataclass(frozen=True)
class Milestones:
    """Shares of the whole due on days: ((2024-03-31, 1/4), …). Between two days nothing more is expected."""

    points: tuple[tuple[date, Fraction], ...]

    def __post_init__(self) -> None:
        rising = all(a[0] < b[0] and a[1] <= b[1] for a, b in pairwise(self.points))
        if not self.points or not rising or self.points[0][1] < 0 or self.points[-1][1] > 1:
            raise ValueError("milestones need rising dates and rising shares between 0 and 1")


@dataclass(frozen=True)
class Season:
    """Work that can only be done from `open_on` to `due_on`: not late before it opens, then an equal part each day."""

    open_on: date
    due_on: date

    def __post_init__(self) -> None:
        if self.due_on < self.open_on:
            raise ValueError("a season cannot be due before it opens")


Curve = Linear | Milestones | Season


def linear_year(year: int) -> Linear:
    return Linear(date(year, 1, 1), date(year, 12, 31))


def quarterly(
    year: int, shares: Sequence[Fraction] = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(1))
) -> Milestones:
    """Cumulative shares due at the four quarter ends."""
    ends = (date(year, 3, 31), date(year, 6, 30), date(year, 9, 30), date(year, 12, 31))
    return Milestones(tuple(zip(ends, shares, strict=True)))


def due_on(curve: Curve) -> date:
    """The last day by which the whole is expected."""
    if isinstance(curve, Milestones):
        return curve.points[-1][0]
    return curve.end if isinstance(curve, Linear) else curve.due_on


def expected(curve: Curve | None, on: date) -> Fraction | None:
    """The share of the whole expected by the end of this day, 0–1; None when nothing can be expected yet (or ever)."""
    if curve is None:
        return None
    if isinstance(curve, Milestones):
        return max((share for day, share in curve.points if day <= on), default=Fraction(0))
    start, end = (curve.start, curve.end) if isinstance(curve, Linear) else (curve.open_on, curve.due_on)
    if on < start:
        return None
    return min(Fraction((on - start).days + 1, (end - start).days + 1), Fraction(1))
