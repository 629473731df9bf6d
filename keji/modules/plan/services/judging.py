"""From a figure and a target to a light, a rate of completion and a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from keji.kernel.indicators.indicator import Indicator, Kind
from keji.lib.pace import Curve, Light, LightKind, Number, Op, completion, growth_rate, judge
from keji.modules.plan.phrases import in_unit_of
from keji.modules.plan.services.measure import NOT_APPLICABLE, Figure

#: A figure older than this no longer speaks for today: pace goes on without it.
STALE_DAYS = 100
_LEVELS = frozenset({"ge", "gt", "eq", "about", "le", "lt", "range"})
_STANDING = ("总数", "总量", "保有量", "存量", "稳定", "保持")
_STRETCHED = {"growth_eq": "growth_ge"}  # a plan that says “增长15%” is content with more


@dataclass(frozen=True)
class Question:
    """What `judge` is asked: exact numbers in one unit, and the operator it knows."""

    op: str
    value: Number | bool | None
    goal: Number | tuple[Number, Number] | None
    unit: str
    lacks_base: bool = False


def question_of(
    target: Any, indicator: Indicator | None, figure: Figure, base: Decimal | None, share: Decimal | None = None
) -> Question:
    """Put a plan's operator, of which there are many, as one of those that can be judged."""
    unit = indicator.unit if indicator else target.unit
    low, high = in_unit_of(target, unit)
    if share is not None:
        low, high = share, None
    op, value = target.op, figure.value
    if op == "milestone":
        return Question(op, figure.done, None, "")
    if op == "drive_to_zero":
        return Question(op, value, None, unit)
    if op == "coverage_all":
        return Question("growth_ge", value, low if low is not None else Decimal(100), "%")
    if op == "multiple":
        multiplied = None if base is None or base <= 0 or low is None else base * low
        return Question("ge", value, multiplied, unit, lacks_base=multiplied is None)
    if op == "rank_le":
        return Question("le", value, low, "位")
    if op == "gap_ge":
        return Question("growth_ge", value, low, "个百分点")
    if op.startswith("increase_by"):
        risen = None if value is None or base is None else value - base
        return Question("growth_ge", risen, low, "个百分点", lacks_base=base is None)
    if op.startswith(("growth_", "decline_")):
        rate, unknown = rate_of(figure, indicator, unit, base)
        if op.startswith("decline_"):
            rate, op = (None if rate is None else -rate), op.replace("decline_", "growth_")
        if op == "growth_range" and high is None:
            op = "growth_ge"
        return Question(_STRETCHED.get(op, op), rate, _goal(op, low, high), "%", lacks_base=unknown)
    if op == "range" and high is None:
        op = "ge"
    goal = _goal(op, low, high)
    if unit == "%" and op in _LEVELS:
        # A share is a level like a growth rate: it does not add up over the year.
        op = _STRETCHED.get(f"growth_{op}", f"growth_{op}")
    return Question(op, value, goal, unit)


def _goal(op: str, low: Decimal | None, high: Decimal | None) -> Number | tuple[Number, Number] | None:
    return (low, high) if op.endswith("range") and low is not None and high is not None else low


def rate_of(figure: Figure, indicator: Indicator | None, unit: str, base: Decimal | None) -> tuple[Number | None, bool]:
    """(growth in per cent, whether a base is missing): filed as a rate, computed from value and base, or published."""
    if figure.value is None:
        return None, False
    if unit == "%" or indicator is None:
        return figure.value, False
    if figure.computed_rate is not None:
        return figure.computed_rate, False
    if figure.reported_rate is not None:
        return figure.reported_rate, False
    rate = growth_rate(figure.value, base)
    return rate, rate is None


def light_of(
    question: Question, figure: Figure, curve: Curve | None, on: date, *, base: Decimal | None, stock: bool, due: date
) -> Light:
    """The light and its sentence. A figure is held against the pace of its own day, unless it has grown stale."""
    if figure.empty == NOT_APPLICABLE:
        return Light(LightKind.NOT_APPLICABLE, "这项目标不适用于本地区。")
    if question.lacks_base and figure.value is not None:
        return Light(LightKind.NOT_APPLICABLE, "没有上年基数（或基数为零），不能计算增长，请先补录基数。")
    return judge(
        question.value,
        question.goal,
        question.op,
        curve,
        judged_on(figure, on, due),
        base=base,
        stock=stock,
        unit=question.unit,
    )


def judged_on(figure: Figure, on: date, due: date) -> date:
    return on if figure.as_of is None or on > due or stale(figure, on) else min(figure.as_of, on)


def stale(figure: Figure, on: date) -> bool:
    return figure.as_of is not None and not figure.done and (on - figure.as_of).days > STALE_DAYS


def is_stock(indicator: Indicator | None) -> bool:
    return indicator is not None and indicator.kind is Kind.STOCK


def is_level(target: Any, history: Sequence[tuple[date, Decimal]]) -> bool:
    """Does a filed figure tell how many there are (科技特派员总数稳定在2500人) rather than how many came this year?

    By its words, or because most of it was there in January already: a year's work does not begin half done.
    """
    if target.basis == "indicator" or target.op not in _LEVELS or target.unit == "%":
        return False
    if any(word in target.subject + target.verb for word in _STANDING):
        return True
    goal = target.value
    return bool(history and goal and goal >= 10 and history[0][0].month <= 2 and history[0][1] * 2 > goal)


def completed(question: Question, original_op: str, base: Decimal | None) -> Decimal | None:
    """Completion as a ratio (0.96); None for rates of growth, and wherever a base or a goal of zero would divide."""
    op = question.op
    if op.startswith("growth_") and original_op in (*_LEVELS, "coverage_all"):
        op = original_op if original_op != "coverage_all" else "ge"
    value = question.value
    if isinstance(value, bool):
        value = int(value)
    found = completion(value, question.goal, Op(op), base=base)
    return None if found is None else found / 100


def misses(question: Question, forecast: Number | None) -> bool:
    """Would this year-end value miss the goal? Only asked of goals to be reached from below."""
    if forecast is None or question.goal is None:
        return False
    low = Fraction(question.goal[0] if isinstance(question.goal, tuple) else question.goal)
    if question.op == "about":
        low *= Fraction(19, 20)
    if question.op == "gt":
        return Fraction(forecast) <= low
    return question.op in ("ge", "eq", "about", "range") and Fraction(forecast) < low
