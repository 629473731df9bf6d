"""Figures of one year, and what is in force now. Counts only; whose cases they are is not said."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Q, Sum

from keji.kernel.parties.models import Region, Standing
from keji.modules.integrity.clocks import check_due, investigate_due
from keji.modules.integrity.models import Activity, Case


def case_figures(year: int, on: date) -> dict[str, int]:
    """Cases of a year: received, accepted, refused, decided, closed; how many checks and investigations were in time."""
    span = (date(year, 1, 1), date(year, 12, 31))
    received = Case.objects.filter(received_on__range=span)
    found: dict[str, int] = received.aggregate(
        received=Count("pk"),
        waiting=Count("pk", filter=Q(state__in=["received", "checking"])),
        refused=Count("pk", filter=Q(state__in=["refused", "transferred"])),
    )
    found["accepted"] = Case.objects.filter(accepted_on__range=span).count()
    found["decided"] = Case.objects.filter(decided_on__range=span).count()
    found["appealed"] = Case.objects.filter(subjects__appealed_on__range=span).distinct().count()
    found["closed"] = Case.objects.filter(closed_on__range=span, accepted_on__isnull=False).count()
    checks = list(received.filter(Q(accepted_on__isnull=False) | Q(state__in=["refused", "transferred"])))
    found["checked"] = len(checks)
    found["checked_late"] = sum((c.accepted_on or c.closed_on) > check_due(c) for c in checks)
    running = Case.objects.filter(state="investigating")
    found["overdue"] = sum((due := investigate_due(c)) is not None and due < on for c in running)
    return found


def in_force(on: date) -> Any:
    """Sanctions in force on a day, over units and people."""
    rows = Standing.objects.filter(kind=Standing.Kind.SANCTION).in_force(on)
    return rows.select_related("party", "person__party").order_by("-from_on", "-pk")


def education(year: int) -> list[dict[str, Any]]:
    """Per region in order: confirmed activities of the year, people reached, copies, and how many wait."""
    span = (date(year, 1, 1), date(year, 12, 31))
    sums = {
        row["region"]: row
        for row in Activity.objects.filter(held_on__range=span)
        .order_by()
        .values("region")
        .annotate(
            count=Count("pk", filter=Q(state="confirmed")),
            people=Sum("people", filter=Q(state="confirmed")),
            copies=Sum("copies", filter=Q(state="confirmed")),
            waiting=Count("pk", filter=Q(state="reported")),
        )
    }
    nothing = {"count": 0, "people": 0, "copies": 0, "waiting": 0}
    return [{"region": region, **nothing, **_whole(sums.get(region.pk))} for region in Region.objects.all()]


def _whole(row: dict[str, Any] | None) -> dict[str, int]:
    return {n: row[n] or 0 for n in ("count", "people", "copies", "waiting")} if row else {}
