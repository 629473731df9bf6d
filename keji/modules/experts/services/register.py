"""Writes of the register: entering experts one by one or from a sheet, correcting, admitting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.parties.models import Party, Person, Region
from keji.kernel.parties.standings import blocked_people
from keji.kernel.people.crypto import fingerprint
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import changed_fields, next_numbers, source_of, stamp
from keji.kernel.records.saving import locked
from keji.modules.experts.models import Employment, Expert
from keji.modules.experts.services.entry import confirmed_from, problems_with
from keji.modules.experts.services.numbers import city, number

SECRET = "（已隐去）"
#: What stands with the person, and what with the expert.
OF_PERSON = ("name", "post", "title", "born_on", "phone", "id_number")
OF_EXPERT = (
    *("employer", "in_city", "place", "kind", "level", "title_on", "sex", "degree", "school", "discipline"),
    *("industries", "keywords", "roles_elsewhere", "bank_card", "agreed_on"),
)
SEALED = frozenset({"phone", "id_number", "bank_card"})
BATCH = 500


def register_experts(
    rows: Sequence[Mapping[str, Any]], *, actor: Actor, at: datetime, source: str = "page"
) -> list[Expert]:
    """Enter experts; whoever has the same 证件号码 on file is that person. Admitted by somebody else.

    Rows: `OF_PERSON` and `OF_EXPERT` fields, `party` (a Party or None), `also` (Disciplines beside the main one).
    """
    with writing(actor, at):
        if not actor.has(Role.OFFICER):
            raise Refused("评审专家由业务科室录入，专家本人凭邀请码登记")
        known = _known([row.get("id_number", "") for row in rows])
        people = [_person(row, known, at) for row in rows]
        made, home = [], city()
        serials = next_numbers(Expert.prefix, day_of(at).year, len(rows))
        for row, person, serial in zip(rows, people, serials, strict=True):
            record = _expert(row, person, serial, home)
            stamp(record, actor=actor, at=at, state=Expert.State.APPLIED, source=source_of(actor, source))
            record.entered_by_id = actor.id
            made.append(record)
        Expert.objects.bulk_create(made, batch_size=BATCH)
        Employment.objects.bulk_create(
            [Employment(expert=e, party=e.party, employer=e.employer, post=e.person.post) for e in made],
            batch_size=BATCH,
        )
        through: Any = Expert.also.through
        through.objects.bulk_create(
            [
                through(expert_id=e.pk, discipline_id=d.pk)
                for e, row in zip(made, rows, strict=True)
                for d in row.get("also", ())
                if d.pk != e.discipline_id
            ],
            batch_size=BATCH,
        )
        for record, row in zip(made, rows, strict=True):
            log("录入专家", record, _told(row))
    return made


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    names = (*OF_PERSON, *OF_EXPERT)
    return {n: [None, SECRET if n in SEALED else row[n]] for n in names if row.get(n) not in (None, "", [])}


def _known(id_numbers: Sequence[str]) -> dict[str, Person]:
    prints = sorted({fingerprint(n) for n in id_numbers if n})
    found: dict[str, Person] = {}
    for start in range(0, len(prints), BATCH):
        for person in Person.objects.filter(id_print__in=prints[start : start + BATCH]):
            found[str(person.id_print)] = person
    return found


def _person(row: Mapping[str, Any], known: dict[str, Person], at: datetime) -> Person:
    """The human being: the one on file under this number, or a new row."""
    own = known.get(fingerprint(row.get("id_number", "")))
    if own is None:
        own = Person(created_at=at, party=row.get("party"))
    elif Expert.objects.filter(person=own).exists():
        raise Refused(f"{own.name}已在评审专家库里，不能重复录入")
    for name in OF_PERSON:
        if row.get(name) not in (None, ""):
            setattr(own, name, row[name])
    own.party = row.get("party") or own.party
    own.save()
    return own


def _expert(row: Mapping[str, Any], person: Person, serial: str, home: Region) -> Expert:
    party = row.get("party")
    values = {name: row[name] for name in OF_EXPERT if name in row and row[name] is not None}
    values["employer"] = values.get("employer") or (party.name if party else "")
    return Expert(number=serial, region=home, party=party, on_register=party is not None, person=person, **values)


def correct_expert(record: Expert, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> Expert:
    """Change what is on file; a new employer ends the old employment on this day and keeps it in the history."""
    with writing(actor, at):
        before = locked(record)
        record = Expert.objects.select_related("person").get(pk=record.pk)
        own = before.person
        for name in OF_PERSON:
            if name in values:
                setattr(record.person, name, values[name])
        for name in OF_EXPERT:
            if name in values:
                setattr(record, name, values[name])
        if "party" in values:
            record.party = record.person.party = values["party"]
            record.employer = values.get("employer") or (record.party.name if record.party else "")
        record.updated_at = at
        changes = changed_fields(own, record.person, [n for n in OF_PERSON if n in values])
        changes |= changed_fields(before, record, [*(n for n in OF_EXPERT if n in values), "party"])
        if (before.employer, before.party_id) != (record.employer, record.party_id):
            move(record, before, at)
        record.person.save()
        record.save()
        if "also" in values:
            record.also.set([d for d in values["also"] if d.pk != record.discipline_id])
        if changes:
            log("修改专家信息", record, {n: [SECRET, SECRET] if n in SEALED else pair for n, pair in changes.items()})
    return record


def move(record: Expert, before: Expert, at: datetime) -> None:
    """The old employment ends today, the new one begins: who left less than three years ago still avoids."""
    on = day_of(at)
    Employment.objects.filter(expert=record, until_on=None, employer=before.employer).update(until_on=on)
    Employment.objects.create(
        expert=record, party=record.party, employer=record.employer, post=record.person.post, from_on=on
    )


def admit_many(experts: Sequence[Expert], *, actor: Actor, at: datetime) -> tuple[int, list[str]]:
    """Take 审核入库 on many in bulk statements. → (how many, a sentence for each that was refused)."""
    on, step = day_of(at), Expert.flow["admit"]
    most, blocked, until = number("experts.age_limit", on), blocked_people("review", on), confirmed_from(on)
    refused, taken = [], []
    with writing(actor, at):
        if not actor.has(*step.roles):
            raise Refused("审核入库由业务科室办理")
        rows = Expert.objects.select_for_update(of=("self",)).filter(pk__in=[e.pk for e in experts])
        for expert in rows.select_related("person").order_by("pk"):
            why = problems_with(expert, on, most, blocked.get(expert.person_id, (0, ""))[1])
            if expert.state not in step.source:
                why = [f"当前状态是“{expert.get_state_display()}”"]
            elif not actor.is_system and actor.id == expert.entered_by_id:
                why = ["录入和审核必须是两个人"]
            if why:
                refused.append(f"{expert}：{'；'.join(why)}")
                continue
            log(step.label, expert, {"state": [expert.state, step.target]})
            taken.append(expert.pk)
        Expert.objects.filter(pk__in=taken).update(
            state=step.target, state_since=at, updated_at=at, joined_on=on, confirmed_until=until
        )
    return len(taken), refused


def match_employers(*, actor: Actor, at: datetime) -> int:
    """Experts without a unit on file whose employer's name is exactly one unit's get that unit. → how many."""
    open_rows = list(Expert.objects.filter(party=None).select_related("person"))
    names = sorted({e.employer for e in open_rows})
    by_name: dict[str, list[Party]] = {}
    for start in range(0, len(names), BATCH):
        for party in Party.objects.alive().filter(name__in=names[start : start + BATCH]):
            by_name.setdefault(party.name, []).append(party)
    done = 0
    with writing(actor, at):
        for expert in open_rows:
            found = by_name.get(expert.employer, [])
            if len(found) == 1:
                expert.party, expert.updated_at = found[0], at
                expert.save(update_fields=["party", "on_register", "updated_at"])
                Employment.objects.filter(expert=expert, party=None, employer=expert.employer).update(party=found[0])
                log("匹配所在单位", expert, {"party": [None, str(found[0])]})
                done += 1
    return done
