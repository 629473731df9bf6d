"""What other areas hand over becomes a clue nobody has taken yet; they never learn what came of it from here."""

from __future__ import annotations

from datetime import datetime

from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor
from keji.kernel.records.referrals import Referral, receives
from keji.modules.integrity.models import Case
from keji.modules.integrity.services.cases import make_case, recuse_conflicted


@receives
def open_case(referral: Referral, actor: Actor, at: datetime) -> None:
    """A case found in checking, with the unit and the person as its subjects; whoever must keep out is shut out."""
    gist = f"{referral.number}：{referral.gist}"
    case = make_case(origin=Case.Origin.FOUND, gist=gist, received_on=day_of(at), actor=Actor.system("业务移送"), at=at)
    over: list[dict[str, object]] = [{"party": referral.party}] if referral.party else []
    over += [{"person": referral.person}] if referral.person else []
    for place, whom in enumerate(over, start=1):
        case.subjects.create(place=place, **whom)
    recuse_conflicted(case, at=at)
