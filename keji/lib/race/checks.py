"""Questions about figures before they are scored: jumps, signs, units slipped by 万 or per cent. Never a correction."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from statistics import median

from keji.lib.figures import format_number, parse_period
from keji.lib.race.scheme import Data, Figure, Indicator, Scheme, Unit


class Kind(StrEnum):
    MISSING = "missing"
    SIGN = "sign"
    FRACTION = "fraction"
    SCALE = "scale"
    JUMP = "jump"
    SAME = "same"
    FALLING = "falling"
    BASE = "base"

    @property
    def word(self) -> str:
        return _WORDS[self]


_WORDS = {
    Kind.MISSING: "缺数",
    Kind.SIGN: "正负号",
    Kind.FRACTION: "百分数",
    Kind.SCALE: "计量单位",
    Kind.JUMP: "变化过大",
    Kind.SAME: "与上期相同",
    Kind.FALLING: "累计数下降",
    Kind.BASE: "基数",
}


@dataclass(frozen=True)
class Question:
    """Something to ask a unit about one figure; the figure stays as it is."""

    unit: str
    indicator: str
    kind: Kind
    sentence: str


@dataclass(frozen=True)
class Limits:
    """From where on one asks. `times`: of the figure before, for amounts; `points`: for figures in per cent.

    `near`: how close to 100 or 10,000 times (as a factor) looks like a slipped unit.
    """

    times: Fraction = Fraction(3)
    points: Fraction = Fraction(30)
    near: Fraction = Fraction(5, 2)


def questions(
    scheme: Scheme,
    data: Data,
    before: Data | None = None,
    *,
    cumulative: Collection[str] = (),
    limits: Limits | None = None,
) -> tuple[Question, ...]:
    """What to ask the units about, in the order of units and indicators; at most one question a figure.

    `before`: the same figures a period ago; without it the other units are what a figure is held against.
    `cumulative`: indicators whose figure runs from January on, so that it cannot fall within a year.
    """
    limits = limits or Limits()
    first_month = _first_month(data.period)
    found = []
    for unit in data.units:
        for indicator in scheme.indicators:
            figure = data.figure(unit.code, indicator.code)
            if figure.value is None:
                found.append(_missing(unit, indicator, figure, first_month))
                continue
            was = before.figure(unit.code, indicator.code).value if before is not None else None
            others = [
                v
                for u in data.units
                if u.code != unit.code and (v := data.figure(u.code, indicator.code).value) is not None
            ]
            told = list(_about(figure, indicator, was, others, indicator.code in cumulative, limits))
            if told:
                kind, words = told[0]
                found.append(Question(unit.code, indicator.code, kind, f"{unit.title}的{indicator.title}{words}"))
    return tuple(found)


def _first_month(period: str) -> bool:
    try:
        return parse_period(period).months == (1,)
    except ValueError:
        return False


def _missing(unit: Unit, indicator: Indicator, figure: Figure, first_month: bool) -> Question:
    if figure.note:
        words = f"没有数据（{figure.note}），请确认能否补报。"
    elif first_month:
        words = "没有 1 月份数据；不少统计数据 1 月不单独发布，与 2 月合并，请确认是否本来就没有。"
    else:
        words = "没有报送，请补报，或说明没有的原因。"
    return Question(unit.code, indicator.code, Kind.MISSING, f"{unit.title}的{indicator.title}{words}")


Told = Iterator[tuple[Kind, str]]


def _about(
    figure: Figure,
    indicator: Indicator,
    was: Fraction | None,
    others: list[Fraction],
    cumulative: bool,
    limits: Limits,
) -> Told:
    """The most telling first."""
    value = figure.value
    assert value is not None
    now = _said(value, indicator)
    like = was if was is not None else (median(others) if len(others) >= 3 else None)
    beside = f"上期为 {_said(was, indicator)}" if was is not None else f"其他单位多在 {_said(like, indicator)} 上下"
    if like:
        yield from _slipped(value, like, indicator, now, beside, limits)
    if was is not None and was > 0 > value and all(o >= 0 for o in others):
        yield Kind.SIGN, f"为 {now}，{beside}，其他单位都不是负数，请核对正负号。"
    if was is not None and cumulative and value < was:
        yield Kind.FALLING, f"为 {now}，{beside}，累计数不应下降，请核对，或说明核减原因。"
    if was is not None:
        yield from _jumped(value, was, indicator, now, beside, limits)
        if value == was and value.denominator > 1:
            yield Kind.SAME, f"与上期完全相同（{now}），请确认是否漏改。"
    if indicator.function in ("GROWTH", "BASE_INDEX") and figure.base is not None and figure.base <= 0:
        yield Kind.BASE, f"的基数为 {_said(figure.base, indicator)}，不能算增速，请核对。"


def _slipped(value: Fraction, like: Fraction, indicator: Indicator, now: str, beside: str, limits: Limits) -> Told:
    """A unit slipped: the figure is about a hundred, or ten thousand, times what it should be like."""
    ratio = value / like
    if ratio <= 0:
        return
    if indicator.unit == "%":
        if abs(value) < 1 and _about_times(ratio * 100, limits):
            yield Kind.FRACTION, f"为 {now}，{beside}，像是把百分数写成了小数，请核对。"
        elif _about_times(ratio / 100, limits):
            yield Kind.FRACTION, f"为 {now}，{beside}，像是多乘了 100，请核对。"
        return
    for power in (10**4, 10**8):  # 亿 for 万, 万元 for 元, 亿元 for 元
        if _about_times(ratio / power, limits):
            yield Kind.SCALE, f"为 {now}，{beside}，约为 {power:,} 倍，像是按更小的计量单位填报，请核对。"
        elif _about_times(ratio * power, limits):
            yield Kind.SCALE, f"为 {now}，{beside}，约为 {power:,} 分之一，像是按更大的计量单位填报，请核对。"


def _about_times(ratio: Fraction, limits: Limits) -> bool:
    return 1 / limits.near <= ratio <= limits.near


def _jumped(value: Fraction, was: Fraction, indicator: Indicator, now: str, beside: str, limits: Limits) -> Told:
    if indicator.unit == "%":
        if abs(value - was) > limits.points:
            gap = format_number(abs(value - was), places=_places(abs(value - was)))
            yield Kind.JUMP, f"为 {now}，{beside}，相差 {gap} 个百分点，请核对。"
    elif was > 0 and not was / limits.times <= value <= was * limits.times:
        times = format_number(limits.times)
        way = f"超过上期的 {times} 倍" if value > was else f"不到上期的 {times} 分之一"
        yield Kind.JUMP, f"为 {now}，{beside}，{way}，请核对。"


def _said(value: Fraction | None, indicator: Indicator) -> str:
    return "—" if value is None else format_number(value, indicator.unit, places=_places(value))


def _places(value: Fraction) -> int | None:
    return None if (value * 10**6).denominator == 1 else 2
