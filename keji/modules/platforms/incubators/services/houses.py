"""Which incubators and makerspaces there are. One that rose to a higher level has several entries in the register;
its tenants stay with the first, which stands for the house."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from keji.kernel.people.roles import Actor
from keji.modules.platforms.models import Platform, Tenant
from keji.modules.platforms.models.incubator import HATCHERIES

RANK = {"national": 0, "provincial": 1, "city": 2, "county": 3}


def houses(actor: Actor, on: date, kind: str = "") -> list[Platform]:
    """The houses this actor sees of which an entry stands on a day, the highest level first."""
    rows = Platform.objects.visible_to(actor).filter(kind__in=[kind] if kind else HATCHERIES)
    found = grouped(rows, on)
    return sorted((h for h in found if h.stands), key=lambda h: (RANK[h.held.level], h.region.order, h.pk))  # type: ignore[attr-defined]


def grouped(rows: QuerySet[Any], on: date) -> list[Platform]:
    """One entry a house, the first ever confirmed; `held` is its highest, `stands` whether it has one in force."""
    standing = set(rows.standing_on(on).values_list("pk", flat=True))  # type: ignore[attr-defined]
    once = rows.filter(state__in=[Platform.State.CONFIRMED, Platform.State.WITHDRAWN])
    found: dict[tuple[int, str], list[Platform]] = {}
    for row in once.prefetch_related("region").order_by("pk"):  # a handful of regions, not one object a house
        found.setdefault((row.party_id, row.name), []).append(row)
    for entries in found.values():
        alive = [e for e in entries if e.pk in standing]
        entries[0].stands = bool(alive)  # type: ignore[attr-defined]
        entries[0].held = min(alive or entries, key=lambda e: RANK[e.level])  # type: ignore[attr-defined]
    return [entries[0] for entries in found.values()]


def may_write(actor: Actor, house: Platform) -> bool:
    """Does this actor keep the books of the house?"""
    return Tenant.access.reaches(actor, Tenant.access.write, house)


def run_by(actor: Actor, on: date) -> list[Platform]:
    """The houses this actor's own unit runs."""
    return [h for h in houses(actor, on) if h.party_id in actor.parties]
