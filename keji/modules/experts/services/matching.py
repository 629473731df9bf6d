"""For whoever gives projects to the members of an opened panel: what each knows, and who may not judge which."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from keji.lib.draw import State
from keji.modules.experts.asking import Profile, Subject
from keji.modules.experts.avoidance import Case, Hit, Side, SubjectFacts, standing_of
from keji.modules.experts.models import Expert
from keji.modules.experts.services.numbers import number
from keji.modules.experts.services.snapshot import facts_of_subjects, side_of

#: What keeps a person from a single subject; resting and yearly caps were settled when the panel was drawn.
FORBIDS = (State.AVOIDED, State.RESTRICTED)


def profiles_of(people: Collection[int]) -> dict[int, Profile]:
    """Person → profile, for those of them who are in the register."""
    rows = Expert.objects.filter(person__in=people).select_related("discipline").prefetch_related("also")
    return {
        e.person_id: Profile(
            e.person_id,
            e.number,
            e.employer,
            e.get_kind_display(),
            tuple(dict.fromkeys([e.discipline.name, *(d.name for d in e.also.all()), *e.industries, *e.keywords])),
        )
        for e in rows
    }


def clashes(subjects: Sequence[Subject], people: Collection[int], on: date) -> dict[tuple[int, int], str]:
    """(place of the subject, person) → why this person must keep away from it on a day; nothing where they need not.

    The rules are those of the draw, asked subject by subject, but only about people whom any subject concerns.
    """
    rows = Expert.objects.filter(person__in=people).select_related("person", "discipline")
    sides = {e.pk: side_of(e) for e in rows}
    facts = facts_of_subjects(subjects)
    concerned = {key: sides[key] for key, hits in _hits(sides, facts, on).items() if _first(hits)}
    found: dict[tuple[int, int], str] = {}
    if concerned:
        for place, fact in enumerate(facts):
            for key, hits in _hits(concerned, [fact], on).items():
                if hit := _first(hits):
                    found[place, sides[key].person] = hit.sentence
    return found


def _hits(sides: dict[int, Side], facts: list[SubjectFacts], on: date) -> dict[int, list[Hit]]:
    window, cap = number("experts.window_years", on), number("experts.rotation_cap", on)
    return standing_of(Case(on=on, experts=sides, subjects=facts, window_years=window, rotation_cap=cap))


def _first(hits: list[Hit]) -> Hit | None:
    return next((hit for hit in hits if hit.state in FORBIDS), None)
