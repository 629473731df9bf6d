"""What formulas are made of. One tree is read two ways: exactly for one case, and as columns for many.

An *integral* formula is an integer over a constant `scale`: sums, fixed multiples, the least or greatest of two. A
*rational* one is a quotient. Comparisons multiply out, so nothing is rounded. Columns hold the same integers as
float64, which is exact while they stay below 2**53: `fits` says up to which facts they do, and a case with a larger
one is judged by itself. So is a case too near an edge where quotients were added up, by as much as `blur` says.

Formulas that say the same have one `slot`: what several conditions rest on is worked out once, for a case as for a
column.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import count
from math import lcm
from typing import Any

import numpy as np

from keji.lib.rules import vocabulary
from keji.lib.rules.columns import Batch, Column, Mask
from keji.lib.rules.frame import UNDEFINED, Frame, if_known, times
from keji.lib.rules.vocabulary import PERCENT, Kind, Unit

Known = Mapping[str, int]
Plain = int | Fraction
Quotient = tuple[int, int]  # top / bottom, bottom > 0; not reduced
One = Callable[[Known], Any]  # → int (integral), Quotient (rational), UNDEFINED, or None when a fact is unknown
EXACT = 2**53  # integers below it have a float64 of their own
_slots: dict[tuple[Any, ...], int] = {}
_numbers = count()


class Formula:
    """Base. `scale` > 0: integral, the value is the integer over it; 0: rational."""

    scale: int = 1
    unit: Unit = Unit("")
    exact: bool = True  # a column of it compares as the numbers do: integers, or one division of integers

    def form(self) -> tuple[Any, ...]:
        """What it says, its parts by their slots."""
        raise NotImplementedError

    @cached_property
    def slot(self) -> int:
        """A number of its own for everything formulas say."""
        return _slots.setdefault((type(self), *self.form()), next(_numbers))

    def needs(self) -> tuple[str, ...]:
        """The facts it reads, in order, without repetition."""
        return tuple(dict.fromkeys(k for part in self.parts() for k in part.needs()))

    def parts(self) -> tuple[Formula, ...]:
        return ()

    def source(self, frame: Frame) -> str:
        """What works it out for one case: Python over the frame's names of its parts."""
        raise NotImplementedError

    def one(self) -> One:
        """It alone, for one case."""
        frame = Frame()
        place, work = frame.place(self), frame.function()
        return lambda known: work(known)[place]

    def many(self, batch: Batch) -> Column:
        """Integral: the scaled integers; rational: the value. NaN for unknown and undefined. Read it by `batch.of`."""
        raise NotImplementedError

    def unknown(self, batch: Batch) -> Mask:
        """Where a fact it waits for is unknown; an undefined quotient is known to be undefined."""
        return np.isnan(batch.of(self))

    def undefined(self, batch: Batch) -> Mask:
        return np.isnan(batch.of(self)) & ~batch.unknown(self)

    def bound(self, most: int) -> int:
        """The largest scaled integer this (integral) formula comes to while no fact is beyond `most`."""
        raise TypeError(f"{type(self).__name__} has no bound: it is a quotient")

    def fits(self, most: int, top: int = 1, per: int = 1) -> bool:
        """Is comparing it with top / per exact in columns, while no fact is beyond `most`?"""
        return self.bound(most) * per + abs(top) * self.scale <= EXACT

    def blur(self, batch: Batch) -> Column:
        """By how much at most a column of an inexact formula may be off."""
        return np.abs(batch.of(self)) * 1e-14

    def reader(self) -> Callable[[Any], str]:
        """What says a value of this formula to people."""
        if self.scale:
            return self.unit.reader(self.scale)
        unit = self.unit
        return lambda value: show_quotient(value, unit)

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
    top, bottom = value
    if unit is PERCENT:
        return f"{vocabulary.decimals(top * 100, bottom, 2)}%"
    return unit.show(top, bottom)


class Value(Formula):
    """A fact of the case, `back` years before its year (0: as it stands)."""

    def __init__(self, name: str, back: int = 0) -> None:
        self.fact, self.back, self.key = vocabulary.fact(name), back, vocabulary.key_of(name, back)
        self.unit = self.fact.reads
        self.scale = 10**self.fact.places if self.fact.kind is Kind.NUMBER else 1
        if self.fact.kind is Kind.NUMBER:
            self.unit = Unit(self.fact.unit, 1, self.fact.places)

    def form(self) -> tuple[Any, ...]:
        return (self.key,)

    def needs(self) -> tuple[str, ...]:
        return (self.key,)

    def source(self, frame: Frame) -> str:
        return f"get({self.key!r})"

    def many(self, batch: Batch) -> Column:
        return batch.column(self.key)

    def bound(self, most: int) -> int:
        return most

    def reader(self) -> Callable[[Any], str]:
        return self.fact.text if self.fact.kind in WORDED else super().reader()


WORDED = (Kind.CHOICE, Kind.DATE, Kind.YES_NO)  # values that are not amounts


class Constant(Formula):
    def __init__(self, value: Plain, unit: Unit = Unit("")) -> None:  # noqa: B008 - a value, never changed
        exact = Fraction(value)
        self.top, self.scale, self.unit = exact.numerator, exact.denominator, unit

    def form(self) -> tuple[Any, ...]:
        return self.top, self.scale

    def source(self, frame: Frame) -> str:
        return str(self.top)

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

    def form(self) -> tuple[Any, ...]:
        return tuple((c, part.slot) for c, part in self.terms)

    def parts(self) -> tuple[Formula, ...]:
        return tuple(part for _, part in self.terms)

    @cached_property
    def _weights(self) -> list[tuple[int, Formula]]:
        return [(int(c * self.scale / part.scale), part) for c, part in self.terms]

    def source(self, frame: Frame) -> str:
        names = [frame.name(part) for part in self.parts()]
        if not self.scale:
            return f"{frame.bind(self._add)}({', '.join(names)})"
        added = (times(weight, name) for (weight, _), name in zip(self._weights, names, strict=True))
        return if_known(names, " + ".join(added))

    @cached_property
    def _factors(self) -> list[tuple[int, int, bool]]:
        return [(c.numerator, c.denominator * (part.scale or 1), bool(part.scale)) for c, part in self.terms]

    def _add(self, *values: Any) -> Any:
        """Quotients added up; undefined where one is, whatever is unknown of the others."""
        if UNDEFINED in values:
            return UNDEFINED
        if None in values:
            return None
        top, bottom = 0, 1
        for (factor, per, whole), value in zip(self._factors, values, strict=True):
            more, over = (value, per) if whole else (value[0], value[1] * per)
            top, bottom = top * over + more * factor * bottom, bottom * over
        return top, bottom

    def many(self, batch: Batch) -> Column:
        return self._many_whole(batch) if self.scale else self._many_rational(batch)

    def _many_whole(self, batch: Batch) -> Column:
        """What has one weight is added up before it is multiplied; exact, for no part of the sum exceeds its bound."""
        alike: dict[int, list[Column]] = {}
        for weight, part in self._weights:
            if not isinstance(part, Constant):
                alike.setdefault(weight, []).append(batch.of(part))
        terms = [_added(columns) if w == 1 else _added(columns) * float(w) for w, columns in alike.items()]
        constant = float(sum(weight * part.top for weight, part in self._weights if isinstance(part, Constant)))
        found = _added(terms) if terms else np.zeros(batch.size)
        return found + constant if constant else found

    def _many_rational(self, batch: Batch) -> Column:
        factors = [(float(c / (part.scale or 1)), part) for c, part in self.terms]
        return _added([batch.of(part) * factor if factor != 1 else batch.of(part) for factor, part in factors])

    def unknown(self, batch: Batch) -> Mask:
        if self.scale:
            return super().unknown(batch)
        waiting = any_of([batch.unknown(part) for part in self.parts()])
        return waiting & ~any_of([part.undefined(batch) for part in self.parts()])

    def bound(self, most: int) -> int:
        return sum(abs(weight) * part.bound(most) for weight, part in self._weights)

    def fits(self, most: int, top: int = 1, per: int = 1) -> bool:
        return super().fits(most, top, per) if self.scale else all(part.fits(most) for part in self.parts())

    def blur(self, batch: Batch) -> Column:
        if self.scale:
            return super().blur(batch)
        sizes = [np.abs(batch.of(part)) * (float(abs(c) / (part.scale or 1)) * 1e-14) for c, part in self.terms]
        blurred = [part.blur(batch) * float(abs(c)) for c, part in self.terms if not part.exact]
        return _added(sizes + blurred)


def _added(columns: Sequence[Column]) -> Column:
    """Their sum; of one column itself, so nobody may write into it."""
    if len(columns) == 1:
        return columns[0]
    found = columns[0] + columns[1]
    for column in columns[2:]:
        found += column
    return found


def _terms(part: Formula) -> list[tuple[Fraction, Formula]]:
    """A sum of quotients within another is one sum: how far it may be off shows in its terms."""
    return part.terms if isinstance(part, Sum) and not part.scale else [(Fraction(1), part)]


class Share(Formula):
    """part / whole of two integral formulas; undefined over zero or less. Nothing is nothing of whatever whole."""

    scale = 0

    def __init__(self, part: Formula, whole: Formula, unit: Unit = PERCENT) -> None:
        if not (part.scale and whole.scale):
            raise TypeError("a share is made of two integral formulas, not of quotients")
        self.part, self.whole, self.unit = part, whole, unit
        common = lcm(part.scale, whole.scale)
        self.weights = common // part.scale, common // whole.scale  # these make their scales cancel

    def form(self) -> tuple[Any, ...]:
        return self.part.slot, self.whole.slot

    def parts(self) -> tuple[Formula, ...]:
        return self.part, self.whole

    def source(self, frame: Frame) -> str:
        (a, b), part, whole = self.weights, frame.name(self.part), frame.name(self.whole)
        return (
            f"NOTHING if {part} == 0 else "
            + if_known([whole], f"UNDEFINED if {whole} <= 0 else ")
            + if_known([part], f"({times(a, part)}, {times(b, whole)})")
        )

    def many(self, batch: Batch) -> Column:
        top, bottom, (a, b) = batch.of(self.part), batch.of(self.whole), self.weights
        with np.errstate(divide="ignore", invalid="ignore"):
            found = (top * float(a) if a != 1 else top) / (bottom * float(b) if b != 1 else bottom)
        there = bottom > 0
        return found if there.all() else np.where(there, found, np.where(top == 0, 0.0, np.nan))

    def unknown(self, batch: Batch) -> Mask:
        top, bottom = batch.of(self.part), batch.of(self.whole)
        return (batch.unknown(self.part) | batch.unknown(self.whole)) & ~(top == 0) & ~(bottom <= 0)

    def fits(self, most: int, top: int = 1, per: int = 1) -> bool:
        # Two quotients of integers whose cross products are below 2**53 never round to the same float64.
        a, b = self.weights
        return self.part.bound(most) * a * per + self.whole.bound(most) * b * abs(top) <= EXACT


def any_of(masks: list[Mask]) -> Mask:
    found = masks[0]
    for mask in masks[1:]:
        found = found | mask
    return found
