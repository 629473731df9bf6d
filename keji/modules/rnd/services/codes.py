"""Keeping the code lists of the statistical form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.people.roles import Actor
from keji.kernel.records.saving import save_changes
from keji.modules.rnd.models import Code


def add_codes(rows: Sequence[Mapping[str, Any]], *, actor: Actor, at: datetime, source: str) -> list[Code]:
    """Enter codes of an edition: {list, from_year, code, label, cites, certain} each."""
    made = []
    with writing(actor, at):
        for row in rows:
            record = Code.objects.create(**row)
            log("登记代码", record, {k: [None, v] for k, v in row.items() if v not in (None, "")})
            made.append(record)
    return made


def correct_code(record: Code, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> Code:
    changed: Code = save_changes(record, values, "修改代码", actor=actor, at=at)
    return changed
