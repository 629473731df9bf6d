"""Who holds which title on a day, asked the same way by every list."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from keji.modules.enterprises.models import Certification


def held(rung: str, on: date, party: str = "party") -> Exists:
    """Does the firm hold this title: valid on the day; a yearly listing must be of the day's own year.

    `party`: the path from the row asked about to its firm. Reported titles nobody has confirmed yet do not count.
    """
    rows = Certification.objects.filter(party=OuterRef(party), kind=rung).valid_on(on)  # type: ignore[attr-defined]
    return Exists(rows.filter(year=on.year) if rung == "tech_sme" else rows)


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
