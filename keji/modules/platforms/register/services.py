"""Writes of the register: platforms and their yearly figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.people.roles import Actor
from keji.kernel.records.models import changed_fields, next_numbers, source_of, stamp
from keji.kernel.records.saving import locked
from keji.modules.platforms.models import Platform, PlatformYear
from keji.modules.platforms.models.year import YEAR_FIGURES

Rows = Sequence[Mapping[str, Any]]
COLUMNS = (*("party", "kind", "level", "name", "field", "recognised_on", "valid_until", "recognised_by", "document"),)
YEAR_COLUMNS = ("platform", "year", *YEAR_FIGURES, "remark")


def report_platforms(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[Platform]:
    """Report platforms: {party, kind, level, name, recognised_on, …} each. They count once somebody else confirms."""
    came_from = source_of(actor, source)
    made = []
    for row in rows:
        record = Platform(**{k: row[k] for k in COLUMNS if k in row})
        record.region_id = record.party.region_id
        record.reported_by_id = actor.id
        stamp(record, actor=actor, at=at, state=Platform.State.REPORTED, source=came_from)
        made.append(record)
    with writing(actor, at):
        _number(made, at)
        Platform.objects.bulk_create(made, batch_size=500)
        for record in made:
            log("填报", record, {k: [None, getattr(record, k)] for k in COLUMNS if getattr(record, k)})
    return made


def correct_platform(record: Platform, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> Platform:
    """Correct an entry that is not confirmed; whoever corrects it has reported it, and may not confirm it."""
    return _correct(record, values, COLUMNS, actor=actor, at=at)


def report_years(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[PlatformYear]:
    """Report yearly figures: {platform, year, rnd_spend, …} each; blank means not known."""
    came_from = source_of(actor, source)
    made = []
    for row in rows:
        record = PlatformYear(**{k: row[k] for k in YEAR_COLUMNS if k in row})
        record.region_id, record.party_id = record.platform.region_id, record.platform.party_id
        record.reported_by_id = actor.id
        stamp(record, actor=actor, at=at, state=PlatformYear.State.REPORTED, source=came_from)
        made.append(record)
    with writing(actor, at):
        _number(made, at)
        PlatformYear.objects.bulk_create(made, batch_size=500)
        for record in made:
            said = {k: [None, getattr(record, k)] for k in YEAR_COLUMNS if getattr(record, k) not in (None, "")}
            log("填报", record, said)
    return made


def correct_year(record: PlatformYear, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> PlatformYear:
    return _correct(record, values, YEAR_COLUMNS, actor=actor, at=at)


def _number(made: Sequence[Any], at: datetime) -> None:
    if made:
        for record, number in zip(made, next_numbers(made[0].prefix, at.year, len(made)), strict=True):
            record.number = number


def _correct(record: Any, values: Mapping[str, Any], columns: Sequence[str], *, actor: Actor, at: datetime) -> Any:
    with writing(actor, at):
        before = locked(record)
        named = [k for k in columns if k in values]
        for name in named:
            setattr(record, name, values[name])
        owner = record if isinstance(record, Platform) else record.platform
        record.party_id = owner.party_id
        record.region_id = owner.party.region_id if isinstance(record, Platform) else owner.region_id
        record.reported_by_id, record.updated_at = actor.id, at
        record.save()
        if changes := changed_fields(before, record, named):
            log("更正", record, changes)
    return record
