"""Every write of this module. Who and when come from outside; each write leaves its entry in the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from datetime import date, datetime
from typing import Any

from keji.desk.cells import written
from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.parties.models import Party, PartyName
from keji.kernel.people.roles import Actor
from keji.kernel.records import steps
from keji.kernel.records.flow import take
from keji.kernel.records.models import changed_fields, next_numbers, source_of, stamp
from keji.kernel.records.saving import locked
from keji.modules.enterprises.firms import duplicates
from keji.modules.enterprises.models import Certification, EnterpriseProfile, label_of
from keji.modules.enterprises.titles.validity import Validity

Rows = Sequence[Mapping[str, Any]]
PARTY_COLUMNS = (
    *("uscc", "name", "kind", "region", "division", "address", "industry_code", "established_on"),
    *("contact_name", "contact_phone"),
)
PROFILE_COLUMNS = ("industry", "industry_tag", "above_scale", "main_product", "technology_focus")
CERTIFICATION_COLUMNS = ("party", "kind", "certificate_code", "issued_on", "batch")
SECRET = "（已隐去）"


# --- firms -----------------------------------------------------------------------------------------------------------


def create_parties(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[Party]:
    """Put firms on file, with their profile where the row says something of it; look-alikes go to the queue."""
    with writing(actor, at):
        parties = [
            Party(created_at=at, **{k: v for k, v in row.items() if k in PARTY_COLUMNS and v is not None})
            for row in rows
        ]
        Party.objects.bulk_create(parties, batch_size=500)
        profiles = []
        for party, row in zip(parties, rows, strict=True):
            if said := {k: row[k] for k in PROFILE_COLUMNS if row.get(k) not in (None, "")}:
                profiles.append(EnterpriseProfile(party=party, **said))
            entry = {
                k: [None, SECRET if k == "contact_phone" else v] for k, v in row.items() if k in PARTY_COLUMNS and v
            }
            log("建档", party, entry | _profile_changes(EnterpriseProfile(), profiles[-1] if said else None))
        EnterpriseProfile.objects.bulk_create(profiles, batch_size=500)
        duplicates.detect([p.pk for p in parties], actor=actor, at=at)
    return parties


def update_party(
    party: Party, values: Mapping[str, Any], *, actor: Actor, at: datetime, renamed_on: date | None = None
) -> Party:
    """Correct a firm's file. A new name keeps the old one as it was called up to the day before `renamed_on`."""
    with writing(actor, at):
        before = Party.objects.select_for_update(of=("self",)).get(pk=party.pk)
        columns = [k for k in values if k in PARTY_COLUMNS]
        for name in columns:
            setattr(party, name, values[name])
        party.save()
        changes = changed_fields(before, party, columns)
        if "contact_phone" in changes:
            changes["contact_phone"] = [SECRET, SECRET]
        if "name" in changes:
            day = renamed_on or day_of(at)
            PartyName.objects.create(party=party, name=before.name, until_on=date.fromordinal(day.toordinal() - 1))
        changes |= _update_profile(party, values)
        if "region" in changes:
            _move_records(before, party)
        if changes:
            log("修改企业档案", party, changes)
        duplicates.detect([party.pk], actor=actor, at=at)
    return party


def _update_profile(party: Party, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    said = {k: values[k] for k in PROFILE_COLUMNS if k in values}
    if not said:
        return {}
    profile = EnterpriseProfile.objects.filter(party=party).first() or EnterpriseProfile(party=party)
    before = copy(profile)
    for name, value in said.items():
        setattr(profile, name, value)
    profile.save()
    return _profile_changes(before, profile)


def _profile_changes(before: EnterpriseProfile, after: EnterpriseProfile | None) -> dict[str, list[Any]]:
    """What changed, under the labels people read: the firm's own history shows its profile's changes too."""
    names = [] if after is None else changed_fields(before, after, PROFILE_COLUMNS)

    def shown(profile: Any, name: str) -> Any:
        return profile.get_industry_display() if name == "industry" else written(getattr(profile, name))

    return {label_of(EnterpriseProfile, n): [shown(before, n), shown(after, n)] for n in names}


def _move_records(before: Party, party: Party) -> None:
    """A firm that moves takes its certifications along: a record's region is its firm's."""
    Certification.objects.filter(party=party, region_id=before.region_id).update(region_id=party.region_id)


# --- certifications --------------------------------------------------------------------------------------------------


def report_certifications(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[Certification]:
    """Report titles: {party, kind, certificate_code, issued_on, batch?} each. They count once somebody else confirms.

    Bulk statements throughout, one log entry a record: 10,000 rows take seconds.
    """
    validity = Validity()
    came_from = source_of(actor, source)
    made: list[Certification] = []
    for row in rows:
        record = Certification(**{k: row[k] for k in CERTIFICATION_COLUMNS if k in row})
        record.region_id = record.party.region_id
        record.year = record.issued_on.year
        record.valid_until = validity.last_day(record.kind, record.issued_on)
        record.reported_by_id = actor.id
        stamp(record, actor=actor, at=at, state=Certification.State.REPORTED, source=came_from)
        made.append(record)
    with writing(actor, at):
        for record, number in zip(made, next_numbers(Certification.prefix, at.year, len(made)), strict=True):
            record.number = number
        Certification.objects.bulk_create(made, batch_size=500)
        for record in made:
            log("填报", record, {k: [None, getattr(record, k)] for k in CERTIFICATION_COLUMNS if getattr(record, k)})
    return made


def correct_certification(
    record: Certification, values: Mapping[str, Any], *, actor: Actor, at: datetime
) -> Certification:
    """Correct a record that is not confirmed; whoever corrects it has reported it, and may not confirm it."""
    with writing(actor, at):
        before = locked(record)
        columns = [k for k in CERTIFICATION_COLUMNS if k in values]
        for name in columns:
            setattr(record, name, values[name])
        record.region_id = record.party.region_id
        record.year = record.issued_on.year
        record.valid_until = Validity().last_day(record.kind, record.issued_on)
        record.reported_by_id, record.updated_at = actor.id, at
        record.save()
        if changes := changed_fields(before, record, [*columns, "valid_until"]):
            log("更正", record, changes)
    return record


def confirm_all(records: Iterable[Certification], *, actor: Actor, at: datetime) -> list[Certification]:
    """Confirm one by one as a person would; all or nothing. Raises Refused with the first sentence."""
    with writing(actor, at):
        return [take("confirm", record, actor=actor, at=at) for record in records]


def confirm_in_bulk(ids: Sequence[int], *, actor: Actor, at: datetime) -> int:
    """Confirm many with a handful of statements: the import of a whole register. Each still gets its log entry.

    Leaves out whatever the step refuses (not reported, or reported by the same person); returns how many it confirmed.
    """
    return steps.confirm_in_bulk(Certification, ids, actor=actor, at=at)
