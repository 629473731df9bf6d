"""Projects of earlier years and of other purses, kept to compare proposals with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.people.roles import Actor
from keji.kernel.records.saving import save_changes
from keji.modules.projects.models import EarlierProject

Rows = Sequence[Mapping[str, Any]]


def keep_earlier(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[EarlierProject]:
    """Projects of earlier years to compare with, many at once."""
    with writing(actor, at):
        made = EarlierProject.objects.bulk_create([EarlierProject(**row) for row in rows], batch_size=500)
        if made:
            log("登记往年项目", made[0], {"项数": [None, len(made)]})
    return made


def correct_earlier(record: EarlierProject, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> EarlierProject:
    found: EarlierProject = save_changes(record, values, "修改往年项目", actor=actor, at=at)
    return found
