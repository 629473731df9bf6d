"""What has been printed: the frozen figures that stand in issued bulletins, which anybody may know."""

from __future__ import annotations

from functools import lru_cache

from keji.kernel.documents.models import Paper
from keji.modules.plan.services.bulletin import KIND

#: (indicator, region, period, version) of a reading
Printed = tuple[str, str, str, int]


def printed_readings() -> dict[Printed, str]:
    """{reading: number of the bulletin that printed it first}. An issued paper never changes, so it is read once."""
    papers = Paper.objects.filter(kind=KIND, state=Paper.State.ISSUED)
    keys = papers.order_by("issued_on", "pk").values_list("pk", "number", "data_digest")
    return _read(tuple(keys))


@lru_cache(maxsize=2)
def _read(keys: tuple[tuple[int, str, str], ...]) -> dict[Printed, str]:
    papers = Paper.objects.in_bulk([pk for pk, *_ in keys])
    found: dict[Printed, str] = {}
    for pk, number, _ in keys:
        for indicator, region, period, version, *_ in papers[pk].content["data"]["readings"]:
            found.setdefault((indicator, region, period, version), number)
    return found
