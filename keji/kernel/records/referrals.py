"""Handing a matter over to whoever deals with dishonesty: modules of one shelf never import each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from keji.kernel.audit.log import log, writing
from keji.kernel.parties.models import Party, Person
from keji.kernel.people.roles import Actor


class Referral(NamedTuple):
    """What is handed over: the record it comes from by number, whom it is about, what happened."""

    number: str
    gist: str
    party: Party | None = None
    person: Person | None = None


Receiver = Callable[[Referral, Actor, datetime], None]
_receivers: list[Receiver] = []


def receives(receiver: Receiver) -> Receiver:
    """Mark what takes referrals in. It runs inside the act that refers and tells the record nothing of what follows."""
    _receivers.append(receiver)
    return receiver


def refer(record: object, referral: Referral, *, actor: Actor, at: datetime) -> bool:
    """Hand a matter over in the same transaction; whether anybody takes referrals in this house."""
    with writing(actor, at):
        for receiver in _receivers:
            receiver(referral, actor, at)
        taken = bool(_receivers)
        log("移送科研诚信" if taken else "应移送科研诚信，本平台没有受理模块", record)  # type: ignore[arg-type]
    return taken
