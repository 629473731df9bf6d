"""Current figures of targets per region: counted, frozen, filed with evidence, or one of three kinds of nothing.

All figures of a whole plan come from a handful of queries: one per counted indicator, one each for readings, filed
figures and progress, however many targets and counties there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from keji.kernel.audit.unchanged import while_unchanged
from keji.kernel.indicators.indicator import Counted, Indicator, Kind, Reported, catalogue
from keji.kernel.indicators.models import Reading, ReportedFigure
from keji.kernel.parties.models import Region
from keji.lib.figures import Period, format_number, parse_period
from keji.modules.plan.models import PlanTarget, TargetProgress
from keji.modules.plan.services.periods import so_far

NOT_REPORTED, NOT_APPLICABLE = Reading.Empty.NOT_REPORTED.value, Reading.Empty.NOT_APPLICABLE.value
Key = tuple[int, str]  # target, region
Readings = Mapping[tuple[str, str], Sequence[tuple[str, date, Decimal]]]  # {(indicator, region): (period, day, value)}


@dataclass(frozen=True)
class Figure:
    """What one region has on one target: a value with its day and source, or why there is none."""

    value: Decimal | None = None
    as_of: date | None = None
    source: str = ""
    empty: str = ""  # "", not_reported or not_applicable; zero is a value
    computed_rate: Decimal | None = None  # from value and base, in per cent
    reported_rate: Decimal | None = None  # as its owner published it
    done: bool | None = None  # of a milestone
    live: bool = False  # counted now, not frozen
    version: int = 0  # of the frozen reading
    waiting: bool = False  # something filed waits for confirmation
    missing: tuple[str, ...] = ()  # counties whose figure is not in the sum
    earlier: str = ""  # the newest figure of a year before, where this year's is not out yet

    @property
    def rates_differ(self) -> bool:
        """The published rate is not what value and base give: both are shown, neither is overwritten."""
        if self.computed_rate is None or self.reported_rate is None:
            return False
        return abs(self.computed_rate - self.reported_rate) >= Decimal("0.1")


UNREPORTED = Figure(empty=NOT_REPORTED)


@dataclass
class Measures:
    """Figures by (target, region), and this year's readings of the city for trends and forecasts."""

    regions: list[Region]
    year: int
    figures: dict[Key, Figure] = field(default_factory=dict)
    readings: Readings = field(default_factory=dict)
    starts: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    filed: Mapping[Key, Sequence[tuple[date, Decimal]]] = field(
        default_factory=dict
    )  # confirmed progress, month by month

    @property
    def city(self) -> Region | None:
        return next((r for r in self.regions if r.level == Region.Level.CITY), None)

    @property
    def parts(self) -> list[Region]:
        return [r for r in self.regions if r.level != Region.Level.CITY]

    def of(self, target: PlanTarget, region: Region | None) -> Figure:
        return self.figures.get((target.pk, region.code if region else ""), UNREPORTED)

    def history(self, target: PlanTarget, region: Region | None) -> Sequence[tuple[date, Decimal]]:
        """(last day of month, value) of the plan's year: frozen readings, or confirmed progress."""
        code, year = region.code if region else "", str(target.plan.year)
        if target.basis != PlanTarget.Basis.INDICATOR:
            return self.filed.get((target.pk, code), [])
        found = self.readings.get((target.indicator, code), [])
        return [(day, value) for period, day, value in found if period.startswith(year)]

    def at_start(self, indicator: str, region: Region | None, year: int) -> Decimal | None:
        """What was frozen for December of the year before, else what the records say of its last day."""
        code = region.code if region else ""
        found = self.readings.get((indicator, code), [])
        frozen = next((value for period, _, value in found if period == f"{year - 1}-12"), None)
        return self.starts.get((indicator, code)) if frozen is None else frozen


def measure(targets: Sequence[PlanTarget], year: int, *, on: date, period: Period | None = None) -> Measures:
    """Figures of these targets: as of today, or as they were frozen for `period`."""
    found = Measures(list(Region.objects.all()), year)
    last = period or Period.of(min(on, date(year, 12, 31)))
    indicators = _indicators(targets)
    found.readings, frozen = _readings(tuple(i.code for i in indicators), year, last)
    counted = {i.code: _of_indicator(i, found, frozen, on, period) for i in indicators if isinstance(i, Counted)}
    for indicator in indicators:
        if isinstance(indicator, Counted) and indicator.kind is Kind.STOCK:
            _start(indicator, found, year)
    reported = tuple(i.code for i in indicators if isinstance(i, Reported))
    filed = _filed(reported, tuple(r.code for r in found.regions), year, last)
    for target in targets:
        if target.basis == PlanTarget.Basis.INDICATOR:
            for region, figure in (counted.get(target.indicator) or filed.get(target.indicator, {})).items():
                found.figures[target.pk, region] = figure
    _progress(found, [t for t in targets if t.basis != PlanTarget.Basis.INDICATOR], last)
    return found


def _indicators(targets: Iterable[PlanTarget]) -> list[Indicator]:
    known = catalogue()
    codes = dict.fromkeys(t.indicator for t in targets if t.basis == PlanTarget.Basis.INDICATOR)
    return [known[code] for code in codes if code in known]


@while_unchanged(16)
def _readings(codes: tuple[str, ...], year: int, last: Period) -> tuple[Readings, Mapping[tuple[str, str], Any]]:
    """The year's readings, and those of the last month itself. The ids stay in the database."""
    columns: tuple[str, ...] = ("indicator", "region_id", "period", "as_of", "value", "empty", "source", "version")
    columns += ("computed_rate", "reported_rate")
    rows = Reading.objects.filter(
        indicator__in=codes, current=True, period__gte=f"{year - 1}-12", period__lte=str(last)
    ).order_by("period")
    known: dict[tuple[str, str], list[tuple[str, date, Decimal]]] = {}
    exact = {}
    for row in rows.values_list(*columns, named=True):
        if row.value is not None:
            known.setdefault((row.indicator, row.region_id), []).append((row.period, row.as_of, row.value))
        if row.period == str(last):
            exact[row.indicator, row.region_id] = row
    return known, exact


def _start(indicator: Counted, found: Measures, year: int) -> None:
    """A stock's base where nobody froze last December: counted as of its last day."""
    city = found.city
    if city is None or found.at_start(indicator.code, city, year) is not None:
        return
    counts = count(indicator, Period.month(year - 1, 12)) if indicator.adds_up else {}
    found.starts |= {(indicator.code, r.code): counts.get(r.code, Decimal(0)) for r in found.parts}
    found.starts[indicator.code, city.code] = sum(counts.values(), Decimal(0))


def _of_indicator(
    indicator: Counted, found: Measures, frozen: Mapping[tuple[str, str], Any], on: date, period: Period | None
) -> dict[str, Figure]:
    """A counted indicator: the frozen readings of the month asked for, or what the records say now."""
    if period and any(code == indicator.code for code, _ in frozen):
        return {region: _frozen(row) for (code, region), row in frozen.items() if code == indicator.code}
    when = period if period and period.end <= on else so_far(on)
    counts = count(indicator, when)
    source = f"{indicator.owner}台账"
    if not indicator.adds_up:  # a share: every region has its own, and none of nothing
        shares = {r.code: counts[r.code] for r in found.regions if r.code in counts}
        empty = {r.code: Figure(empty=NOT_APPLICABLE) for r in found.regions if r.code not in counts}
        return empty | {code: Figure(value, when.end, source, live=True) for code, value in shares.items()}
    whole = sum(counts.values(), Decimal(0))
    made = {r.code: Figure(counts.get(r.code, Decimal(0)), when.end, source, live=True) for r in found.parts}
    if found.city:
        made[found.city.code] = Figure(whole, when.end, source, live=True)
    return made


@while_unchanged(256)
def count(indicator: Counted, period: Period) -> Mapping[str, Decimal]:
    """{region: figure} as the records stand now."""
    return indicator.figures(period)


def _frozen(row: Any) -> Figure:
    return Figure(
        value=row.value,
        as_of=row.as_of,
        source=row.source,
        empty=row.empty,
        computed_rate=row.computed_rate,
        reported_rate=row.reported_rate,
        version=row.version,
    )


@while_unchanged(16)
def _filed(
    codes: tuple[str, ...], regions: tuple[str, ...], year: int, last: Period
) -> Mapping[str, Mapping[str, Figure]]:
    """Reported indicators: the latest confirmed figure of the year; months in between keep it, with its own day."""
    made: dict[str, dict[str, Figure]] = {code: dict.fromkeys(regions, UNREPORTED) for code in codes}
    if not codes:
        return made
    known = ReportedFigure.objects.filter(indicator__in=list(made), period__gte=str(year - 2))
    latest: dict[tuple[str, str], tuple[date, ReportedFigure]] = {}
    earlier: dict[tuple[str, str], tuple[date, ReportedFigure]] = {}
    waiting = set()
    for row in known.exclude(state__in=[ReportedFigure.State.DRAFT, ReportedFigure.State.RETURNED]):
        key, day = (row.indicator, row.region_id), parse_period(row.period).end
        if day > last.end:
            continue
        if row.state == ReportedFigure.State.SENT:
            waiting.add(key)
            continue
        kept = latest if day.year == year else earlier
        if key not in kept or kept[key][0] < day:
            kept[key] = (day, row)
    for (code, region), (_, row) in earlier.items():
        text = f"{parse_period(row.period).label} {format_number(row.value, catalogue()[code].unit)}"
        made[code][region] = replace(UNREPORTED, earlier=text)
    for (code, region), (day, row) in latest.items():
        rate = row.computed_rate
        made[code][region] = Figure(row.value, day, row.owner, computed_rate=rate, reported_rate=row.reported_rate)
    for code, region in waiting:
        made[code][region] = replace(made[code][region], waiting=True)
    return made


def _progress(found: Measures, targets: list[PlanTarget], last: Period) -> None:
    """Targets no indicator counts: the latest confirmed progress; a city's without its own is the sum of its parts'."""
    newest, found.filed, waiting = _reported_progress(tuple(t.pk for t in targets), last)
    found.figures |= newest
    for target in targets:
        if target.by_county and found.city and (target.pk, found.city.code) not in found.figures:
            _sum_up(found, target)
    for key in waiting:
        found.figures[key] = replace(found.figures.get(key, UNREPORTED), waiting=True)


def _sum_up(found: Measures, target: PlanTarget) -> None:
    have = {r: f for r in found.parts if (f := found.figures.get((target.pk, r.code))) and f.value is not None}
    if not have or not found.city or target.unit == "%":
        return
    figure = Figure(
        value=sum((f.value for f in have.values() if f.value is not None), Decimal(0)),
        as_of=min(f.as_of for f in have.values() if f.as_of),
        source="各县区填报合计",
        missing=tuple(r.short_name for r in found.parts if r not in have),
    )
    found.figures[target.pk, found.city.code] = figure


@while_unchanged(16)
def _reported_progress(
    targets: tuple[int, ...], last: Period
) -> tuple[Mapping[Key, Figure], Mapping[Key, Sequence[tuple[date, Decimal]]], frozenset[Key]]:
    """The newest confirmed figure of each, all confirmed ones month by month, and of which some wait."""
    newest: dict[Key, Figure] = {}
    filed: dict[Key, list[tuple[date, Decimal]]] = {}
    waiting = set()
    for row in TargetProgress.objects.filter(target_id__in=targets, period__lte=str(last)).order_by("period"):
        key = (row.target_id, row.region_id)
        if row.confirmed_at is None:
            waiting.add(key)
            continue
        end = parse_period(row.period).end
        day = row.done_on if row.done and row.done_on else end
        newest[key] = Figure(row.value, day, f"{row.filed_by}填报", done=row.done)
        if row.value is not None:
            filed.setdefault(key, []).append((end, row.value))
    return newest, filed, frozenset(waiting)
