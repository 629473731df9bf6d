"""Standings (信用状态): registering and correcting them, and what other modules ask before they let a party go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.parties.models import Party, Standing
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.saving import save_changes


def register_standings(
    rows: Sequence[Mapping[str, Any]], *, actor: Actor, at: datetime, source: str = "page"
) -> list[Standing]:
    """Register {party, kind, measure, restricts, basis, from_on, until_on} each; in force once another confirms."""
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


def standing_on(party: Party | int, on: date) -> list[Standing]:
    """What is in force over a party on a day, both days included, newest first."""
    return list(Standing.objects.filter(party=party).in_force(on).order_by("-from_on", "-pk"))


def blocks(party: Party | int, verb: str, on: date) -> str:
    """Why a sanction forbids this party `verb` (a Standing.Verb) on the day, as a sentence; "" when none does."""
    for standing in standing_on(party, on):
        if sentence := _sentence(standing, verb):
            return sentence
    return ""


def blocked_parties(verb: str, on: date) -> dict[int, str]:
    """{party key: sentence} of everybody a sanction forbids `verb`, asked once for a whole list."""
    rows = Standing.objects.filter(kind=Standing.Kind.SANCTION).in_force(on).order_by("from_on", "pk")
    return {row.party_id: sentence for row in rows if (sentence := _sentence(row, verb))}


def _sentence(standing: Standing, verb: str) -> str:
    verb = Standing.Verb(verb)
    if standing.kind != Standing.Kind.SANCTION or verb not in standing.restricts:
        return ""
    return f"{standing.days()}不得{verb.label}：{standing.measure}（{standing.basis}）"
