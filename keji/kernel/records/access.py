"""One question, one answer: may this actor do this to this record? "" means yes, anything else says why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from keji.kernel.people.roles import Actor, Role, Scope

Reach = Mapping[Role, Scope]


@dataclass(frozen=True)
class Access:
    """Which role sees and writes how much of one kind of record. What is not named is forbidden."""

    read: Reach
    write: Reach = field(default_factory=dict)
    region: str = "region"  # path from the record to its region, "" where it has none
    party: str = "party"  # path from the record to its party, "" where it has none
    account: str = ""  # path from the record to the account of the person it is about, "" where it has none

    def within(self, actor: Actor, reach: Reach) -> Q | None:
        """The filter for what `actor` reaches; None for everything. An empty reach matches nothing."""
        if actor.is_system:
            return None
        found = Q(pk__in=[])
        for authority in actor.authorities:
            scope = reach.get(authority.role, Scope.NONE)
            if scope is Scope.ALL:
                return None
            if scope is Scope.REGION and self.region and authority.region:
                found |= Q(**{f"{self.region}": authority.region})
            if scope is Scope.PARTY and self.party and authority.party:
                found |= Q(**{f"{self.party}": authority.party})
            if scope is Scope.OWN and self.account and actor.id:
                found |= Q(**{f"{self.account}": actor.id})
        return found

    def reaches(self, actor: Actor, reach: Reach, record: object) -> bool:
        """The same question for one record in memory, saved or not."""
        if actor.is_system:
            return True
        region, party, account = (_follow(record, path) for path in (self.region, self.party, self.account))
        for authority in actor.authorities:
            scope = reach.get(authority.role, Scope.NONE)
            if scope is Scope.ALL:
                return True
            if scope is Scope.REGION and authority.region and authority.region == region:
                return True
            if scope is Scope.PARTY and authority.party and authority.party == party:
                return True
            if scope is Scope.OWN and actor.id and actor.id == account:
                return True
        return False


def _follow(record: object, path: str) -> object:
    """The key at the end of a path such as "party__region", read from memory."""
    if not path:
        return None
    *steps, last = path.split("__")
    for step in steps:
        record = getattr(record, step, None)
        if record is None:
            return None
    if last in ("pk", "id"):
        return getattr(record, "pk", None)
    return getattr(record, f"{last}_id", None)


def readers(access: Access) -> frozenset[Role]:
    return frozenset(role for role, scope in access.read.items() if scope is not Scope.NONE)


def writers(access: Access) -> frozenset[Role]:
    return frozenset(role for role, scope in access.write.items() if scope is not Scope.NONE)


def refusal(actor: Actor, verb: str, record: object, access: Access) -> str:
    """Why `actor` may not `verb` ("read" or "write") this record; "" when they may."""
    reach = access.read if verb == "read" else access.write
    if access.reaches(actor, reach, record):
        return ""
    if any(reach.get(role, Scope.NONE) is not Scope.NONE for role in actor.roles):
        return "这条记录不在您的县区、单位或本人范围内"
    return "您的角色不能查看这类记录" if verb == "read" else "您的角色不能修改这类记录"
