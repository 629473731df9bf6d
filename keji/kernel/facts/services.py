"""Stating, confirming and settling facts. Every write works the units' files out anew, in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.facts.models import LIVE, STANDING, FactFile, Origin, Statement
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.lib.rules import vocabulary

#: Taken over as they are: whoever sends them answers for them.
TRUSTED = frozenset({Origin.STATISTICS, Origin.DEPARTMENT})
Key = tuple[int, int]  # party, year


@dataclass(frozen=True)
class Said:
    """One fact to be stated; `value` in the fact's smallest step."""

    party: Party
    name: str
    value: int
    year: int = STANDING
    evidence: str = ""


def origin_of(actor: Actor) -> str:
    if actor.is_system or actor.has(Role.OFFICER):
        return Origin.BUREAU
    return Origin.COUNTY if actor.has(Role.COUNTY) else Origin.PARTY


def state_facts(said: Sequence[Said], *, actor: Actor, at: datetime, origin: str = "") -> int:
    """State facts; what the same source said before is replaced, what it said already is left alone. → how many new.

    Raises Refused when two rows state the same fact of the same unit and year differently.
    """
    origin = origin or origin_of(actor)
    wanted = _once(said)
    if not wanted:
        return 0
    with writing(actor, at):
        old = {
            (s.party_id, s.name, s.year): s
            for s in Statement.objects.live(date.min)
            .filter(party__in={party for party, _, _ in wanted}, origin=origin)
            .select_for_update(of=("self",))
        }
        new = {k: s for k, s in wanted.items() if k not in old or _differs(old[k], s, at.date())}
        replaced = [old[k].pk for k in new if k in old]
        for start in range(0, len(replaced), 500):
            Statement.objects.filter(pk__in=replaced[start : start + 500]).update(state=Statement.State.REPLACED)
        Statement.objects.bulk_create([_statement(s, origin, actor, at) for s in new.values()], batch_size=1000)
        changes: dict[Key, dict[str, list[Any]]] = defaultdict(dict)
        for (party, name, year), s in new.items():
            before = old.get((party, name, year))
            changes[party, year][name] = [before.value if before else None, s.value]
        refresh(changes, at=at, changes=changes)
    return len(new)


def _once(said: Sequence[Said]) -> dict[tuple[int, str, int], Said]:
    wanted: dict[tuple[int, str, int], Said] = {}
    for s in said:
        fact = vocabulary.fact(s.name)
        if fact.annual == (s.year == STANDING):
            raise Refused(f"“{fact.label}”{'要注明年度' if fact.annual else '不分年度'}")
        earlier = wanted.setdefault((s.party.pk, s.name, s.year), s)
        if earlier.value != s.value:
            raise Refused(f"{s.party.name}的“{fact.label}”填了两个不同的数，请核对后只留一个")
    return wanted


def _differs(old: Statement, said: Said, today: date) -> bool:
    run_out = old.expires_on is not None and old.expires_on < today
    return run_out or (old.value, old.evidence) != (said.value, said.evidence or old.evidence)


def _statement(s: Said, origin: str, actor: Actor, at: datetime) -> Statement:
    trusted = origin in TRUSTED
    months = vocabulary.fact(s.name).months
    return Statement(
        party=s.party,
        name=s.name,
        year=s.year,
        value=s.value,
        origin=origin,
        evidence=s.evidence,
        state=Statement.State.CONFIRMED if trusted else Statement.State.STATED,
        stated_at=at,
        stated_by=actor.name,
        stated_by_account_id=actor.id,
        checked_at=at if trusted else None,
        checked_by=actor.name if trusted else "",
        expires_on=_months_on(at.date(), months) if months else None,
    )


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = date.fromordinal(date(year + (month == 11), (month + 1) % 12 + 1, 1).toordinal() - 1).day
    return date(year, month + 1, min(day.day, last))


def confirm(statements: Iterable[Statement], *, actor: Actor, at: datetime) -> int:
    """Confirm what somebody else stated. Raises Refused for one's own statements."""
    rows = list(Statement.objects.filter(pk__in=[s.pk for s in statements], state=Statement.State.STATED))
    if any(s.stated_by_account_id == actor.id and not actor.is_system for s in rows):
        raise Refused("填报和核实必须是两个人，请由另一位同志核实")
    with writing(actor, at):
        Statement.objects.filter(pk__in=[s.pk for s in rows]).update(
            state=Statement.State.CONFIRMED, checked_at=at, checked_by=actor.name
        )
        for s in rows:
            log("核实资料", s, {"state": [s.state, Statement.State.CONFIRMED]})
        refresh({(s.party_id, s.year) for s in rows}, at=at)
    return len(rows)


def settle(chosen: Statement, reason: str, *, actor: Actor, at: datetime) -> None:
    """Where sources differ: this one holds, the others are set aside, and the reason stays with them."""
    if not actor.is_system and not actor.has(Role.OFFICER, Role.COUNTY):
        raise Refused("来源不一致的资料由县区或业务科室裁定")
    if not reason.strip():
        raise Refused("请写明采用的理由")
    with writing(actor, at):
        same = Statement.objects.live(at.date()).filter(party=chosen.party, name=chosen.name, year=chosen.year)
        marks = {"checked_at": at, "checked_by": actor.name, "reason": reason.strip()[:300]}
        if not same.filter(pk=chosen.pk).update(state=Statement.State.SETTLED, **marks):
            raise Refused("这条资料已经更新或撤回，请刷新后再裁定")
        same.exclude(pk=chosen.pk).update(state=Statement.State.SET_ASIDE, **marks)
        log("裁定资料", chosen, {"value": [None, chosen.value]}, reason=reason)
        refresh({(chosen.party_id, chosen.year)}, at=at)


def withdraw(statement: Statement, reason: str, *, actor: Actor, at: datetime) -> None:
    """Take a statement back: it was of another unit, another year, or never true."""
    if not actor.is_system and statement.origin != origin_of(actor):
        raise Refused(f"这条资料由{statement.get_origin_display()}，请由填报方撤回")
    with writing(actor, at):
        Statement.objects.filter(pk=statement.pk).update(state=Statement.State.WITHDRAWN, reason=reason.strip()[:300])
        log("撤回资料", statement, {"value": [statement.value, None]}, reason=reason)
        refresh({(statement.party_id, statement.year)}, at=at)


def refresh(keys: Iterable[Key], *, at: datetime, changes: Mapping[Key, Mapping[str, list[Any]]] | None = None) -> None:
    """Work out the files of these units and years anew from their live statements."""
    wanted = set(keys)
    parties, years = {p for p, _ in wanted}, {y for _, y in wanted}
    stated: dict[Key, dict[str, list[Statement]]] = defaultdict(lambda: defaultdict(list))
    for s in Statement.objects.live(at.date()).filter(party__in=parties, year__in=years).order_by("pk"):
        stated[s.party_id, s.year][s.name].append(s)
    files = {(f.party_id, f.year): f for f in FactFile.objects.filter(party__in=parties, year__in=years)}
    made: list[FactFile] = []
    changed: list[FactFile] = []
    for key in sorted(wanted):
        file = files.get(key) or FactFile(party_id=key[0], year=key[1])
        values, unsettled = resolve(stated[key])
        if file.pk and (file.values, file.unsettled) == (values, unsettled):
            continue
        file.values, file.unsettled, file.changed_at = values, unsettled, at
        (changed if file.pk else made).append(file)
    FactFile.objects.bulk_create(made, batch_size=500)
    FactFile.objects.bulk_update(changed, ["values", "unsettled", "changed_at"], batch_size=200)
    if changes:
        for file in [*made, *changed]:
            log("填报资料", file, dict(changes.get((file.party_id, file.year), {})))


def resolve(stated: Mapping[str, Sequence[Statement]]) -> tuple[dict[str, int], list[str]]:
    """({fact: value}, facts left open): what was settled holds, then what was confirmed, then what all agree on."""
    values, unsettled = {}, []
    for name, rows in sorted(stated.items()):
        for state in (Statement.State.SETTLED, Statement.State.CONFIRMED, Statement.State.STATED):
            if found := {s.value for s in rows if s.state == state}:
                break
        if len(found) == 1 and not _contradicted(rows, next(iter(found)), state):
            values[name] = next(iter(found))
        else:
            unsettled.append(name)
    return values, unsettled


def _contradicted(rows: Sequence[Statement], value: int, state: str) -> bool:
    """Does somebody say otherwise since it was confirmed? What was settled stays until it is settled again."""
    if state == Statement.State.SETTLED:
        latest = max(s.checked_at for s in rows if s.state == state and s.checked_at)
        return any(s.value != value and s.stated_at > latest for s in rows)
    return any(s.value != value for s in rows)


def expire(*, actor: Actor, at: datetime) -> int:
    """Files of facts that ran out since their files were last worked out; run once a day."""
    since = date.fromordinal(at.date().toordinal() - 40)  # a house that was off for a month still catches up
    rows = Statement.objects.filter(expires_on__lt=at.date(), expires_on__gte=since, state__in=LIVE)
    keys = set(rows.values_list("party_id", "year"))
    with writing(actor, at):
        refresh(keys, at=at)
    return len(keys)
