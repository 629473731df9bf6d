"""The plain facts the rules run on, and the list of rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from keji.lib.draw import State
from keji.lib.months import add_months
from keji.modules.experts.asking import AvoidedName, PersonRef


def plain_name(text: str) -> str:
    """A name as it is compared: without spaces, dots and brackets of either width."""
    return re.sub(r"[\s·•.()（）]", "", text)


@dataclass(frozen=True)
class Side:
    """An expert as the rules see them. `party` None where the employer has no code on file."""

    key: int
    number: str
    person: int
    name: str
    party: int | None
    employer: str
    confirmed_until: date | None = None
    paused: bool = False


@dataclass(frozen=True)
class SubjectFacts:
    """One thing under review. `parties` → their names, merged units resolved; the names they once had belong to it."""

    number: str
    title: str
    parties: dict[int, str] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    people: tuple[PersonRef, ...] = ()
    avoided: tuple[AvoidedName, ...] = ()

    @property
    def said(self) -> str:
        return self.number or f"“{self.title[:20]}”"


@dataclass(frozen=True)
class Hit:
    """One rule speaks of one expert. `record`: what it rests on, e.g. 任职经历 12; `sentence` for people."""

    expert: int
    rule: str
    title: str
    state: State
    record: str
    sentence: str


@dataclass
class Case:
    """One draw's question: these experts, these subjects, on this day, with these numbers in force."""

    on: date
    experts: dict[int, Side]
    subjects: list[SubjectFacts]
    window_years: int
    rotation_cap: int

    @cached_property
    def window_start(self) -> date:
        """What happened after this day lies inside the window; on it, outside."""
        return add_months(self.on, -12 * self.window_years)

    @cached_property
    def by_person(self) -> dict[int, Side]:
        return {side.person: side for side in self.experts.values()}

    @cached_property
    def by_name(self) -> dict[str, list[Side]]:
        found: dict[str, list[Side]] = {}
        for side in self.experts.values():
            found.setdefault(plain_name(side.name), []).append(side)
        return found

    def subjects_of_unit(self, party: int | None, name: str) -> Iterator[SubjectFacts]:
        """Subjects in which this unit takes part, by its key or by any name it has or had."""
        plain = plain_name(name)
        for subject in self.subjects:
            if (party is not None and party in subject.parties) or (plain and plain in subject.names):
                yield subject

    def subjects_of_person(self, person: int | None, name: str, unit: str) -> Iterator[tuple[SubjectFacts, PersonRef]]:
        """Subjects on whose side this person stands. Known keys decide; otherwise the name, and the unit where told."""
        plain, where = plain_name(name), plain_name(unit)
        for subject in self.subjects:
            for ref in subject.people:
                if person is not None and ref.person is not None:
                    if person == ref.person:
                        yield subject, ref
                    continue
                if plain and plain == plain_name(ref.name) and _may_be_one(where, plain_name(ref.unit), subject):
                    yield subject, ref


def _may_be_one(where: str, other: str, subject: SubjectFacts) -> bool:
    """Could two people of one name be one, going by their units? Unless both are told and differ.

    Somebody on the applicant's side of whom no unit is told is taken to work for the units under review.
    """
    return not where or where == other or where in subject.names or (not other and not subject.names)


Finder = Callable[[Case], Iterable[Hit]]
Found = tuple[int, str, str]


@dataclass(frozen=True)
class Rule:
    code: str
    title: str
    state: State
    find: Finder


_rules: list[Rule] = []
#: Which state shows when several rules speak of one expert.
WEIGHT = {State.RESTRICTED: 0, State.AVOIDED: 1, State.RESTING: 2, State.ELIGIBLE: 3}


def rule(code: str, title: str, state: State) -> Callable[[Callable[[Case], Iterable[Found]]], Finder]:
    """Lay a rule out: it yields (expert, record, sentence)."""

    def enter(finder: Callable[[Case], Iterable[Found]]) -> Finder:
        def find(case: Case) -> Iterator[Hit]:
            for expert, record, sentence in finder(case):
                yield Hit(expert, code, title, state, record[:60], sentence[:300])

        _rules.append(Rule(code, title, state, find))
        return find

    return enter


def rules() -> tuple[Rule, ...]:
    return tuple(_rules)


def standing_of(case: Case) -> dict[int, list[Hit]]:
    """Expert → everything that speaks against drawing them, the weightiest first; nobody who may be drawn."""
    found: dict[int, list[Hit]] = {}
    for each in _rules:
        for hit in each.find(case):
            if hit.expert in case.experts:
                found.setdefault(hit.expert, []).append(hit)
    return {key: sorted(hits, key=lambda h: WEIGHT[h.state]) for key, hits in found.items()}
