"""Months as the tracker uses them: one that is not over yet, and which there are."""

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


def month_of(text: str) -> Period:
    """2024-03 → March 2024. ValueError for anything else."""
    year, _, month = text.partition("-")
    if len(text) != 7 or not (year.isdecimal() and month.isdecimal()):
        raise ValueError("月份请写成 2024-03 这样")
    return Period.month(int(year), int(month))


def so_far(on: date) -> MonthSoFar:
    return MonthSoFar("month", on.year, on.month, on=on)


def last_full_month(on: date) -> Period:
    """The month that has ended last."""
    return Period.of(on).previous()


def months_of(year: int, until: date) -> list[Period]:
    """The months of a year that have begun by a day."""
    return [Period.month(year, m) for m in range(1, 13) if date(year, m, 1) <= until]
