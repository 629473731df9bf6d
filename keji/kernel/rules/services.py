"""Proposing dated numbers, and keeping the regulation shelf."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.people.roles import Actor
from keji.kernel.records.saving import save_changes
from keji.kernel.rules.models import ParameterValue, Regulation

Rows = Sequence[Mapping[str, Any]]


def propose_parameters(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[ParameterValue]:
    """Propose numbers; they hold once another person approves."""
    made = []
    with writing(actor, at):
        for row in rows:
            record = ParameterValue.objects.create(**row, proposed_by_id=actor.id, state_since=at)
            log("提出参数", record, {k: [None, v] for k, v in row.items()})
            made.append(record)
    return made


def correct_parameter(
    record: ParameterValue, values: Mapping[str, Any], *, actor: Actor, at: datetime
) -> ParameterValue:
    record.proposed_by_id = actor.id
    return save_changes(record, values, "修改参数", actor=actor, at=at)


def shelve(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[Regulation]:
    made = []
    with writing(actor, at):
        for row in rows:
            record = Regulation.objects.create(**row)
            log("登记文件", record, {k: [None, v] for k, v in row.items() if v not in (None, "")})
            made.append(record)
    return made


def correct_regulation(record: Regulation, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> Regulation:
    return save_changes(record, values, "修改文件", actor=actor, at=at)
