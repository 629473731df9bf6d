"""Filing and correcting figures that other departments provide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.indicators.models import ReportedFigure
from keji.kernel.people.roles import Actor
from keji.kernel.records.models import next_numbers, source_of, stamp
from keji.kernel.records.saving import save_changes

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
    return save_changes(record, values, "更正", actor=actor, at=at)
