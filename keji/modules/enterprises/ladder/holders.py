"""Who holds which title on a day, asked the same way by every list."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from keji.modules.enterprises.models import Certification


def holding(rung: str, on: date) -> QuerySet[Any]:
    """The titles of a rung that hold on a day; a yearly listing must be of the day's own year.

    Reported titles nobody has confirmed yet do not count.
    """
    rows: QuerySet[Any] = Certification.objects.filter(kind=rung).valid_on(on)
    return rows.filter(year=on.year) if rung == "tech_sme" else rows


def held(rung: str, on: date) -> Exists:
    """Does the row's firm hold this title?"""
    return Exists(holding(rung, on).filter(party=OuterRef("party")))


def title_of(party: int, rung: str, year: int) -> Certification | None:
    """The confirmed title of this rung a firm got in this year or later."""
    rows: QuerySet[Any] = Certification.objects.filter(
        party=party, kind=rung, state=Certification.State.CONFIRMED, issued_on__gte=date(year, 1, 1)
    )
    found: Certification | None = rows.order_by("issued_on", "pk").first()
    return found


def reported_title(party: int, rung: str, year: int) -> Certification | None:
    """The title of this rung reported for a firm in a year, confirmed or waiting to be."""
    states = (Certification.State.REPORTED, Certification.State.CONFIRMED)
    rows = Certification.objects.filter(party=party, kind=rung, year__gte=year, state__in=states)
    found: Certification | None = rows.order_by("issued_on", "pk").first()
    return found
