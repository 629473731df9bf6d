"""Figures of one year, and what is in force now."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Q, Sum

from keji.kernel.parties.models import Region, Standing
from keji.modules.integrity.clocks import check_due, investigate_due, uncertain
from keji.modules.integrity.models import Activity, Case


def case_sets(year: int, on: date) -> dict[str, Any]:
    """{what: the cases of a year it counts}; figure and list come from the same rows and cannot disagree."""
    span = (date(year, 1, 1), date(year, 12, 31))
    received = Case.objects.filter(year=year)
    ended = Q(accepted_on__isnull=False) | Q(state__in=["refused", "transferred"])
    checked = list(received.filter(ended))
    running = Case.objects.filter(state="investigating")
    return {
        "received": received,
        "waiting": received.filter(state__in=["received", "checking"]),
        "refused": received.filter(state__in=["refused", "transferred"]),
        "accepted": Case.objects.filter(accepted_on__range=span),
        "decided": Case.objects.filter(decided_on__range=span),
        "appealed": Case.objects.filter(subjects__appealed_on__range=span).distinct(),
        "closed": Case.objects.filter(closed_on__range=span, accepted_on__isnull=False),
        "checked": received.filter(ended),
        "checked_late": received.filter(
            pk__in=[c.pk for c in checked if _late(c.accepted_on or c.closed_on, check_due(c))]
        ),
        "unanswered": Case.objects.filter(observations__isnull=False, observations__answered_at=None).distinct(),
        "overdue": running.filter(pk__in=[c.pk for c in running if _late(on, investigate_due(c))]),
    }


def watched(year: int, on: date) -> list[dict[str, Any]]:
    """What the inspector follows: [{label, value, url, note}], a link where there is something to open."""
    sets = case_sets(year, on)
    named = (
        ("waiting", "等初核的线索", ""),
        ("overdue", "调查超期", overdue_note(on)),
        ("unanswered", "监督意见没有答复", ""),
    )
    found = [(label, sets[what].count(), f"/integrity/cases/?what={what}&year={year}", n) for what, label, n in named]
    return [{"label": label, "value": n, "url": url if n else "", "note": note} for label, n, url, note in found]


def overdue_note(on: date) -> str:
    return "按规则时限" + ("，条文待核" if uncertain("investigate_months", on) else "")


def _late(done: date | None, due: date | None) -> bool:
    return done is not None and due is not None and done > due


def in_force(on: date) -> Any:
    """Sanctions in force on a day, over units and people."""
    rows = Standing.objects.filter(kind=Standing.Kind.SANCTION).in_force(on)
    return rows.select_related("party", "person__party").order_by("-from_on", "-pk")


def education(year: int) -> list[dict[str, Any]]:
    """Per region in order: confirmed activities of the year, people reached, copies, and how many wait."""
    sums = {
        row["region"]: row
        for row in Activity.objects.filter(year=year)
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
