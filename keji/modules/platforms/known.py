"""What the registers of platforms and tenants answer for rules and boards of other modules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from keji.kernel.facts.known import derived
from keji.lib.rules.vocabulary import Fact, Kind, declare
from keji.modules.platforms.models import Platform
from keji.modules.platforms.models.incubator import Tenant

#: Kinds that do research; an incubator or a makerspace is a place, not an institution of research.
RESEARCH = [k for k in Platform.Kind.values if k not in (Platform.Kind.INCUBATOR, Platform.Kind.MAKERSPACE)]
HIGH = [Platform.Level.NATIONAL, Platform.Level.PROVINCIAL]

declare(
    Fact("incubated", "在孵企业", Kind.YES_NO, group="资格与荣誉", annual=False, help="由孵化器的在孵登记答复。"),
)


def inside_on(on: date) -> QuerySet[Any]:
    """Firms in incubation on a day."""
    firms: QuerySet[Any] = Tenant.objects.incubated_on(on).filter(firm__isnull=False).order_by().values("firm")
    return firms


@derived("incubated", holders=inside_on)
def in_an_incubator(parties: Sequence[int], on: date) -> Mapping[int, int]:
    """The register of tenants is the bureau's own: a firm that is not in it is not incubated."""
    inside = set(Tenant.objects.incubated_on(on).filter(firm__in=parties).order_by().values_list("firm", flat=True))
    return {party: int(party in inside) for party in parties}


@derived("institution")
def hosts_an_institution(parties: Sequence[int], on: date) -> Mapping[int, int]:
    """Hosts of a recognised platform for research, province level and above; of others what they state stands."""
    rows = Platform.objects.standing_on(on).filter(party__in=parties, level__in=HIGH, kind__in=RESEARCH)
    return dict.fromkeys(rows.order_by().values_list("party", flat=True), 1)
