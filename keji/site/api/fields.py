"""A desk's columns and facts as JSON: which fields leave, of what shape, with which value. Sealed ones never do."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.timezone import localtime
from ninja import Field, Schema

from keji.desk.cells import find_field, label_of, value_of
from keji.desk.desk import Desk
from keji.kernel.people.crypto import SealedField

REF = "#/components/schemas/"


class Coded(Schema):
    """A choice: its code for programs, its label for people."""

    code: str
    label: str


class Reference(Schema):
    """Another record that this one points at."""

    key: str = Field(description="对方的键")
    label: str = Field(description="名称")
    code: str = Field(description="编号或统一社会信用代码；没有的为空")


def sealed(desk: Desk, path: str) -> bool:
    """Personal data, by the desk's word or by how it is stored."""
    return path in desk.sealed or isinstance(find_field(desk.model, path), SealedField)


def paths_of(desk: Desk) -> list[str]:
    """What leaves: the list's columns, and those facts that are stored. A worked-out fact may cost a query a row."""
    stored = [p for _, paths in desk.facts for p in paths if _single(desk, p)]
    return [p for p in dict.fromkeys([*desk.columns, *stored]) if not sealed(desk, p)]


def _single(desk: Desk, path: str) -> bool:
    field = find_field(desk.model, path)
    return field is not None and not field.many_to_many


def related_of(desk: Desk) -> list[str]:
    """Relations that leave and that the desk does not fetch by itself: without them a row costs a query."""
    found = set()
    for path in paths_of(desk):
        for relation in (path, path.rpartition("__")[0]):
            field = find_field(desk.model, relation) if relation else None
            if field is not None and (field.many_to_one or field.one_to_one):
                found.add(relation)
    return sorted(found - set(desk.related))


def schema_of(desk: Desk, path: str) -> dict[str, Any]:
    """The JSON schema of one field's value."""
    field = find_field(desk.model, path)
    told: dict[str, Any] = {"description": label_of(desk.model, path)}
    if field is None:
        return told | {"type": ["string", "number", "boolean", "array", "null"]}
    if field.choices:
        return told | {"anyOf": [{"$ref": REF + "Coded"}, {"type": "null"}]}
    if field.is_relation:
        return told | {"anyOf": [{"$ref": REF + "Reference"}, {"type": "null"}]}
    if isinstance(field, models.DateTimeField):
        return told | {"type": ["string", "null"], "format": "date-time"}
    if isinstance(field, models.DateField):
        return told | {"type": ["string", "null"], "format": "date"}
    if isinstance(field, models.DecimalField):
        return told | {"type": ["string", "null"], "description": f"{told['description']}（精确小数，写成文本）"}
    if isinstance(field, models.BooleanField):
        return told | {"type": ["boolean", "null"]}
    if isinstance(field, models.IntegerField | models.AutoField):
        return told | {"type": ["integer", "null"]}
    if isinstance(field, models.JSONField):
        return told
    return told | {"type": ["string", "null"]}


def value_as_json(record: Any, path: str) -> Any:
    """One field of one record, in the shape `schema_of` tells."""
    field = find_field(type(record), path)
    value = value_of(record, path)
    if field is not None and field.choices:
        return (
            None
            if value in (None, "")
            else {"code": str(value), "label": str(dict(field.flatchoices).get(value, value))}
        )
    return plain(value)


def plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, models.Model):
        return reference(value)
    if isinstance(value, Decimal):
        return decimal(value)
    if isinstance(value, datetime):
        return localtime(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    return str(value)


def decimal(value: Decimal | None) -> str | None:
    """A number as exact text without idle zeros: 12.5, 1000."""
    if value is None:
        return None
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def reference(record: models.Model) -> dict[str, str]:
    code = getattr(record, "number", "") or getattr(record, "uscc", "")
    return {"key": str(record.pk), "label": str(record), "code": str(code)}


def as_json(desk: Desk, record: Any) -> dict[str, Any]:
    """A record as it leaves: its key, its number and name, and its fields by name."""
    head = reference(record)
    fields = {path: value_as_json(record, path) for path in paths_of(desk)}
    return {"key": head["key"], "number": head["code"], "title": head["label"], "fields": fields}


def record_schema(desk: Desk) -> dict[str, Any]:
    fields = {path: schema_of(desk, path) for path in paths_of(desk)}
    return {
        "title": desk.noun,
        "type": "object",
        "required": ["key", "number", "title", "fields"],
        "properties": {
            "key": {"type": "string", "description": "本系统里的键"},
            "number": {"type": "string", "description": "编号或统一社会信用代码；没有的为空"},
            "title": {"type": "string", "description": "名称"},
            "fields": {"type": "object", "required": list(fields), "properties": fields},
        },
    }
