"""What formulas are made of. One tree is read two ways: exactly for one case, and as columns for many.

An *integral* formula is an integer over a constant `scale`: sums, fixed multiples, the least or greatest of two. A
*rational* one is a quotient. Comparisons multiply out, so nothing is rounded. Columns hold the same integers as
float64, which is exact while they stay below 2**53: `fits` says up to which facts they do, and a case with a larger
one is judged by itself. So is a case too near an edge where quotients were added up, by as much as `blur` says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import lcm
from typing import Any, NamedTuple

import numpy as np

from keji.lib.rules import vocabulary
from keji.lib.rules.vocabulary import PERCENT, Kind, Unit

Known = Mapping[str, int]
Column = np.ndarray[Any, np.dtype[np.float64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]
Plain = int | Fraction
EXACT = 2**53  # integers below it have a float64 of their own


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

    def undefined(self, batch: Batch) -> Mask:
        return np.isnan(batch.of(self)) & ~self.unknown(batch)

    def bound(self, most: int) -> int:
        """The largest scaled integer this (integral) formula comes to while no fact is beyond `most`."""
        raise TypeError(f"{type(self).__name__} has no bound: it is a quotient")

    def fits(self, most: int, top: int = 1, per: int = 1) -> bool:
        """Is comparing it with top / per exact in columns, while no fact is beyond `most`?"""
        return self.bound(most) * per + abs(top) * self.scale <= EXACT

    def blur(self, batch: Batch) -> Column:
        """By how much at most a column of an inexact formula may be off."""
        return np.abs(batch.of(self)) * 1e-14

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

    def bound(self, most: int) -> int:
        return most

    def show(self, value: Any) -> str:
        return self.fact.text(value) if self.fact.kind in WORDED else super().show(value)


WORDED = (Kind.CHOICE, Kind.DATE, Kind.YES_NO)  # values that are not amounts


class Constant(Formula):
    def __init__(self, value: Plain, unit: Unit = Unit("")) -> None:  # noqa: B008 - a value, never changed
        exact = Fraction(value)
        self.top, self.scale, self.unit = exact.numerator, exact.denominator, unit

    def one(self) -> One:
        top = self.top
        return lambda known: top

    def many(self, batch: Batch) -> Column:
        return np.full(batch.size, float(self.top))

    def bound(self, most: int) -> int:
        return abs(self.top)


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
            top, bottom, unknown = 0, 1, False
            for factor, per, get in terms:
                value = get(known)
                if value is UNDEFINED:
                    return value  # whatever the others are
                if value is None:
                    unknown = True
                    continue
                more, over = value if isinstance(value, Quotient) else (value, 1)
                top, bottom = top * over * per + more * factor * bottom, bottom * over * per
            return None if unknown else Quotient(top, bottom)

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
        waiting = any_of([part.unknown(batch) for part in self.parts()])
        return waiting if self.scale else waiting & ~any_of([part.undefined(batch) for part in self.parts()])

    def bound(self, most: int) -> int:
        return sum(abs(weight) * part.bound(most) for weight, part in self._weights())

    def fits(self, most: int, top: int = 1, per: int = 1) -> bool:
        return super().fits(most, top, per) if self.scale else all(part.fits(most) for part in self.parts())

    def blur(self, batch: Batch) -> Column:
        if self.scale:
            return super().blur(batch)
        found: Column = sum(
            (np.abs(batch.of(part)) * float(abs(c) / (part.scale or 1)) for c, part in self.terms), np.zeros(batch.size)
        )
        return found * 1e-14


def _terms(part: Formula) -> list[tuple[Fraction, Formula]]:
    """A sum within a sum is one sum."""
    return part.terms if isinstance(part, Sum) else [(Fraction(1), part)]


class Share(Formula):
    """part / whole of two integral formulas; undefined over zero or less. Nothing is nothing of whatever whole."""

    scale = 0

    def __init__(self, part: Formula, whole: Formula, unit: Unit = PERCENT) -> None:
        if not (part.scale and whole.scale):
            raise TypeError("a share is made of two integral formulas, not of quotients")
        self.part, self.whole, self.unit = part, whole, unit
        self.weights = _balance(part.scale, whole.scale)

    def parts(self) -> tuple[Formula, ...]:
        return self.part, self.whole

    def one(self) -> One:
        part, whole, (a, b) = self.part.one(), self.whole.one(), self.weights

        def found(known: Known) -> Any:
            top = part(known)
            if top == 0:
                return NOTHING
            bottom = whole(known)
            if bottom is None:
                return None
            if bottom <= 0:
                return UNDEFINED
            return None if top is None else Quotient(top * a, bottom * b)

        return found

    def many(self, batch: Batch) -> Column:
        top, bottom, (a, b) = batch.of(self.part), batch.of(self.whole), self.weights
        with np.errstate(divide="ignore", invalid="ignore"):
            found = (top * float(a) if a != 1 else top) / (bottom * float(b) if b != 1 else bottom)
        found[bottom <= 0] = np.nan
        found[top == 0] = 0.0
        return found

    def unknown(self, batch: Batch) -> Mask:
        top, bottom = batch.of(self.part), batch.of(self.whole)
        return (np.isnan(top) | np.isnan(bottom)) & ~(top == 0) & ~(bottom <= 0)

    def fits(self, most: int, top: int = 1, per: int = 1) -> bool:
        # Two quotients of integers whose cross products are below 2**53 never round to the same float64.
        a, b = self.weights
        return self.part.bound(most) * a * per + self.whole.bound(most) * b * abs(top) <= EXACT


NOTHING = Quotient(0, 1)


def _balance(part: int, whole: int) -> tuple[int, int]:
    """What the two integers are multiplied by so that their scales cancel."""
    common = lcm(part, whole)
    return common // part, common // whole


def any_of(masks: list[Mask]) -> Mask:
    found = masks[0]
    for mask in masks[1:]:
        found = found | mask
    return found
