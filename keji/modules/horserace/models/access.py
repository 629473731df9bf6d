"""Who reads and writes what of the horse race."""

from __future__ import annotations

from django.db.models import Q

from keji.kernel.people.roles import BUREAU, Actor, Role, Scope
from keji.kernel.records.access import Access
from keji.kernel.records.models import RecordQuerySet

SEEN = {**dict.fromkeys([*BUREAU, Role.INSPECTOR], Scope.ALL)}
#: What everybody in the race may read, kept by the bureau.
COMMON = Access(
    read={**SEEN, Role.COUNTY: Scope.ALL}, write={Role.OFFICER: Scope.ALL, Role.LEADER: Scope.ALL}, region="", party=""
)
#: What belongs to one county: it sees and files its own.
OWN = Access(
    read={**SEEN, Role.COUNTY: Scope.REGION},
    write={Role.OFFICER: Scope.ALL, Role.LEADER: Scope.ALL, Role.COUNTY: Scope.REGION},
    party="",
)


class RunQuerySet(RecordQuerySet):
    """A county sees a run once it is published: before that the figures of other counties are nobody's business."""

    def visible_to(self, actor: Actor) -> RunQuerySet:
        found: RunQuerySet = super().visible_to(actor)  # type: ignore[assignment]
        if actor.is_system or actor.has(*SEEN):
            return found
        return found.filter(Q(published_on__isnull=False))


class SchemeQuerySet(RecordQuerySet):
    """A county sees schemes that are or were in force; drafts are the bureau's."""

    def visible_to(self, actor: Actor) -> SchemeQuerySet:
        found: SchemeQuerySet = super().visible_to(actor)  # type: ignore[assignment]
        if actor.is_system or actor.has(*SEEN):
            return found
        return found.filter(state__in=("in_force", "replaced"))
