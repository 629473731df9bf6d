"""Where a figure will stand when its target is due: flows by their own pace, stocks by what lapses and what comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from keji.kernel.audit.unchanged import while_unchanged
from keji.kernel.indicators.indicator import Counted, Indicator, Kind
from keji.kernel.parties.models import Region
from keji.lib.figures import Period, format_number, plain_date
from keji.lib.pace import Curve, Forecast, Season, forecast_flow, forecast_stock
from keji.modules.plan.models import PlanTarget
from keji.modules.plan.services.measure import Figure, Measures
from keji.modules.plan.services.periods import so_far

History = Sequence[tuple[date, Decimal]]


@dataclass(frozen=True)
class Outlook:
    """The forecast, and for stocks how many of today's lapse before the target is due."""

    forecast: Forecast
    lapsing: int = 0


class Outlooks:
    """Forecasts of one plan's targets; asks each stock only once what lapses."""

    def __init__(self, measures: Measures, year: int, on: date, period: Period | None) -> None:
        self.measures, self.year, self.on = measures, year, on
        self.now = period if period and period.end <= on else so_far(on)
        self._ending: dict[tuple[str, str, date], Mapping[str, int]] = {}

    def of(
        self,
        target: PlanTarget,
        indicator: Indicator | None,
        figure: Figure,
        curve: Curve | None,
        region: Region | None,
        *,
        level: bool = False,
    ) -> Outlook | None:
        """None when nothing is known, the day has come, or the figure is a rate or share: no pace adds up to those."""
        due, unit = target.due_on, indicator.unit if indicator else target.unit
        if figure.value is None or figure.as_of is None or figure.as_of >= due or unit == "%":
            return None
        if isinstance(indicator, Counted) and indicator.kind is Kind.STOCK:
            return self._stock(indicator, figure, due, region, unit)
        if indicator is not None and not isinstance(indicator, Counted):
            return None
        history = self.measures.history(target, region)
        readings = [*[h for h in history if h[0] < figure.as_of], (figure.as_of, figure.value)]
        readings = [(day, value.normalize()) for day, value in readings]  # 3.0000 filed is 3, not 3 to four places
        if level:
            found = drifting(readings, due, unit)
        elif isinstance(curve, Season):
            found = seasonal(readings, curve.open_on, due, unit)
        else:
            found = forecast_flow(readings, figure.as_of, due, unit=unit)
        return Outlook(found) if found else None

    def _stock(self, indicator: Counted, figure: Figure, due: date, region: Region | None, unit: str) -> Outlook | None:
        assert figure.value is not None and figure.as_of is not None
        lapsing = min(self._until(indicator, self.now, due, region), int(figure.value))
        came, since = self._came(indicator, figure, region)
        left = max((due - figure.as_of).days, 0)
        days = (figure.as_of - since).days if since else 0
        pace = Fraction(came * left, days) if days > 0 else Fraction(0)
        found = forecast_stock(int(figure.value), lapsing, 0, (0, round(pace), round(pace * 2)), unit=unit)
        held = format_number(figure.value, unit)
        said = f"{plain_date(figure.as_of)}有 {held}，到{plain_date(due)}前到期 {lapsing}{unit}"
        if since:
            said += (
                f"；{plain_date(since)}以来新增（含重新认定）{came}{unit}，照此余下 {left} 天约增 {round(pace)}{unit}"
            )
        said += f"，届时约 {format_number(found.mid, unit)}"
        if found.low != found.high:
            said += f"（一家不增为 {format_number(found.low, unit)}，加倍增加为 {format_number(found.high, unit)}）"
        return Outlook(found._replace(sentence=said + "。"), lapsing)

    def _came(self, indicator: Counted, figure: Figure, region: Region | None) -> tuple[int, date | None]:
        """How many joined since the first frozen month: the net change plus what lapsed in between."""
        code = region.code if region else ""
        readings = self.measures.readings.get((indicator.code, code), [])
        if not readings or figure.value is None or figure.as_of is None or readings[0][1] >= figure.as_of:
            return 0, None
        first, since, value = readings[0]
        lost = self._until(indicator, Period.of(since), figure.as_of, region)
        return max(int(figure.value - value) + lost, 0), since

    def _until(self, indicator: Counted, period: Period, until: date, region: Region | None) -> int:
        asked = (indicator.code, str(period.end), until)
        if asked not in self._ending:
            self._ending[asked] = lapsing(indicator, period, until)
        ending = self._ending[asked]
        if region is None or region.level == Region.Level.CITY:
            return sum(ending.values())
        return ending.get(region.code, 0)


def drifting(readings: History, due: date, unit: str) -> Forecast | None:
    """How many there will be of what is there: the year's change goes on as it went; the base is not counted again."""
    (first_day, first), (day, value) = readings[0], readings[-1]
    if day <= first_day:
        return None
    left = (due - day).days
    mid = round(Fraction(value) + Fraction(value - first) * left / (day - first_day).days)
    low, high = min(int(value), mid), max(int(value), mid)
    said = (
        f"{plain_date(first_day)}有 {format_number(first, unit)}，{plain_date(day)}有 {format_number(value, unit)}，"
        f"照此变化余下 {left} 天，届时约 {format_number(mid, unit)}。"
    )
    return Forecast(low, mid, high, said)


@while_unchanged(256)
def lapsing(indicator: Counted, period: Period, until: date) -> Mapping[str, int]:
    return indicator.lapsing(period, until)


def seasonal(readings: History, opened: date, due: date, unit: str) -> Forecast | None:
    """A flow that opens mid-year: its pace counts from the opening day, not from 1 January."""
    day, value = readings[-1]
    if day < opened or day >= due:
        return None
    points = [(opened - timedelta(days=1), Fraction(0)), *((d, Fraction(v)) for d, v in readings if d >= opened)]
    paces = [max((b[1] - a[1]) / (b[0] - a[0]).days, Fraction(0)) for a, b in pairwise(points)]
    mean = Fraction(value) / ((day - points[0][0]).days)
    left = (due - day).days
    low, mid, high = (round(Fraction(value) + pace * left) for pace in (min(*paces, mean), mean, max(*paces, mean)))
    numbers = [format_number(n, unit) for n in (low, mid, high)]
    said = (
        f"{plain_date(opened)}开放以来累计 {format_number(value, unit)}，余下 {left} 天按开放以来平均进度，届时约 "
        f"{numbers[1]}（按最慢、最快的一段为 {numbers[0]} 至 {numbers[2]}）。"
    )
    return Forecast(low, mid, high, said)
