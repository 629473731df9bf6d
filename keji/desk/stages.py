"""The way of a record as a row of stages, each with the day it was passed, read off the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from keji.kernel.audit.models import Entry


@dataclass(frozen=True)
class Stage:
    """`states` stand in this stage; entering `passed` ends it."""

    label: str
    states: tuple[str, ...]
    passed: str


def stages_of(record: Any, stages: Sequence[Stage], *, ended: Sequence[str]) -> list[dict[str, Any]]:
    """[{label, status: done|current|todo|failed, at, note}] for desk/parts/steps.html; `ended`: states off the way."""
    days = _entered(record)
    here = next((i for i, stage in enumerate(stages) if record.state in stage.states), len(stages))
    through = record.state == stages[-1].passed
    found: list[dict[str, Any]] = []
    for place, stage in enumerate(stages):
        at = days.get(stage.passed) if place < here or through else None
        if record.state in ended and at is None:
            return [*found, {"label": stage.label, "status": "failed", "note": record.get_state_display()}]
        found.append(
            {"label": stage.label, "status": "done" if at else "current" if place == here else "todo", "at": at}
        )
    return found


def _entered(record: Any) -> dict[str, Any]:
    """{state: when it was entered last}."""
    entries = Entry.objects.filter(subject_type=record._meta.label_lower, subject_id=str(record.pk))
    pairs = ((entry.changes.get("state"), entry.at) for entry in entries.order_by("position"))
    return {pair[1]: at for pair, at in pairs if isinstance(pair, list)}
