"""A condition: a value against a mark, with what there is, what it takes and how much is short, in people's words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from keji.lib.rules import found, vocabulary
from keji.lib.rules.columns import Batch, Entry, Passed, Sink, passed_where
from keji.lib.rules.formula import Constant, Formula, Known, Share, Value, fitted, formula, show_quotient
from keji.lib.rules.frame import UNDEFINED, Case, Frame
from keji.lib.rules.terms import WORDED
from keji.lib.rules.vocabulary import MONEY, PERCENT, Unit

WORDS = {">=": "不低于", "<=": "不超过", ">": "超过", "<": "低于"}
ROUGH_MONEY = Unit("万元", 10_000, 2)
NONE, ALL = Fraction(0), Fraction(1)
#: (case, lack, bottom, top, over): wanted is top / over, of a value over `bottom` lack / (bottom × over) is missing
#: → (what is short in the smallest step of what is counted, that as a share of what is needed).
Shortfall = Callable[[Case, int, int, int, int], tuple[Fraction, Fraction]]


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

    def told(self, frame: Frame) -> Callable[[Case], Any]:
        """What finds it in a case whose formulas this frame works out."""
        raise NotImplementedError

    def one(self) -> Callable[[Known], Any]:
        """It alone, for one case."""
        frame = Frame()
        told = self.told(frame)
        work = frame.function()
        return lambda known: told(work(known))

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

    def told(self, frame: Frame) -> Callable[[Case], found.Check]:
        have_at, want_at, keys = frame.place(self.value), frame.place(self.mark), self.needs()
        value_scale, mark_scale, show = self.value.scale, self.mark.scale, self.value.reader()
        label, cites, key = self.label, self.cites, self.key
        turn, least = 1 if self.up else -1, 1 if self.strict else 0
        need = f"{WORDS[self.sense]}{self._show_mark(self.mark.top)}" if isinstance(self.mark, Constant) else ""
        shortfall = self._of_share(self.share, frame) if self.share else _of_value

        def check(case: Case) -> found.Check:
            have, want = case[have_at], case[want_at]
            said = need or f"{WORDS[self.sense]}{self._show_mark(want)}"
            if have is None or want is None or have is UNDEFINED or want is UNDEFINED:
                return self._open(case[0], keys, said)
            top, bottom = (have, value_scale) if value_scale else have
            mark_top, mark_bottom = (want, mark_scale) if mark_scale else want
            margin = (top * mark_bottom - mark_top * bottom) * turn
            if margin >= least:
                return found.Check(label, True, cites, said, show(have), "", (), key)
            short, effort = shortfall(case, -margin, bottom, mark_top, mark_bottom)
            gap = self._gap(-margin, bottom * mark_bottom, short)
            return found.Check(label, False, cites, said, show(have), gap, (), key, short, effort)

        return check

    def _show_mark(self, want: Any) -> str:
        if want is None or want is UNDEFINED:
            return "（资料不足）"
        if self.value.scale and self.mark.scale:
            return f" {self.value.unit.show(want, self.mark.scale)}"
        text = show_quotient((want, self.mark.scale) if self.mark.scale else want, self.value.unit)
        return text if self.value.unit is PERCENT else f" {text}"

    def _open(self, known: Known, keys: tuple[str, ...], said: str) -> found.Check:
        missing = lacks(known, keys)
        words = "资料不足" if missing else self.note or "分母为零或负数，无法计算，请人工核定"
        return found.Check(self.label, None, self.cites, said, words, "", missing, self.key)

    def _of_share(self, share: Share, frame: Frame) -> Shortfall:
        """What is short of a share is short of its part while the whole stays."""
        part_at, whole_at, (a, b) = frame.place(share.part), frame.place(share.whole), share.weights
        per, turn = share.part.scale * a, 1 if self.up else -1

        def shortfall(case: Case, lack: int, bottom: int, top: int, over: int) -> tuple[Fraction, Fraction]:
            part, whole = case[part_at], case[whole_at]
            if part is None or whole is None or whole <= 0:
                return NONE, ALL  # nothing of a whole nobody knows: it fails, but by how much cannot be said
            wanted = top * whole * b
            lack = (wanted - over * part * a) * turn
            return Fraction(lack, over * per), Fraction(lack, wanted) if wanted > 0 else ALL

        return shortfall

    def _gap(self, lack: int, per: int, short: Fraction) -> str:
        """`lack` / `per` of the value is short."""
        if not lack:
            return f"正好相等，须{WORDS[self.sense]}才符合"
        word = "差" if self.up else "超出"
        part = self.share.part.unit if self.share else self.value.unit
        amount = _amount(short, part) if short and part.word else ""
        if self.value.unit is not PERCENT:
            return f"{word} {amount}" if amount else ""
        points = vocabulary.decimals(lack * 100, per, 2) if lack * 20_000 >= per else "不到0.01"
        return f"{word} {points} 个百分点" + (f"，约{amount}" if amount and self.share else "")

    # many cases -------------------------------------------------------------------------------------------------

    def many(self, batch: Batch, sink: Sink) -> Passed:
        if self.share:
            return self._many_share(batch, sink, self.share)
        margin, per = self._margin(batch)
        passed = self._passed(margin)
        sink.add(Entry(self.key, self.label, passed, margin, per))
        return passed

    def _passed(self, margin: Any) -> Passed:
        return passed_where(margin > 0 if self.strict else margin >= 0, np.isnan(margin))

    def _many_share(self, batch: Batch, sink: Sink, share: Share) -> Passed:
        """The margin is part − mark × whole, multiplied out, and NaN where open."""
        (a, b), scale = share.weights, self.mark.scale
        part, whole, mark = batch.of(share.part), batch.of(share.whole), self._mark(batch, b)
        have, want = fitted(part, a * scale), whole * mark
        margin = have - want if self.up else want - have
        without = ~(whole > 0)
        if without.any():
            margin[without] = np.nan
        passed = self._passed(margin)
        # Nothing is a share of zero even of a whole nobody knows: settled, but by how much cannot be said.
        rows = np.flatnonzero(without & (part == 0))
        if rows.size:
            held = np.broadcast_to(mark, part.shape)[rows]
            passed[rows], margin[rows] = self._passed(-held if self.up else held), held * 0
        sink.add(Entry(self.key, self.label, passed, margin, a * scale * share.part.scale))
        return passed

    def _mark(self, batch: Batch, weight: int) -> Any:
        """The mark, multiplied: one number or a column."""
        return float(self.mark.top * weight) if isinstance(self.mark, Constant) else fitted(batch.of(self.mark), weight)

    def _margin(self, batch: Batch) -> tuple[Any, float]:
        """(value − mark, multiplied out; NaN where open, how many of these make one smallest step of the value)."""
        value, mark = self.value, self.mark
        if value.scale and mark.scale:
            have, want = fitted(batch.of(value), mark.scale), self._mark(batch, value.scale)
            return have - want if self.up else want - have, value.scale * mark.scale
        margin = batch.of(value) / (value.scale or 1) - batch.of(mark) / (mark.scale or 1)
        if not (value.exact and mark.scale):
            blur = (f.blur(batch) / (f.scale or 1) for f in (value, mark))
            batch.near |= np.abs(margin) < sum(blur)
        return margin if self.up else -margin, 1.0

    def fits(self, most: int) -> bool:
        if self.mark.scale:
            return self.value.fits(most, self.mark.bound(most), self.mark.scale)
        return self.value.fits(most) and self.mark.fits(most)


def _of_value(case: Case, lack: int, bottom: int, top: int, over: int) -> tuple[Fraction, Fraction]:
    return Fraction(lack, bottom * over), Fraction(lack, bottom * top) if top > 0 else ALL


def _amount(short: Fraction, unit: Unit) -> str:
    """An amount short, rounded up: what is brought must be enough."""
    if unit is MONEY:
        steps = -(-short.numerator * 100 // (short.denominator * 10_000))
        return ROUGH_MONEY.show(max(steps, 1) * 100)
    scale = 10**unit.places
    steps = -(-short.numerator * scale // short.denominator)
    return unit.show(steps, scale) if unit.per == 1 else unit.show(-(-short.numerator // short.denominator))
