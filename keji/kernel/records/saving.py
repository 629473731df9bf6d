"""The plain write: change some columns of one record, with its entry in the log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models

from keji.kernel.audit.log import log, writing
from keji.kernel.people.roles import Actor
from keji.kernel.records.models import changed_fields


def save_changes(
    model: type[models.Model], record: Any, values: Mapping[str, Any], action: str, *, actor: Actor, at: datetime
) -> Any:
    """Set the named columns, save, and log those that differ; nothing is logged when nothing does."""
    with writing(actor, at):
        before = model._default_manager.select_for_update(of=("self",)).get(pk=record.pk)
        for name, value in values.items():
            setattr(record, name, value)
        record.save()
        if changes := changed_fields(before, record, list(values)):
            log(action, record, changes)
    return record
