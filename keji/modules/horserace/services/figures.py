"""From the kernel's readings to the data a race is scored on, with where every figure is from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from keji.kernel.indicators.freeze import live
from keji.kernel.indicators.indicator import Counted, Reported, catalogue
from keji.kernel.indicators.models import Reading, ReportedFigure, Target
from keji.kernel.parties.models import Region
from keji.lib.figures import Period
from keji.lib.race.scheme import Award, Data, Figure, Scheme, Unit
from keji.modules.horserace.models import RaceAward, RaceRun, RaceScheme
from keji.modules.horserace.services.content import build, rows_of, scored, title_of, unit_of, units_on

Readings = dict[str, dict[str, Reading]]  # indicator → region → reading


@dataclass(frozen=True)
class Gathered:
    """What a run needs. `about`: per indicator {period, owner, as_of, version, versions, counted}; `shown`: figures
    printed though they do not count, proxies among them; `left_out`: why an indicator does not count."""

    scheme: Scheme
    data: Data
    about: dict[str, dict[str, Any]] = field(default_factory=dict)
    shown: list[dict[str, Any]] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)


def month_of(period: Period) -> Period:
    return Period.month(period.year, period.months[-1])


def frozen_readings(codes: Iterable[str], month: Period) -> Readings:
    found: Readings = {}
    rows = Reading.objects.filter(indicator__in=list(codes), period=str(month), current=True)
    for reading in rows.select_related("region"):
        found.setdefault(reading.indicator, {})[reading.region_id] = reading
    return found


def live_readings(codes: Iterable[str], month: Period) -> Readings:
    """As the records stand now; saved nowhere."""
    known = catalogue()
    return {code: live(known[code], month) for code in codes if code in known}


def gather(
    scheme: RaceScheme, period: Period, *, version: str, frozen: bool = True, only_scored: bool = False
) -> Gathered:
    """Scheme and data of a period. `frozen`: from readings as approved, else as the records stand now; `only_scored`:
    without what is merely printed beside the race."""
    month = month_of(period)
    counted, left = scored(scheme.content, period)
    every = counted if only_scored else list(rows_of(scheme.content))
    readings = frozen_readings(every, month) if frozen else live_readings(every, month)
    lib = build(scheme, only=counted if left else None)
    wanted = [i.code for i in lib.indicators]
    names = {r.code: r for r in Region.objects.all()}
    placed = units_on(scheme.content, month.end)
    units = tuple(Unit(u["region"], names[u["region"]].name, u["group"]) for u in placed if u["region"] in names)
    bases = _bases(scheme, wanted, month)
    targets = _targets(wanted, month.year)
    figures = {
        unit.code: {
            code: _figure(
                readings.get(code, {}).get(unit.code), bases.get((code, unit.code)), targets.get((code, unit.code))
            )
            for code in wanted
        }
        for unit in units
    }
    data = Data(
        version=version,
        period=period.label,
        units=units,
        figures=figures,
        awards=_awards(lib, [u.code for u in units], month),
        before=_before(period),
    )
    about = {code: about_indicator(code, readings.get(code, {}), month) for code in every}
    return Gathered(lib, data, about, [] if only_scored else shown_figures(scheme, left, month, frozen), left)


def shown_figures(scheme: RaceScheme, left: Iterable[str], month: Period, frozen: bool) -> list[dict[str, Any]]:
    """What does not count this time but is printed: the newest figure there is, and after it its proxies of the month.

    [{code, title, unit, period, proxy_of, values: {region: text}}]; an indicator without a single figure is left out.
    """
    rows = rows_of(scheme.content)
    wanted = [(code, "") for code in left]
    wanted += [(proxy, code) for code in left for proxy in rows.get(code, {}).get("proxies") or () if proxy not in rows]
    codes = list(dict.fromkeys(code for code, _ in wanted))
    readings = live_readings(codes, month)
    if frozen:  # a proxy of another module may not be among what this month froze
        readings |= frozen_readings(codes, month)
    found = []
    for code, of in wanted:
        own = readings.get(code, {})
        values = {region: str(r.value.normalize()) for region, r in own.items() if r.value is not None}
        if values:
            about = about_indicator(code, own, month)
            found.append(
                {
                    "code": code,
                    "title": title_of(code),
                    "unit": unit_of(code),
                    "period": about["period"],
                    "proxy_of": title_of(of) if of else "",
                    "values": values,
                }
            )
    return found


def exact(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def _figure(reading: Reading | None, base: Decimal | None, target: Decimal | None) -> Figure:
    if reading is None:
        return Figure(None, exact(base), exact(target), "未报送")
    note = "" if reading.value is not None else str(Reading.Empty(reading.empty).label)
    return Figure(exact(reading.value), exact(base), exact(target), note)


def _bases(scheme: RaceScheme, codes: list[str], month: Period) -> dict[tuple[str, str], Decimal]:
    """What each figure grew from. A figure of another caliber is no base: two series are never compared."""
    rows = rows_of(scheme.content)
    wanted: dict[str, list[str]] = {}
    for code in codes:
        if base := rows[code].get("base"):
            wanted.setdefault(str(base_month(base, month)), []).append(code)
    found: dict[tuple[str, str], Decimal] = {}
    for key, some in wanted.items():
        past = Reading.objects.filter(indicator__in=some, period=key, current=True, value__isnull=False)
        for reading in past:
            found[reading.indicator, reading.region_id] = reading.value  # type: ignore[assignment]
        for code in some:
            for region in broken_series(code, month, key):
                found.pop((code, region), None)
    return found


def base_month(base: str, month: Period) -> Period:
    if base == "previous":
        return Period.at_month_index(month.month_index - 1)
    return Period.month(month.year - 1, 12) if base == "year_end" else month.same_last_year()


def broken_series(code: str, month: Period, before: str) -> set[str]:
    """Regions whose filed figure of this month has another caliber than that of the month `before`."""
    known = catalogue().get(code)
    if not isinstance(known, Reported):
        return set()
    then = Period.month(int(before[:4]), int(before[5:7]))
    now_key, then_key = known.period_of(month), known.period_of(then)
    if now_key is None or then_key is None:
        return set()
    rows = ReportedFigure.objects.filter(
        indicator=code, period__in=[str(now_key), str(then_key)], state=ReportedFigure.State.CONFIRMED
    )
    said: dict[str, dict[str, str]] = {}
    for region, key, caliber in rows.values_list("region_id", "period", "caliber"):
        said.setdefault(region, {})[key] = "".join(caliber.split())
    pair = (str(now_key), str(then_key))
    return {r for r, own in said.items() if len(own) == 2 and own[pair[0]] != own[pair[1]]}


def _targets(codes: list[str], year: int) -> dict[tuple[str, str], Decimal]:
    rows = Target.objects.filter(indicator__in=codes, year=year, value__isnull=False)
    return {(t.indicator, t.region_id): t.value for t in rows}  # type: ignore[misc]


def _awards(scheme: Scheme, units: list[str], month: Period) -> tuple[Award, ...]:
    known = {b.code for b in scheme.bonuses}
    rows = RaceAward.objects.filter(
        state="confirmed", bonus__in=known, region__in=units, on__range=(date(month.year, 1, 1), month.end)
    )
    return tuple(
        Award(a.region_id, a.bonus, Fraction(a.count), f"{a.evidence}（{a.number}）") for a in rows.order_by("pk")
    )


def _before(period: Period) -> dict[str, int]:
    """Places of the last published run of the same kind in the same year, or the year before for a year."""
    runs = RaceRun.objects.filter(kind=period.kind, state="published", period__lt=str(period))
    if period.kind != "year":
        runs = runs.filter(period__startswith=str(period.year))
    last = runs.order_by("-period").first()
    return {} if last is None else {p.region_id: p.place for p in last.places.all() if p.place}


def about_indicator(code: str, readings: dict[str, Reading], month: Period) -> dict[str, Any]:
    """Where an indicator's figures are from, as the page and the paper print it."""
    known = catalogue().get(code)
    own = known.period_of(month) if isinstance(known, Reported) else month
    there = [r for r in readings.values() if r.value is not None]
    label = own.label if own else "—"
    if isinstance(known, Reported) and own is not None and own.kind == "year":
        named = {r.source for r in there}
        found = {text[text.rindex("（") + 1 : -1] for text in named if "（" in text}
        label = "、".join(sorted(found)) or label
    return {
        "period": label,
        "owner": known.owner if known else "",
        "as_of": month.end.isoformat(),
        "version": max((r.version for r in there), default=0),
        "versions": {r.region_id: r.version for r in there},
        "counted": isinstance(known, Counted),
    }
