"""How far a target is: completion, whether it is met, and its light. The one place that judges for the bulletin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

ALLOWANCE = 10  # points of the whole: how far behind still is “偏慢”


@dataclass(frozen=True)
class Assessment:
    rate: Fraction | None  # per cent, exact; None where a quotient means nothing
    met: bool | None
    light: str  # on_pace, behind, at_risk, done, not_started, not_reported, not_applicable


def assess(target: Any, value: Decimal | bool | None, empty: str, on: date) -> Assessment:
    """Judge `value` (a milestone's is a bool) against the target on a day."""
    if empty == "not_applicable":
        return Assessment(None, None, "not_applicable")
    if value is None:
        return Assessment(None, None, "not_reported")
    if isinstance(value, bool):
        return Assessment(Fraction(100 if value else 0), value, _by_pace(value, Fraction(100 * value), target, on))
    rate, met = _measure(target, Fraction(value))
    if met is None:
        return Assessment(None, None, "not_applicable")
    growing = target.op.startswith(("growth_", "decline_", "increase_by", "gap_", "rank_"))
    if growing and on < target.due_on:
        # A rate is not done before the year is: it stands well or it does not.
        near = target.value and Fraction(value) >= Fraction(target.value) * Fraction(9, 10)
        return Assessment(rate, met, "on_pace" if met else "behind" if near else "at_risk")
    return Assessment(rate, met, _by_pace(met, rate, target, on))


def _measure(target: Any, value: Fraction) -> tuple[Fraction | None, bool | None]:
    op, goal = target.op, target.value
    if op == "drive_to_zero":
        base = target.base
        rate = (Fraction(base) - value) / Fraction(base) * 100 if base and base > 0 else None
        return rate, value == 0
    if goal is None:
        return None, None
    goal = Fraction(goal)
    if op.startswith(("growth_", "decline_", "increase_by", "gap_")):
        if op.startswith("increase_by"):
            if target.base is None:
                return None, None
            value -= Fraction(target.base)
        return None, value > goal if op.endswith("_gt") else value >= goal
    if op in ("le", "lt", "rank_le"):
        return None, value < goal if op == "lt" else value <= goal
    rate = value / goal * 100 if goal > 0 else None
    if op == "about":
        return rate, value >= goal * Fraction(19, 20)
    return rate, value > goal if op == "gt" else value >= goal


def _by_pace(met: bool, rate: Fraction | None, target: Any, on: date) -> str:
    if met:
        return "done"
    if on > target.due_on or rate is None:
        return "at_risk"
    begin = date(target.due_on.year, 1, 1)
    share = Fraction((on - begin).days + 1, (target.due_on - begin).days + 1) * 100
    if rate >= share:
        return "on_pace"
    return "behind" if rate >= share - ALLOWANCE else "at_risk"
