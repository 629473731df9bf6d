"""Months as the tracker uses them: their key in tables, and a month that is not over yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from keji.lib.figures import Period


@dataclass(frozen=True)
class MonthSoFar(Period):
    """A month up to a day: what stands today is counted as of today, not as of a month's end still to come."""

    on: date = date.max

    @property
    def end(self) -> date:
        return min(super().end, self.on)


def key(period: Period) -> str:
    """How a month is stored: 2024-03."""
    return f"{period.year}-{period.months[-1]:02d}"


def month_of(text: str) -> Period:
    """2024-03 → March 2024. ValueError for anything else."""
    year, _, month = text.partition("-")
    return Period.month(int(year), int(month))


def so_far(on: date) -> MonthSoFar:
    return MonthSoFar("month", on.year, on.month, on=on)


def last_full_month(on: date) -> Period:
    """The month that has ended last."""
    return Period.of(on).previous()


def months_of(year: int, until: date) -> list[Period]:
    """The months of a year that have begun by a day."""
    return [Period.month(year, m) for m in range(1, 13) if date(year, m, 1) <= until]
