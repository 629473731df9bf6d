"""Formulas over facts. One tree is read two ways: exactly for one case, and as columns for many.

An *integral* formula is an integer over a constant `scale`: sums, fixed multiples, the least or greatest of two. A
*rational* one is a quotient. Comparisons multiply out, so nothing is rounded. Columns hold the same integers as
float64, exact up to 2**53; where quotients are added the result is not exact, and rows too near an edge are judged
again one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import lcm
from typing import Any, NamedTuple

import numpy as np

from keji.lib.rules import vocabulary
from keji.lib.rules.vocabulary import MONEY, PERCENT, Kind, Unit

Known = Mapping[str, int]
Column = np.ndarray[Any, np.dtype[np.float64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]
Plain = int | Fraction


class Quotient(NamedTuple):
    """top / bottom, bottom > 0; not reduced."""

    top: int
    bottom: int


class Undefined:
    """A quotient over zero or less: not unknown, but not a number either."""

    def __repr__(self) -> str:
        return "UNDEFINED"


UNDEFINED = Undefined()
One = Callable[[Known], Any]  # → int (integral), Quotient (rational), UNDEFINED, or None when a fact is unknown


class Batch:
    """The columns of many cases, each result worked out once."""

    def __init__(self, columns: Mapping[str, Column], size: int) -> None:
        self.columns, self.size = columns, size
        self._done: dict[int, Column] = {}
        self.near = np.zeros(size, dtype=bool)  # rows too close to an edge for float64

    def column(self, key: str) -> Column:
        found = self.columns.get(key)
        return np.full(self.size, np.nan) if found is None else found

    def of(self, formula: Formula) -> Column:
        if id(formula) not in self._done:
            self._done[id(formula)] = formula.many(self)
        return self._done[id(formula)]


class Formula:
    """Base. `scale` > 0: integral, the value is the integer over it; 0: rational."""

    scale: int = 1
    unit: Unit = Unit("")
    exact: bool = True  # a column of it compares as the numbers do: integers, or one division of integers

    def needs(self) -> tuple[str, ...]:
        """The facts it reads, in order, without repetition."""
        return tuple(dict.fromkeys(k for part in self.parts() for k in part.needs()))

    def parts(self) -> tuple[Formula, ...]:
        return ()

    def one(self) -> One:
        raise NotImplementedError

    def many(self, batch: Batch) -> Column:
        """Integral: the scaled integers; rational: the value. NaN for unknown and undefined."""
        raise NotImplementedError

    def unknown(self, batch: Batch) -> Mask:
        """Where a fact it waits for is unknown; an undefined quotient is known to be undefined."""
        return np.isnan(batch.of(self))

    def show(self, value: Any) -> str:
        """A value of this formula for people."""
        if isinstance(value, Quotient):
            return show_quotient(value, self.unit)
        return self.unit.show(value, self.scale)

    def __add__(self, other: Any) -> Formula:
        return Sum([(Fraction(1), self), (Fraction(1), formula(other))])

    __radd__ = __add__

    def __sub__(self, other: Any) -> Formula:
        return Sum([(Fraction(1), self), (Fraction(-1), formula(other))])

    def __rsub__(self, other: Any) -> Formula:
        return Sum([(Fraction(-1), self), (Fraction(1), formula(other))])

    def __mul__(self, factor: Plain) -> Formula:
        return Sum([(Fraction(factor), self)])

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Formula:
        return Share(self, other) if isinstance(other, Formula) else self * (1 / Fraction(other))


def show_quotient(value: Quotient, unit: Unit) -> str:
    if unit is PERCENT:
        return f"{vocabulary.decimals(value.top * 100, value.bottom, 2)}%"
    return unit.show(value.top, value.bottom)


class Value(Formula):
    """A fact of the case, `back` years before its year (0: as it stands)."""

    def __init__(self, name: str, back: int = 0) -> None:
        self.fact, self.back, self.key = vocabulary.fact(name), back, vocabulary.key_of(name, back)
        self.unit = self.fact.reads
        self.scale = 10**self.fact.places if self.fact.kind is Kind.NUMBER else 1
        if self.fact.kind is Kind.NUMBER:
            self.unit = Unit(self.fact.unit, 1, self.fact.places)

    def needs(self) -> tuple[str, ...]:
        return (self.key,)

    def one(self) -> One:
        key = self.key
        return lambda known: known.get(key)

    def many(self, batch: Batch) -> Column:
        return batch.column(self.key)


class Constant(Formula):
    def __init__(self, value: Plain, unit: Unit = Unit("")) -> None:  # noqa: B008 - a value, never changed
        exact = Fraction(value)
        self.top, self.scale, self.unit = exact.numerator, exact.denominator, unit

    def one(self) -> One:
        top = self.top
        return lambda known: top

    def many(self, batch: Batch) -> Column:
        return np.full(batch.size, float(self.top))


def formula(value: Any) -> Formula:
    return value if isinstance(value, Formula) else Constant(Fraction(value))


class Sum(Formula):
    """Fixed multiples of other formulas, added up."""

    def __init__(self, terms: list[tuple[Fraction, Formula]]) -> None:
        self.terms = [(c * f, g) for c, part in terms for f, g in _terms(part)]
        self.unit = self.terms[0][1].unit
        rational = any(part.scale == 0 for _, part in self.terms)
        self.scale = 0 if rational else lcm(*(part.scale * c.denominator for c, part in self.terms))
        self.exact = not rational
        if rational:
            self.unit = next(part.unit for _, part in self.terms if part.scale == 0)

    def parts(self) -> tuple[Formula, ...]:
        return tuple(part for _, part in self.terms)

    def _weights(self) -> list[tuple[int, Formula]]:
        return [(int(c * self.scale / part.scale), part) for c, part in self.terms]

    def one(self) -> One:
        if not self.scale:
            return self._one_rational()
        weights = [(weight, part.one()) for weight, part in self._weights()]

        def total(known: Known) -> int | None:
            found = 0
            for weight, get in weights:
                value = get(known)
                if value is None:
                    return None
                found += weight * value
            return found

        return total

    def _one_rational(self) -> One:
        terms = [(c.numerator, c.denominator * (part.scale or 1), part.one()) for c, part in self.terms]

        def total(known: Known) -> Any:
            top, bottom = 0, 1
            for factor, per, get in terms:
                value = get(known)
                if value is None or value is UNDEFINED:
                    return value
                more, over = value if isinstance(value, Quotient) else (value, 1)
                top, bottom = top * over * per + more * factor * bottom, bottom * over * per
            return Quotient(top, bottom)

        return total

    def many(self, batch: Batch) -> Column:
        if self.scale:
            terms = [batch.of(part) * float(w) if w != 1 else batch.of(part) for w, part in self._weights()]
        else:
            terms = [batch.of(part) * float(c / (part.scale or 1)) for c, part in self.terms]
        found = terms[0]
        for term in terms[1:]:
            found = found + term
        return found

    def unknown(self, batch: Batch) -> Mask:
        return any_of([part.unknown(batch) for part in self.parts()])


def _terms(part: Formula) -> list[tuple[Fraction, Formula]]:
    """A sum within a sum is one sum."""
    return part.terms if isinstance(part, Sum) else [(Fraction(1), part)]


class _Extreme(Formula):
    """The least or the greatest of two integral formulas."""

    def __init__(self, first: Formula, second: Formula) -> None:
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


class Share(Formula):
    """part / whole of two integral formulas. Undefined over zero or less; a part of zero is zero of any whole."""

    scale = 0

    def __init__(self, part: Formula, whole: Formula, unit: Unit = PERCENT) -> None:
        self.part, self.whole, self.unit = part, whole, unit
        self.weights = _balance(part.scale, whole.scale)

    def parts(self) -> tuple[Formula, ...]:
        return self.part, self.whole

    def one(self) -> One:
        part, whole, (a, b) = self.part.one(), self.whole.one(), self.weights

        def found(known: Known) -> Any:
            top, bottom = part(known), whole(known)
            if bottom is not None and bottom <= 0:
                return UNDEFINED
            if top == 0:
                return Quotient(0, 1)
            if top is None or bottom is None:
                return None
            return Quotient(top * a, bottom * b)

        return found

    def many(self, batch: Batch) -> Column:
        top, bottom, (a, b) = batch.of(self.part), batch.of(self.whole), self.weights
        with np.errstate(divide="ignore", invalid="ignore"):
            found = (top * float(a) if a != 1 else top) / (bottom * float(b) if b != 1 else bottom)
        found[bottom <= 0] = np.nan
        found[(top == 0) & ~(bottom <= 0)] = 0.0
        return found

    def unknown(self, batch: Batch) -> Mask:
        top, bottom = batch.of(self.part), batch.of(self.whole)
        return (np.isnan(top) | np.isnan(bottom)) & ~(top == 0) & ~(bottom <= 0)


def _balance(part: int, whole: int) -> tuple[int, int]:
    """What the two integers are multiplied by so that their scales cancel."""
    common = lcm(part, whole)
    return common // part, common // whole


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


NOT_A_NUMBER = Share(Constant(1), Constant(0))  # a case the law does not settle: for people to decide


def any_of(masks: list[Mask]) -> Mask:
    found = masks[0]
    for mask in masks[1:]:
        found = found | mask
    return found


def total(parts: Any) -> Formula:
    return Sum([(Fraction(1), formula(part)) for part in parts])


def yuan(wan: Plain) -> Constant:
    """An amount the law prints in 万元."""
    return Constant(Fraction(wan) * 10_000, MONEY)
