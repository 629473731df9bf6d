"""What a subject sees of their case: their own papers, their own clock. Nothing of who reported, or of others."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import take
from keji.modules.integrity.models import CasePaper, Subject

#: What is addressed to a subject. The report of the investigation and the receipts stay in the file.
THEIRS = ("acceptance", "decision", "review")


def subjects_of(actor: Actor) -> Any:
    """The subjects this actor stands for: the unit they act for, or themselves. Lent authority does not count."""
    own = {a.party for a in actor.authorities if a.role in (Role.ENTERPRISE, Role.INSTITUTION) and not a.lent_by}
    found = Q(party__in=own - {None})
    if actor.id:
        found |= Q(person__account=actor.id)
    return Subject.objects.filter(found).select_related("case", "party", "person")


def papers_of(subject: Subject) -> list[CasePaper]:
    """What reached this subject: an acceptance once told, a decision once served."""
    rows = CasePaper.objects.filter(subject=subject, kind__in=THEIRS).order_by("issued_on", "pk")
    reached = {
        "acceptance": subject.told_on is not None,
        "decision": subject.served_on is not None,
        "review": subject.review_served_on is not None,
    }
    return [p for p in rows if reached[p.kind]]


def word_of(subject: Subject) -> str:
    """How far it is, in a word fit for the subject."""
    case = subject.case
    if subject.served_on is None:
        return "已结案" if case.closed_on else "办理中"
    if case.state in ("closed", "in_force"):
        return str(case.get_state_display())
    if case.state == "reviewed" and subject.review_served_on is None:
        return "复查中"
    if case.state in ("appealed", "reviewing") and subject.appealed_on is None:
        return "已送达"
    return str(case.get_state_display())


def appeal(subject: Subject, text: str, *, actor: Actor, at: datetime) -> None:
    """The subject's own appeal. Raises Refused with a sentence."""
    take("appeal", subject.case, actor=actor, at=at, place=subject.place, text=text)
