"""The pool as of now for one draw: who is in it, how everybody stands, and by which rule. No query per expert."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.db.models import Q

from keji.kernel.parties.models import Party, PartyName
from keji.lib.draw import State
from keji.lib.merkle import canonical
from keji.modules.experts.asking import DISCIPLINE, IN_CITY, KIND, OUTSIDE, PLACE, AvoidedName, PersonRef, Subject
from keji.modules.experts.avoidance import Case, Hit, Side, SubjectFacts, standing_of
from keji.modules.experts.avoidance.base import plain_name
from keji.modules.experts.models import Draw, Expert
from keji.modules.experts.services.numbers import number

#: Types that must know the field; management, finance, investment and law are wanted in any.
OF_A_FIELD = (Expert.Kind.TECHNICAL, Expert.Kind.INDUSTRY)
BATCH = 500


@dataclass(frozen=True)
class Stand:
    """One expert of the pool: what quotas look at, and everything that speaks against drawing them."""

    side: Side
    features: dict[str, str]
    hits: tuple[Hit, ...]

    @property
    def state(self) -> State:
        return self.hits[0].state if self.hits else State.ELIGIBLE


@dataclass(frozen=True)
class Snapshot:
    """`digest` changes when anything that decides changes: asked again before the frozen file is kept."""

    stands: tuple[Stand, ...]
    on: date
    rotation_cap: int

    @property
    def digest(self) -> str:
        rows = [
            [s.side.number, s.side.employer, s.side.party or 0, dict(s.features), [[h.rule, h.record] for h in s.hits]]
            for s in self.stands
        ]
        return sha256(canonical({"rows": rows, "cap": self.rotation_cap})).hexdigest()

    def states(self) -> dict[str, int]:
        return {state.value: sum(s.state == state for s in self.stands) for state in State}


def snapshot(draw: Draw) -> Snapshot:
    """Everybody serving who fits the field of the draw, judged for its review day."""
    rows = list(_pool(draw))
    sides = {e.pk: side_of(e) for e in rows}
    case = Case(
        on=draw.review_on,
        experts=sides,
        subjects=subject_facts(draw),
        window_years=number("experts.window_years", draw.review_on),
        rotation_cap=number("experts.rotation_cap", draw.review_on),
    )
    found = standing_of(case)
    stands = tuple(Stand(sides[e.pk], features_of(e), tuple(found.get(e.pk, ()))) for e in rows)
    return Snapshot(stands, draw.review_on, case.rotation_cap)


def pool_size(draw: Draw) -> int:
    """How many experts freezing this draw looks at."""
    return int(_pool(draw).count())


def _pool(draw: Draw) -> Any:
    rows = Expert.objects.serving().select_related("person", "discipline")
    if draw.disciplines:
        fits = Q(discipline__code__in=draw.disciplines) | Q(discipline__parent__in=draw.disciplines)
        for code in draw.disciplines:
            fits |= Q(also__code=code) | Q(also__parent=code)
        rows = rows.filter(fits | ~Q(kind__in=OF_A_FIELD)).distinct()
    return rows.order_by("number")


def side_of(expert: Expert) -> Side:
    """An expert as the rules of avoidance see them."""
    return Side(
        key=expert.pk,
        number=expert.number,
        person=expert.person_id,
        name=expert.person.name,
        party=expert.party_id,
        employer=expert.employer,
        confirmed_until=expert.confirmed_until,
        paused=expert.state == Expert.State.PAUSED,
    )


def features_of(expert: Expert) -> dict[str, str]:
    """What quotas look at; a second-level discipline counts for its first level."""
    return {
        KIND: expert.get_kind_display(),
        DISCIPLINE: expert.discipline_id.split(".")[0],
        PLACE: IN_CITY if expert.in_city else OUTSIDE,
    }


def subject_facts(draw: Draw) -> list[SubjectFacts]:
    """What is reviewed, with every unit as it stands today: merged ones resolved, former names included."""
    return facts_of_subjects(
        [
            Subject(
                row.number, row.title, tuple(row.parties), tuple(PersonRef(**p) for p in row.people),
                tuple(AvoidedName(**a) for a in row.avoided),
            )
            for row in draw.subjects.all()
        ]
    )  # fmt: skip


def facts_of_subjects(rows: Sequence[Subject]) -> list[SubjectFacts]:
    """The same for subjects as they are handed in, in their order."""
    keys = {key for row in rows for key in row.parties}
    named: dict[int, tuple[int, str]] = {}
    batch = sorted(keys)
    for start in range(0, len(batch), BATCH):
        for party in Party.objects.filter(pk__in=batch[start : start + BATCH]).select_related("merged_into"):
            now = party.merged_into or party
            named[party.pk] = (now.pk, now.name)
    family = _family({now for now, _ in named.values()})
    return [
        SubjectFacts(
            number=row.number,
            title=row.title,
            parties={key: named[p][1] for p in row.parties if p in named for key in (p, named[p][0])},
            names=frozenset(n for p in row.parties if p in named for n in family[named[p][0]]),
            people=row.people,
            avoided=row.avoided,
        )
        for row in rows
    ]


def _family(keys: set[int]) -> dict[int, set[str]]:
    """Unit → every name it has, had, or brought in by a merger, as names are compared."""
    found: dict[int, set[str]] = {key: set() for key in keys}
    for pk, merged, name in Party.objects.filter(Q(pk__in=keys) | Q(merged_into__in=keys)).values_list(
        "pk", "merged_into_id", "name"
    ):
        found[merged if merged in keys else pk].add(plain_name(name))
    for pk, name in PartyName.objects.filter(party__in=keys).values_list("party_id", "name"):
        found[pk].add(plain_name(name))
    return found
