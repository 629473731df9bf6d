"""Measuring the burden: of everybody once a night, of one unit whenever it is looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone

from keji.kernel.audit.unchanged import while_unchanged
from keji.kernel.facts.models import Filing, Origin, Statement
from keji.kernel.parties.models import Party
from keji.modules.enterprises.burden.models import ANY, COUNTS, Burden
from keji.modules.enterprises.facts.form import AGREED

FROM_FILINGS = ("asked", "known", "agreed", "stated")


def within(column: str, year: int) -> Q:
    """Rows whose moment lies in a calendar year of this house."""
    zone = timezone.get_current_timezone()
    start, end = (datetime(y, 1, 1, tzinfo=zone) for y in (year, year + 1))
    return Q(**{f"{column}__gte": start, f"{column}__lt": end})


def filings(year: int) -> Any:
    """Forms of single units; a county's sheet of many firms counts by what it stated of each."""
    return Filing.objects.filter(within("at", year), party__isnull=False)


def said_twice(year: int) -> Any:
    """{party, name, year, sources} of facts that more than one source filled in, a tap of agreement left out."""
    rows = Statement.objects.filter(within("stated_at", year)).exclude(evidence=AGREED).order_by()
    counted = rows.values("party_id", "name", "year").annotate(sources=Count("origin", distinct=True))
    return counted.filter(sources__gt=1)


def counts_of(year: int, party: Party | None = None) -> dict[int, dict[str, int]]:
    """{unit: {column: count}} of a year, of one unit or of all that were asked or filled in for."""
    of = Q() if party is None else Q(party=party)
    found: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(COUNTS, 0))
    sums = {f"sum_{name}": Sum(name) for name in FROM_FILINGS}
    for row in filings(year).filter(of).order_by().values("party_id").annotate(forms=Count("pk"), **sums):
        counts = {name: row[f"sum_{name}"] or 0 for name in FROM_FILINGS}
        found[row["party_id"]] |= {"forms": row["forms"], **counts}
    county = Statement.objects.filter(of, within("stated_at", year), origin=Origin.COUNTY).exclude(evidence=AGREED)
    for unit, count in county.order_by().values_list("party_id").annotate(Count("pk")):
        found[unit]["filled"] = count
    for row in said_twice(year).filter(of).iterator():
        found[row["party_id"]]["twice"] += row["sources"] - 1
    return dict(found)


def burden_of(party: Party, year: int) -> dict[str, int]:
    """One unit's counts as they stand now, with `share`: per cent of what its forms needed that it was spared."""
    counts = counts_of(year, party).get(party.pk) or dict.fromkeys(COUNTS, 0)
    return counts | {"share": share(counts)}


def share(counts: Mapping[str, int]) -> int:
    """Per cent, rounded down: never 100 while something was asked."""
    whole = counts["asked"] + counts["known"]
    return counts["known"] * 100 // whole if whole else 0


@while_unchanged(4)
def by_region(year: int, measured_at: datetime | None) -> Mapping[str, Mapping[str, int]]:
    """{region: {column: sum, ANY: units}} as measured at that moment: measuring is in no log, its moment tells it."""
    sums = {f"sum_{name}": Sum(name) for name in COUNTS}
    rows = Burden.objects.filter(year=year).order_by().values_list("party__region").annotate(n=Count("pk"), **sums)
    return {region: dict(zip((ANY, *COUNTS), counts, strict=True)) for region, *counts in rows}


def measure(year: int, *, at: datetime) -> int:
    """Measure a year of everybody anew. → how many units had any burden."""
    found = counts_of(year)
    alive = set(Party.objects.filter(merged_into=None).values_list("pk", flat=True))
    rows = [Burden(party_id=pk, year=year, measured_at=at, **row) for pk, row in found.items() if pk in alive]
    with transaction.atomic():
        Burden.objects.filter(year=year).delete()
        Burden.objects.bulk_create(rows, batch_size=500)
    return len(rows)
