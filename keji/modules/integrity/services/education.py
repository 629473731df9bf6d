"""Writes of the education ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.people.roles import Actor
from keji.kernel.records.models import next_numbers, source_of, stamp
from keji.kernel.records.saving import save_changes
from keji.modules.integrity.models import Activity

Rows = Sequence[Mapping[str, Any]]


def report_activities(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[Activity]:
    """Report activities in bulk; each is confirmed by another officer."""
    made = []
    with writing(actor, at):
        for row, number in zip(rows, next_numbers(Activity.prefix, at.year, len(rows)), strict=True):
            record = Activity(number=number, reported_by_id=actor.id, year=row["held_on"].year, **row)
            stamp(record, actor=actor, at=at, state=Activity.State.REPORTED, source=source_of(actor, source))
            made.append(record)
        Activity.objects.bulk_create(made, batch_size=500)
        for record in made:
            log("填报诚信宣传教育活动", record, {"title": [None, record.title]})
    return made


def correct_activity(record: Activity, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> Activity:
    record.reported_by_id, record.updated_at = actor.id, at
    saved: Activity = save_changes(record, values, "修改", actor=actor, at=at)
    return saved
