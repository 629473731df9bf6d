"""Operators of targets, rates of growth and completion in per cent: exact, and None where a quotient means nothing."""

from __future__ import annotations

from decimal import Context, Decimal
from enum import StrEnum
from fractions import Fraction

from keji.lib.figures import Number

Bounds = tuple[Number, Number]
RATIO_DIGITS = 28


class Op(StrEnum):
    """How a target compares. growth_*: the value is itself a rate; coverage_all: the target is how many there are."""

    GE = "ge"
    GT = "gt"
    EQ = "eq"
    ABOUT = "about"
    LE = "le"
    LT = "lt"
    RANGE = "range"
    GROWTH_GE = "growth_ge"
    GROWTH_GT = "growth_gt"
    GROWTH_EQ = "growth_eq"
    GROWTH_ABOUT = "growth_about"
    GROWTH_LE = "growth_le"
    GROWTH_LT = "growth_lt"
    GROWTH_RANGE = "growth_range"
    COVERAGE_ALL = "coverage_all"
    DRIVE_TO_ZERO = "drive_to_zero"
    MILESTONE = "milestone"


def growth_rate(now: Number | None, before: Number | None) -> Fraction | None:
    """Growth in per cent, exact: (24.15, 21.00) → 15. None without a base or with a base of zero or below."""
    if now is None or before is None or before <= 0:
        return None
    return (Fraction(now) / Fraction(before) - 1) * 100


def completion(
    value: Number | None, target: Number | Bounds | None, op: str, *, base: Number | None = None
) -> Decimal | None:
    """Completion in per cent: 720 of 750 → 96; not capped. None where a quotient would mean nothing.

    Exact when the decimal ends, else 28 digits; thresholds are judged by `judge`, never on this. No rate of growth has
    one; drive_to_zero needs the `base` it started from; le and lt give 100 within the limit, limit ÷ value beyond.
    """
    kind = Op(op)
    if value is None or kind.startswith("growth_"):
        return None
    ratio = _completion(Fraction(value), target, kind, base)
    if ratio is None:
        return None
    return Context(prec=RATIO_DIGITS).divide(Decimal(ratio.numerator), Decimal(ratio.denominator))


def _completion(value: Fraction, target: Number | Bounds | None, kind: Op, base: Number | None) -> Fraction | None:
    whole = Fraction(100)
    if kind is Op.MILESTONE:
        return whole if value else Fraction(0)
    if kind is Op.DRIVE_TO_ZERO:
        if base is None or base <= 0:
            return whole if value == 0 else None
        return (Fraction(base) - value) / Fraction(base) * 100
    if target is None:
        return None
    if isinstance(target, tuple):
        low, high = Fraction(target[0]), Fraction(target[1])
        if value >= low:
            return whole if value <= high or high <= 0 else None
        return value / low * 100 if low > 0 else None
    goal = Fraction(target)
    if kind in (Op.LE, Op.LT):
        if value < goal or (value == goal and kind is Op.LE):
            return whole
        return goal / value * 100 if goal > 0 else None
    return value / goal * 100 if goal > 0 else None
