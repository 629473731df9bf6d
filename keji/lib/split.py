"""Suggested shares of a city target for its counties: whole steps that sum exactly, explained, never below zero.

Method: largest remainder (Hamilton). Each unit gets its exact share rounded down; the steps left over go to the largest
remainders, of equal ones to the larger weight, then to the key that sorts first. The order of the input never matters.
A suggestion only: people decide, and the page records what they changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from keji.lib.figures import Number, format_number, to_decimal

Amount = int | Decimal


@dataclass(frozen=True)
class Split:
    """Unit → its part, summing exactly to what was split; `notes` say what the method could not know."""

    parts: dict[str, Amount]
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> Amount:
        return sum(self.parts.values())


def by_share(total: Amount, weights: Mapping[str, Number], *, step: Amount = 1) -> Split:
    """Parts in proportion to weights (population, output, agreed shares). All weights zero: equal parts.

    `step`: the smallest unit (1 家, 0.1 亿元, 10 万元); what does not fill a step goes to the largest weight.
    ValueError for a negative total, weight or step, or no unit at all.
    """
    exact = _weights(weights)
    if total < 0 or step <= 0:
        raise ValueError("要分解的目标不能为负，最小单位要大于零。")
    notes = []
    if not any(exact.values()):
        exact = dict.fromkeys(exact, Fraction(1))
        notes.append("各单位的依据数都是零，按平均分。")
    elif empty := [key for key in sorted(exact) if exact[key] == 0]:
        notes.append(f"依据数为零，没有分到：{'、'.join(empty)}，请人工核定。")
    steps, rest = divmod(Fraction(total), Fraction(step))
    counts = _largest_remainder(int(steps), exact)
    parts = {key: Fraction(counts[key]) * Fraction(step) for key in exact}
    if rest:
        heaviest = min(exact, key=lambda key: (-exact[key], key))
        parts[heaviest] += rest
        notes.append(f"不足最小单位的 {format_number(to_decimal(rest))} 计入{heaviest}。")
    return Split({key: _amount(part) for key, part in parts.items()}, tuple(notes))


def by_base(total: Amount, bases: Mapping[str, Number], *, step: Amount = 1) -> Split:
    """Parts in proportion to last year's figure. A unit with a base of zero gets none and is named in the notes."""
    return by_share(total, bases, step=step)


def by_increment(
    total: Amount, bases: Mapping[str, Amount], weights: Mapping[str, Number], *, step: Amount = 1
) -> Split:
    """Everyone keeps its base; what the target adds is shared by weights (for stocks: 高企总数).

    A target below the sum of the bases is a cut: it is shared by the bases themselves, so that nobody falls below zero.
    ValueError when bases and weights name different units.
    """
    if set(bases) != set(weights):
        raise ValueError("基数和权重的单位不一致，请核对。")
    exact = _weights(bases)
    added = Fraction(total) - sum(exact.values())
    if added < 0:
        cut = by_base(total, bases, step=step)
        return Split(cut.parts, (*cut.notes, "目标低于各单位基数之和，按基数同比例下调。"))
    shared = by_share(_amount(added), weights, step=step)
    parts = {key: _amount(exact[key] + Fraction(shared.parts[key])) for key in bases}
    return Split(parts, shared.notes)


def by_equal_growth(total: Amount, bases: Mapping[str, Amount], *, step: Amount = 1) -> Split:
    """Everyone grows by the same rate from its base; rounding falls on what is added, so nobody with growth loses any.

    A unit with a base of zero cannot grow by a rate: it gets none and is named. All bases zero: equal parts.
    """
    return by_increment(total, bases, bases, step=step)


def _weights(weights: Mapping[str, Number]) -> dict[str, Fraction]:
    if not weights:
        raise ValueError("没有可以分解到的单位。")
    exact = {}
    for key, weight in weights.items():
        if isinstance(weight, bool) or not isinstance(weight, int | Decimal | Fraction):
            raise TypeError("weights are int, Decimal or Fraction")
        if weight < 0:
            raise ValueError(f"{key}的依据数为负，不能按比例分解，请改用其他依据。")
        exact[key] = Fraction(weight)
    return exact


def _largest_remainder(steps: int, weights: Mapping[str, Fraction]) -> dict[str, int]:
    """Whole steps in proportion to weights (not all zero), summing to `steps`."""
    whole = sum(weights.values())
    shares = {key: steps * weight / whole for key, weight in weights.items()}
    counts = {key: share.numerator // share.denominator for key, share in shares.items()}
    by_remainder = sorted(shares, key=lambda key: (counts[key] - shares[key], -weights[key], key))
    for key in by_remainder[: steps - sum(counts.values())]:
        counts[key] += 1
    return counts


def _amount(value: Fraction) -> Amount:
    return value.numerator if value.denominator == 1 else to_decimal(value)
