"""Urging with manners, as plain values: whom to remind today, of what, and when it is better to be silent.

One digest a person; never on a day off; never the same person again within three days; only those who owe something.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from keji.lib.figures import Period, plain_date
from keji.lib.workdays import WorkCalendar

QUIET_DAYS = 3  # natural days after a reminder in which the same person gets no other
AHEAD = 2  # working days before the due day from which on a missing note is worth a word
LONGEST_TEXT = 300  # a notice holds no more


@dataclass(frozen=True, order=True)
class Debt:
    """One month's note that one section has not filed."""

    due_on: date
    follow_up: int
    title: str
    section: str
    period: str  # 2024-11


@dataclass(frozen=True)
class Digest:
    """Everything one person is reminded of on one day."""

    account: int
    name: str
    debts: tuple[Debt, ...]
    text: str


def due_day(period: Period, note_day: int, calendar: WorkCalendar) -> date:
    """The note day of the month (its last day when the month is shorter), moved on to the next working day."""
    last = monthrange(period.year, period.months[-1])[1]
    return calendar.next_working(date(period.year, period.months[-1], min(note_day, last)))


def is_owed(due_on: date, on: date, calendar: WorkCalendar) -> bool:
    """Is a missing note worth a reminder: overdue, or due within the next working days?"""
    return on >= due_on or calendar.between(on, due_on) <= AHEAD


def days_late(due_on: date, on: date, calendar: WorkCalendar) -> int:
    """Working days past the due day; 0 when it is not over."""
    return max(calendar.between(due_on, on), 0)


def digests(
    owed: Mapping[tuple[int, str], Iterable[Debt]],
    last_urged: Mapping[int, date],
    on: date,
    calendar: WorkCalendar,
) -> list[Digest]:
    """Who is reminded on `on`: `owed` maps (account, name) to what their sections owe."""
    if not calendar.is_working(on):
        return []
    found = []
    for (account, name), debts in sorted(owed.items()):
        due = tuple(sorted({d for d in debts if is_owed(d.due_on, on, calendar)}))
        last = last_urged.get(account)
        if due and (last is None or (on - last).days > QUIET_DAYS):
            found.append(Digest(account, name, due, digest_text(due, on, calendar)))
    return found


def digest_text(debts: tuple[Debt, ...], on: date, calendar: WorkCalendar) -> str:
    """您科室还有3项进展没有填报：…；as many as fit are named, the rest are counted."""
    named: list[str] = []
    head, tail = f"您科室有 {len(debts)} 项督办进展待填报：", "。请抓紧填报，如有困难请写明原因。"
    for debt in debts:
        more = f"等 {len(debts)} 项"
        if len(head + "；".join([*named, _line(debt, on, calendar)]) + more + tail) > LONGEST_TEXT:
            return head + "；".join(named) + more + tail
        named.append(_line(debt, on, calendar))
    return head + "；".join(named) + tail


def _line(debt: Debt, on: date, calendar: WorkCalendar) -> str:
    title = debt.title if len(debt.title) <= 24 else debt.title[:23] + "…"
    month = int(debt.period[5:])
    late = days_late(debt.due_on, on, calendar)
    if on <= debt.due_on:
        when = "今天应报" if on == debt.due_on else f"应于{plain_date(debt.due_on)[5:]}前报"
    else:
        when = f"已逾期 {late} 个工作日" if late else f"应报日{plain_date(debt.due_on)[5:]}已过"
    return f"“{title}”{month}月进展（{when}）"
