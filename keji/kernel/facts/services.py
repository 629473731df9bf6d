"""Stating, confirming and settling facts. Every write works the units' files out anew, in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import IntegrityError, connection, transaction

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.facts.models import LIVE, STANDING, FactFile, Filing, Origin, Statement
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.saving import whole
from keji.lib.rules import vocabulary

#: Taken over as they are: whoever sends them answers for them.
TRUSTED = frozenset({Origin.STATISTICS, Origin.DEPARTMENT})
MANY = 500  # keys in one statement of the database
Key = tuple[int, int]  # party, year
Place = tuple[int, str, int]  # party, fact, year
State = Statement.State


@dataclass(frozen=True, slots=True)
class Said:
    """One fact to be stated; `value` in the fact's smallest step."""

    party: Party
    name: str
    value: int
    year: int = STANDING
    evidence: str = ""


class Before(NamedTuple):
    """What one source has said so far of one fact."""

    pk: int
    value: int
    evidence: str
    state: str
    expires_on: date | None


def origin_of(actor: Actor) -> str:
    if actor.is_system or actor.has(Role.OFFICER):
        return Origin.BUREAU
    return Origin.COUNTY if actor.has(Role.COUNTY) else Origin.PARTY


def state_facts(
    said: Sequence[Said], *, actor: Actor, at: datetime, origin: str = "", filing: Filing | None = None
) -> int:
    """State facts; what the same source said before is replaced, what it said already is left alone. → how many new.

    Raises Refused when two rows state the same fact of the same unit and year differently.
    """
    origin = origin or origin_of(actor)
    wanted = _once(said)
    if not wanted:
        return 0
    with writing(actor, at):
        old = _said_before(wanted, origin)
        new = {k: s for k, s in wanted.items() if k not in old or _differs(old[k], s, day_of(at), origin)}
        replaced = [old[k].pk for k in new if k in old and old[k].state in LIVE]
        for some in _slices(replaced):
            Statement.objects.filter(pk__in=some).update(state=State.REPLACED)
        try:
            with transaction.atomic():
                _insert(new.values(), origin, actor, at, filing)
        except IntegrityError:
            raise Refused("刚刚有人填报了同一项资料，请刷新后核对再填") from None
        changes: dict[Key, dict[str, list[Any]]] = defaultdict(dict)
        for (party, name, year), s in new.items():
            before = old.get((party, name, year))
            changes[party, year][name] = [before.value if before else None, s.value]
        refresh(changes, at=at, changes=changes)
    return len(new)


def _slices(keys: Iterable[Any]) -> Iterator[list[Any]]:
    listed = list(keys)
    for start in range(0, len(listed), MANY):
        yield listed[start : start + MANY]


def _once(said: Sequence[Said]) -> dict[Place, Said]:
    wanted: dict[Place, Said] = {}
    for s in said:
        fact = vocabulary.fact(s.name)
        if fact.annual == (s.year == STANDING):
            raise Refused(f"“{fact.label}”{'要注明年度' if fact.annual else '不分年度'}")
        earlier = wanted.setdefault((s.party.pk, s.name, s.year), s)
        if earlier.value != s.value:
            raise Refused(f"{s.party.name}的“{fact.label}”填了两个不同的数，请核对后只留一个")
    return wanted


def _said_before(wanted: Mapping[Place, Said], origin: str) -> dict[Place, Before]:
    """What this source says now; of a trusted one also what was set aside: sending the same again changes nothing."""
    states = [*LIVE, State.SET_ASIDE] if origin in TRUSTED else list(LIVE)
    years = {year for _, _, year in wanted}
    found: dict[Place, Before] = {}
    for some in _slices(sorted({party for party, _, _ in wanted})):
        rows = Statement.objects.filter(party__in=some, year__in=years, origin=origin, state__in=states)
        rows = rows.select_for_update(of=("self",)).order_by("pk")
        columns = ("party_id", "name", "year", "pk", "value", "evidence", "state", "expires_on")
        for party, name, year, *rest in rows.values_list(*columns):
            before = Before(*rest)
            if before.state in LIVE or (party, name, year) not in found or found[party, name, year].state not in LIVE:
                found[party, name, year] = before
    return found


def _differs(old: Before, said: Said, today: date, origin: str) -> bool:
    run_out = old.expires_on is not None and old.expires_on < today
    if run_out or old.value != said.value:
        return True
    return origin not in TRUSTED and (said.evidence or old.evidence) != old.evidence


def _insert(said: Iterable[Said], origin: str, actor: Actor, at: datetime, filing: Filing | None) -> None:
    """One prepared statement for all rows: through the model, a row of a statistics sheet costs five times as much."""
    trusted = origin in TRUSTED
    like = Statement(
        origin=origin,
        filing=filing,
        state=State.CONFIRMED if trusted else State.STATED,
        stated_at=at,
        stated_by=actor.name,
        stated_by_account_id=actor.id,
        checked_at=at if trusted else None,
        checked_by=actor.name if trusted else "",
    )
    fields = [f for f in Statement._meta.concrete_fields if not f.primary_key]
    shared = [f.get_db_prep_save(getattr(like, f.attname), connection) for f in fields]
    varying = ("party_id", "name", "year", "value", "evidence", "expires_on")
    places = [[f.attname for f in fields].index(name) for name in varying]
    ends: dict[str, Any] = {}

    def rows() -> Iterator[list[Any]]:
        for s in said:
            if s.name not in ends:
                months = vocabulary.fact(s.name).months
                last = _months_on(day_of(at), months) if months else None
                ends[s.name] = connection.ops.adapt_datefield_value(last)
            row = shared.copy()
            for place, value in zip(
                places, (s.party.pk, s.name, s.year, s.value, whole(s.evidence, 200, "依据"), ends[s.name]), strict=True
            ):
                row[place] = value
            yield row

    quoted = ", ".join(connection.ops.quote_name(str(f.column)) for f in fields)
    table = connection.ops.quote_name(Statement._meta.db_table)
    marks = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({marks})", rows())  # type: ignore[arg-type]  # any iterator will do


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = date.fromordinal(date(year + (month == 11), (month + 1) % 12 + 1, 1).toordinal() - 1).day
    return date(year, month + 1, min(day.day, last))


def confirm(statements: Iterable[Statement], *, actor: Actor, at: datetime) -> int:
    """Confirm what somebody else stated. Raises Refused for one's own statements and those out of reach."""
    if not actor.is_system and not actor.has(Role.OFFICER, Role.COUNTY):
        raise Refused("资料由县区科技局或业务科室核实")
    keys, done = [s.pk for s in statements], 0
    checked: dict[Key, list[str]] = defaultdict(list)
    with writing(actor, at):
        for some in _slices(keys):
            reach = Statement.objects.writable_by(actor).filter(pk__in=some, state=State.STATED)
            columns = ("pk", "party_id", "year", "name", "stated_by_account_id")
            rows = list(reach.select_for_update(of=("self",)).order_by("pk").values_list(*columns))
            if not actor.is_system and any(by == actor.id for *_, by in rows):
                raise Refused("填报和核实必须是两个人，请由另一位同志核实")
            Statement.objects.filter(pk__in=[pk for pk, *_ in rows]).update(
                state=State.CONFIRMED, checked_at=at, checked_by=actor.name
            )
            for _, party, year, name, _ in rows:
                checked[party, year].append(name)
            done += len(rows)
        _log_checked(checked)
    return done


def _log_checked(checked: Mapping[Key, list[str]]) -> None:
    """One entry a file: what of it was confirmed. Each statement itself says when and by whom."""
    for some in _slices(sorted({party for party, _ in checked})):
        for file in FactFile.objects.filter(party__in=some).select_related("party"):
            if names := checked.get((file.party_id, file.year)):
                labels = "、".join(vocabulary.fact(n).label for n in sorted(names))
                log("核实资料", file, {"已核实": [None, labels]})


def settle_refusal(chosen: Statement, actor: Actor) -> str:
    """Why this person may not say that this statement holds; "" when they may."""
    if actor.is_system:
        return ""
    if not actor.has(Role.OFFICER, Role.COUNTY):
        return "来源不一致的资料由县区或业务科室裁定"
    if not chosen.access.reaches(actor, chosen.access.write, chosen):
        return "这家单位不在您的县区范围内"
    if chosen.stated_by_account_id == actor.id:
        return "这个数是您填报的，请由另一位同志裁定"
    return ""


def settle(chosen: Statement, reason: str, *, actor: Actor, at: datetime) -> None:
    """Where sources differ: this one holds, the others are set aside, and the reason stays with them."""
    if why := settle_refusal(chosen, actor):
        raise Refused(why)
    if not reason.strip():
        raise Refused("请写明采用的理由")
    with writing(actor, at):
        rows = Statement.objects.live(day_of(at)).filter(party=chosen.party, name=chosen.name, year=chosen.year)  # type: ignore[attr-defined]
        same = list(rows.select_for_update(of=("self",)))
        if chosen.pk not in {s.pk for s in same}:
            raise Refused("这条资料已经更新或撤回，请刷新后再裁定")
        if len({s.value for s in same}) == 1:
            raise Refused("各来源现在一致，或者已经裁定，不用再裁定")
        marks = {"checked_at": at, "checked_by": actor.name, "reason": whole(reason, 300, "理由")}
        # Whoever says the same as what holds is not set aside: only what differs is.
        agreeing = [s.pk for s in same if s.value == chosen.value]
        Statement.objects.filter(pk__in=agreeing).update(state=State.SETTLED, **marks)
        Statement.objects.filter(pk__in=[s.pk for s in same]).exclude(pk__in=agreeing).update(
            state=State.SET_ASIDE, **marks
        )
        log("裁定资料", chosen, {"value": [[s.value for s in same], chosen.value]}, reason=reason)
        refresh({(chosen.party_id, chosen.year)}, at=at)


def withdraw(statement: Statement, reason: str, *, actor: Actor, at: datetime) -> None:
    """Take a statement back: it was of another unit, another year, or never true."""
    if not actor.is_system:
        if statement.origin != origin_of(actor):
            raise Refused(f"这条资料来自{statement.get_origin_display()}，请由填报方撤回")
        if not statement.access.reaches(actor, statement.access.write, statement):
            raise Refused("这家单位不在您的范围内")
    if not reason.strip():
        raise Refused("请写明撤回的理由")
    with writing(actor, at):
        live = Statement.objects.filter(pk=statement.pk, state__in=LIVE)
        if not live.update(state=State.WITHDRAWN, reason=whole(reason, 300, "理由")):
            raise Refused("这条资料已经更新或撤回，请刷新后再看")
        log("撤回资料", statement, {"value": [statement.value, None]}, reason=reason)
        refresh({(statement.party_id, statement.year)}, at=at)


def refresh(keys: Iterable[Key], *, at: datetime, changes: Mapping[Key, Mapping[str, list[Any]]] | None = None) -> None:
    """Work out the files of these units and years anew from their live statements."""
    wanted = set(keys)
    years = {y for _, y in wanted}
    for some in _slices(sorted({p for p, _ in wanted})):
        within = set(some)
        _refresh_some([k for k in wanted if k[0] in within], some, years, at, changes or {})


def _refresh_some(
    wanted: list[Key], parties: list[int], years: set[int], at: datetime, changes: Mapping[Key, Mapping[str, list[Any]]]
) -> None:
    stated: dict[Key, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    live = Statement.objects.live(day_of(at)).filter(party__in=parties, year__in=years).order_by()  # type: ignore[attr-defined]
    for party, year, name, value in live.values_list("party_id", "year", "name", "value"):
        stated[party, year][name].add(value)
    files = {(f.party_id, f.year): f for f in FactFile.objects.filter(party__in=parties, year__in=years)}
    made: list[FactFile] = []
    changed: list[FactFile] = []
    for key in sorted(wanted):
        file = files.get(key) or FactFile(party_id=key[0], year=key[1])
        values, unsettled = resolve(stated[key])
        if file.pk and (file.values, file.unsettled) == (values, unsettled):
            continue
        file.values, file.unsettled, file.open_count, file.changed_at = values, unsettled, len(unsettled), at
        (changed if file.pk else made).append(file)
    FactFile.objects.bulk_create(made, batch_size=500)
    FactFile.objects.bulk_update(changed, ["values", "unsettled", "open_count", "changed_at"], batch_size=200)
    names = {p.pk: p for p in Party.objects.filter(pk__in=parties)} if changes else {}
    for file in [*made, *changed]:
        if said := changes.get((file.party_id, file.year)):
            file.party = names[file.party_id]  # the log line names the unit
            log("填报资料", file, dict(said))


def resolve(stated: Mapping[str, Iterable[int]]) -> tuple[dict[str, int], list[str]]:
    """({fact: value}, facts left open): a fact is known when all who state it say the same.

    What was settled holds because the others were set aside then; whoever says otherwise later opens it again. So
    nothing here decides between sources, and the order in which they spoke does not matter.
    """
    values, unsettled = {}, []
    for name, said in sorted(stated.items()):
        all_of_it = set(said)
        if len(all_of_it) == 1:
            values[name] = all_of_it.pop()
        elif all_of_it:
            unsettled.append(name)
    return values, unsettled


def expire(*, actor: Actor, at: datetime) -> int:
    """Files of facts that ran out since their files were last worked out; run once a day."""
    since = date.fromordinal(day_of(at).toordinal() - 40)  # a house that was off for a month still catches up
    rows = Statement.objects.filter(expires_on__lt=day_of(at), expires_on__gte=since, state__in=LIVE)
    keys = set(rows.values_list("party_id", "year"))
    with writing(actor, at):
        refresh(keys, at=at)
    return len(keys)
