"""Whom an expert may have to keep away from, told so that a blind review stays blind.

An open draw names the units under review. A blind one shows a longer list in the order of names: those under review
among three times as many that are not, the same list whenever it is looked at. The expert marks every unit they have an
interest in; marks are kept as declared ties, and only whoever marked a unit under review is let go. Nobody learns from
the list, nor from being asked to come, who applies; whoever keeps away learns it of a unit they are tied to anyway.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

from keji.kernel.audit.log import writing
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused
from keji.modules.experts.models import Draw, DrawSubject, Seat, Tie
from keji.modules.experts.services.seats import VEILED, answer, answer_refusal
from keji.modules.experts.services.ties import TieRow, declare_tie

OTHERS, LEAST = 3, 30  # so many beside each unit under review, so many names at least


def units_under_review(draw: Draw) -> set[int]:
    """Keys of the units on the applicants' side."""
    subjects = DrawSubject.objects.filter(draw=draw).values_list("parties", flat=True)
    return {party for parties in subjects for party in parties}


def named_units(draw: Draw) -> list[tuple[int, str]]:
    """[(unit, name)] as an expert who is asked may read it, in the order of names."""
    concerned = units_under_review(draw)
    rows = Party.objects.filter(pk__in=concerned)
    if draw.blind:
        rows = Party.objects.filter(pk__in=concerned | _others(draw, concerned))
    return list(rows.order_by("name", "pk").values_list("pk", "name"))


def _others(draw: Draw, concerned: set[int]) -> set[int]:
    """Units like those under review that are not: by the smallest digests of draw and code, so nobody picks them."""
    alike = Party.objects.filter(kind__in=Party.objects.filter(pk__in=concerned).values("kind"))
    codes = alike.filter(created_at__lte=draw.created_at).exclude(pk__in=concerned).values_list("pk", "uscc")
    lots = sorted((sha256(f"{draw.number}|{code}".encode()).hexdigest(), key) for key, code in codes)
    wanted = max(LEAST - len(concerned), OTHERS * len(concerned))
    return {key for _, key in lots[:wanted]}


def accept_unless_tied(seat: Seat, marked: Collection[int], *, actor: Actor, at: datetime) -> Seat:
    """Accept the seat, unless one of the units marked is under review: then it goes to the next in order.

    `marked`: keys of units the expert has an interest in; each is kept as a tie. Raises Refused with a sentence.
    """
    own = seat.expert.person.account_id == actor.id
    with writing(VEILED if own else actor, at):
        if why := answer_refusal(seat, actor):
            raise Refused(why)
        shown = dict(named_units(seat.draw))
        if set(marked) - set(shown):
            raise Refused("单位名单有变化，请刷新后再答复")
        if marked and not own and not actor.is_system:
            raise Refused("与单位的关系由专家本人申报")
        there = set(seat.expert.ties.filter(withdrawn_at=None, kind=Tie.Kind.OTHER).values_list("party", flat=True))
        for party in sorted(set(marked) - there):
            row = TieRow(seat.expert_id, Tie.Kind.OTHER, unit=shown[party], party=party, detail="答复评审邀请时申报")
            declare_tie(seat.expert, row, actor=actor, at=at)
        if set(marked) & units_under_review(seat.draw):
            return answer(seat, False, why=Seat.Why.CONFLICT, actor=actor, at=at)
        return answer(seat, True, actor=actor, at=at)
