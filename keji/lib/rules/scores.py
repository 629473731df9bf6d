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
from keji.lib.rules.columns import Entry, Passed, Sink
from keji.lib.rules.condition import Clause, lacks
from keji.lib.rules.formula import UNDEFINED, Batch, Column, Formula, Known, Quotient, Value, show_quotient

Interval = tuple[Column, Column]


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

    def one(self) -> Callable[[Known], found.Score]:
        raise NotImplementedError

    def many(self, batch: Batch) -> Interval:
        """(lowest, highest) points."""
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

    def one(self) -> Callable[[Known], found.Score]:
        value, scale, keys, show = self.value.one(), self.value.scale, self.needs(), self.value.show
        label, full, cites = self.label, self.full, self.cites
        edges = [(b.edge.numerator, b.edge.denominator, b.strict, b) for b in self.rows]

        turn = -1 if self.falling else 1

        def score(known: Known) -> found.Score:
            have = value(known)
            if have is None:
                return found.Score(label, 0, full, full, cites, "资料不足", lacks(known, keys), of=self)
            if have is UNDEFINED:
                words = "分母为零或负数，无法计算"
                return found.Score(label, *self.undefined, full, cites, words, note=self.note, of=self)
            top, bottom = (have.top, have.bottom) if scale == 0 else (have, scale)
            above: Band | None = None
            for edge, per, strict, band in edges:
                margin = (top * per - edge * bottom) * turn
                if margin > 0 or (margin == 0 and not strict):
                    more = self.takes(above) if above else ""
                    return found.Score(
                        label, band.low, band.high, full, cites, show(have), (), more, band.note, of=self
                    )
                above = band
            more = self.takes(above) if above else ""
            return found.Score(label, 0, 0, full, cites, show(have), (), more, of=self)

        return score

    def takes(self, band: Band) -> str:
        """What a band takes and gives, in words."""
        return f"{self.reach(band)} 得 {band.low if band.low == band.high else f'{band.low}–{band.high}'} 分"

    def reach(self, band: Band) -> str:
        text = show_quotient(Quotient(band.edge.numerator, band.edge.denominator), self.value.unit)
        words = ("低于", "不超过") if self.falling else ("超过", "达到")
        return f"{words[0] if band.strict else words[1]} {text}"

    def many(self, batch: Batch) -> Interval:
        column, unknown = batch.of(self.value), self.value.unknown(batch)
        low, high = np.zeros(batch.size), np.zeros(batch.size)
        scale = self.value.scale
        blur = None if self.value.exact else self.value.blur(batch)
        before_low = before_high = 0
        for band in reversed(self.rows):
            edge = float(band.edge * (scale or 1))
            if self.falling:
                reached = column < edge if band.strict else column <= edge
            else:
                reached = column > edge if band.strict else column >= edge
            low += reached * float(band.low - before_low)
            high += reached * float(band.high - before_high)
            before_low, before_high = band.low, band.high
            if blur is not None:
                batch.near |= np.abs(column - edge) < blur + 1e-14 * abs(edge)
        if self.undefined != (0, 0):
            undefined = np.isnan(column) & ~unknown
            low[undefined], high[undefined] = self.undefined
        high[unknown] = self.full
        return low, high

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

    def one(self) -> Callable[[Known], found.Score]:
        key, fact, keys = self.value.key, self.value.fact, self.needs()

        def score(known: Known) -> found.Score:
            choice = known.get(key)
            if choice is None:
                missing = () if self.by_people else lacks(known, keys)
                words = "待专家评审" if self.by_people else "资料不足"
                return found.Score(self.label, 0, self.full, self.full, self.cites, words, missing, of=self)
            low, high = self.grades.get(choice, (0, 0))
            return found.Score(self.label, low, high, self.full, self.cites, fact.text(choice), of=self)

        return score

    def many(self, batch: Batch) -> Interval:
        column = batch.of(self.value)
        low, high = np.zeros(batch.size), np.zeros(batch.size)
        for choice, (least, most) in self.grades.items():
            chosen = column == float(choice)
            low += chosen * float(least)
            high += chosen * float(most)
        high[np.isnan(column)] = self.full
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

    def one(self) -> Callable[[Known], found.Score]:
        key = self.value.key

        def score(known: Known) -> found.Score:
            points = known.get(key)
            if points is None:
                return found.Score(self.label, 0, self.full, self.full, self.cites, "待专家评审")
            points = max(0, min(points, self.full))
            return found.Score(self.label, points, points, self.full, self.cites, f"{points} 分")

        return score

    def many(self, batch: Batch) -> Interval:
        column = np.clip(batch.of(self.value), 0.0, float(self.full))
        unknown = np.isnan(column)
        return np.where(unknown, 0.0, column), np.where(unknown, float(self.full), column)


@dataclass(eq=False)
class Best(Scored):
    """The best of several ways to earn the same points."""

    label: str
    full: int
    ways: Sequence[Scored]
    cites: str = ""

    def needs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(k for w in self.ways for k in w.needs()))

    def one(self) -> Callable[[Known], found.Score]:
        ways, label, full, cites = [w.one() for w in self.ways], self.label, self.full, self.cites

        def score(known: Known) -> found.Score:
            tried = tuple([way(known) for way in ways])
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

    def one(self) -> Callable[[Known], found.Score]:
        scores, full, label, cites = [s.one() for s in self.scores], self.full, self.label, self.cites

        def score(known: Known) -> found.Score:
            parts = tuple([part(known) for part in scores])
            low, high = min(sum([p.low for p in parts]), full), min(sum([p.high for p in parts]), full)
            words = f"{low} 分" if low == high else f"{low}–{high} 分"
            return found.Score(label, low, high, full, cites, words, parts=parts)

        return score

    def many(self, batch: Batch) -> Interval:
        low, high = _summed([s.many(batch) for s in self.scores])
        return np.minimum(low, float(self.full)), np.minimum(high, float(self.full))

    def fits(self, most: int) -> bool:
        return all(score.fits(most) for score in self.scores)


def _summed(intervals: Sequence[Interval]) -> Interval:
    low, high = intervals[0]
    for more_low, more_high in intervals[1:]:
        low, high = low + more_low, high + more_high
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

    def one(self) -> Callable[[Known], found.Total]:
        scores, label, mark, cites, above, key = (
            [s.one() for s in self.scores],
            self.label,
            self.mark,
            self.cites,
            self.above,
            self.key,
        )
        return lambda known: found.Total(label, tuple([s(known) for s in scores]), mark, cites, above, key=key)

    def many(self, batch: Batch, sink: Sink) -> Passed:
        low, high = _summed([s.many(batch) for s in self.scores])
        needed = float(self.mark + (1 if self.above else 0))
        passed = (low >= needed).view(np.uint8) + (high >= needed).view(np.uint8)
        sink.add(Entry(self.key, self.label, passed, high - needed, 1.0))
        sink.scores[self.key] = (low, high)
        return passed

    def fits(self, most: int) -> bool:
        return all(score.fits(most) for score in self.scores)
