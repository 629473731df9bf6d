"""How long a public notice is shown: working days on the house's calendar, their number dated data."""

from __future__ import annotations

from datetime import date

from keji.kernel.calendar.models import work_calendar
from keji.kernel.rules.models import ParameterValue, parameter
from keji.lib.workdays import WorkCalendar

LONGEST = 60  # working days; nothing is shown longer, so more is a slip of the finger
FIRST_DAY_COUNTS = "notice.first_day_counts"
ANSWER_WORKDAYS = "notice.answer_workdays"


def days_name(matter: str) -> str:
    """The parameter that says how long notices of this matter are shown."""
    return f"notice.workdays.{matter}"


def usual_workdays(matter: str, on: date) -> int:
    """Working days a notice of `matter` is shown when nothing else is asked for. LookupError when no number holds."""
    return int(parameter(days_name(matter), on))


def answer_workdays(on: date) -> int:
    """Working days within which an objection raised on `on` must be answered."""
    return int(parameter(ANSWER_WORKDAYS, on))


def is_certain(name: str, on: date) -> bool:
    """Has the text behind the number in force been read; False shows 待核 beside it."""
    rows = ParameterValue.objects.filter(name=name, from_on__lte=on, state=ParameterValue.State.IN_FORCE)
    return bool(rows.order_by("-from_on").values_list("certain", flat=True).first())


def until_on(calendar: WorkCalendar, from_on: date, workdays: int, *, first_day_counts: bool) -> date:
    """The last day of a notice put up on `from_on`: a working day, with `workdays` of them in the period.

    ValueError when `workdays` is not between 1 and 60. A first day that is a holiday is never one of them.
    """
    if not 1 <= workdays <= LONGEST:
        raise ValueError(f"公示期应为 1 至 {LONGEST} 个工作日，不是 {workdays}")
    if first_day_counts and calendar.is_working(from_on):
        return calendar.add(from_on, workdays - 1)
    return calendar.add(from_on, workdays)


def notice_until(from_on: date, workdays: int) -> date:
    """The same on the house's calendar, by the rule in force on the first day."""
    counts = bool(parameter(FIRST_DAY_COUNTS, from_on))
    return until_on(work_calendar(), from_on, workdays, first_day_counts=counts)
