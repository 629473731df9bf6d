"""Judging one unit, everybody, and what a change of law would do to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from hashlib import blake2b
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import QuerySet

from keji.kernel.facts.known import columns_of, known
from keji.kernel.facts.models import FactFile
from keji.kernel.parties.models import Party
from keji.kernel.rules.keeping import keep, standings
from keji.kernel.rules.models import Assessment, ParameterValue
from keji.lib.rules import vocabulary
from keji.lib.rules.found import Verdict
from keji.lib.rules.rule import Program, rules

SLICE = 10_000  # units whose columns are in memory at once


def numbers_on(on: date, proposed: Iterable[ParameterValue] = ()) -> dict[str, Decimal]:
    """{parameter: value} in force on a day, as they would be with `proposed` in force as well."""
    rows = ParameterValue.objects.filter(from_on__lte=on, state=ParameterValue.State.IN_FORCE).order_by("from_on")
    found = dict(rows.values_list("name", "value"))
    return found | {p.name: p.value for p in proposed}


def program_on(code: str, on: date, proposed: Iterable[ParameterValue] = ()) -> Program:
    """Raises KeyError for a rule nobody wrote, LookupError before its first edition or without its numbers."""
    return rules()[code].program(on, numbers_on(on, proposed))


def judge(code: str, party: Party, on: date, *, changes: Mapping[str, int | None] | None = None) -> Verdict:
    """One unit on one day, with some facts changed: what if. A fact changed to None is unknown."""
    program = program_on(code, on)
    facts: dict[str, Any] = known(party.pk, on.year, on, program.keys)
    facts.update(changes or {})
    return program.judge({k: v for k, v in facts.items() if v is not None})


def judged_parties() -> QuerySet[Party]:
    """Everybody the house knows anything of, in canonical order."""
    return (
        Party.objects.alive().filter(kind=Party.Kind.ENTERPRISE, pk__in=FactFile.objects.values("party")).order_by("pk")
    )


@dataclass
class Change:
    """Somebody stands elsewhere with a rule than before."""

    party: int
    rule: str
    before: bool | None
    after: bool | None


@dataclass
class Tally:
    """What a run came to."""

    units: int = 0
    judged: int = 0
    changed: int = 0
    changes: list[Change] = field(default_factory=list)


def in_force(codes: Sequence[str], on: date) -> list[Program]:
    """The rules among these that are in force on a day, with their numbers."""
    numbers, found = numbers_on(on), []
    for code in codes:
        try:
            found.append(rules()[code].program(on, numbers))
        except LookupError:
            continue  # not yet in force, or without its numbers: nobody is judged by it
    return found


def assess(
    codes: Sequence[str],
    *,
    on: date,
    at: datetime,
    parties: Sequence[int] | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Tally:
    """Judge units and keep where they stand. What has the same facts and law as last time is passed over.

    A slice of units is in memory at once; each slice is a transaction of its own, so a run that was cut off goes on
    where it stood.
    """
    everybody = list(judged_parties().values_list("pk", flat=True)) if parties is None else sorted(parties)
    programs = in_force(codes, on)
    keys = tuple(dict.fromkeys(k for program in programs for k in program.keys))
    tally = Tally(units=len(everybody))
    for done, some in enumerate(slices(everybody)):
        progress(done * SLICE, len(everybody))
        columns = columns_of(some, on.year, on, keys)
        for program in programs:
            with transaction.atomic():
                _assess_slice(program, some, columns, on, at, tally)
    if parties is None:
        Assessment.objects.filter(party__merged_into__isnull=False).delete()
    progress(len(everybody), len(everybody))
    return tally


def slices(parties: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(parties), SLICE):
        yield parties[start : start + SLICE]


def _assess_slice(
    program: Program, parties: Sequence[int], columns: Mapping[str, Any], on: date, at: datetime, tally: Tally
) -> None:
    digests = _digests(program, columns, len(parties), on.year)
    rows = Assessment.objects.filter(rule=program.rule.code, party__gte=parties[0], party__lte=parties[-1])
    stored = dict(rows.values_list("party", "digest"))
    again = [i for i, p in enumerate(parties) if stored.get(p) != digests[i]]
    tally.judged += len(again)
    if not again:
        return
    units = [parties[i] for i in again]
    before = {p: (passed, since) for p, passed, since in rows.values_list("party", "passed", "since")} if stored else {}
    some = {k: columns[k][np.array(again)] for k in program.keys}
    stand = standings(program, program.judge_many(some, len(again)), some, on.year)
    since = [_since(program, unit, passed, before, at, tally) for unit, passed in zip(units, stand.passed, strict=True)]
    keep(program, on, at, zip(units, [digests[i] for i in again], since, *vars(stand).values(), strict=True))


def _since(
    program: Program, unit: int, passed: bool | None, before: Mapping[int, Any], at: datetime, tally: Tally
) -> datetime:
    """Since when it stands where it stands; a change goes into the tally."""
    was, since = before.get(unit, (passed, at))
    if was is passed:
        return since  # type: ignore[no-any-return]
    tally.changed += 1
    tally.changes.append(Change(unit, program.rule.code, was, passed))
    return at


def _digests(program: Program, columns: Mapping[str, Any], size: int, year: int) -> list[str]:
    """One short digest a unit over what its verdict rests on."""
    law = repr((program.rule.code, program.since_on, year, sorted(program.numbers.items()))).encode()
    table = np.stack([_asked(k, columns[k]) for k in program.keys], axis=1) if program.keys else np.zeros((size, 1))
    table = np.ascontiguousarray(np.where(np.isnan(table), -1e300, table))
    return [blake2b(row.tobytes() + law, digest_size=16).hexdigest() for row in table]


def _asked(key: str, column: Any) -> Any:
    """A column as far as any rule asks for it."""
    enough = vocabulary.fact(key.partition("-")[0]).enough
    return np.minimum(column, enough) if enough else column


@dataclass(frozen=True)
class Rehearsal:
    """What a change of law would do on real data, before it takes effect."""

    gaining: list[int]  # units that would pass and do not now
    losing: list[int]
    opening: list[int]  # units about whom the new law would need to know more
    units: int


def rehearse(code: str, *, now: Program, then: Program, on: date, parties: Sequence[int] | None = None) -> Rehearsal:
    """Judge everybody by two programs of one rule on the same facts."""
    everybody = list(judged_parties().values_list("pk", flat=True)) if parties is None else list(parties)
    keys = tuple(dict.fromkeys(now.keys + then.keys))
    gaining, losing, opening = list[int](), list[int](), list[int]()
    for some in slices(everybody):
        columns = columns_of(some, on.year, on, keys)
        before, after = now.judge_many(columns, len(some)).passed, then.judge_many(columns, len(some)).passed
        for wanted, into in (
            ((before != 2) & (after == 2), gaining),
            ((before == 2) & (after == 0), losing),
            ((before == 2) & (after == 1), opening),
        ):
            into.extend(some[int(i)] for i in np.flatnonzero(wanted))
    return Rehearsal(gaining, losing, opening, len(everybody))
