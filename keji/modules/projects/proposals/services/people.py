"""The person a proposal names as its leader: one row a human being, found again by code or by unit and name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.parties.models import Person
from keji.kernel.people.roles import Actor


def known_leader(proposal: Any) -> Person | None:
    """Whoever the house knows under the code given, or under this name in this unit when there is but one."""
    if proposal.leader_id_number:
        return Person.objects.known_by(proposal.leader_id_number).first()
    same = list(Person.objects.filter(party=proposal.party_id, name=proposal.leader_name)[:2])
    return same[0] if len(same) == 1 else None


def leader_of(proposal: Any, *, actor: Actor, at: datetime) -> Person:
    """The leader's row, made when the house does not know them yet."""
    if found := known_leader(proposal):
        return found
    with writing(actor, at):
        made: Person = Person.objects.create(
            name=proposal.leader_name, party=proposal.party, id_number=proposal.leader_id_number, created_at=at
        )
        log("登记人员", made, {"name": [None, made.name]})
    return made
