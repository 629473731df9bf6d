"""Who came, who did not and who comes instead; whom the panel elects to the chair; whether enough of them are there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.parties.models import Person
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused, take
from keji.kernel.records.saving import whole
from keji.modules.experts import api as experts
from keji.modules.projects.meetings.services.calling import by_officer, held_meeting, masked_as, meeting_of
from keji.modules.projects.models import Attendee, PanelMeeting, Review, ReviewBatch
from keji.modules.projects.models.meeting import How
from keji.modules.projects.reviews.services.panel import conflict

EXPECTED, PRESENT, ABSENT = Attendee.State.EXPECTED, Attendee.State.PRESENT, Attendee.State.ABSENT


@dataclass(frozen=True)
class Attendance:
    """`seats`: experts appointed, substitutes not counted again; `share`: of them that must have come."""

    seats: int
    present: int
    share: Fraction

    @property
    def needed(self) -> int:
        return -(-self.seats * self.share.numerator // self.share.denominator)

    @property
    def enough(self) -> bool:
        return self.present * self.share.denominator >= self.seats * self.share.numerator


def attendance(meeting: PanelMeeting) -> Attendance:
    rows = list(meeting.attendees.values_list("state", "instead_of"))
    seats = sum(instead is None for _, instead in rows)
    present = sum(state == PRESENT for state, _ in rows)
    return Attendance(seats, present, Fraction(meeting.batch.guideline.scheme.quorum))


def going_problem(meeting: PanelMeeting) -> str:
    """Why the panel cannot set to work yet; "" once enough have come and one of them chairs."""
    known = attendance(meeting)
    if not known.enough:
        return f"到会 {known.present} 位专家，应到 {known.seats} 位，按评审方案至少 {known.needed} 位"
    return "" if meeting.chair_id else "到会专家还没有推选组长"


def seat_problem(review: Review) -> str:
    """Why this expert may not mark at a meeting now; "" when they may, and where the panel does not meet."""
    if not review.batch.guideline.scheme.meets:
        return ""
    meeting = meeting_of(review.batch)
    if meeting is None:
        return "还没有召集评审会议"
    mine = meeting.attendees.filter(person=review.person_id).first()
    if mine is None or mine.state == ABSENT:
        return "您没有参加这次评审会议"
    return "请先在评审会议页面签到" if mine.state == EXPECTED else going_problem(meeting)


def _one(meeting: PanelMeeting, pk: int) -> Attendee:
    found: Attendee = meeting.attendees.select_related("person").get(pk=pk)
    found.meeting = meeting
    return found


def sign_in(attendee: Attendee, *, actor: Actor, at: datetime) -> Attendee:
    """An expert signs in by their own log-in; twice is once."""
    with writing(masked_as(attendee.code, actor), at):
        batch, meeting = held_meeting(attendee.meeting.batch)
        fresh = _one(meeting, attendee.pk)
        if not actor.is_system and fresh.person.account_id != actor.id:
            raise Refused("签到由专家本人办理，或由会议秘书登记")
        return _came(batch, fresh, How.OWN, at)


def record_present(attendee: Attendee, *, actor: Actor, at: datetime) -> Attendee:
    """The secretary notes that somebody has come."""
    by_officer(actor)
    with writing(actor, at):
        batch, meeting = held_meeting(attendee.meeting.batch)
        return _came(batch, _one(meeting, attendee.pk), How.NOTED, at)


def _came(batch: ReviewBatch, fresh: Attendee, how: str, at: datetime) -> Attendee:
    if fresh.state == ABSENT:
        raise Refused("已登记未到会，评审安排已经解除，不能再签到")
    if fresh.state == EXPECTED:
        fresh.state, fresh.how, fresh.at = PRESENT, how, at
        fresh.save()
        log("评审会议签到", batch, {fresh.code: [None, How(how).label]})
    return fresh


def record_absent(attendee: Attendee, reason: str, *, actor: Actor, at: datetime) -> Attendee:
    """Somebody does not come: the sheets they have not handed in fall away, with the reason."""
    by_officer(actor)
    if not reason.strip():
        raise Refused("请写明未到会的原因")
    with writing(actor, at):
        batch, meeting = held_meeting(attendee.meeting.batch)
        fresh = _one(meeting, attendee.pk)
        if fresh.state == ABSENT:
            return fresh
        mine = Review.objects.filter(batch=batch, person=fresh.person_id)
        if mine.filter(state=Review.State.SUBMITTED).exists() or meeting.chair_id == fresh.pk:
            raise Refused("这位专家已经提交评审或担任组长，不能登记为未到会；没有评完的项目请逐项解除安排")
        fresh.state, fresh.reason, fresh.vote = ABSENT, whole(reason, 280, "未到会的原因"), None
        fresh.how, fresh.at = How.NOTED, at
        fresh.save()
        meeting.attendees.filter(vote=fresh).update(vote=None)
        for sheet in mine.filter(state=Review.State.ASSIGNED):
            take("release", sheet, actor=actor, at=at, reason=f"未到会：{fresh.reason}")
        log("登记未到会", batch, {fresh.code: [None, "未到会"]}, reason=fresh.reason)
    return fresh


def call_substitute(attendee: Attendee, *, actor: Actor, at: datetime) -> Attendee:
    """The next in the draw's published order takes an absent expert's seat and sheets. Raises Refused."""
    by_officer(actor)
    with writing(actor, at):
        batch, meeting = held_meeting(attendee.meeting.batch)
        gone = _one(meeting, attendee.pk)
        if gone.state != ABSENT:
            raise Refused("请先登记这位专家未到会")
        if hasattr(gone, "substitute"):
            raise Refused("这位专家的席位已经由替补专家接替")
        sheets = list(Review.objects.filter(batch=batch, person=gone.person_id).select_related("proposal"))
        number = next((s.draw_number for s in sheets if s.draw_number), "")
        if not number:
            raise Refused("这位专家不是抽取产生的，没有替补次序；请在批次页面按姓名增加专家")
        try:
            member = experts.stand_in(number, gone.person_id, gone.reason, actor=actor, at=at)
        except LookupError as why:
            raise Refused(str(why)) from None
        person = Person.objects.select_related("party").get(pk=member.person)
        made = _seated(meeting, gone, person)
        _take_over(sheets, made, number, at)
        log("按次序递补专家", batch, {gone.code: [gone.code, made.code], "抽取编号": [None, number]})
    return made


def _seated(meeting: PanelMeeting, gone: Attendee, person: Person) -> Attendee:
    codes = set(Review.objects.filter(batch=meeting.batch_id).values_list("code", flat=True))
    n = len(codes) + 1
    while f"Z{n:02d}" in codes:
        n += 1
    made: Attendee = Attendee.objects.create(meeting=meeting, person=person, code=f"Z{n:02d}", instead_of=gone)
    return made


def _take_over(sheets: list[Review], made: Attendee, number: str, at: datetime) -> None:
    rows = []
    for sheet in sheets:
        if why := conflict(made.person, sheet.proposal):
            raise Refused(f"按次序应由{made.person.name}递补，但{why}；请在专家库处理后再递补")
        rows.append(
            Review(batch=sheet.batch, proposal=sheet.proposal, person=made.person, code=made.code,
                   draw_number=number, state_since=at)
        )  # fmt: skip
    Review.objects.bulk_create(rows)


def vote(attendee: Attendee, chosen: Attendee, *, actor: Actor, at: datetime) -> PanelMeeting:
    """One of those present says who should chair; more than half of those present make it so."""
    with writing(masked_as(attendee.code, actor), at):
        batch, meeting = held_meeting(attendee.meeting.batch)
        mine, other = _one(meeting, attendee.pk), _one(meeting, chosen.pk)
        if not actor.is_system and mine.person.account_id != actor.id:
            raise Refused("推选组长由到会专家本人办理")
        _check_election(meeting, mine, other)
        mine.vote = other
        mine.save(update_fields=["vote"])
        known = attendance(meeting)
        votes = other.votes.filter(state=PRESENT).count()
        log("推选评审组长", batch, {mine.code: [None, "已推选"]})
        if votes * 2 > known.present:
            _chaired(batch, meeting, other, f"到会 {known.present} 位专家，{votes} 位推选")
    return meeting


def record_chair(chosen: Attendee, told: str, *, actor: Actor, at: datetime) -> PanelMeeting:
    """The secretary notes whom those present elected in the room, and how."""
    by_officer(actor)
    if not told.strip():
        raise Refused("请写明推选情况，如“到会 5 位专家举手推选，全部同意”")
    with writing(actor, at):
        batch, meeting = held_meeting(chosen.meeting.batch)
        other = _one(meeting, chosen.pk)
        _check_election(meeting, other, other)
        _chaired(batch, meeting, other, whole(told, 200, "推选情况"))
    return meeting


def _check_election(meeting: PanelMeeting, mine: Attendee, other: Attendee) -> None:
    if meeting.chair_id:
        raise Refused("已经推选出组长")
    if mine.state != PRESENT or other.state != PRESENT:
        raise Refused("组长由到会专家在到会专家中推选，请先签到")
    if not (known := attendance(meeting)).enough:
        raise Refused(f"到会 {known.present} 位专家，至少 {known.needed} 位到会后才能推选组长")


def _chaired(batch: ReviewBatch, meeting: PanelMeeting, other: Attendee, told: str) -> None:
    meeting.chair, meeting.elected = other, told
    meeting.save(update_fields=["chair", "elected"])
    log("产生评审组长", batch, {"组长": [None, other.code], "推选情况": [None, told]})


def units_of(rows: Iterable[Attendee]) -> dict[int, str]:
    """{attendee: where they work, as the pool knows it, else as they are on file}."""
    found = list(rows)
    known = experts.profiles_of([a.person_id for a in found])
    on_file = {a.pk: str(a.person.party or "单位未登记") for a in found}
    return {a.pk: known[a.person_id].employer if a.person_id in known else on_file[a.pk] for a in found}


def own_seat(actor: Actor, meeting: Any) -> Attendee | None:
    """The actor's own place at a meeting that has begun; None for everybody else."""
    rows = Attendee.objects.filter(meeting=meeting, person__account=actor.id).exclude(meeting__batch__state="draft")
    return rows.select_related("meeting__batch__guideline__scheme", "meeting__chair", "person").first()
