"""The words of law: conditions and how they combine. A rule is a list of these, read for one case or for many."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from keji.lib.rules import found
from keji.lib.rules.columns import HOLDS, OPEN, Batch, Entry, Passed, Sink, passed_where
from keji.lib.rules.condition import ALL, Clause, Condition, label_of, lacks
from keji.lib.rules.formula import Formula, Value
from keji.lib.rules.frame import Case, Frame
from keji.lib.rules.vocabulary import Kind


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

    def told(self, frame: Frame) -> Callable[[Case], found.Check]:
        fact_key, at, wanted = self.value.key, frame.place(self.value), int(self.wanted)
        label, cites, key = self.label, self.cites, self.key
        words = ("否", "是")
        need = words[wanted]

        def check(case: Case) -> found.Check:
            value = case[at]
            if value is None:
                return found.Check(label, None, cites, need, "资料不足", "", lacks(case[0], (fact_key,)), key)
            if value == wanted:
                return found.Check(label, True, cites, need, words[value], "", (), key)
            return found.Check(label, False, cites, need, words[value], "", (), key, ALL, ALL)

        return check

    def many(self, batch: Batch, sink: Sink) -> Passed:
        column = batch.of(self.value)
        passed = passed_where(column == float(self.wanted), batch.unknown(self.value))
        sink.add(Entry(self.key, self.label, passed))
        return passed


@dataclass(eq=False)
class Among(Clause):
    """A choice that must be one of several."""

    label: str
    value: Value
    wanted: Sequence[int]
    need: str
    cites: str = ""
    key: str = ""

    def __post_init__(self) -> None:
        self.key = self.key or self.value.key

    def needs(self) -> tuple[str, ...]:
        return self.value.needs()

    def told(self, frame: Frame) -> Callable[[Case], found.Check]:
        fact, at, wanted, need = self.value.fact, frame.place(self.value), frozenset(self.wanted), self.need
        label, cites, key, keys = self.label, self.cites, self.key, self.needs()

        def check(case: Case) -> found.Check:
            value = case[at]
            if value is None:
                return found.Check(label, None, cites, need, "资料不足", "", lacks(case[0], keys), key)
            if value in wanted:
                return found.Check(label, True, cites, need, fact.text(value), "", (), key)
            return found.Check(label, False, cites, need, fact.text(value), "", (), key, ALL, ALL)

        return check

    def many(self, batch: Batch, sink: Sink) -> Passed:
        column = batch.of(self.value)
        passed = passed_where(np.isin(column, [float(w) for w in self.wanted]), batch.unknown(self.value))
        sink.add(Entry(self.key, self.label, passed))
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

    def told(self, frame: Frame) -> Callable[[Case], found.All]:
        parts, label, cites, key = [p.told(frame) for p in self.parts], self.label, self.cites, self.key
        return lambda case: found.All(label, tuple([part(case) for part in parts]), cites, key=key)

    def many(self, batch: Batch, sink: Sink) -> Passed:
        result = self.parts[0].many(batch, sink)
        for part in self.parts[1:]:
            result = np.minimum(result, part.many(batch, sink))
        return result

    def fits(self, most: int) -> bool:
        return all(part.fits(most) for part in self.parts)


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

    def told(self, frame: Frame) -> Callable[[Case], found.Any_]:
        parts, label, cites, key, count = (
            [p.told(frame) for p in self.parts],
            self.label,
            self.cites,
            self.key,
            self.count,
        )
        need = "满足任意一项" if count == 1 else f"满足其中 {count} 项"
        return lambda case: found.Any_(label, tuple([part(case) for part in parts]), cites, need, key=key, count=count)

    def many(self, batch: Batch, sink: Sink) -> Passed:
        inner = Sink()  # a route that fails is no failing of the case: only all of them together
        results = [part.many(batch, inner) for part in self.parts]
        sink.scores |= inner.scores
        if self.count == 1:
            passed = results[0]
            for result in results[1:]:
                passed = np.maximum(passed, result)
        else:
            sure = np.count_nonzero([r == HOLDS for r in results], axis=0)
            maybe = np.count_nonzero([r >= OPEN for r in results], axis=0)
            passed = (sure >= self.count).view(np.uint8) + (maybe >= self.count).view(np.uint8)
        sink.add(Entry(self.key, self.label, passed))
        return passed

    def fits(self, most: int) -> bool:
        return all(part.fits(most) for part in self.parts)


@dataclass(eq=False)
class Where(Clause):
    """One clause where an integral `test` is above zero (or zero, if `or_zero`), another elsewhere.

    Each condition of either branch needs a key of its own.
    """

    label: str
    test: Formula
    then: Clause
    otherwise: Clause
    or_zero: bool = False
    cites: str = ""
    key: str = ""

    def __post_init__(self) -> None:
        self.key = self.key or self.label

    def needs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.test.needs() + self.then.needs() + self.otherwise.needs()))

    def told(self, frame: Frame) -> Callable[[Case], Any]:
        at, then, otherwise, keys = (
            frame.place(self.test),
            self.then.told(frame),
            self.otherwise.told(frame),
            self.test.needs(),
        )

        def chosen(case: Case) -> Any:
            sign = case[at]
            if sign is None:
                return found.Check(self.label, None, self.cites, "", "资料不足", "", lacks(case[0], keys), self.key)
            return then(case) if sign > 0 or (self.or_zero and sign == 0) else otherwise(case)

        return chosen

    def many(self, batch: Batch, sink: Sink) -> Passed:
        chosen, open_ = batch.chosen(self.test, self.or_zero), batch.unknown(self.test)
        settled = np.uint8(HOLDS) - open_.view(np.uint8)
        sink.add(Entry(self.key, self.label, settled))
        branches = (self.then, chosen), (self.otherwise, ~chosen & ~open_)
        return np.minimum.reduce([settled, *(self._branch(branch, batch, sink, mask) for branch, mask in branches)])

    def _branch(self, branch: Clause, batch: Batch, sink: Sink, mask: Any) -> Passed:
        """Conditions of a branch count only where it is chosen; elsewhere they hold."""
        inner = Sink()
        whole = Entry("", "", branch.many(batch, inner)).only(mask)
        for entry in inner.entries:
            sink.add(entry.only(mask))
        return whole.passed

    def fits(self, most: int) -> bool:
        return self.test.fits(most) and self.then.fits(most) and self.otherwise.fits(most)


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
__all__ = [
    "Among",
    "Answer",
    "AnyOf",
    "Clause",
    "Condition",
    "Every",
    "Kind",
    "Names",
    "Numbers",
    "Where",
    "label_of",
    "lacks",
    "no",
    "yes",
]
