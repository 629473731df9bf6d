"""The plain write: change some columns of one record, with its entry in the log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import changed_fields


def locked(record: Any) -> Any:
    """The row as it is now, held until the transaction ends; Refused when a step was taken since `record` was read."""
    row = type(record)._default_manager.select_for_update(of=("self",)).get(pk=record.pk)
    if getattr(row, "state", None) != getattr(record, "state", None):
        raise Refused("刚刚有人办理了这条记录，您的修改没有保存，请刷新后再改")
    return row


def save_changes(record: Any, values: Mapping[str, Any], action: str, *, actor: Actor, at: datetime) -> Any:
    """Set the named columns, save, and log those that differ; nothing is logged when nothing does."""
    with writing(actor, at):
        before = locked(record)
        for name, value in values.items():
            setattr(record, name, value)
        record.save()
        if changes := changed_fields(before, record, list(values)):
            log(action, record, changes)
    return record
