"""Judging many cases at once: the same clauses over columns, in pieces that fit the cache, on every core."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from keji.lib.rules.terms import Formula

Column = np.ndarray[Any, np.dtype[np.float64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]
Passed = np.ndarray[Any, np.dtype[np.uint8]]
Points = np.ndarray[Any, np.dtype[np.int16]]
NEVER: Mapping[int, int] = {}
FAILS, OPEN, HOLDS = 0, 1, 2  # in this order: all of several is their least, any of them their greatest


class Batch:
    """The columns of a piece of many cases, and what formulas come to over them, each worked out once.

    What it hands out is shared: nobody writes into it. A column is let go when it was asked for as often as `uses`
    says: what is alive stays in the processor's cache, and memory is used again instead of fetched from the system.
    """

    def __init__(self, columns: Mapping[str, Column], size: int, uses: Mapping[int, int] = NEVER) -> None:
        self.columns, self.size, self._uses = columns, size, uses
        self.asked: dict[int, int] = {}  # how often each column was asked for; by slot, as all below
        self._columns: dict[int, Column] = {}
        self._unknown: dict[int, Mask] = {}
        self._chosen: dict[tuple[int, bool], Mask] = {}
        self.near = np.zeros(size, dtype=bool)  # rows too close to an edge for float64

    def column(self, key: str) -> Column:
        found = self.columns.get(key)
        return np.full(self.size, np.nan) if found is None else found

    def of(self, formula: Formula) -> Column:
        slot = formula.slot
        found = self._columns.get(slot)
        if found is None:
            found = self._columns[slot] = formula.many(self)
        self.asked[slot] = asked = self.asked.get(slot, 0) + 1
        if asked == self._uses.get(slot):
            del self._columns[slot]
        return found

    def unknown(self, formula: Formula) -> Mask:
        found = self._unknown.get(formula.slot)
        if found is None:
            found = self._unknown[formula.slot] = formula.unknown(self)
        return found

    def chosen(self, test: Formula, or_zero: bool) -> Mask:
        """Where a test is above zero, or at least zero."""
        found = self._chosen.get((test.slot, or_zero))
        if found is None:
            sign = self.of(test)
            found = self._chosen[test.slot, or_zero] = sign >= 0 if or_zero else sign > 0
        return found


def passed_where(holds: Mask, unknown: Mask) -> Passed:
    found: Passed = holds.view(np.uint8) << np.uint8(1)
    found |= unknown.view(np.uint8)
    return found


def either(chosen: Mask, then: Mask, otherwise: Mask) -> Mask:
    return (chosen & then) | (~chosen & otherwise)


@dataclass
class Entry:
    """One condition over a piece: where it holds, and by how much not."""

    key: str
    label: str
    passed: Passed
    margin: Any = None  # below zero by what is short, times `per`; NaN where open; None for yes and no
    per: float = 1.0

    def short(self, into: Column) -> None:
        """Write what is short where it fails, in the smallest step of what is counted; 1 for a yes or no; else 0."""
        if self.margin is None:
            np.equal(self.passed, FAILS, out=into, casting="unsafe")
            return
        if self.per == 1:
            np.subtract(0.0, self.margin, out=into)
        else:
            np.subtract(0.0, self.margin / self.per, out=into)
        np.fmax(into, np.zeros(len(into)), out=into)  # with a column, not a number: four times as fast

    def only(self, mask: Mask) -> Entry:
        """The same condition, which counts only here; elsewhere it holds."""
        passed = self.passed | (~mask).view(np.uint8) * np.uint8(HOLDS)
        np.minimum(passed, HOLDS, out=passed)
        margin = None if self.margin is None else np.where(mask, self.margin, 0.0)
        return Entry(self.key, self.label, passed, margin, self.per)


@dataclass
class Sink:
    """Gathers the conditions of a rule while its clauses are read."""

    entries: list[Entry] = field(default_factory=list)
    scores: dict[str, tuple[Points, Points]] = field(default_factory=dict)  # key of a Pass → (lowest, highest)

    def add(self, entry: Entry) -> None:
        self.entries.append(entry)
