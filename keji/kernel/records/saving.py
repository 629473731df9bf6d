"""The plain write: change some columns of one record, with its entry in the log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models

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


def fitted(model: type[models.Model], name: str, text: str) -> str:
    """The text without blanks around it and with one kind of line end: a page sends two characters for a line that the
    box beside it counted as one. Refused when it is longer than its column; nothing is cut off in silence."""
    field: Any = model._meta.get_field(name)
    kept = text.replace("\r\n", "\n").strip()
    if field.max_length and len(kept) > field.max_length:
        raise Refused(f"{field.verbose_name}最多 {field.max_length} 个字，现在有 {len(kept)} 个，请精简后再保存")
    return kept


def whole(text: str, most: int, label: str) -> str:
    """As `fitted`, where what is kept is no column of its own: `most` characters, told as `label`."""
    kept = text.replace("\r\n", "\n").strip()
    if len(kept) > most:
        raise Refused(f"{label}最多 {most:,} 字，现有 {len(kept):,} 字，请缩短后再提交")
    return kept


def once(rows: models.QuerySet[Any], what: str, **same: Any) -> None:
    """Refused when a row of the very same content is there already: a form sent twice over a slow line. Asked while the
    record the rows belong to is held, so that of two at the same moment the second sees what the first one wrote."""
    if rows.filter(**same).exists():
        raise Refused(f"{what}刚才已经登记过，内容完全相同，没有重复登记")
