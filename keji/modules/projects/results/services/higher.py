"""Projects of higher levels: reported by whoever knows, many at once, and corrected until confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import changed_fields, next_numbers, source_of, stamp
from keji.kernel.records.saving import locked
from keji.modules.projects.models import HigherProject

COLUMNS = ("party", "title", "level", "plan_name", "code", "document", "won_on", "grant", "leader_name")


def report_higher(rows: Sequence[Mapping[str, Any]], *, actor: Actor, at: datetime, source: str) -> list[HigherProject]:
    """Report projects won: {party, title, level, plan_name, code, won_on, grant, …}. Another person confirms them."""
    made: list[HigherProject] = []
    with writing(actor, at):
        for row, serial in zip(rows, next_numbers(HigherProject.prefix, at.year, len(rows)), strict=True):
            record = HigherProject(number=serial, **{k: row[k] for k in COLUMNS if k in row})
            record.region_id, record.reported_by_id = record.party.region_id, actor.id
            stamp(record, actor=actor, at=at, state=HigherProject.State.REPORTED, source=source_of(actor, source))
            made.append(record)
        HigherProject.objects.bulk_create(made, batch_size=500)
        for record in made:
            log("填报", record, {k: [None, getattr(record, k)] for k in COLUMNS if getattr(record, k)})
    return made


def correct_higher(record: HigherProject, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> HigherProject:
    """Correct what is not confirmed; whoever corrects it has reported it, and may not confirm it."""
    with writing(actor, at):
        before = locked(record)
        if before.state not in ("reported", "returned"):
            raise Refused(f"{before.get_state_display()}的记录不能修改，请先退回更正")
        columns = [k for k in COLUMNS if k in values]
        for name in columns:
            setattr(record, name, values[name])
        record.region_id = record.party.region_id
        record.reported_by_id, record.updated_at = actor.id, at
        record.save()
        if changes := changed_fields(before, record, columns):
            log("更正", record, changes)
    return record
