"""Points: bands, people's grades, the better of two, sums with a cap, and the mark they must reach.

A score is an interval while something is open: what experts will give, or a fact nobody has stated yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from keji.lib.rules import found
from keji.lib.rules.columns import Batch, Column, Entry, Mask, Passed, Points, Sink
from keji.lib.rules.condition import Clause, lacks
from keji.lib.rules.formula import Formula, Known, Value, show_quotient
from keji.lib.rules.frame import UNDEFINED, Case, Frame

Interval = tuple[Points, Points]


class Band(NamedTuple):
    """From `edge` on, `low` to `high` points; `strict`: only above the edge. `note` says what a person must decide."""

    edge: Fraction
    low: int
    high: int
    strict: bool = False
    note: str = ""


def bands(*rows: tuple[Any, ...], per: int = 1) -> tuple[Band, ...]:
    """(edge, points) or (edge, low, high), highest first; `per` = 100 where edges are written in per cent."""
    return tuple(Band(Fraction(edge) / per, low, high[0] if high else low) for edge, low, *high in rows)


class Scored:
    """Base of everything that gives points."""

    label: str
    full: int

    def needs(self) -> tuple[str, ...]:
        raise NotImplementedError

    def told(self, frame: Frame) -> Callable[[Case], found.Score]:
        """What gives the points of a case whose formulas this frame works out."""
        raise NotImplementedError

    def one(self) -> Callable[[Known], found.Score]:
        """It alone, for one case."""
        frame = Frame()
        told = self.told(frame)
        work = frame.function()
        return lambda known: told(work(known))

    def many(self, batch: Batch) -> Interval:
        """(lowest, highest) points, in columns of its own."""
        raise NotImplementedError

    def fits(self, most: int) -> bool:
        """Are its columns exact while no fact is beyond `most`?"""
        return True


@dataclass(eq=False)
class Banded(Scored):
    """Points by the band a value falls into. Undefined (a quotient over zero) gives `undefined` points."""

    label: str
    full: int
    value: Formula
    rows: Sequence[Band]
    cites: str = ""
    undefined: tuple[int, int] = (0, 0)
    note: str = ""  # said when undefined
    falling: bool = False  # the less the better: up to `edge`, smallest first

    def needs(self) -> tuple[str, ...]:
        return self.value.needs()

    def told(self, frame: Frame) -> Callable[[Case], found.Score]:
        at, scale, keys, show = frame.place(self.value), self.value.scale, self.needs(), self.value.reader()
        label, full, cites = self.label, self.full, self.cites
        turn, rows, lowest = -1 if self.falling else 1, self._rows(), self.takes(self.rows[-1]) if self.rows else ""

        def score(case: Case) -> found.Score:
            have = case[at]
            if have is None:
                return found.Score(label, 0, full, full, cites, "资料不足", lacks(case[0], keys), of=self)
            if have is UNDEFINED:
                words = "分母为零或负数，无法计算"
                return found.Score(label, *self.undefined, full, cites, words, note=self.note, of=self)
            top, bottom = (have, scale) if scale else have
            for edge, per, least, low, high, more, note in rows:
                if (top * per - edge * bottom) * turn >= least:
                    return found.Score(label, low, high, full, cites, show(have), (), more, note, (), False, self)
            return found.Score(label, 0, 0, full, cites, show(have), (), lowest, of=self)

        return score

    def _rows(self) -> list[tuple[Any, ...]]:
        """(edge, its denominator, 1 where it must be passed, points, what the band above takes, note), best first."""
        above = ["", *map(self.takes, self.rows)]
        return [
            (*band.edge.as_integer_ratio(), int(band.strict), band.low, band.high, more, band.note)
            for band, more in zip(self.rows, above, strict=False)
        ]

    def takes(self, band: Band) -> str:
        """What a band takes and gives, in words."""
        return f"{self.reach(band)} 得 {band.low if band.low == band.high else f'{band.low}–{band.high}'} 分"

    def reach(self, band: Band) -> str:
        text = show_quotient(band.edge.as_integer_ratio(), self.value.unit)
        words = ("低于", "不超过") if self.falling else ("超过", "达到")
        return f"{words[0] if band.strict else words[1]} {text}"

    def many(self, batch: Batch) -> Interval:
        column, unknown = batch.of(self.value), batch.unknown(self.value)
        low, high = self._points(self._count(column) if self.value.exact else self._beside_edges(batch, column))
        if self.undefined != (0, 0):
            undefined = np.isnan(column) & ~unknown
            low[undefined], high[undefined] = self.undefined
        high[unknown] = self.full
        return low, high

    def _points(self, reached: Passed) -> Interval:
        """Points by how many bands a value has reached, the lowest first."""
        rows = [(0, 0), *((band.low, band.high) for band in reversed(self.rows))]
        low, high = (np.array(points, np.int16) for points in zip(*rows, strict=True))
        return low.take(reached), high.take(reached)

    def _count(self, column: Column) -> Passed:
        found: Passed = np.zeros(len(column), np.uint8)
        for band in self.rows:
            found += self._reached(column, band).view(np.uint8)
        return found

    def _reached(self, column: Column, band: Band) -> Mask:
        edge = float(band.edge * (self.value.scale or 1))
        if self.falling:
            return column < edge if band.strict else column <= edge
        return column > edge if band.strict else column >= edge

    def _beside_edges(self, batch: Batch, column: Column) -> Passed:
        """Where float64 cannot tell on which side of an edge a value lies, the case is judged by itself."""
        blur = self.value.blur(batch)  # beside an edge more than float64 is off for the edge itself
        fewest, most = self._count(column - blur), self._count(column + blur)
        batch.near |= fewest != most
        return fewest

    def fits(self, most: int) -> bool:
        return all(self.value.fits(most, band.edge.numerator, band.edge.denominator) for band in self.rows)


@dataclass(eq=False)
class Graded(Scored):
    """Points by a choice: how people graded it, or which way something came about. `by_people`: nobody else can say."""

    label: str
    full: int
    value: Value
    grades: Mapping[int, tuple[int, int]]
    cites: str = ""
    by_people: bool = False

    def needs(self) -> tuple[str, ...]:
        return self.value.needs()

    def told(self, frame: Frame) -> Callable[[Case], found.Score]:
        at, label, full, cites = frame.place(self.value), self.label, self.full, self.cites
        keys = () if self.by_people else self.needs()
        unknown = "待专家评审" if self.by_people else "资料不足"
        graded = {c: (self.value.fact.text(c), *self.grades.get(c, (0, 0))) for c in self._choices()}

        def score(case: Case) -> found.Score:
            choice = case[at]
            if choice is None:
                return found.Score(label, 0, full, full, cites, unknown, lacks(case[0], keys), of=self)
            text, low, high = graded.get(choice) or (self.value.fact.text(choice), 0, 0)
            return found.Score(label, low, high, full, cites, text, (), "", "", (), False, self)

        return score

    def _choices(self) -> list[int]:
        return list(dict.fromkeys([*self.value.fact.choices, *self.grades]))

    def many(self, batch: Batch) -> Interval:
        column = batch.of(self.value)
        low, high = np.zeros(batch.size, np.int16), np.zeros(batch.size, np.int16)
        for choice, (least, most) in self.grades.items():
            chosen = (column == float(choice)).view(np.uint8)
            low += chosen * np.int16(least)
            high += chosen * np.int16(most)
        high[batch.unknown(self.value)] = self.full
        return low, high


@dataclass(eq=False)
class Given(Scored):
    """Points people gave, as they gave them; until then anything up to `full`."""

    label: str
    full: int
    value: Value
    cites: str = ""

    def needs(self) -> tuple[str, ...]:
        return self.value.needs()

    def told(self, frame: Frame) -> Callable[[Case], found.Score]:
        at, label, full, cites = frame.place(self.value), self.label, self.full, self.cites

        def score(case: Case) -> found.Score:
            points = case[at]
            if points is None:
                return found.Score(label, 0, full, full, cites, "待专家评审")
            points = max(0, min(points, full))
            return found.Score(label, points, points, full, cites, f"{points} 分")

        return score

    def many(self, batch: Batch) -> Interval:
        unknown = batch.unknown(self.value)
        low = np.clip(batch.of(self.value), 0.0, float(self.full)).astype(np.int16)
        low[unknown] = 0
        high = low.copy()
        high[unknown] = self.full
        return low, high


@dataclass(eq=False)
class Best(Scored):
    """The best of several ways to earn the same points."""

    label: str
    full: int
    ways: Sequence[Scored]
    cites: str = ""

    def needs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(k for w in self.ways for k in w.needs()))

    def told(self, frame: Frame) -> Callable[[Case], found.Score]:
        ways, label, full, cites = [w.told(frame) for w in self.ways], self.label, self.full, self.cites

        def score(case: Case) -> found.Score:
            tried = tuple([way(case) for way in ways])
            chosen = max(tried, key=lambda s: s.low)
            high = max([s.high for s in tried])
            words = chosen.found if chosen.missing else f"{chosen.label} {chosen.found}"
            return found.Score(label, chosen.low, high, full, cites, words, (), chosen.more, chosen.note, tried, True)

        return score

    def many(self, batch: Batch) -> Interval:
        low, high = self.ways[0].many(batch)
        for way in self.ways[1:]:
            more_low, more_high = way.many(batch)
            low, high = np.maximum(low, more_low), np.maximum(high, more_high)
        return low, high

    def fits(self, most: int) -> bool:
        return all(way.fits(most) for way in self.ways)


@dataclass(eq=False)
class Block(Scored):
    """Several scores added up, at most `full`."""

    label: str
    full: int
    scores: Sequence[Scored]
    cites: str = ""

    def needs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(k for s in self.scores for k in s.needs()))

    def told(self, frame: Frame) -> Callable[[Case], found.Score]:
        scores, full, label, cites = [s.told(frame) for s in self.scores], self.full, self.label, self.cites

        def score(case: Case) -> found.Score:
            parts = tuple([part(case) for part in scores])
            low, high = min(sum([p.low for p in parts]), full), min(sum([p.high for p in parts]), full)
            words = f"{low} 分" if low == high else f"{low}–{high} 分"
            return found.Score(label, low, high, full, cites, words, parts=parts)

        return score

    def many(self, batch: Batch) -> Interval:
        low, high = _summed([s.many(batch) for s in self.scores])
        full = np.full(batch.size, self.full, np.int16)
        return np.minimum(low, full), np.minimum(high, full)

    def fits(self, most: int) -> bool:
        return all(score.fits(most) for score in self.scores)


def _summed(intervals: Sequence[Interval]) -> Interval:
    low, high = intervals[0]
    for more_low, more_high in intervals[1:]:
        low += more_low
        high += more_high
    return low, high


@dataclass(eq=False)
class Pass(Clause):
    """The sum of scores must reach `mark`, or exceed it where `above`."""

    label: str
    scores: Sequence[Scored]
    mark: int
    cites: str = ""
    above: bool = False
    key: str = "score"

    def needs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(k for s in self.scores for k in s.needs()))

    def told(self, frame: Frame) -> Callable[[Case], found.Total]:
        scores, label, mark = [s.told(frame) for s in self.scores], self.label, self.mark
        cites, above, key = self.cites, self.above, self.key
        return lambda case: found.Total(label, tuple([s(case) for s in scores]), mark, cites, above, None, key)

    def many(self, batch: Batch, sink: Sink) -> Passed:
        low, high = _summed([s.many(batch) for s in self.scores])
        needed = self.mark + (1 if self.above else 0)
        passed: Passed = (low >= needed).view(np.uint8) + (high >= needed).view(np.uint8)
        sink.add(Entry(self.key, self.label, passed, high - np.int16(needed)))
        sink.scores[self.key] = (low, high)
        return passed

    def fits(self, most: int) -> bool:
        return all(score.fits(most) for score in self.scores)
