"""Who reads and writes what in this module."""

from __future__ import annotations

from keji.kernel.people.roles import BUREAU, Actor, Role, Scope
from keji.kernel.records.access import Access
from keji.kernel.records.models import RecordQuerySet

HOSTS = frozenset({Role.ENTERPRISE, Role.INSTITUTION})
OVERSEERS = BUREAU | {Role.INSPECTOR}

#: The host files for itself, the county for its own; the bureau and the inspector see all.
FILED_BY_HOST = Access(
    read={**dict.fromkeys(OVERSEERS, Scope.ALL), Role.COUNTY: Scope.REGION, **dict.fromkeys(HOSTS, Scope.PARTY)},
    write={Role.OFFICER: Scope.ALL, Role.COUNTY: Scope.REGION, **dict.fromkeys(HOSTS, Scope.PARTY)},
)
#: What the bureau announces to everybody concerned.
ANNOUNCED = Access(
    read=dict.fromkeys([*OVERSEERS, Role.COUNTY, *HOSTS], Scope.ALL),
    write={Role.OFFICER: Scope.ALL},
    region="",
    party="",
)
#: What the bureau works with alone; counties may look.
WORKING_PAPER = Access(
    read=dict.fromkeys([*OVERSEERS, Role.COUNTY], Scope.ALL), write={Role.OFFICER: Scope.ALL}, region="", party=""
)


class AnnouncedQuerySet(RecordQuerySet):
    def visible_to(self, actor: Actor) -> RecordQuerySet:
        """Drafts are the bureau's own; others see what has been announced."""
        found = super().visible_to(actor)
        return found if actor.has(*OVERSEERS) else found.exclude(state="draft")
