"""Who reads and writes what in this module."""

from __future__ import annotations

from keji.kernel.people.roles import BUREAU, Actor, Role, Scope
from keji.kernel.records.access import Access
from keji.kernel.records.models import RecordQuerySet

APPLICANTS = frozenset({Role.ENTERPRISE, Role.INSTITUTION})
OVERSEERS = BUREAU | {Role.INSPECTOR}

#: A unit files for itself, its county recommends; the bureau and the inspector see all. Experts are not named: what
#: they may read of a proposal stands on their own review.
FILED_BY_UNIT = Access(
    read={**dict.fromkeys(OVERSEERS, Scope.ALL), Role.COUNTY: Scope.REGION, **dict.fromkeys(APPLICANTS, Scope.PARTY)},
    write={Role.OFFICER: Scope.ALL, Role.COUNTY: Scope.REGION, **dict.fromkeys(APPLICANTS, Scope.PARTY)},
)
#: What the bureau announces to everybody concerned.
ANNOUNCED = Access(
    read=dict.fromkeys([*OVERSEERS, Role.COUNTY, *APPLICANTS], Scope.ALL),
    write={Role.OFFICER: Scope.ALL},
    region="",
    party="",
)
#: What the bureau works with alone, under the inspector's eyes.
WORKING_PAPER = Access(read=dict.fromkeys(OVERSEERS, Scope.ALL), write={Role.OFFICER: Scope.ALL}, region="", party="")
#: A review: its expert, whoever runs it, the inspector.
OWN_REVIEW = Access(
    read={**dict.fromkeys(OVERSEERS, Scope.ALL), Role.EXPERT: Scope.OWN},
    write={Role.OFFICER: Scope.ALL, Role.EXPERT: Scope.OWN},
    region="",
    party="",
    account="person__account",
)


class AnnouncedQuerySet(RecordQuerySet):
    def visible_to(self, actor: Actor) -> RecordQuerySet:
        """Drafts are the bureau's own; others see what has been announced."""
        found = super().visible_to(actor)
        return found if actor.has(*OVERSEERS) else found.exclude(state="draft")
