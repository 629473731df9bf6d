"""The words of law: conditions and how they combine. A rule is a list of these, read for one case or for many."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from keji.lib.rules import found, vocabulary
from keji.lib.rules.columns import Entry, Passed, Sink, passed_where
from keji.lib.rules.formula import (
    PERCENT,
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
from keji.lib.rules.vocabulary import MONEY, Kind, Unit

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
        if not self.mark.unit.word:
            self.mark.unit = self.value.unit
        self.key = self.key or self.label
        self.up = self.sense in (">=", ">")
        self.strict = self.sense in (">", "<")

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
            return found.Check(
                label,
                False,
                cites,
                said,
                show(have),
                self._gap(have, want, short),
                (),
                key,
                *self._effort(known, short, want),
            )

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
        if isinstance(self.value, Share):
            part, whole = self.value.part.one()(known), self.value.whole.one()(known)
            if part is None or whole is None:
                return Fraction(0)
            distance = mark * Fraction(whole, self.value.whole.scale) - Fraction(part, self.value.part.scale)
        else:
            exact = Fraction(*have) if isinstance(have, Quotient) else Fraction(have, self.value.scale)
            distance = mark - exact
        return distance if self.up else -distance

    def _effort(self, known: Known, short: Fraction, want: Any) -> tuple[Fraction, Fraction]:
        base = Fraction(*want) if isinstance(want, Quotient) else Fraction(want, self.mark.scale)
        if isinstance(self.value, Share):
            whole = self.value.whole.one()(known)
            base *= Fraction(whole or 0, self.value.whole.scale)
        return short, short / base if base > 0 else Fraction(1)

    def _gap(self, have: Any, want: Any, short: Fraction) -> str:
        word = "差" if self.up else "超出"
        if not isinstance(self.value, Share):
            return f"{word} {_amount(short, self.value.unit)}" if short else f"{word}一点：须{WORDS[self.sense]}该数"
        unit = self.value.part.unit
        about = f"约{_amount(short, unit)}" if unit.word and short else ""
        if self.value.unit is not PERCENT:
            return f"{word}{about.removeprefix('约')}" if about else ""
        mark = Fraction(*want) if isinstance(want, Quotient) else Fraction(want, self.mark.scale)
        points = abs(mark - Fraction(*have)) * 100
        tenths = vocabulary.decimals(points.numerator, points.denominator, 2)
        first = f"{word} {tenths if points >= Fraction(1, 200) else '不到0.01'} 个百分点"
        return f"{first}，{about}" if about else first

    # many cases -------------------------------------------------------------------------------------------------

    def many(self, batch: Batch, sink: Sink) -> Passed:
        margin, per = self._margin(batch)
        if not self.up:
            margin = -margin
        passed = passed_where(margin > 0 if self.strict else margin >= 0, np.isnan(margin))
        sink.add(Entry(self.key, self.label, passed, margin, per))
        return passed

    def _margin(self, batch: Batch) -> tuple[Any, float]:
        """(value − mark, multiplied out; NaN where open, how many of these make one smallest step of what counts)."""
        value, mark = self.value, self.mark
        if value.scale and mark.scale:
            return _scaled(batch.of(value), mark.scale) - _scaled(batch.of(mark), value.scale), value.scale * mark.scale
        if isinstance(value, Share) and mark.scale:
            part, whole, (a, b) = batch.of(value.part), batch.of(value.whole), value.weights
            margin = _scaled(part, a * mark.scale) - whole * _scaled(batch.of(mark), b)
            margin[whole <= 0] = np.nan
            batch.near |= (part == 0) & np.isnan(whole)  # zero of whatever: rare, and settled one by one
            return margin, a * mark.scale * value.part.scale
        margin = batch.of(value) / (value.scale or 1) - batch.of(mark) / (mark.scale or 1)
        if not (value.exact and mark.exact and mark.scale):
            batch.near |= np.abs(margin) < 1e-9
        return margin, 1.0


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


@dataclass(eq=False)
class Answer(Clause):
    """A fact that is yes or no; `wanted` is the answer that passes."""

    value: Value
    wanted: bool = True
    label: str = ""
    cites: str = ""
    key: str = ""

    def __post_init__(self) -> None:
        self.label = self.label or self.value.fact.label
        self.key = self.key or self.value.key

    def needs(self) -> tuple[str, ...]:
        return self.value.needs()

    def one(self) -> Callable[[Known], found.Check]:
        fact_key, wanted, label, cites, key = self.value.key, int(self.wanted), self.label, self.cites, self.key
        words = ("否", "是")
        need = words[wanted]

        def check(known: Known) -> found.Check:
            value = known.get(fact_key)
            if value is None:
                return found.Check(label, None, cites, need, "资料不足", "", lacks(known, (fact_key,)), key)
            if value == wanted:
                return found.Check(label, True, cites, need, words[value], "", (), key)
            return found.Check(label, False, cites, need, words[value], "", (), key, Fraction(1), Fraction(1))

        return check

    def many(self, batch: Batch, sink: Sink) -> Passed:
        column = batch.of(self.value)
        passed = passed_where(column == float(self.wanted), np.isnan(column))
        sink.add(Entry(self.key, self.label, passed, None, 1.0))
        return passed


@dataclass(eq=False)
class Every(Clause):
    """All parts must hold."""

    label: str
    parts: Sequence[Clause]
    cites: str = ""
    key: str = ""

    def needs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(k for p in self.parts for k in p.needs()))

    def one(self) -> Callable[[Known], found.All]:
        parts, label, cites, key = [p.one() for p in self.parts], self.label, self.cites, self.key
        return lambda known: found.All(label, tuple([part(known) for part in parts]), cites, key=key)

    def many(self, batch: Batch, sink: Sink) -> Passed:
        result = self.parts[0].many(batch, sink)
        for part in self.parts[1:]:
            result = np.minimum(result, part.many(batch, sink))
        return result


@dataclass(eq=False)
class AnyOf(Clause):
    """`count` of the parts are enough."""

    label: str
    parts: Sequence[Clause]
    cites: str = ""
    key: str = ""
    count: int = 1

    def __post_init__(self) -> None:
        self.key = self.key or self.label

    def needs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(k for p in self.parts for k in p.needs()))

    def one(self) -> Callable[[Known], found.Any_]:
        parts, label, cites, key, count = [p.one() for p in self.parts], self.label, self.cites, self.key, self.count
        need = "满足任意一项" if count == 1 else f"满足其中 {count} 项"
        return lambda known: found.Any_(
            label, tuple([part(known) for part in parts]), cites, need, key=key, count=count
        )

    def many(self, batch: Batch, sink: Sink) -> Passed:
        inner = Sink()  # a route that fails is no failing of the case: only all of them together
        results = [part.many(batch, inner) for part in self.parts]
        if self.count == 1:
            passed = results[0]
            for result in results[1:]:
                passed = np.maximum(passed, result)
        else:
            sure = sum((r == 2).astype(np.int16) for r in results)
            maybe = sum((r >= 1).astype(np.int16) for r in results)
            passed = np.where(sure >= self.count, 2, np.where(maybe >= self.count, 1, 0)).astype(np.uint8)
        sink.add(Entry(self.key, self.label, passed, None, 1.0))
        return passed


@dataclass(eq=False)
class Where(Clause):
    """One clause where an integral `test` is above zero (or zero, if `or_zero`), another elsewhere."""

    label: str
    test: Formula
    then: Clause
    otherwise: Clause
    or_zero: bool = False
    cites: str = ""

    def needs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.test.needs() + self.then.needs() + self.otherwise.needs()))

    def one(self) -> Callable[[Known], Any]:
        test, then, otherwise, keys = self.test.one(), self.then.one(), self.otherwise.one(), self.test.needs()

        def chosen(known: Known) -> Any:
            sign = test(known)
            if sign is None:
                return found.Check(self.label, None, self.cites, "", "资料不足", "", lacks(known, keys), self.label)
            return then(known) if sign > 0 or (self.or_zero and sign == 0) else otherwise(known)

        return chosen

    def many(self, batch: Batch, sink: Sink) -> Passed:
        sign = batch.of(self.test)
        chosen = sign >= 0 if self.or_zero else sign > 0
        open_ = np.isnan(sign)
        passed = np.where(
            chosen,
            *(self._branch(b, batch, sink, m & ~open_) for b, m in ((self.then, chosen), (self.otherwise, ~chosen))),
        )
        passed[open_] = 1
        return passed.astype(np.uint8)

    def _branch(self, branch: Clause, batch: Batch, sink: Sink, mask: Any) -> Passed:
        """Entries of a branch count only where it is chosen; elsewhere they hold."""
        inner = Sink()
        passed = branch.many(batch, inner)
        for entry in inner.entries:
            entry.passed = np.where(mask, entry.passed, 2).astype(np.uint8)
            sink.add(entry)
        return passed


def yes(value: Value, *, cites: str = "", label: str = "") -> Answer:
    return Answer(value, True, label, cites)


def no(value: Value, *, cites: str = "", label: str = "") -> Answer:
    return Answer(value, False, label, cites)


class Names:
    """How a rule's method reaches facts: `f.now("field")`, `f.last("revenue")`, `f.back("revenue", 2)`."""

    def now(self, name: str) -> Value:
        return Value(name)

    def last(self, name: str) -> Value:
        return Value(name, 1)

    def back(self, name: str, years: int) -> Value:
        return Value(name, years)

    def years(self, name: str, count: int) -> list[Value]:
        """The last `count` years before the year of the case, the earliest first."""
        return [Value(name, back) for back in range(count, 0, -1)]


Numbers = Mapping[str, Any]
__all__ = ["Answer", "AnyOf", "Clause", "Condition", "Every", "Kind", "Names", "Where", "no", "yes"]
