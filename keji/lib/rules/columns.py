"""Judging many cases at once: the same clauses over columns, in pieces that fit the cache, on every core."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

Passed = np.ndarray[Any, np.dtype[np.uint8]]
FAILS, OPEN, HOLDS = 0, 1, 2  # in this order: all of several is their least, any of them their greatest


def passed_where(holds: Any, unknown: Any) -> Passed:
    found: Passed = holds.view(np.uint8) << 1
    found[unknown] = OPEN
    return found


@dataclass
class Entry:
    """One condition over a piece: where it holds, and by how much not."""

    key: str
    label: str
    passed: Passed
    margin: Any  # below zero by what is short, times `per`; None for yes and no
    per: float

    @property
    def short(self) -> Any:
        """What is short where it fails, in the smallest step of what is counted; 1 for a yes or no; 0 elsewhere."""
        if self.margin is None:
            return (self.passed == FAILS).astype(float)
        return np.where(self.passed == FAILS, -self.margin, 0.0) / self.per


@dataclass
class Sink:
    """Gathers the conditions of a rule while its clauses are read."""

    entries: list[Entry] = field(default_factory=list)
    scores: dict[str, tuple[Any, Any]] = field(default_factory=dict)  # key of a Pass → (lowest, highest) points

    def add(self, entry: Entry) -> None:
        self.entries.append(entry)
