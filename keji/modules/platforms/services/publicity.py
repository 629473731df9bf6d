"""公示 of what the meeting approved. The only file that knows how the house keeps public notices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from keji.kernel.calendar.models import work_calendar
from keji.kernel.people.roles import Actor
from keji.kernel.records.models import Objection, PublicNotice
from keji.lib.figures import plain_date
from keji.modules.platforms.services.numbers import day_of

SUBJECT = "records.publicnotice"


def publish_notice(
    title: str,
    body: str,
    numbers: Sequence[str],
    *,
    workdays: int,
    contact: str,
    actor: Actor,
    at: datetime,
) -> PublicNotice:
    """A notice from today for so many working days, the last one included."""
    from_on = day_of(at)
    until_on = work_calendar().add(from_on, workdays)
    return PublicNotice.objects.create(
        title=title[:200], body=body, numbers=list(numbers), from_on=from_on, until_on=until_on, contact=contact
    )


def open_objections(notice: PublicNotice) -> int:
    """How many objections wait for an answer."""
    rows = Objection.objects.filter(subject_type=SUBJECT, subject_id=str(notice.pk))
    return int(rows.filter(answered_at__isnull=True).count())


def ending_refusal(notice: PublicNotice | None, on: date) -> str:
    """Why a notice has not passed yet; "" when its days are over and every objection is answered."""
    if notice is None:
        return "还没有公示"
    if on <= notice.until_on:
        return f"公示到{plain_date(notice.until_on)}为止，期满后才能公布"
    waiting = open_objections(notice)
    return f"还有 {waiting} 条公示异议没有答复" if waiting else ""
