"""A rule: law as a class, one method an edition, yielding clauses. What it explains is what it decides.

The method is read once, with names instead of values; what it yields is kept and then applied to any number of cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from keji.lib.figures import plain_date
from keji.lib.rules.columns import FAILS, HOLDS, OPEN, Batch, Column, Sink
from keji.lib.rules.formula import Known
from keji.lib.rules.found import All, Node, Total, Truth, Verdict, walk
from keji.lib.rules.frame import Frame
from keji.lib.rules.law import Clause, Names

PIECE = 16_384  # cases a piece: its columns fit the processor's cache
Edition = Callable[[Any, Names, "Numbers"], Iterator[Clause]]


class Numbers:
    """The dated numbers of a day, as a rule's method asks for them; it remembers which it asked for."""

    def __init__(self, known: Mapping[str, Any]) -> None:
        self._known, self.used = known, dict[str, Fraction]()

    def __call__(self, name: str) -> Fraction:
        """Raises LookupError when nothing is in force: a rule never guesses."""
        if name not in self._known:
            raise LookupError(f"参数 {name} 没有生效的数值")
        self.used[name] = Fraction(self._known[name])
        return self.used[name]


@dataclass(frozen=True)
class Findings:
    """What a batch came to: row i of every column is case i."""

    passed: Any  # uint8: 0 fails, 1 open, 2 holds
    keys: tuple[str, ...]
    labels: tuple[str, ...]
    conditions: Any  # uint8, conditions × cases
    short: Any  # float64, conditions × cases: what is short where a condition fails, in its smallest step
    scores: Mapping[str, tuple[Any, Any]]  # key → (lowest, highest), int16

    def rows(self, start: int, stop: int) -> Findings:
        """The cases from `start` on; what is written there is written here."""
        some = slice(start, stop)
        scores = {key: (low[some], high[some]) for key, (low, high) in self.scores.items()}
        return Findings(
            self.passed[some], self.keys, self.labels, self.conditions[:, some], self.short[:, some], scores
        )

    def truth(self, row: int) -> Truth:
        return {FAILS: False, OPEN: None, HOLDS: True}[int(self.passed[row])]

    def failed(self, row: int) -> dict[str, float]:
        """{condition: how much is short} of one case."""
        return {self.keys[i]: float(self.short[i, row]) for i in np.flatnonzero(self.conditions[:, row] == FAILS)}


@dataclass(frozen=True)
class Sheet:
    """What the findings of a program hold."""

    labels: Mapping[str, str]  # of the conditions a batch keeps, by their keys
    clauses: Mapping[str, int]  # which clause of the rule each of them belongs to
    scores: tuple[str, ...]
    uses: Mapping[int, int]  # how often a batch asks for the column of each formula


class Program:
    """One edition with its numbers, ready to judge."""

    def __init__(
        self, rule: Rule, since_on: date, cites: str, clauses: tuple[Clause, ...], numbers: Mapping[str, Fraction]
    ) -> None:
        self.rule, self.since_on, self.cites, self.clauses, self.numbers = rule, since_on, cites, clauses, numbers
        self.keys = tuple(dict.fromkeys(k for clause in clauses for k in clause.needs()))
        frame = Frame()
        self._told = [clause.told(frame) for clause in clauses]
        self._work = frame.function()
        #: Columns are exact while no fact is beyond this; a case with a larger one is judged by itself.
        self.most = next((2**k for k in range(48, -1, -1) if all(clause.fits(2**k) for clause in clauses)), 0)

    def judge(self, known: Known) -> Verdict:
        """One case: {fact: integer}, "year" naming the year of the case. Every condition with its reason."""
        case = self._work(known)
        nodes: tuple[Node, ...] = tuple([told(case) for told in self._told])
        values = [n.passed for n in nodes]
        passed = False if False in values else None if None in values else True
        rule = self.rule
        return Verdict(
            rule.code, rule.title, self.since_on, self.cites, passed, nodes, known, self.numbers, rule.by_experts
        )

    def condition(self, known: Known, key: str) -> Node | None:
        """One of the conditions a batch keeps, for one case; None where the case does not come to it."""
        told = self._told[self._sheet.clauses[key]]
        return next((node for node in leaves([told(self._work(known))]) if node.key == key), None)

    def judge_many(self, columns: Mapping[str, Column], size: int, *, threads: int = 2) -> Findings:
        """Many cases: {fact: float64 column, NaN for unknown}. The same answers as `judge`, case by case."""
        found = self._blank(size)

        def piece(start: int) -> None:
            stop = min(start + PIECE, size)
            some = {k: columns[k][start:stop] for k in self.keys if k in columns}
            self._piece(some, found.rows(start, stop))

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(piece, range(0, size, PIECE)))
        return found

    def _blank(self, size: int) -> Findings:
        sheet = self._sheet
        return Findings(
            np.empty(size, np.uint8),
            tuple(sheet.labels),
            tuple(sheet.labels.values()),
            np.empty((len(sheet.labels), size), np.uint8),
            np.empty((len(sheet.labels), size)),
            {key: (np.empty(size, np.int16), np.empty(size, np.int16)) for key in sheet.scores},
        )

    @cached_property
    def _sheet(self) -> Sheet:
        """What judging nobody comes to."""
        batch, sink, clauses = Batch({}, 0), Sink(), list[int]()
        for i, clause in enumerate(self.clauses):
            clause.many(batch, sink)
            clauses += [i] * (len(sink.entries) - len(clauses))
        labels = {e.key: e.label for e in sink.entries}
        if len(labels) != len(sink.entries):
            raise TypeError(f"two conditions of {self.rule.code} have one key")
        return Sheet(labels, dict(zip(labels, clauses, strict=True)), tuple(sink.scores), batch.asked)

    def _piece(self, columns: Mapping[str, Column], found: Findings) -> None:
        batch, sink = Batch(columns, len(found.passed), self._sheet.uses), Sink()
        with np.errstate(invalid="ignore", over="ignore"):
            passed = [clause.many(batch, sink) for clause in self.clauses]
        np.minimum.reduce(passed, out=found.passed)
        for entry, condition, short in zip(sink.entries, found.conditions, found.short, strict=True):
            condition[:] = entry.passed
            entry.short(short)
        for key, (low, high) in sink.scores.items():
            found.scores[key][0][:], found.scores[key][1][:] = low, high
        for column in columns.values():
            if np.fmax.reduce(column) > self.most or np.fmin.reduce(column) < -self.most:
                batch.near |= np.abs(column) > self.most
        for row in np.flatnonzero(batch.near):
            self._settle(found, columns, int(row))

    def _settle(self, found: Findings, columns: Mapping[str, Column], row: int) -> None:
        """A case too near an edge for float64 is judged exactly, and its findings written over."""
        known = {k: int(value) for k, c in columns.items() if (value := c.item(row)) == value}
        verdict = self.judge(known)
        found.passed[row] = code_of(verdict.passed)
        nodes = {n.key: n for n in leaves(verdict.nodes)}
        for i, key in enumerate(found.keys):
            node = nodes.get(key)
            found.conditions[i, row] = HOLDS if node is None else code_of(node.passed)
            found.short[i, row] = short_of(node)
        for total in walk(verdict.nodes):
            if isinstance(total, Total) and total.key in found.scores:
                low, high = found.scores[total.key]
                low[row], high[row] = total.low, total.high


def short_of(node: Any) -> float:
    """What a column says is short where this condition fails: an amount, or 1 for a yes or no."""
    if node is None or node.passed is not False:
        return 0.0
    short = getattr(node, "short", None)
    return 1.0 if short is None else float(short)


def code_of(truth: Truth) -> int:
    return OPEN if truth is None else HOLDS if truth else FAILS


def leaves(nodes: Iterable[Any]) -> Iterator[Any]:
    """The conditions a batch keeps: those every case must hold; alternatives count as one."""
    for node in nodes:
        if isinstance(node, All):
            yield from leaves(node.parts)
        else:
            yield node


class Rule:
    """One rule of law. Subclass, then one method per edition marked with `@since`; old editions stay."""

    code: ClassVar[str]
    title: ClassVar[str]
    about: ClassVar[str] = "party"  # whose facts it reads
    by_experts: ClassVar[bool] = False  # do experts' points take part in the answer?
    _editions: ClassVar[tuple[tuple[date, str, str], ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = [(method.since, name, method.cites) for name, method in vars(cls).items() if hasattr(method, "since")]
        cls._editions = tuple(sorted([*cls._editions, *own]))
        if getattr(cls, "code", "") and own:
            if cls.code in _rules:
                raise TypeError(f"two rules are called {cls.code}")
            _rules[cls.code] = cls()

    def __init__(self) -> None:
        self._programs: dict[str, list[Program]] = {}  # by edition, one for each set of numbers it was judged with

    @property
    def editions(self) -> tuple[tuple[date, str, str], ...]:
        """(first day, method, citation), the oldest first."""
        return self._editions

    def edition_on(self, on: date) -> tuple[date, str, str]:
        """The edition in force. Raises LookupError before the first one."""
        in_force = [e for e in self._editions if e[0] <= on]
        if not in_force:
            raise LookupError(f"《{self.title}》在{plain_date(on)}尚未施行")
        return in_force[-1]

    def program(self, on: date, numbers: Mapping[str, Any] | None = None) -> Program:
        """The edition of a day with the numbers of that day. Raises LookupError where either is not in force."""
        since_on, name, cites = self.edition_on(on)
        numbers = numbers or {}
        ready = self._programs.setdefault(name, [])
        for program in ready:
            if all(numbers.get(used) == value for used, value in program.numbers.items()):
                return program
        asked = Numbers(numbers)
        clauses = tuple(getattr(self, name)(Names(), asked))
        ready.append(Program(self, since_on, cites, clauses, asked.used))
        return ready[-1]

    def judge(self, known: Known, on: date, numbers: Mapping[str, Any] | None = None) -> Verdict:
        return self.program(on, numbers).judge(known)


_rules: dict[str, Rule] = {}


def since(day: str, *, cites: str) -> Callable[[Edition], Edition]:
    """Mark a method as the edition in force from `day` (ISO), resting on the document `cites`."""

    def mark(method: Edition) -> Edition:
        method.since, method.cites = date.fromisoformat(day), cites  # type: ignore[attr-defined]
        return method

    return mark


def rules() -> Mapping[str, Rule]:
    return _rules
