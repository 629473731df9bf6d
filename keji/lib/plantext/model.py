"""What reading a plan document yields: clauses, targets, groups of the same target, named exclusions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any


class PlanError(Exception):
    """A document that cannot be read; the message is a sentence for the user."""


def plain(number: Decimal) -> str:
    """The number without exponent and without trailing zeros: 1.50 → 1.5, 1E+3 → 1000."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text or "0"


@dataclass(slots=True)
class Clause:
    """A numbered (or titled) piece of the document; `path` names it from the root."""

    number: str
    title: str
    line: int
    rank: int
    path: list[str] = field(default_factory=list)
    children: list[Clause] = field(default_factory=list)
    above: Clause | None = field(default=None, repr=False, compare=False)
    mood: str = ""  # "past", "future" or "" – what the headings above say about the time of the text

    def walk(self) -> Iterator[Clause]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a target stands."""

    line: int
    text: str
    clause: tuple[str, ...]


@dataclass(slots=True)
class Target:
    line: int
    text: str
    subject: str
    op: str
    value: Decimal | None
    unit: str
    value_base: Decimal | None
    unit_base: str
    deadline: date | None
    clause: list[str]
    pattern: str
    sentence: str
    value2: Decimal | None = None
    value2_base: Decimal | None = None
    optional: bool = False
    verb: str = ""
    owner: str = ""
    group: int = 0
    places: list[Place] = field(default_factory=list)
    conflict: bool = False

    @property
    def place(self) -> Place:
        return Place(self.line, self.text, tuple(self.clause))

    def as_dict(self) -> dict[str, Any]:
        """The published form of a target; optional keys are left out when they say nothing."""
        row: dict[str, Any] = {
            "line": self.line, "text": self.text, "subject": self.subject, "op": self.op, "value": self.value,
            "unit": self.unit, "value_base": self.value_base, "unit_base": self.unit_base,
            "deadline": self.deadline.isoformat() if self.deadline else None, "clause": self.clause,
        }  # fmt: skip
        if self.value2 is not None:
            row["value2"], row["value2_base"] = self.value2, self.value2_base
        if self.optional:
            row["optional"] = True
        if self.verb:
            row["verb"] = self.verb
        row |= {"pattern": self.pattern, "sentence": self.sentence, "group": self.group}
        if len(self.places) > 1:
            row["places"] = [{"line": p.line, "text": p.text, "clause": list(p.clause)} for p in self.places]
            row["conflict"] = self.conflict
        return row


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A figure that is not a target, and the reason in a word (see `REASONS`)."""

    line: int
    text: str
    reason: str
    clause: tuple[str, ...]


@dataclass(slots=True)
class Group:
    """Citations of one target; `conflict` when they do not say the same."""

    number: int
    targets: list[Target]
    conflict: bool = False

    @property
    def question(self) -> str:
        """The conflict as a sentence to settle, or an empty string."""
        if not self.conflict:
            return ""
        cited = "；".join(f"第{t.line}行“{t.text}”" for t in self.targets)
        return f"同一目标前后表述不一致，请确认以哪一处为准：{cited}"


@dataclass(slots=True)
class Document:
    title: str
    year: int | None
    clauses: list[Clause]
    targets: list[Target]
    groups: list[Group]
    excluded: list[Exclusion]

    @property
    def conflicts(self) -> list[Group]:
        return [group for group in self.groups if group.conflict]

    def walk(self) -> Iterator[Clause]:
        for clause in self.clauses:
            yield from clause.walk()


def to_json(row: Any) -> str:
    """JSON whose numbers are written as they were read (no binary floats in between)."""
    if isinstance(row, Decimal):
        return plain(row)
    if isinstance(row, dict):
        return "{" + ", ".join(f"{json.dumps(k, ensure_ascii=False)}: {to_json(v)}" for k, v in row.items()) + "}"
    if isinstance(row, (list, tuple)):
        return "[" + ", ".join(to_json(item) for item in row) + "]"
    return json.dumps(row, ensure_ascii=False)
