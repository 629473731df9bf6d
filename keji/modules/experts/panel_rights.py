"""Who may see whom a draw gave. Asked by every page, paper and answer that could name a member."""

from __future__ import annotations

from keji.kernel.parties.models import Person
from keji.kernel.people.roles import Actor, Role
from keji.modules.experts.models import Draw

#: Roles of those who are judged. Whoever holds one of them never sees a panel, whatever else they are.
APPLICANTS = (Role.ENTERPRISE, Role.INSTITUTION, Role.FINANCIER)


def stands_to_gain(actor: Actor, draw: Draw) -> bool:
    """Does this account belong to somebody whose own matter is under review?"""
    if actor.is_system:
        return False
    if any(a.role in APPLICANTS for a in actor.authorities):
        return True
    own = Person.objects.filter(account_id=actor.account_id).values_list("pk", "party_id").first()
    if own is None:
        return False
    for subject in draw.subjects.all():
        if own[1] in subject.parties or any(p.get("person") == own[0] for p in subject.people):
            return True
    return False


def may_see_panel(actor: Actor, draw: Draw) -> bool:
    """The inspector from the draw on; who calls the experts from the draw on; who runs it once it is opened."""
    if not draw.drawn or actor.is_system or stands_to_gain(actor, draw):
        return False
    if any(a.role == Role.INSPECTOR and not a.lent_by for a in actor.authorities):
        return True
    officer = any(a.role == Role.OFFICER for a in actor.authorities)
    if officer and actor.id == draw.contact_id:
        return True
    return draw.opened and officer and actor.id in (draw.requested_by_id, draw.frozen.frozen_by_id)


def may_see_contacts(actor: Actor, draw: Draw) -> bool:
    """Phones: only whoever calls the experts, while they are to be called."""
    return may_see_panel(actor, draw) and actor.id == draw.contact_id and draw.state in ("sealed", "opened")
