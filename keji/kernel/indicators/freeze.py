"""Freezing a month: every indicator, every region, with the very records counted."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.indicators.indicator import Counted, Indicator, Reported, catalogue
from keji.kernel.indicators.models import Reading, ReportedFigure
from keji.kernel.parties.models import Region
from keji.kernel.people.roles import Actor
from keji.lib.figures import Period, parse_period


def live(indicator: Indicator, period: Period) -> dict[str, Reading]:
    """{region: an unsaved reading} as the records stand now."""
    regions = list(Region.objects.all())
    city = next((r for r in regions if r.level == Region.Level.CITY), None)
    parts = [r for r in regions if r.level != Region.Level.CITY]
    if isinstance(indicator, Counted):
        return _counted(indicator, period, city, parts)
    if isinstance(indicator, Reported):
        return _reported(indicator, period, city, parts)
    raise TypeError(indicator.code)


def _counted(indicator: Counted, period: Period, city: Region | None, parts: list[Region]) -> dict[str, Reading]:
    members = indicator.members(period)
    amounts = indicator.amounts(period, members)
    found = {}
    for region in parts:
        found[region.code] = _reading(indicator, period, region)
        found[region.code].value = amounts.get(region.code, Decimal(0) if indicator.adds_up else None)
        found[region.code].ids = members.get(region.code, [])
    if city:
        whole = _reading(indicator, period, city)
        # Records that sit on the city itself count too; the list of a city is the union of its parts' lists.
        whole.value = sum(amounts.values(), Decimal(0)) if indicator.adds_up else amounts.get(city.code)
        whole.ids = members.get(city.code, [])
        found[city.code] = whole
    for reading in found.values():
        if reading.value is None:  # a share of nothing
            reading.empty = Reading.Empty.NOT_APPLICABLE
    return found


def _reported(indicator: Reported, period: Period, city: Region | None, parts: list[Region]) -> dict[str, Reading]:
    own = indicator.period_of(period)
    figures = latest_figures(indicator, own) if own else {}
    found = {}
    for region in [*parts, *([city] if city else [])]:
        reading = _reading(indicator, period, region)
        if figure := figures.get(region.code):
            reading.value, reading.source = figure.value, f"{figure.owner}（{parse_period(figure.period).label}）"
            reading.computed_rate, reading.reported_rate = _rate(figure), figure.reported_rate
            reading.ids = [figure.pk]
        else:
            reading.empty = Reading.Empty.NOT_REPORTED if own else Reading.Empty.NOT_APPLICABLE
        found[region.code] = reading
    return found


def latest_figures(indicator: Reported, own: Period) -> dict[str, ReportedFigure]:
    """{region: confirmed figure of `own`}; of a yearly series the newest one out, for it comes months late."""
    rows = ReportedFigure.objects.filter(indicator=indicator.code, state=ReportedFigure.State.CONFIRMED)
    if own.kind == "year":
        rows = rows.filter(period__lte=str(own), period__gte=str(own.year - 1)).order_by("period")
    else:
        rows = rows.filter(period=str(own))
    return {figure.region_id: figure for figure in rows}


def _rate(figure: ReportedFigure) -> Decimal | None:
    rate = figure.computed_rate
    return None if rate is None else rate.quantize(Decimal("0.0001"))


def _reading(indicator: Indicator, period: Period, region: Region) -> Reading:
    return Reading(
        indicator=indicator.code, region=region, period=str(period), as_of=period.end, source=indicator.owner
    )


def freeze(period: Period, *, actor: Actor, at: datetime, only: list[str] | None = None, note: str = "") -> int:
    """Freeze `period`: unchanged figures keep their version, changed ones get a new one beside the old.

    Returns how many readings were written. A second freeze of the same records writes nothing.
    """
    with writing(actor, at):
        current = {(r.indicator, r.region_id): r for r in Reading.objects.filter(period=str(period), current=True)}
        fresh: list[Reading] = []
        for code, indicator in catalogue().items():
            if only is None or code in only:
                fresh += live(indicator, period).values()
        new = [r for r in fresh if _differs(current.get((r.indicator, r.region_id)), r)]
        # A part that changed renews the whole, so that a city's figure always belongs to the parts frozen with it.
        moved = {r.indicator for r in new}
        new += [r for r in fresh if r.indicator in moved and r.region.level == Region.Level.CITY and r not in new]
        old = [current[key] for r in new if (key := (r.indicator, r.region_id)) in current]
        Reading.objects.filter(pk__in=[r.pk for r in old]).update(current=False)
        for reading in new:
            before = current.get((reading.indicator, reading.region_id))
            reading.version = before.version + 1 if before else 1
            reading.frozen_at, reading.frozen_by, reading.note = at, actor.name, note if before else ""
        Reading.objects.bulk_create(new, batch_size=200)
        if new:
            summary = {f"{r.indicator}@{r.region_id}": [None, r.value] for r in new}
            log(f"定格{period.label}", new[0], summary, reason=note)
    return len(new)


def _differs(before: Reading | None, after: Reading) -> bool:
    if before is None:
        return True
    fields = ("value", "empty", "ids", "computed_rate", "reported_rate")
    return any(_same(getattr(before, f)) != _same(getattr(after, f)) for f in fields)


def _same(value: Any) -> Any:
    return value.normalize() if isinstance(value, Decimal) else value


def members_of(reading: Reading) -> list[int]:
    """The records behind a frozen figure; a city's are those of its parts."""
    if reading.region.level != Region.Level.CITY or not isinstance(catalogue().get(reading.indicator), Counted):
        return list(reading.ids)
    parts = Reading.objects.filter(indicator=reading.indicator, period=reading.period)
    parts = parts.filter(pk__lte=reading.pk)  # parts are written before their whole
    latest: dict[str, Reading] = {}
    for part in parts.order_by("version"):
        if part.region_id != reading.region_id:
            latest[part.region_id] = part
    return sorted([*reading.ids, *(pk for part in latest.values() for pk in part.ids)])
