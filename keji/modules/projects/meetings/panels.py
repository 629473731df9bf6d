"""What stands on the page of a panel's meeting, and in short on the batch's own page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from keji.desk.guard import actor_of
from keji.kernel import clock
from keji.kernel.people.roles import Actor, Role
from keji.modules.projects.meetings.services import attending, calling, minutes, opinions
from keji.modules.projects.models import Attendee, PanelMeeting, PaperSheet, Review, ReviewBatch


def meeting_panel(request: HttpRequest, batch: ReviewBatch) -> dict[str, Any]:
    """Whether and when the panel meets, and how far it is."""
    meeting = calling.meeting_of(batch)
    found: dict[str, Any] = {"batch": batch, "meets": batch.guideline.scheme.meets, "meeting": meeting}
    if meeting is not None:
        meeting.batch = batch
        found["known"] = attending.attendance(meeting)
        found["items"] = meeting.items.count()
        found["said"] = meeting.items.exclude(conclusion="").count()
    officer = actor_of(request).has(Role.OFFICER)
    found["may_call"] = officer and batch.state == ReviewBatch.State.DRAFT and found["meets"]
    return found


def room(actor: Actor, meeting: PanelMeeting) -> dict[str, Any]:
    """Everything of the meeting; names only for those who may know who stands behind a code."""
    batch, officer = meeting.batch, actor.has(Role.OFFICER)
    live = batch.state == ReviewBatch.State.RUNNING and clock.today() >= meeting.held_on
    standings = {s.item.pk: s for s in opinions.standings(meeting)}
    open_agenda = officer and batch.state != ReviewBatch.State.CLOSED and meeting.agreed_at is None
    attendees = list(meeting.attendees.select_related("person__party", "instead_of", "vote"))
    named = actor.has(Role.OFFICER, Role.INSPECTOR)
    units = attending.units_of(attendees) if named else {}
    return {
        "batch": batch,
        "meeting": meeting,
        "named": named,
        "known": attending.attendance(meeting),
        "attendees": [_attendee(a, attendees, units) for a in attendees],
        "lines": [
            {"item": i, "begins": begins, "standing": standings[i.pk]} for i, begins in calling.timetable(meeting)
        ],
        "papers": _papers(actor, batch) if named else [],
        "open_sheets": _open(actor, batch) if officer and live else [],
        "live": live and officer,
        "may_arrange": open_agenda,
        "going": attending.going_problem(meeting) if live else "",
        "unsaid": minutes.unsaid(meeting) if live else "",
        "said_words": batch.guideline.scheme.said,
    }


def _attendee(row: Attendee, others: list[Attendee], units: dict[int, str]) -> dict[str, Any]:
    replaced = any(o.instead_of_id == row.pk for o in others)
    votes = sum(o.vote_id == row.pk for o in others)
    return {"row": row, "replaced": replaced, "votes": votes, "unit": units.get(row.pk, "")}


def _papers(actor: Actor, batch: ReviewBatch) -> list[PaperSheet]:
    visible = Review.objects.visible_to(actor).filter(batch=batch)
    rows = PaperSheet.objects.filter(review__in=visible).select_related("review__proposal")
    return list(rows.order_by("review__code", "review__proposal"))


def _open(actor: Actor, batch: ReviewBatch) -> list[Review]:
    """Sheets of those present that neither they nor the secretary have filled in."""
    here = Attendee.objects.filter(meeting__batch=batch, state=Attendee.State.PRESENT).values("person")
    rows = Review.objects.visible_to(actor).filter(batch=batch, state=Review.State.ASSIGNED, person__in=here)
    return list(rows.filter(on_paper=None).select_related("proposal").order_by("code", "proposal__agenda_item__order"))
