"""Seats of a panel: asked, taken, declined with a reason, taken over by the next in the published order."""

from __future__ import annotations

from datetime import datetime

from keji.kernel.audit.log import log, writing
from keji.kernel.people.models import Notice
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.saving import whole
from keji.lib import draw as lots
from keji.lib.draw import DrawError, Outcome
from keji.lib.figures import plain_date
from keji.modules.experts.models import Draw, DrawResult, PoolEntry, Seat, Use
from keji.modules.experts.services.drawing import outcome_of
from keji.modules.experts.services.freezing import frozen_of

#: What the log calls an expert who answers: their name there would tell who sits on the panel. The seat knows it.
VEILED = Actor.system("受邀专家")
ANSWERABLE = (Draw.State.SEALED, Draw.State.OPENED)


def seat_panel(draw: Draw, outcome: Outcome, at: datetime) -> None:
    """The drawn panel takes its seats and is asked; part of the draw."""
    entries = {e.alias: e for e in PoolEntry.objects.filter(draw=draw, alias__in=outcome.panel)}
    for order, name in enumerate(outcome.panel, start=1):
        _ask(draw, entries[name], order, None, at)


def _ask(draw: Draw, entry: PoolEntry, order: int, after: Seat | None, at: datetime) -> Seat:
    seat = Seat.objects.create(
        draw=draw, expert_id=entry.expert_id, alias=entry.alias, order=order, after=after, asked_at=at
    )
    if account := entry.expert.person.account_id:
        text = f"您被抽取参加{plain_date(draw.review_on)}的一次评审，请答复是否参加"
        Notice.objects.create(account_id=account, text=text, url="/experts/mine", at=at)
    return seat


def answer_refusal(seat: Seat, actor: Actor) -> str:
    """Why this actor may not answer for this seat; "" when they may: the expert, or whoever calls the experts."""
    if seat.draw.state not in ANSWERABLE:
        return f"这次抽取当前是“{seat.draw.get_state_display()}”，不能再答复"
    if actor.is_system or seat.expert.person.account_id == actor.id:
        return ""
    if actor.id == seat.draw.contact_id and actor.has(Role.OFFICER):
        return ""
    return "由专家本人答复，或由联络人按电话答复登记"


def answer(seat: Seat, accept: bool, *, why: str = "", reason: str = "", actor: Actor, at: datetime) -> Seat:
    """Accept, or decline with a reason; declining hands the seat to the next in order in the same transaction.

    The same answer twice is one answer. Who accepted may still decline; who declined has given the seat away.
    Raises Refused with a sentence.
    """
    with writing(VEILED if seat.expert.person.account_id == actor.id else actor, at):
        draw = Draw.objects.select_for_update(of=("self",)).get(pk=seat.draw_id)  # one answer at a time per draw
        fresh = Seat.objects.select_related("expert__person").get(pk=seat.pk)
        fresh.draw = draw
        if refusal := answer_refusal(fresh, actor):
            raise Refused(refusal)
        if fresh.state == Seat.State.DECLINED:
            if accept:
                raise Refused("您已答复不参加，席位已按次序由备选专家递补，不能再改")
            return fresh
        if accept:
            if fresh.state != Seat.State.ACCEPTED:
                _answered(fresh, Seat.State.ACCEPTED, actor, at)
                log("专家答复", draw, {"答复": [None, "参加"]})
            return fresh
        if why not in Seat.Why.values:
            raise Refused("请选择不参加的原因")
        if why == Seat.Why.OTHER and not reason.strip():
            raise Refused("请写明不参加的原因")
        fresh.why, fresh.reason = why, whole(reason, 300, "理由")
        _answered(fresh, Seat.State.DECLINED, actor, at)
        _hand_on(draw, fresh, at)
    return fresh


def _answered(seat: Seat, state: str, actor: Actor, at: datetime) -> None:
    seat.state, seat.answered_at, seat.answered_by = state, at, actor.name
    seat.save()


def _hand_on(draw: Draw, seat: Seat, at: datetime) -> None:
    """The next in the published order takes the seat; the result gets its next version."""
    result = DrawResult.objects.select_for_update(of=("self",)).get(draw=draw)
    label = str(Seat.Why(seat.why).label)  # the published file names the kind of reason only
    try:
        outcome = lots.replace(
            frozen_of(draw), outcome_of(draw), seat.alias, reason=label, at=at.isoformat(timespec="seconds")
        )
    except DrawError as problem:
        raise Refused(_unfilled(str(problem), seat)) from None
    taken = outcome.replacements[-1].taken
    entry = PoolEntry.objects.select_related("expert__person").get(draw=draw, alias=taken)
    next_seat = _ask(draw, entry, seat.order, seat, at)
    result.content, result.sha256, result.sm3 = outcome.content.decode(), outcome.sha256, outcome.sm3
    result.versions = [
        *result.versions,
        {"at": at.isoformat(timespec="seconds"), "sha256": outcome.sha256, "sm3": outcome.sm3, "why": f"递补：{label}"},
    ]
    result.save()
    if draw.opened:
        _use(draw, next_seat)
        Use.objects.filter(draw=draw, expert=seat.expert, marked_at=None).delete()
    log("专家不参加，按次序递补", draw, {"原因": [None, label], "结果摘要": [None, outcome.sha256]})


def _unfilled(problem: str, seat: Seat) -> str:
    return problem.replace(seat.alias, "该专家").rstrip("。")


def open_seats(draw: Draw, at: datetime) -> None:
    """Part of 启封: everybody who has not declined counts as used this year, and is to be marked."""
    result = DrawResult.objects.get(draw=draw)
    result.opened_at = at
    result.save(update_fields=["opened_at"])
    for seat in draw.seats.exclude(state=Seat.State.DECLINED):
        _use(draw, seat)


def _use(draw: Draw, seat: Seat) -> None:
    Use.objects.get_or_create(draw=draw, expert_id=seat.expert_id, defaults={"on": draw.review_on, "task": draw.title})
