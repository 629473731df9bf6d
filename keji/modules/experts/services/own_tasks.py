"""What waits for an expert in the pool: invitations to answer, the yearly confirmation."""

from __future__ import annotations

from datetime import date, timedelta

from keji.kernel.people.roles import Actor
from keji.lib.figures import plain_date
from keji.modules.experts.models import Expert, Seat
from keji.modules.experts.services.seats import ANSWERABLE

SOON = timedelta(days=30)


def expert_tasks(actor: Actor, on: date) -> list[tuple[str, str, str, bool]]:
    """[(what, address, by when, late)] for whoever is in the pool with this account."""
    expert = Expert.objects.filter(person__account=actor.id).select_related("person").first()
    if expert is None:
        return []
    asked = expert.seats.filter(state=Seat.State.ASKED, draw__state__in=ANSWERABLE).select_related("draw")
    found = [
        (
            "评审邀请，请答复是否参加",
            "/experts/mine",
            f"{plain_date(seat.draw.review_on)}评审",
            seat.draw.review_on < on,
        )
        for seat in asked.order_by("draw__review_on", "pk")
    ]
    until = expert.confirmed_until
    if expert.state == Expert.State.ACTIVE and (until is None or until - on <= SOON):
        when = f"有效至{plain_date(until)}" if until else "还没有确认过"
        found.append(("年度确认：核对您的单位、职务和专长", "/experts/mine", when, until is not None and until < on))
    return found
