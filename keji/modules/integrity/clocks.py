"""The legal clocks of a case. Each runs from a recorded day by the number in force on that day: any later day gives the
same due date."""

from __future__ import annotations

from datetime import date
from typing import Any

from keji.kernel.calendar.models import work_calendar
from keji.kernel.clock import today
from keji.kernel.records.flow import deadline
from keji.kernel.rules.models import ParameterValue, parameter
from keji.lib.figures import plain_date
from keji.lib.months import add_months


def number(name: str, on: date) -> int:
    """A dated number of this module. LookupError when none holds on the day."""
    return int(parameter(f"integrity.{name}", on))


def uncertain(name: str, on: date) -> bool:
    """Nobody read the text behind the number: pages say 待核."""
    rows = ParameterValue.objects.filter(name=f"integrity.{name}", from_on__lte=on, state="in_force")
    return not rows.order_by("-from_on").values_list("certain", flat=True).first()


def workdays_from(start: date | None, name: str, calendar: Any = None) -> date | None:
    """`name` working days after `start`; None while the clock has not started."""
    if start is None:
        return None
    found: date = (calendar or work_calendar()).add(start, number(name, start))
    return found


def check_due(case: Any, calendar: Any = None) -> date | None:
    return workdays_from(case.received_on, "check_workdays", calendar)


def investigate_due(case: Any) -> date | None:
    """Six months after 立案, and what was granted on top."""
    if case.accepted_on is None:
        return None
    return add_months(case.accepted_on, number("investigate_months", case.accepted_on) + case.extended_months)


def appeal_until(subject: Any, calendar: Any = None) -> date | None:
    """The last day on which this subject may appeal."""
    return workdays_from(subject.served_on, "appeal_workdays", calendar)


def appeal_said(subject: Any) -> str:
    """How long the subject has, as the number in force says, and whether anybody read the text behind it."""
    if subject.served_on is None:
        return ""
    unsure = "，待核" if uncertain("appeal_workdays", subject.served_on) else ""
    return f"送达之日起 {number('appeal_workdays', subject.served_on)} 个工作日{unsure}"


#: Which number runs in a state, and the day from which it does.
RUNNING = {
    "received": ("check_workdays", "received_on"),
    "checking": ("check_workdays", "received_on"),
    "investigating": ("investigate_months", "accepted_on"),
    "appealed": ("accept_appeal_workdays", "appealed_on"),
    "reviewing": ("review_workdays", "review_from_on"),
}


def unread(case: Any) -> bool:
    """Nobody read the text behind the clock that runs: not the number's, or not the edition's the case goes by."""
    name, start = RUNNING.get(case.state, ("", ""))
    on = getattr(case, start) if start else None
    return (on is None or uncertain(name, on)) or (case.edition is not None and not case.edition.certain)


def due_sentence(case: Any) -> str:
    """When the next step is due, and how that day stands to today; "—" where no clock runs."""
    due = deadline(case, work_calendar())
    if due is None:
        return "—"
    on = today()
    late = (
        f"，已超过 {(on - due).days} 天" if due < on else f"，还有 {(due - on).days} 天" if due > on else "，今天到期"
    )
    return f"{plain_date(due)}{late}{'（时限待核）' if unread(case) else ''}"
