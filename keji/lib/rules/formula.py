"""The words formulas are written in: sums, shares, the least and the greatest, one thing or another."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from keji.lib.rules.columns import Batch, Column, Mask, either
from keji.lib.rules.frame import UNDEFINED, Frame, if_known, times
from keji.lib.rules.terms import (
    Constant,
    Formula,
    Known,
    Plain,
    Quotient,
    Share,
    Sum,
    Value,
    formula,
    show_quotient,
)
from keji.lib.rules.vocabulary import MONEY, Unit


def fitted(column: Any, weight: int) -> Any:
    return column if weight == 1 else column * float(weight)


class _Extreme(Formula):
    """The least or the greatest of two integral formulas."""

    sign: str  # the one for which `a sign b` says to take a
    pick_many: Any

    def __init__(self, first: Formula, second: Formula) -> None:
        if not (first.scale and second.scale):
            raise TypeError("the least and the greatest are taken of integral formulas, not of quotients")
        self.first, self.second = first, second
        self.scale = lcm(first.scale, second.scale)
        self.unit = first.unit if first.unit.word else second.unit
        self.weights = self.scale // first.scale, self.scale // second.scale

    def form(self) -> tuple[Any, ...]:
        return self.first.slot, self.second.slot

    def parts(self) -> tuple[Formula, ...]:
        return self.first, self.second

    def source(self, frame: Frame) -> str:
        names = [frame.name(part) for part in self.parts()]
        a, b = (times(weight, name) for weight, name in zip(self.weights, names, strict=True))
        return if_known(names, f"{a} if {a} {self.sign} {b} else {b}")

    def many(self, batch: Batch) -> Column:
        (a, b), first, second = self.weights, batch.of(self.first), batch.of(self.second)
        found: Column = self.pick_many(fitted(first, a), fitted(second, b))
        return found

    def bound(self, most: int) -> int:
        a, b = self.weights
        return max(a * self.first.bound(most), b * self.second.bound(most))


class Least(_Extreme):
    sign, pick_many = "<", staticmethod(np.minimum)


class Greatest(_Extreme):
    sign, pick_many = ">", staticmethod(np.maximum)


def least(first: Any, second: Any) -> Any:
    """The smaller of two numbers, or the formula for it: the same line of law serves both."""
    if isinstance(first, Formula) or isinstance(second, Formula):
        return Least(formula(first), formula(second))
    return min(first, second)


def greatest(first: Any, second: Any) -> Any:
    if isinstance(first, Formula) or isinstance(second, Formula):
        return Greatest(formula(first), formula(second))
    return max(first, second)


class When(Formula):
    """One formula where an integral `test` is above zero (or at least zero), another elsewhere."""

    def __init__(self, test: Formula, then: Any, otherwise: Any, *, or_zero: bool = False) -> None:
        self.test, self.then, self.otherwise, self.or_zero = test, formula(then), formula(otherwise), or_zero
        branches = (self.then, self.otherwise)
        self.exact = all(b.exact for b in branches)
        self.scale = 0 if any(b.scale == 0 for b in branches) else lcm(*(b.scale for b in branches))
        self.unit = next((b.unit for b in branches if b.scale == self.scale and not isinstance(b, Constant)), Unit(""))

    def form(self) -> tuple[Any, ...]:
        return self.test.slot, self.then.slot, self.otherwise.slot, self.or_zero

    def parts(self) -> tuple[Formula, ...]:
        return self.test, self.then, self.otherwise

    def source(self, frame: Frame) -> str:
        test, above = frame.name(self.test), ">=" if self.or_zero else ">"
        then, otherwise = (self._fitted(branch, frame) for branch in (self.then, self.otherwise))
        return if_known([test], f"{then} if {test} {above} 0 else {otherwise}")

    def _fitted(self, branch: Formula, frame: Frame) -> str:
        """The branch on the scale of the whole."""
        name = frame.name(branch)
        if not branch.scale:
            return name
        if not self.scale:
            return f"({if_known([name], f'({name}, {branch.scale})')})"
        weight = self.scale // branch.scale
        return name if weight == 1 else f"({if_known([name], times(weight, name))})"

    def _column(self, branch: Formula, batch: Batch) -> Any:
        column = float(branch.top) if isinstance(branch, Constant) else batch.of(branch)
        if not self.scale:
            return column / branch.scale if branch.scale > 1 else column
        return fitted(column, self.scale // branch.scale)

    def many(self, batch: Batch) -> Column:
        chosen = batch.chosen(self.test, self.or_zero)
        found: Column = np.where(chosen, self._column(self.then, batch), self._column(self.otherwise, batch))
        open_ = batch.unknown(self.test)
        if open_.any():
            found[open_] = np.nan
        return found

    def unknown(self, batch: Batch) -> Mask:
        chosen = batch.chosen(self.test, self.or_zero)
        return either(chosen, batch.unknown(self.then), batch.unknown(self.otherwise)) | batch.unknown(self.test)

    def bound(self, most: int) -> int:
        if not self.scale:
            return super().bound(most)
        return max(b.bound(most) * (self.scale // b.scale) for b in (self.then, self.otherwise))

    def fits(self, most: int, top: int = 1, per: int = 1) -> bool:
        if not self.test.fits(most):
            return False
        if self.scale:
            return super().fits(most, top, per)
        return all(branch.fits(most, top, per) for branch in (self.then, self.otherwise))

    def blur(self, batch: Batch) -> Column:
        return np.where(batch.chosen(self.test, self.or_zero), self.then.blur(batch), self.otherwise.blur(batch))


NOT_A_NUMBER = Share(Constant(1), Constant(0))  # a case the law does not settle: for people to decide


def total(parts: Any) -> Formula:
    return Sum([(Fraction(1), formula(part)) for part in parts])


def yuan(wan: Plain) -> Constant:
    """An amount the law prints in 万元."""
    return Constant(Fraction(wan) * 10_000, MONEY)


__all__ = [
    "NOT_A_NUMBER",
    "UNDEFINED",
    "Batch",
    "Column",
    "Constant",
    "Formula",
    "Greatest",
    "Known",
    "Least",
    "Plain",
    "Quotient",
    "Share",
    "Sum",
    "Value",
    "When",
    "fitted",
    "formula",
    "greatest",
    "least",
    "show_quotient",
    "total",
    "yuan",
]
