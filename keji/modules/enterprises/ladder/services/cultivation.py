"""Cultivation lists: who is put on, handed to whom, visited when; and reasons why a firm does not apply."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.people.models import Account, Notice
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import next_numbers, source_of, stamp
from keji.kernel.records.saving import locked, once, save_changes
from keji.modules.enterprises.ladder.models import CultivationEntry, Prospect, Visit, Waiver

Rows = Sequence[Mapping[str, Any]]
State = CultivationEntry.State
COLUMNS = ("party", "rung", "year", "owner", "origin", "condition", "gap", "plan")
ORIGINS = {
    Prospect.Kind.READY: CultivationEntry.Origin.DUE,
    Prospect.Kind.EXPERTS: CultivationEntry.Origin.DUE,
    Prospect.Kind.FACT: CultivationEntry.Origin.FACT,
    Prospect.Kind.CONDITION: CultivationEntry.Origin.NEAR,
}


def list_firms(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[CultivationEntry]:
    """Put firms on the list: {party, rung, year, owner?, origin?, condition?, gap?, plan?} each.

    A firm already listed for that rung and year is left as it is. Whoever is named as owner is told once, with how
    many firms are theirs.
    """
    with writing(actor, at):
        wanted = {(row["party"].pk, row["rung"], int(row["year"])): row for row in rows}
        years = {key[2] for key in wanted}
        listed = _listed([key[0] for key in wanted], years)
        fresh = {key: row for key, row in wanted.items() if key not in listed}
        made = []
        for row in fresh.values():
            entry = CultivationEntry(**{k: row[k] for k in COLUMNS if row.get(k) not in (None, "")})
            entry.region_id = entry.party.region_id
            stamp(entry, actor=actor, at=at, state=State.CULTIVATING, source=source_of(actor, source))
            made.append(entry)
        for entry, number in zip(made, next_numbers(CultivationEntry.prefix, at.year, len(made)), strict=True):
            entry.number = number
        CultivationEntry.objects.bulk_create(made, batch_size=500)
        for entry in made:
            log("列入培育清单", entry, {k: [None, getattr(entry, k)] for k in COLUMNS if getattr(entry, k)})
        _tell_owners(made, at)
    return made


def _listed(parties: Sequence[int], years: set[int]) -> set[tuple[int, str, int]]:
    found: set[tuple[int, str, int]] = set()
    for start in range(0, len(parties), 500):
        rows = CultivationEntry.objects.filter(party__in=parties[start : start + 500], year__in=years)
        found |= set(rows.values_list("party_id", "rung", "year"))
    return found


def list_prospects(
    prospects: Iterable[Prospect], *, owner: Account | None, year: int, plan: str, actor: Actor, at: datetime
) -> list[CultivationEntry]:
    """Put firms of the near-miss or due list on the cultivation list, with what they lacked on that day."""
    rows = [
        {
            "party": p.party,
            "rung": p.rule,
            "year": year,
            "owner": owner,
            "origin": ORIGINS[Prospect.Kind(p.kind)],
            "condition": p.label,
            "gap": p.gap,
            "plan": plan,
        }
        for p in prospects
    ]
    return list_firms(rows, actor=actor, at=at, source="page")


def hand_over(
    entries: Iterable[CultivationEntry], owner: Account, *, actor: Actor, at: datetime
) -> list[CultivationEntry]:
    """Give firms to somebody; they wait on that person's to-do list from now on."""
    with writing(actor, at):
        given = []
        for entry in entries:
            if entry.state != State.CULTIVATING:
                raise Refused(f"“{entry.party.name}”{entry.get_state_display()}，不能再交办")
            if entry.owner_id == owner.pk:
                continue
            before = entry.owner
            entry.owner, entry.updated_at = owner, at
            entry.save(update_fields=["owner", "updated_at"])
            log("交办", entry, {"owner": [before, owner]})
            given.append(entry)
        _tell_owners(given, at)
    return given


def _tell_owners(entries: Iterable[CultivationEntry], at: datetime) -> None:
    by_owner: dict[int, list[CultivationEntry]] = {}
    for entry in entries:
        if entry.owner_id:
            by_owner.setdefault(entry.owner_id, []).append(entry)
    for owner, theirs in by_owner.items():
        first = theirs[0].party.name
        text = f"交给您 {len(theirs)} 家企业培育：{first}{'等' if len(theirs) > 1 else ''}，请安排走访。"
        Notice.objects.create(account_id=owner, text=text, url=f"/d/cultivation/?owner={owner}", at=at)


def correct_entry(
    entry: CultivationEntry, values: Mapping[str, Any], *, actor: Actor, at: datetime
) -> CultivationEntry:
    """Change the plan or the owner; the firm, rung and year stay what they were."""
    said = {k: values[k] for k in ("owner", "plan") if k in values}
    before = entry.owner_id
    with writing(actor, at):
        entry.updated_at = at
        save_changes(entry, said, "修改", actor=actor, at=at)
        if entry.owner_id and entry.owner_id != before:
            _tell_owners([entry], at)
    return entry


def visit(entry: CultivationEntry, said: Mapping[str, Any], *, actor: Actor, at: datetime) -> Visit:
    """Log a visit from its own page. Raises Refused for a firm that is not on the list any more."""
    with writing(actor, at):
        fresh = locked(entry)
        if fresh.state not in (State.CULTIVATING, State.APPLIED):
            raise Refused(f"这家企业{fresh.get_state_display()}，不能再登记走访")
        made = keep_visit(fresh, said, actor=actor, at=at)
        fresh.save()
        log("走访", fresh, {"finding": [None, made.get_finding_display()]})
    return made


def keep_visit(entry: CultivationEntry, said: Mapping[str, Any], *, actor: Actor, at: datetime) -> Visit:
    """{on, finding, note?, promised?, next_step?, next_on?}; the entry is saved by the caller."""
    known = {k: said[k] for k in ("on", "finding", "note", "promised", "next_step", "next_on") if said.get(k)}
    words = {k: known.get(k, "") for k in ("note", "promised", "next_step")}
    once(entry.visits.all(), "这次走访", by=actor.name, **{**known, **words, "next_on": known.get("next_on")})
    made = Visit.objects.create(entry=entry, by=actor.name, at=at, **known)
    if entry.visited_on is None or made.on >= entry.visited_on:
        entry.visited_on, entry.next_on = made.on, made.next_on
    entry.visits_count, entry.updated_at = entry.visits_count + 1, at
    return made


# --- reasons not to apply --------------------------------------------------------------------------------------------


def propose_waivers(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[Waiver]:
    """Say why firms do not apply: {party, rung, year, reason, explanation} each. A second person accepts."""
    with writing(actor, at):
        made = []
        for row, number in zip(rows, next_numbers(Waiver.prefix, at.year, len(rows)), strict=True):
            waiver = Waiver(number=number, **{k: row[k] for k in ("party", "rung", "year", "reason", "explanation")})
            waiver.region_id = waiver.party.region_id
            stamp(waiver, actor=actor, at=at, state=Waiver.State.PROPOSED, source=source_of(actor, source))
            made.append(waiver)
        Waiver.objects.bulk_create(made, batch_size=500)
        for waiver in made:
            log("提出不申报说明", waiver, {"reason": [None, waiver.get_reason_display()]})
    return made


def correct_waiver(waiver: Waiver, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> Waiver:
    """Correct a reason nobody has accepted; whoever corrects it has proposed it."""
    said = {k: values[k] for k in ("reason", "explanation") if k in values}
    waiver.created_by_id, waiver.updated_at = actor.id, at
    changed: Waiver = save_changes(waiver, said, "修改", actor=actor, at=at)
    return changed
