"""On the review day somebody of an opened panel does not come: the next in the published order takes the seat."""

from __future__ import annotations

from datetime import datetime

from keji.kernel.audit.log import writing
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.modules.experts.asking import Member
from keji.modules.experts.models import Draw, Seat
from keji.modules.experts.services.seats import answer


def stand_in(number: str, person: int, reason: str, *, actor: Actor, at: datetime) -> Member:
    """Give the seat of `person` in the opened draw `number` to the next in order; → who that is.

    By whoever runs the review, who sees that nobody sits there. Twice is once. Raises LookupError for an unknown draw,
    Refused with a sentence where nobody can take the seat.
    """
    if not actor.has(Role.OFFICER):
        raise Refused("递补由业务科室办理")
    draw = Draw.objects.filter(number=number).first()
    if draw is None:
        raise LookupError(f"没有编号为 {number} 的抽取")
    if not draw.opened:
        raise Refused(f"抽取 {number} 现为“{draw.get_state_display()}”，启封后才能递补")
    with writing(actor, at):
        seat = Seat.objects.select_related("expert__person", "draw").filter(draw=draw, expert__person=person).first()
        if seat is None:
            raise Refused(f"这位专家不在抽取 {number} 的名单里")
        if seat.state != Seat.State.DECLINED:
            # Nobody is there to answer for the seat: it is the review's own word, kept under the officer's name.
            answer(seat, False, why=Seat.Why.OTHER, reason=reason, actor=Actor.system(actor.name), at=at)
        taken = Seat.objects.select_related("expert__person").get(after=seat)
    known = taken.expert
    return Member(known.person_id, known.person.account_id, known.number, known.person.name, known.employer)
