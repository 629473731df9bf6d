"""A condition: a value against a mark, with what there is, what it takes and how much is short, in people's words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from keji.lib.rules import found, vocabulary
from keji.lib.rules.columns import Entry, Passed, Sink, passed_where
from keji.lib.rules.formula import (
    UNDEFINED,
    Batch,
    Constant,
    Formula,
    Known,
    Quotient,
    Share,
    Value,
    formula,
    show_quotient,
)
from keji.lib.rules.terms import WORDED
from keji.lib.rules.vocabulary import MONEY, PERCENT, Unit

WORDS = {">=": "不低于", "<=": "不超过", ">": "超过", "<": "低于"}
ROUGH_MONEY = Unit("万元", 10_000, 2)


def lacks(known: Known, keys: Sequence[str]) -> tuple[str, ...]:
    """What people call the facts that are not known, each with its year."""
    return tuple(label_of(key, known) for key in keys if known.get(key) is None)


def label_of(key: str, known: Known) -> str:
    name, _, back = key.partition("-")
    label = vocabulary.fact(name).label
    year = known.get("year")
    return f"{year - int(back)}年{label}" if back and year else label


class Clause:
    """Base of everything a rule may yield."""

    def needs(self) -> tuple[str, ...]:
        raise NotImplementedError

    def one(self) -> Callable[[Known], Any]:
        raise NotImplementedError

    def many(self, batch: Batch, sink: Sink) -> Passed:
        raise NotImplementedError

    def fits(self, most: int) -> bool:
        """Are its columns exact while no fact is beyond `most`?"""
        return True


@dataclass(eq=False)
class Condition(Clause):
    """`value` against `mark`: ">=", "<=", ">" or "<". Both may be formulas; the comparison multiplies out."""

    label: str
    value: Formula
    sense: str
    mark: Any  # a number or a formula
    cites: str = ""
    key: str = ""
    note: str = ""  # said when the value is undefined

    def __post_init__(self) -> None:
        self.mark = formula(self.mark)
        if isinstance(self.value, Value) and self.value.fact.kind in WORDED:
            raise TypeError(f"{self.value.key} is no amount: ask for it with Among or yes/no")
        self.key = self.key or self.label
        self.up = self.sense in (">=", ">")
        self.strict = self.sense in (">", "<")
        #: A share against a number: what is short of it is said in what its part is counted in.
        self.share = self.value if isinstance(self.value, Share) and self.mark.scale else None

    def needs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.value.needs() + self.mark.needs()))

    # one case ---------------------------------------------------------------------------------------------------

    def one(self) -> Callable[[Known], found.Check]:
        value, mark, keys = self.value.one(), self.mark.one(), self.needs()
        value_scale, mark_scale = self.value.scale, self.mark.scale
        up, strict, label, cites, key = self.up, self.strict, self.label, self.cites, self.key
        show, need, word = self.value.show, self._need(), WORDS[self.sense]

        def check(known: Known) -> found.Check:
            have, want = value(known), mark(known)
            said = need or f"{word}{self._show_mark(want)}"
            if have is None or want is None or have is UNDEFINED or want is UNDEFINED:
                return self._open(known, keys, have, said)
            top, bottom = have if value_scale == 0 else (have, value_scale)
            mark_top, mark_bottom = want if mark_scale == 0 else (want, mark_scale)
            margin = top * mark_bottom - mark_top * bottom
            passed = (margin > 0 if strict else margin >= 0) if up else (margin < 0 if strict else margin <= 0)
            if passed:
                return found.Check(label, True, cites, said, show(have), "", (), key)
            short = self._short(known, have, Fraction(mark_top, mark_bottom))
            gap = self._gap(have, want, short) if margin else f"正好相等，须{word}才符合"
            effort = self._effort(known, short, want)
            return found.Check(label, False, cites, said, show(have), gap, (), key, short, effort)

        return check

    def _need(self) -> str:
        if not isinstance(self.mark, Constant):
            return ""
        return f"{WORDS[self.sense]}{self._show_mark(self.mark.top)}"

    def _show_mark(self, want: Any) -> str:
        if want is None or want is UNDEFINED:
            return "（资料不足）"
        if not isinstance(want, Quotient) and self.value.scale == 0:
            want = Quotient(want, self.mark.scale)
        if isinstance(want, Quotient):
            text = show_quotient(want, self.value.unit)
            return text if self.value.unit is PERCENT else f" {text}"
        return f" {self.value.unit.show(want, self.mark.scale)}"

    def _open(self, known: Known, keys: tuple[str, ...], have: Any, said: str) -> found.Check:
        missing = lacks(known, keys)
        words = "资料不足" if missing else self.note or "分母为零或负数，无法计算，请人工核定"
        return found.Check(self.label, None, self.cites, said, words, "", missing, self.key)

    def _short(self, known: Known, have: Any, mark: Fraction) -> Fraction:
        """What is short in the smallest step of what is counted: of a share, of its part while the whole stays."""
        if self.share:
            part, whole = self.share.part.one()(known), self.share.whole.one()(known)
            if part is None or whole is None or whole <= 0:
                return Fraction(0)  # nothing of a whole nobody knows: it fails, but by how much cannot be said
            distance = mark * Fraction(whole, self.share.whole.scale) - Fraction(part, self.share.part.scale)
        else:
            exact = Fraction(*have) if isinstance(have, Quotient) else Fraction(have, self.value.scale)
            distance = mark - exact
        return distance if self.up else -distance

    def _effort(self, known: Known, short: Fraction, want: Any) -> Fraction:
        """What is short as a share of what is needed."""
        base = Fraction(*want) if isinstance(want, Quotient) else Fraction(want, self.mark.scale)
        if self.share:
            whole = self.share.whole.one()(known)
            base *= Fraction(whole or 0, self.share.whole.scale)
        return short / base if base > 0 else Fraction(1)

    def _gap(self, have: Any, want: Any, short: Fraction) -> str:
        word = "差" if self.up else "超出"
        part = self.share.part.unit if self.share else self.value.unit
        amount = _amount(short, part) if short and part.word else ""
        if self.value.unit is not PERCENT:
            return f"{word} {amount}" if amount else ""
        mark = Fraction(*want) if isinstance(want, Quotient) else Fraction(want, self.mark.scale)
        points = abs(mark - Fraction(*have)) * 100
        said = vocabulary.decimals(points.numerator, points.denominator, 2)
        first = f"{word} {said if points >= Fraction(1, 200) else '不到0.01'} 个百分点"
        return f"{first}，约{amount}" if amount and self.share else first

    # many cases -------------------------------------------------------------------------------------------------

    def many(self, batch: Batch, sink: Sink) -> Passed:
        margin, per = self._margin(batch)
        if not self.up:
            margin = -margin
        passed = self._passed(margin)
        if self.share:
            self._of_nothing(batch, self.share, passed, margin)
        sink.add(Entry(self.key, self.label, passed, margin, per))
        return passed

    def _passed(self, margin: Any) -> Passed:
        return passed_where(margin > 0 if self.strict else margin >= 0, np.isnan(margin))

    def _of_nothing(self, batch: Batch, share: Share, passed: Passed, margin: Any) -> None:
        """Nothing is a share of zero even of a whole nobody knows: settled, but by how much cannot be said."""
        rows = (batch.of(share.part) == 0) & ~(batch.of(share.whole) > 0)
        if rows.any():
            mark = batch.of(self.mark)[rows]
            passed[rows] = self._passed(-mark if self.up else mark)
            margin[rows] = mark * 0

    def _margin(self, batch: Batch) -> tuple[Any, float]:
        """(value − mark, multiplied out; NaN where open, how many of these make one smallest step of what counts)."""
        value, mark = self.value, self.mark
        if value.scale and mark.scale:
            return _scaled(batch.of(value), mark.scale) - _scaled(batch.of(mark), value.scale), value.scale * mark.scale
        if self.share:
            part, whole, (a, b) = batch.of(self.share.part), batch.of(self.share.whole), self.share.weights
            margin = _scaled(part, a * mark.scale) - whole * _scaled(batch.of(mark), b)
            margin[whole <= 0] = np.nan
            return margin, a * mark.scale * self.share.part.scale
        margin = batch.of(value) / (value.scale or 1) - batch.of(mark) / (mark.scale or 1)
        if not (value.exact and mark.scale):
            blur = (f.blur(batch) / (f.scale or 1) for f in (value, mark))
            batch.near |= np.abs(margin) < sum(blur)
        return margin, 1.0

    def fits(self, most: int) -> bool:
        if self.mark.scale:
            return self.value.fits(most, self.mark.bound(most), self.mark.scale)
        return self.value.fits(most) and self.mark.fits(most)


def _scaled(column: Any, factor: int) -> Any:
    return column if factor == 1 else column * float(factor)


def _amount(short: Fraction, unit: Unit) -> str:
    """An amount short, rounded up: what is brought must be enough."""
    if unit is MONEY:
        steps = -(-short.numerator * 100 // (short.denominator * 10_000))
        return ROUGH_MONEY.show(max(steps, 1) * 100)
    scale = 10**unit.places
    steps = -(-short.numerator * scale // short.denominator)
    return unit.show(steps, scale) if unit.per == 1 else unit.show(-(-short.numerator // short.denominator))
