"""Year-end forecasts: of a flow from its own pace, of a stock from what lapses, is renewed and is on its way.

Plain arithmetic in integers and fractions with three values (low, mid, high) and a sentence that shows the sum, so that
whoever is asked can redo it by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from keji.lib.figures import Number, format_number, format_percent, plain_date, to_decimal

Spread = tuple[Number, Number, Number]  # low, mid, high


class Forecast(NamedTuple):
    """Year-end values, low <= mid <= high, and how they came about in one Chinese sentence."""

    low: int | Decimal
    mid: int | Decimal
    high: int | Decimal
    sentence: str


def forecast_flow(
    history: Sequence[tuple[date, Number]], on: date, year_end: date, *, unit: str = ""
) -> Forecast | None:
    """What a cumulative flow comes to by `year_end`, from its readings this year.

    `history`: (day, value since 1 January) in any order; readings after `on` or of other years are left out. The rest
    of the year runs at the mean daily pace so far (mid), at its slowest and at its quickest stretch (low, high). A
    stretch with a correction downwards counts as standing still. None without a reading. Values keep the decimals of
    the readings; low is rounded down, high up.
    """
    start = date(year_end.year, 1, 1) - timedelta(days=1)
    readings = {day: Fraction(value) for day, value in history if start < day <= min(on, year_end)}
    if not readings:
        return None
    days = sorted(readings)
    last, value = days[-1], readings[days[-1]]
    paces, before_day, before = [], start, Fraction(0)
    for day in days:
        paces.append(max((readings[day] - before) / (day - before_day).days, Fraction(0)))
        before_day, before = day, readings[day]
    mean = max(value / (last - start).days, Fraction(0))
    left = (year_end - last).days
    places = max(_places(v) for _, v in history)
    mid = value + mean * left
    low, high = value + min(*paces, mean) * left, value + max(*paces, mean) * left
    result = (_rounded(low, places, -1), _rounded(mid, places, 0), _rounded(high, places, 1))
    shown = [format_number(number, unit) for number in result]
    so_far = format_number(_rounded(value, places, 0), unit)
    said = f"截至{plain_date(last)}累计 {so_far}，余下 {left} 天按至今平均进度，全年约 {shown[1]}"
    return Forecast(*result, f"{said}（按最慢、最快的一段为 {shown[0]} 至 {shown[2]}）。")


def forecast_stock(
    current: int, lapsing: int, renewal_rate: Number | Spread, pipeline: int | Spread, *, unit: str = "家"
) -> Forecast:
    """How many there will be at the year's end of what expires: current − lapsing + renewed + on its way.

    `current`: valid today; `lapsing`: of those, expiring before the year ends; `renewal_rate`: 0–1, one number or
    (low, mid, high); `pipeline`: how many new ones are to be expected, likewise. ValueError for numbers that cannot be.
    """
    rates = [Fraction(r) for r in _spread(renewal_rate)]
    coming = [Fraction(n) for n in _spread(pipeline)]
    if not 0 <= lapsing <= current or not all(0 <= r <= 1 for r in rates) or coming[0] < 0:
        raise ValueError("需要 0 ≤ 到期数 ≤ 现有数、复核率在 0 与 1 之间、在办数不为负。")
    if rates != sorted(rates) or coming != sorted(coming):
        raise ValueError("低、中、高三个数要从小到大。")
    renewed = [_whole(lapsing * rate, toward) for rate, toward in zip(rates, (-1, 0, 1), strict=True)]
    added = [_whole(number, toward) for number, toward in zip(coming, (-1, 0, 1), strict=True)]
    low, mid, high = (current - lapsing + r + a for r, a in zip(renewed, added, strict=True))
    said = f"现有 {format_number(current, unit)}，年内到期 {format_number(lapsing, unit)}"
    if lapsing:
        said += f"，按复核通过 {format_percent(rates[1])} 保住 {format_number(renewed[1], unit)}"
    said += f"，在办可新增 {format_number(added[1], unit)}，年底约 {format_number(mid, unit)}"
    if low != high:
        said += f"（{format_number(low, unit)} 至 {format_number(high, unit)}）"
    return Forecast(low, mid, high, said + "。")


def _spread(value: Number | Spread) -> Spread:
    return value if isinstance(value, tuple) else (value, value, value)


def _whole(value: Fraction, toward: int) -> int:
    """Down (-1), up (1), or to the nearest with halves up (0)."""
    if toward == 0:
        value += Fraction(1, 2)
    return -(-value.numerator // value.denominator) if toward > 0 else value.numerator // value.denominator


def _rounded(value: Fraction, places: int, toward: int) -> int | Decimal:
    whole = _whole(value * 10**places, toward)
    return whole if places == 0 else to_decimal(Fraction(whole, 10**places))


def _places(value: Number) -> int:
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        return max(-exponent, 0) if isinstance(exponent, int) else 0
    return 2 if isinstance(value, Fraction) and value.denominator != 1 else 0
