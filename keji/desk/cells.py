"""From a record and a field's name to what stands in a table cell or beside a label."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone

from keji.lib.figures import plain_date

NOTHING = "—"


@dataclass(frozen=True)
class Cell:
    value: str
    align: str = "start"
    url: str = ""
    badge: str = ""
    label: str = ""


def find_field(model: type[models.Model], path: str) -> models.Field[Any, Any] | None:
    """The column at the end of a path such as "party__name"; None when the path ends in a method or property."""
    field: Any = None
    for part in path.split("__"):
        try:
            field = model._meta.get_field(part)
        except FieldDoesNotExist:
            return None
        if field.is_relation and field.related_model:
            model = field.related_model
    return field if isinstance(field, models.Field) else None


def label_of(model: type[models.Model], path: str) -> str:
    """A field's label, written once: its verbose_name, or a property's `label`."""
    if field := find_field(model, path):
        return str(field.verbose_name)
    attribute = getattr(model, path, None)
    getter = attribute.fget if isinstance(attribute, property) else attribute
    label = getattr(getter, "label", "")
    if not label:
        raise LookupError(f"{model.__name__}.{path} has no label")
    return str(label)


def value_of(record: Any, path: str) -> Any:
    for part in path.split("__"):
        record = getattr(record, part, None)
        if record is None:
            return None
    return record() if callable(record) else record


def sortable(model: type[models.Model], path: str) -> bool:
    field = find_field(model, path)
    return field is not None and "Sealed" not in type(field).__name__


def aligned_right(model: type[models.Model], path: str) -> bool:
    """Columns of numbers, stored or worked out (a property that says it returns one); years are words."""
    if path.endswith("year"):
        return False
    field = find_field(model, path)
    if field is None:
        getter = getattr(getattr(model, path, None), "fget", None)
        return getattr(getter, "__annotations__", {}).get("return") in ("int", "Decimal", "int | None")
    numbers = models.IntegerField | models.DecimalField | models.PositiveIntegerField
    return isinstance(field, numbers) and not getattr(field, "choices", None)


def written(value: Any) -> str:
    """A value as people write it: thousands separators, 2024年3月5日 09:05, 是/否, — for nothing."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        moment = timezone.localtime(value)
        return f"{plain_date(moment.date())} {moment:%H:%M}"
    if isinstance(value, date):
        return plain_date(value)
    if isinstance(value, Decimal):
        text = f"{value:,f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list | tuple):
        return "、".join(str(v) for v in value) or NOTHING
    return str(value)


def cell(record: Any, path: str, *, tones: Any = None, url: str = "") -> Cell:
    """One field of one record, ready for a template."""
    model = type(record)
    field = find_field(model, path)
    last = path.split("__")[-1]
    owner = value_of(record, path.rsplit("__", 1)[0]) if "__" in path else record
    value = value_of(record, path)
    if field is not None and field.choices and owner is not None:
        shown = getattr(owner, f"get_{last}_display")()
        tone = (tones or {}).get(value, "secondary") if path == "state" else ""
        return Cell(str(shown) or NOTHING, badge=tone, url=url, label=label_of(model, path))
    if last.endswith("year") and isinstance(value, int):
        return Cell(str(value), url=url, label=label_of(model, path))
    align = "end" if aligned_right(model, path) else "start"
    return Cell(written(value), align=align, url=url, label=label_of(model, path))
