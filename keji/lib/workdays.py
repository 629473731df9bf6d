"""Working days in China: weekends, holidays and the weekends worked instead (调休).

Source: the yearly notices of 国务院办公厅, one table a year (`workdays.csv`: 2024, 2025, 2026). A legal limit counts
working days; the start day is not counted; a last day that is a holiday moves to the next working day.
A year without a notice is reckoned by weekends alone and every date in it is `uncertain`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType

ONE_DAY = timedelta(days=1)
SATURDAY = 5
LONGEST_SPAN = 31  # days; no holiday is longer, so a longer span is a slip of the year


@dataclass(frozen=True)
class Span:
    """Days from `first` to `last`, both included, that do not follow the weekday; `year` is the notice's year."""

    first: date
    last: date
    working: bool
    name: str
    year: int
    notice: str = ""

    def days(self) -> list[date]:
        return [self.first + timedelta(days=i) for i in range((self.last - self.first).days + 1)]


def check_spans(spans: Iterable[Span]) -> list[str]:
    """Problems of an edited holiday table, as sentences for the person who edits it; empty when it is sound."""
    problems = []
    seen: dict[date, Span] = {}
    for span in spans:
        where = f"{span.year}年“{span.name}”"
        if span.last < span.first:
            problems.append(f"{where}的结束日期 {span.last} 早于开始日期 {span.first}，请对调。")
            continue
        if (span.last - span.first).days >= LONGEST_SPAN:
            problems.append(f"{where}从 {span.first} 到 {span.last} 超过 {LONGEST_SPAN} 天，请核对年份。")
            continue
        if span.year not in (span.first.year, span.last.year):
            problems.append(f"{where}的日期 {span.first} 不在 {span.year} 年，请核对年份。")
        for day in span.days():
            if day in seen:
                problems.append(f"{day} 同时列在“{seen[day].name}”和“{span.name}”里，请只留一处。")
            elif span.working and day.weekday() < SATURDAY:
                problems.append(f"{where}把 {day} 列为调休上班，但这天不是周末，请核对日期。")
            seen.setdefault(day, span)
    return problems


@dataclass(frozen=True)
class WorkCalendar:
    """A calendar of working days.

    `days` holds only the days that do not follow their weekday (date → is it worked); `known_years` the years whose
    notice is in `days`; `notices` year → the notice's title and number. All counts are whole working days.
    """

    days: Mapping[date, bool] = field(hash=False)
    known_years: frozenset[int]
    notices: Mapping[int, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        # Shared by every request of a process, so nobody may change it in passing.
        object.__setattr__(self, "days", MappingProxyType(dict(self.days)))
        object.__setattr__(self, "notices", MappingProxyType(dict(self.notices)))
        object.__setattr__(self, "known_years", frozenset(self.known_years))

    @classmethod
    def from_spans(cls, spans: Iterable[Span]) -> WorkCalendar:
        """A calendar of checked spans. ValueError with the first problem when the table is not sound."""
        spans = list(spans)
        if problems := check_spans(spans):
            raise ValueError(problems[0])
        days = {day: span.working for span in spans for day in span.days()}
        notices = {span.year: span.notice for span in spans if span.notice}
        return cls(days, frozenset(span.year for span in spans), notices)

    def is_working(self, day: date) -> bool:
        worked = self.days.get(day)
        return day.weekday() < SATURDAY if worked is None else worked

    def known(self, year: int) -> bool:
        """Is the year's official notice in the table?"""
        return year in self.known_years

    def uncertain(self, day: date) -> bool:
        """True when the day lies in a year without a notice: reckoned by weekends only (暂按周末规则)."""
        return day.year not in self.known_years

    def next_working(self, day: date) -> date:
        """The day itself if worked, else the first working day after it: a deadline on a holiday moves on."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def previous_working(self, day: date) -> date:
        """The day itself if worked, else the last working day before it."""
        while not self.is_working(day):
            day -= ONE_DAY
        return day

    def add(self, start: date, n: int) -> date:
        """The n-th working day after `start` (not counted); n < 0 counts back, n = 0 is `start` itself."""
        step = ONE_DAY if n >= 0 else -ONE_DAY
        left, day = abs(n), start
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def between(self, a: date, b: date) -> int:
        """Working days after `a` up to and including `b`; negative when b is before a.

        `between(a, add(a, n)) == n` for n >= 0, and `between(a, b) == -between(b, a)`.
        """
        if b < a:
            return -self.between(b, a)
        return sum(self.is_working(a + timedelta(days=i)) for i in range(1, (b - a).days + 1))


def parse_csv(text: str) -> list[Span]:
    """Spans of a table with the columns first,last,kind(off/work),name,year,notice. ValueError on a bad row."""
    spans = []
    for row in csv.DictReader(text.splitlines()):
        if row["kind"] not in ("off", "work"):
            raise ValueError(f"假日表的类型只能是 off 或 work，不能是“{row['kind']}”。")
        first, last = date.fromisoformat(row["first"]), date.fromisoformat(row["last"])
        spans.append(Span(first, last, row["kind"] == "work", row["name"], int(row["year"]), row["notice"] or ""))
    return spans


@cache
def load_spans() -> tuple[Span, ...]:
    """The tables shipped with the product, as spans (to seed an editable table)."""
    text = Path(__file__).with_name("workdays.csv").read_text(encoding="utf-8")
    return tuple(parse_csv(text))


@cache
def load_default() -> WorkCalendar:
    """The calendar of the tables shipped with the product."""
    return WorkCalendar.from_spans(load_spans())
