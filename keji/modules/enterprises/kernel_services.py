"""Writes on kernel records that this module lays out desks for: filed figures, dated numbers, the regulation shelf."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import models

from keji.kernel.audit.log import log, writing
from keji.kernel.indicators.models import ReportedFigure
from keji.kernel.people.roles import Actor
from keji.kernel.records.models import changed_fields, next_numbers, stamp
from keji.kernel.rules.models import ParameterValue, Regulation
from keji.modules.enterprises.services import source_of

Rows = Sequence[Mapping[str, Any]]


def report_figures(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[ReportedFigure]:
    """File figures with their caliber: {indicator, region, period, value, …} each; they wait to be sent."""
    made = []
    with writing(actor, at):
        numbers = next_numbers(ReportedFigure.prefix, at.year, len(rows))
        for row, number in zip(rows, numbers, strict=True):
            record = ReportedFigure(number=number, **row)
            stamp(record, actor=actor, at=at, state=ReportedFigure.State.DRAFT, source=source_of(actor, source))
            made.append(record)
        ReportedFigure.objects.bulk_create(made, batch_size=500)
        for record, row in zip(made, rows, strict=True):
            log("填报", record, {k: [None, v] for k, v in row.items() if v not in (None, "")})
    return made


def correct_figure(record: ReportedFigure, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> ReportedFigure:
    """Correct a figure; whoever corrects it has filed it, and may not confirm it."""
    record.created_by_id, record.updated_at = actor.id, at
    return _save(ReportedFigure, record, values, "更正", actor=actor, at=at)


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
    return _save(ParameterValue, record, values, "修改参数", actor=actor, at=at)


def shelve(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[Regulation]:
    made = []
    with writing(actor, at):
        for row in rows:
            record = Regulation.objects.create(**row)
            log("登记文件", record, {k: [None, v] for k, v in row.items() if v not in (None, "")})
            made.append(record)
    return made


def correct_regulation(record: Regulation, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> Regulation:
    return _save(Regulation, record, values, "修改文件", actor=actor, at=at)


def _save(
    model: type[models.Model], record: Any, values: Mapping[str, Any], action: str, *, actor: Actor, at: datetime
) -> Any:
    with writing(actor, at):
        before = model._default_manager.select_for_update(of=("self",)).get(pk=record.pk)
        for name, value in values.items():
            setattr(record, name, value)
        record.save()
        if changes := changed_fields(before, record, list(values)):
            log(action, record, changes)
    return record
