"""Programmes and guidelines: drafting and correcting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import Source, changed_fields, next_numbers, stamp
from keji.kernel.records.saving import locked, save_changes
from keji.modules.projects.models import Guideline, Programme
from keji.modules.projects.numbers import city

Rows = Sequence[Mapping[str, Any]]


def create_programmes(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[Programme]:
    made = []
    with writing(actor, at):
        for row in rows:
            record = Programme.objects.create(**row)
            log("新建科技计划", record, {"name": [None, record.name]})
            made.append(record)
    return made


def update_programme(record: Programme, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> Programme:
    found: Programme = save_changes(record, values, "修改科技计划", actor=actor, at=at)
    return found


def draft_guidelines(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[Guideline]:
    """Draft guidelines; another officer publishes them."""
    made = []
    with writing(actor, at):
        for row, serial in zip(rows, next_numbers(Guideline.prefix, at.year, len(rows)), strict=True):
            record = Guideline(number=serial, region=city(), drafted_by_id=actor.id, **row)
            stamp(record, actor=actor, at=at, state=Guideline.State.DRAFT, source=Source.BUREAU)
            record.save()
            log("起草指南", record, {k: [None, _told(k, v)] for k, v in row.items() if v not in (None, "", [])})
            made.append(record)
    return made


def correct_guideline(record: Guideline, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> Guideline:
    with writing(actor, at):
        before = locked(record)
        if before.state != Guideline.State.DRAFT:
            raise Refused("发布后的指南不能修改")
        for name, value in values.items():
            setattr(record, name, value)
        record.drafted_by_id, record.updated_at = actor.id, at
        record.save()
        if changes := changed_fields(before, record, list(values)):
            log("修改指南", record, {k: [_told(k, v) for v in pair] for k, pair in changes.items()})
    return record


def _told(name: str, value: Any) -> Any:
    """Lists of a guideline as the log shows them."""
    if name == "materials":
        return [f"*{m['name']}" if m["required"] else m["name"] for m in value]
    return [s["title"] for s in value] if name == "sections" else value
