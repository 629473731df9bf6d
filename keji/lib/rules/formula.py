"""The words formulas are written in: sums, shares, the least and the greatest, one thing or another."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from keji.lib.rules.terms import (
    UNDEFINED,
    Batch,
    Column,
    Constant,
    Formula,
    Known,
    Mask,
    One,
    Plain,
    Quotient,
    Share,
    Sum,
    Value,
    formula,
    show_quotient,
)
from keji.lib.rules.vocabulary import MONEY, Unit


class _Extreme(Formula):
    """The least or the greatest of two integral formulas."""

    def __init__(self, first: Formula, second: Formula) -> None:
        if not (first.scale and second.scale):
            raise TypeError("the least and the greatest are taken of integral formulas, not of quotients")
        self.first, self.second = first, second
        self.scale = lcm(first.scale, second.scale)
        self.unit = first.unit if first.unit.word else second.unit
        self.weights = self.scale // first.scale, self.scale // second.scale

    def parts(self) -> tuple[Formula, ...]:
        return self.first, self.second

    def one(self) -> One:
        (a, b), first, second, pick = self.weights, self.first.one(), self.second.one(), self.pick

        def found(known: Known) -> int | None:
            x, y = first(known), second(known)
            return None if x is None or y is None else pick(a * x, b * y)

        return found

    def many(self, batch: Batch) -> Column:
        a, b = self.weights
        return self.pick_many(batch.of(self.first) * float(a), batch.of(self.second) * float(b))

    def bound(self, most: int) -> int:
        a, b = self.weights
        return max(a * self.first.bound(most), b * self.second.bound(most))

    pick: Any
    pick_many: Any


class Least(_Extreme):
    pick, pick_many = staticmethod(min), staticmethod(np.minimum)


class Greatest(_Extreme):
    pick, pick_many = staticmethod(max), staticmethod(np.maximum)


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

    def parts(self) -> tuple[Formula, ...]:
        return self.test, self.then, self.otherwise

    def one(self) -> One:
        test, then, otherwise, or_zero = (
            self.test.one(),
            self._fitted(self.then),
            self._fitted(self.otherwise),
            self.or_zero,
        )

        def found(known: Known) -> Any:
            sign = test(known)
            if sign is None:
                return None
            return then(known) if sign > 0 or (or_zero and sign == 0) else otherwise(known)

        return found

    def _fitted(self, branch: Formula) -> One:
        """The branch on the scale of the whole."""
        get, weight = branch.one(), self.scale // branch.scale if self.scale and branch.scale else 1
        if self.scale == 0 and branch.scale:
            per = branch.scale
            return lambda known: None if (v := get(known)) is None else Quotient(v, per)
        if weight == 1:
            return get
        return lambda known: None if (v := get(known)) is None else v * weight

    def _column(self, branch: Formula, batch: Batch) -> Column:
        factor = (1 / branch.scale if branch.scale else 1.0) if self.scale == 0 else self.scale / branch.scale
        return batch.of(branch) if factor == 1 else batch.of(branch) * factor

    def many(self, batch: Batch) -> Column:
        sign = batch.of(self.test)
        chosen = sign >= 0 if self.or_zero else sign > 0
        found = np.where(chosen, self._column(self.then, batch), self._column(self.otherwise, batch))
        found[np.isnan(sign)] = np.nan
        return found

    def unknown(self, batch: Batch) -> Mask:
        sign = batch.of(self.test)
        chosen = sign >= 0 if self.or_zero else sign > 0
        inner = np.where(chosen, self.then.unknown(batch), self.otherwise.unknown(batch))
        return inner | self.test.unknown(batch)

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
        sign = batch.of(self.test)
        chosen = sign >= 0 if self.or_zero else sign > 0
        return np.where(chosen, self.then.blur(batch), self.otherwise.blur(batch))


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
    "formula",
    "greatest",
    "least",
    "show_quotient",
    "total",
    "yuan",
]
