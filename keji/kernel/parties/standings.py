"""Standings (信用状态): registering and correcting them, and what others ask before a unit or a person may go on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.parties.models import Party, Person, Standing
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.saving import save_changes


def register_standings(
    rows: Sequence[Mapping[str, Any]], *, actor: Actor, at: datetime, source: str = "page"
) -> list[Standing]:
    """Register {party or person, kind, measure, restricts, basis, from_on, until_on}; in force after a second look."""
    made = []
    with writing(actor, at):
        if not actor.has(Role.OFFICER):
            raise Refused("信用状态由业务科室登记")
        for row in rows:
            if odd := set(row.get("restricts", ())) - set(Standing.Verb.values):
                raise Refused(f"没有“{'、'.join(sorted(odd))}”这种限制事项")
            record = Standing.objects.create(
                **row, state=Standing.State.REGISTERED, state_since=at, registered_by_id=actor.id
            )
            told = {**row, "restricts": record.restricted()}
            log("登记信用状态", record, {k: [None, v] for k, v in told.items() if v not in (None, "")})
            made.append(record)
    return made


def correct_standing(record: Standing, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> Standing:
    """Change what is not in force yet; whoever did counts as the one who registered it."""
    if record.state != Standing.State.REGISTERED:
        raise Refused("已生效的信用状态不能修改，请解除后重新登记")
    record.registered_by_id = actor.id
    found: Standing = save_changes(record, values, "修改信用状态", actor=actor, at=at)
    return found


Subject = Party | Person


def standing_on(subject: Subject, on: date) -> list[Standing]:
    """What is in force over a unit or a person on a day, both days included, newest first."""
    over = {"person": subject} if isinstance(subject, Person) else {"party": subject}
    return list(Standing.objects.filter(**over).in_force(on).order_by("-from_on", "-pk"))


def blocks(subject: Subject, verb: str, on: date) -> str:
    """Why a sanction forbids this unit or person `verb` (a Standing.Verb) on the day, as a sentence; "" when none."""
    for standing in standing_on(subject, on):
        if sentence := _sentence(standing, verb):
            return sentence
    return ""


def blocked_parties(verb: str, on: date) -> dict[int, str]:
    """{party key: sentence} of every unit a sanction forbids `verb`, asked once for a whole list."""
    return {row.party_id: sentence for row, sentence in _blocking(verb, on) if row.party_id}


def blocked_people(verb: str, on: date) -> dict[int, tuple[int, str]]:
    """{person key: (standing key, sentence)} of everybody a sanction forbids `verb`; the key names the record."""
    return {row.person_id: (row.pk, sentence) for row, sentence in _blocking(verb, on) if row.person_id}


def _blocking(verb: str, on: date) -> Iterator[tuple[Standing, str]]:
    for row in Standing.objects.filter(kind=Standing.Kind.SANCTION).in_force(on).order_by("from_on", "pk"):
        if sentence := _sentence(row, verb):
            yield row, sentence


def _sentence(standing: Standing, verb: str) -> str:
    verb = Standing.Verb(verb)
    if standing.kind != Standing.Kind.SANCTION or verb not in standing.restricts:
        return ""
    return f"{standing.days()}不得{verb.label}：{standing.measure}（{standing.basis}）"
