"""Which incubators and makerspaces there are. One that rose to a higher level has several entries in the register;
its tenants stay with the first, which stands for the house."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from keji.kernel.people.roles import Actor
from keji.modules.platforms.models import Platform, Tenant
from keji.modules.platforms.models.incubator import HATCHERIES

RANK = {"national": 0, "provincial": 1, "city": 2, "county": 3}


def houses(actor: Actor, on: date, kind: str = "") -> list[Platform]:
    """The houses this actor sees that stand on a day, the highest level first; `held` names that level."""
    rows = Platform.objects.visible_to(actor).filter(kind__in=[kind] if kind else HATCHERIES)
    return standing(rows.standing_on(on).select_related("party", "region").order_by("pk"))  # type: ignore[attr-defined]


def standing(rows: Iterable[Platform]) -> list[Platform]:
    """One entry a house: the first that has its tenants, with the highest level any of them holds."""
    found: dict[tuple[int, str], Platform] = {}
    best: dict[int, Platform] = {}
    for row in rows:
        house = found.setdefault((row.party_id, row.name), row)
        held = best.get(house.pk)
        if held is None or RANK[row.level] < RANK[held.level]:
            best[house.pk] = row
    for house in found.values():
        house.held = best[house.pk]  # type: ignore[attr-defined]
    return sorted(found.values(), key=lambda h: (RANK[h.held.level], h.region.order, h.pk))  # type: ignore[attr-defined]


def may_write(actor: Actor, house: Platform) -> bool:
    """Does this actor keep the books of the house?"""
    return Tenant.access.reaches(actor, Tenant.access.write, house)


def run_by(actor: Actor, on: date) -> list[Platform]:
    """The houses this actor's own unit runs."""
    return [h for h in houses(actor, on) if h.party_id in actor.parties]
