"""Reporting a batch through the same cleaning and the same service a sheet uses: all rows or none, once a key."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from django import forms
from django.db import DataError, IntegrityError
from django.http import HttpRequest
from django.utils.choices import CallableChoiceIterator

from keji.desk.desk import Desk
from keji.desk.forms import RecordForm
from keji.desk.uploads import check
from keji.kernel import clock
from keji.kernel.audit.log import log, writing
from keji.kernel.people.roles import ADMINISTRATORS, Actor
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import Source
from keji.site.api.body import MOST_ROWS, Batch, as_batch, rows_of
from keji.site.api.fields import reference
from keji.site.api.models import Call, Client
from keji.site.api.params import Param, parsed
from keji.site.api.problems import Problem

KEY = re.compile(r"[A-Za-z0-9._:-]{8,80}")
DRY_RUN = Param("dry_run", "true 时只核对，不写入，也不需要幂等键", "flag", default="false", shared=True)
SHOWN = 200  # rows with problems in one answer


def writable(desk: Desk) -> bool:
    """It has a form for rows and a service that takes them, and some business role writes it. A file is no row."""
    form = desk.form
    if form is None or desk.create is None or not issubclass(form, RecordForm):
        return False
    has_file = any(isinstance(field, forms.FileField) for field in form.base_fields.values())
    return bool(desk.writers - ADMINISTRATORS) and not has_file


def write(request: HttpRequest, desk: Desk, client: Client, actor: Actor) -> tuple[int, dict[str, Any]]:
    """(status, answer). Raises Problem when the rows cannot be written; then nothing is."""
    if not desk.may_create(actor):
        raise Problem("forbidden", f"这个令牌代表的账号不能报送{desk.noun}。")
    dry = parsed(request, [DRY_RUN])["dry_run"] is True
    rows = rows_of(request)
    if dry:
        checked(desk, actor, rows)
        return 200, _told(len(rows), dry=True)
    key = _key_of(request)
    digest = hashlib.sha256(desk.name.encode() + b"\0" + request.body).hexdigest()
    if before := _replayed(client, desk, key, digest):
        return 200, before
    try:
        return 201, _write_once(desk, client, actor, checked(desk, actor, rows), key, digest)
    except (Problem, Refused, IntegrityError, DataError, OverflowError) as why:
        # The same batch sent twice at once: the other call wrote it, which is why this one could not.
        if before := _replayed(client, desk, key, digest):
            return 200, before
        raise _told_why(why) from None


def _told_why(why: Exception) -> Problem:
    if isinstance(why, Problem):
        return why
    if isinstance(why, Refused):
        return Problem("conflict", f"没有写入：{why}。")
    if isinstance(why, IntegrityError):
        return Problem("conflict", "没有写入：刚刚有人保存了编号或内容相同的记录，请核对后再试。")
    return Problem("rows", "没有写入任何数据：有的值太长或太大，存不下，请核对。", rows=[])


def checked(desk: Desk, actor: Actor, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The cleaned values of every row. Raises Problem that names each row and field at fault."""
    assert desk.form is not None
    batch: Batch = as_batch(rows, desk.form.columns())
    values, wrong = check(desk, actor, batch, _no_bar)
    if wrong:
        listed = [
            {
                "row": number,
                "problems": [
                    {"field": getattr(p, "field", ""), "label": p.label, "message": p.message} for p in wrong[number]
                ],
            }
            for number in sorted(wrong)[:SHOWN]
        ]
        sentence = f"{len(rows)} 行中有 {len(wrong)} 行需要更正，没有写入任何数据。"
        raise Problem("rows", sentence, rows=listed)
    return values


def _no_bar(done: int, total: int, message: str) -> None:
    """A call has no progress to show."""


def _key_of(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not KEY.fullmatch(key):
        sentence = "报送须带请求头 Idempotency-Key：8 至 80 个字母、数字或 . _ : -，每批一个，重发同一批时不变。"
        raise Problem("no-idempotency-key", sentence)
    return key


def _write_once(
    desk: Desk, client: Client, actor: Actor, values: list[dict[str, Any]], key: str, digest: str
) -> dict[str, Any]:
    """The call and its records in one transaction: the key stands in the database exactly when the records do."""
    at = clock.now()
    with writing(actor, at):
        call = Call.objects.create(client=client, key=key, desk=desk.name, digest=digest, at=at)
        made = type(desk).create(values, actor=actor, at=at, source=Source.EXCHANGE)  # type: ignore[misc]
        call.keys = [str(record.pk) for record in made]
        call.save(update_fields=["keys"])
        log(f"经接口报送{desk.noun}", client, {"行数": [None, len(made)], "幂等键": [None, key]})
    return _told(len(made), made=[reference(record) for record in made])


def _replayed(client: Client, desk: Desk, key: str, digest: str) -> dict[str, Any] | None:
    """What the same call answered before; None when this key is new. Raises Problem when it meant something else."""
    call = Call.objects.filter(client=client, key=key).first()
    if call is None:
        return None
    if call.digest != digest:
        sentence = f"幂等键 {key} 已用于另一批内容；这一批没有写入，请换一个新的幂等键。"
        raise Problem("key-reused", sentence)
    found = desk.model._default_manager.in_bulk(call.keys)
    by_key = {str(pk): record for pk, record in found.items()}
    made = [reference(by_key[pk]) for pk in call.keys if pk in by_key]
    return _told(len(call.keys), made=made, replayed=True)


def _told(
    count: int, *, made: list[dict[str, str]] | None = None, dry: bool = False, replayed: bool = False
) -> dict[str, Any]:
    return {"rows": count, "written": 0 if dry else count, "dry_run": dry, "replayed": replayed, "records": made or []}


# --- what the document says ------------------------------------------------------------------------------------------


def row_schema(desk: Desk) -> dict[str, Any]:
    """A row as the form takes it."""
    assert desk.form is not None
    fields: dict[str, forms.Field] = desk.form.base_fields
    return {
        "title": f"{desk.noun}（报送的一行）",
        "type": "object",
        "required": [name for name, field in fields.items() if field.required],
        "additionalProperties": False,
        "properties": {name: _field_schema(field) for name, field in fields.items()},
    }


def _field_schema(field: forms.Field) -> dict[str, Any]:
    help_text = f"：{field.help_text}" if field.help_text else ""
    told: dict[str, Any] = {"description": f"{field.label}{help_text}"}
    empty = [] if field.required else ["null"]

    def kind(*names: str) -> Any:
        return [*names, *empty] if len(names) + len(empty) > 1 else names[0]

    if isinstance(field, forms.DateField):
        return told | {"type": kind("string"), "format": "date"}
    if isinstance(field, forms.DecimalField | forms.FloatField):
        return told | {
            "type": kind("number", "string"),
            "description": told["description"] + "（可写成文本，免得丢失精度）",
        }
    if isinstance(field, forms.IntegerField):
        return told | {"type": kind("integer")}
    if isinstance(field, forms.BooleanField | forms.NullBooleanField):
        return told | {"type": ["boolean", "null"]}
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        # The choices as declared: those that are asked of the database change, and are no part of the document.
        declared = getattr(field, "_choices", ())
        codes = [] if isinstance(declared, CallableChoiceIterator) else [str(c) for c, _ in declared if str(c) != ""]
        if codes:
            labels = "、".join(f"{code}={label}" for code, label in declared if str(code) != "")
            return told | {
                "enum": [*codes, *([None] if empty else [])],
                "description": f"{told['description']}（{labels}）",
            }
    most = getattr(field, "max_length", None)
    return told | {"type": kind("string")} | ({"maxLength": most} if most else {})


def batch_schema(row: str) -> dict[str, Any]:
    rows = {"type": "array", "minItems": 1, "maxItems": MOST_ROWS, "items": {"$ref": row}}
    return {"type": "object", "required": ["rows"], "additionalProperties": False, "properties": {"rows": rows}}
