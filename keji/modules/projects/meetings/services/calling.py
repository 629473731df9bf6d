"""Calling a batch's meeting: day, place, secretary, and the order of the proposals, drawn so that all can check it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of, today
from keji.kernel.people.models import Account, Grant, Notice
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.saving import locked, whole
from keji.lib.figures import plain_date
from keji.modules.projects.models import AgendaItem, Attendee, PanelMeeting, Review, ReviewBatch

MOST_MINUTES = 240


def masked_as(code: str, actor: Actor) -> Actor:
    """An expert as the log names them: by code, so that no page of history tells who sits on the panel."""
    return actor if actor.is_system else replace(actor, name=f"评审专家 {code}")


def meeting_of(batch: ReviewBatch) -> PanelMeeting | None:
    return PanelMeeting.objects.select_related("chair__person", "secretary").filter(batch=batch).first()


def held_meeting(batch: ReviewBatch) -> tuple[ReviewBatch, PanelMeeting]:
    """The batch, locked, and its meeting while it can go on. Raises Refused with a sentence."""
    fresh: ReviewBatch = locked(batch)
    found = meeting_of(fresh)
    if found is None:
        raise Refused("这一批次还没有召集评审会议")
    if fresh.state != ReviewBatch.State.RUNNING:
        raise Refused(f"评审{fresh.get_state_display()}，不能再办理会议事项")
    if today() < found.held_on:
        raise Refused(f"会议在{plain_date(found.held_on)}举行，当天才能办理")
    found.batch = fresh
    return fresh, found


def by_officer(actor: Actor) -> None:
    if not actor.has(Role.OFFICER):
        raise Refused("评审会议由业务科室组织")


def secretaries(on: date) -> list[tuple[int, str]]:
    """Officers who can keep the record: [(account, name)]."""
    keys = Grant.objects.filter(role=Role.OFFICER).in_force(on).values("account")
    return list(Account.objects.filter(pk__in=keys).order_by("name", "pk").values_list("pk", "name"))


def call_meeting(
    batch: ReviewBatch,
    *,
    held_on: date,
    starts_at: time,
    place: str,
    secretary: int,
    digits: str,
    minutes_each: int,
    actor: Actor,
    at: datetime,
) -> PanelMeeting:
    """Call the meeting, or call it anew while the batch is still being put together. Raises Refused with a sentence.

    The agenda is in the order of SHA-256 of "batch's number|digits|proposal's number": `digits` are read aloud when the
    lots are drawn, and whoever has them gets the same order.
    """
    by_officer(actor)
    with writing(actor, at):
        fresh: ReviewBatch = locked(batch)
        if why := _call_problem(fresh, held_on, place, secretary, digits, minutes_each, day_of(at)):
            raise Refused(why)
        before = meeting_of(fresh)
        found = before or PanelMeeting(batch=fresh)
        found.held_on, found.starts_at, found.place = held_on, starts_at, whole(place, 120, "会议地点")
        found.secretary_id, found.digits, found.by_hand = secretary, digits, ""
        found.save()
        found.items.all().delete()
        rows = list(fresh.proposals.values_list("pk", "number"))
        AgendaItem.objects.bulk_create(
            [
                AgendaItem(meeting=found, proposal_id=key, order=place, minutes=minutes_each)
                for place, key in enumerate(drawn_order(fresh.number, digits, rows), 1)
            ]
        )
        said = f"{plain_date(held_on)} {starts_at:%H:%M}，{found.place}，{len(rows)} 个项目，抽签数字 {digits}"
        log("重新召集评审会议" if before else "召集评审会议", fresh, {"会议": [None, said]})
    return found


def drawn_order(batch: str, digits: str, rows: Sequence[tuple[int, str]]) -> list[int]:
    """The proposals' keys in the order drawn; `rows`: (key, number)."""
    lots = {key: sha256(f"{batch}|{digits}|{number}".encode()).hexdigest() for key, number in rows}
    return sorted(lots, key=lambda key: (lots[key], key))


def _call_problem(
    batch: ReviewBatch, held_on: date, place: str, secretary: int, digits: str, minutes_each: int, on: date
) -> str:
    if not batch.guideline.scheme.meets:
        return "这一指南的评审方案是网络评审，不召集会议"
    if batch.state != ReviewBatch.State.DRAFT:
        return "评审已经开始，会议安排不能整体重来；次序和时长可以单独调整"
    if held_on < on:
        return f"会议日期{plain_date(held_on)}已过，请核对"
    if held_on > batch.due_on:
        return f"会议日期在评审截止{plain_date(batch.due_on)}之后，请改会议日期或先修改批次的评审截止"
    if not place.strip():
        return "请填写会议地点"
    if not digits.isdecimal() or not 4 <= len(digits) <= 12:
        return "抽签数字是当众报出的 4 到 12 位数字，排定次序用"
    if not 1 <= minutes_each <= MOST_MINUTES:
        return f"每个项目的时长是 1 到 {MOST_MINUTES} 分钟"
    if secretary not in dict(secretaries(on)):
        return "会议秘书应是业务科室的同志"
    return "" if batch.proposals.exists() else "批次里没有项目"


def arrange_agenda(
    meeting: PanelMeeting, wanted: Mapping[int, tuple[int, int]], reason: str, *, actor: Actor, at: datetime
) -> None:
    """Set order and minutes by hand: {item's key: (place from 1, minutes)}. Another order needs its reason."""
    by_officer(actor)
    with writing(actor, at):
        batch: ReviewBatch = locked(meeting.batch)
        fresh = PanelMeeting.objects.get(pk=meeting.pk)
        if batch.state == ReviewBatch.State.CLOSED or fresh.agreed_at is not None:
            raise Refused("会议已经结束，议程不能再改")
        items = {item.pk: item for item in fresh.items.select_related("proposal")}
        if set(items) != set(wanted):
            raise Refused("议程有变化，请刷新后再改")
        if sorted(order for order, _ in wanted.values()) != list(range(1, len(items) + 1)):
            raise Refused(f"次序应是 1 到 {len(items)}，每个数用一次")
        if any(not 1 <= minutes <= MOST_MINUTES for _, minutes in wanted.values()):
            raise Refused(f"每个项目的时长是 1 到 {MOST_MINUTES} 分钟")
        moved = [items[key] for key, (order, _) in wanted.items() if items[key].order != order]
        if moved and not reason.strip():
            raise Refused("改变抽签排定的次序，请写明理由")
        old = "、".join(f"{i.order}.{i.proposal.number}" for i in items.values())
        for key, (order, minutes) in wanted.items():
            items[key].order, items[key].minutes = order, minutes
            items[key].save(update_fields=["order", "minutes"])
        if moved:
            fresh.by_hand = whole(reason, 300, "理由")
            fresh.save(update_fields=["by_hand"])
        new = "、".join(f"{i.order}.{i.proposal.number}" for i in sorted(items.values(), key=lambda i: i.order))
        told = {"次序": [old, new]} if moved else {"时长": [None, "有调整"]}
        log("调整评审会议议程", batch, told, reason=reason.strip())


def timetable(meeting: PanelMeeting) -> list[tuple[AgendaItem, time]]:
    """Each item with when it begins."""
    begin, found = datetime.combine(meeting.held_on, meeting.starts_at), []
    for item in meeting.items.select_related("proposal__party"):
        found.append((item, begin.time()))
        begin += timedelta(minutes=item.minutes)
    return found


def starting_problem(batch: ReviewBatch) -> str:
    """Why a batch whose panel sits together cannot begin yet; "" when it can, and for one that does not meet."""
    if not batch.guideline.scheme.meets:
        return ""
    found = meeting_of(batch)
    if found is None:
        return "会议评审请先召集评审会议：时间、地点、秘书和项目次序"
    if found.items.count() != batch.proposals.count():
        return "批次里的项目有变化，请重新召集评审会议"
    return f"会议日期{plain_date(found.held_on)}已过，请重新召集" if found.held_on < today() else ""


def open_meeting(batch: ReviewBatch, at: datetime) -> None:
    """Part of beginning a batch: everybody on the panel is expected and told when and where."""
    if (found := meeting_of(batch)) is None:
        return
    for attendee in seat(found):
        if account := attendee.person.account_id:
            text = f"评审会议{plain_date(found.held_on)} {found.starts_at:%H:%M}在{found.place}举行，请到会签到"
            Notice.objects.create(account_id=account, text=text, url=f"/projects/meetings/{found.pk}", at=at)


def seat(meeting: PanelMeeting) -> list[Attendee]:
    """Expect everybody who has a sheet of the batch and is not expected yet; → the new ones."""
    there = set(meeting.attendees.values_list("person", flat=True))
    codes = dict(Review.objects.filter(batch=meeting.batch_id).exclude(person__in=there).values_list("person", "code"))
    return [
        Attendee.objects.create(meeting=meeting, person_id=person, code=code)
        for person, code in sorted(codes.items(), key=lambda pair: pair[1])
    ]
