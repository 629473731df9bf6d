"""The body of a write: strict JSON with exact numbers, as rows a sheet could have held."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest

from keji.lib import cells
from keji.lib.cells import CellError
from keji.lib.sheet import Column, Problem, Row, Sheet
from keji.site.api import problems
from keji.site.api.params import safe, storable

MOST_BYTES = 2 * 1024 * 1024
MOST_ROWS = 2000
LONGEST_TEXT = 10_000
MOST_DIGITS = 40  # no figure of a city is longer, and 1e999999999 would fill the memory


class _Refused(ValueError):
    """Why the JSON is not taken, in words."""


def rows_of(request: HttpRequest) -> list[dict[str, Any]]:
    """The rows of `{"rows": [{…}, …]}`. Raises Problem for anything else."""
    content = json_of(request)
    if not isinstance(content, dict) or set(content) != {"rows"}:
        raise problems.Problem("bad-json", '内容应为 {"rows": [{…}, …]}，不能有别的项。')
    rows = content["rows"]
    if not isinstance(rows, list) or not rows:
        raise problems.Problem("bad-json", "rows 应为数组，至少有一行。")
    if len(rows) > MOST_ROWS:
        raise problems.Problem("too-large", f"一次最多报送 {MOST_ROWS:,} 行，这次有 {len(rows):,} 行，请分批报送。")
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            raise problems.Problem("bad-json", f"rows 的第 {number} 行应为对象，如 {{“字段名”: 值}}。")
    return rows


def json_of(request: HttpRequest) -> Any:
    if request.content_type != "application/json":
        raise problems.Problem("content-type", "请求头 Content-Type 应为 application/json。")
    if (request.content_params or {}).get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise problems.Problem("content-type", "请用 UTF-8 编码。")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length[:12]) > MOST_BYTES:
        raise problems.Problem("too-large", f"一次最多报送 {MOST_BYTES // 2**20} MB，请分批报送。")
    try:
        return json.loads(
            request.body.decode("utf-8-sig"),
            parse_float=_number,
            parse_int=_number,
            parse_constant=_constant,
            object_pairs_hook=_object,
        )
    except _Refused as why:
        raise problems.Problem("bad-json", f"{why}。") from None
    except json.JSONDecodeError as why:
        sentence = f"第 {why.lineno} 行第 {why.colno} 个字符附近写法有误，请检查引号、逗号和括号。"
        raise problems.Problem("bad-json", sentence) from None
    except (ValueError, RecursionError):  # not UTF-8, or brackets within brackets without end
        raise problems.Problem("bad-json", "内容不是 UTF-8 编码的 JSON，或者层次太深。") from None


def _number(text: str) -> int | Decimal:
    value = Decimal(text) if len(text) <= 2 * MOST_DIGITS else None
    if value is None or abs(value.adjusted()) > MOST_DIGITS or len(value.as_tuple().digits) > MOST_DIGITS:
        raise _Refused(f"数字 {text[:20]}… 太长，不会是业务数据，请核对")
    return int(value) if text.lstrip("-").isdecimal() else value


def _constant(text: str) -> None:
    raise _Refused(f"{text} 不是数字，没有的值请写 null")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _Refused(f"“{safe(name)}”写了两次，请只写一次")
        if not storable(name) or isinstance(value, str) and not storable(value):
            raise _Refused(f"“{safe(name)}”含有不能保存的字符（如 \\u0000），请去掉")
        found[name] = value
    return found


# --- rows as a sheet -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NamedProblem(Problem):
    """A problem that keeps the field's name, for a program to find it."""

    field: str = ""


class Batch(Sheet):
    """Rows from a request in the shape of an upload, so that the very same checks run on them."""

    def problem(self, row: int, name: str, message: str) -> NamedProblem:
        return NamedProblem(row, message, "", self.labels.get(name, ""), name)


def as_batch(rows: Sequence[Mapping[str, Any]], columns: Sequence[Column]) -> Batch:
    """The rows with every value cleaned by its column's kind, and what is wrong with single values."""
    known = {column.name: column for column in columns}
    batch = Batch("", 0, {}, [], labels={c.name: c.label for c in columns})
    found: list[Row] = []
    wrong: list[Problem] = []
    for number, row in enumerate(rows, start=1):
        values: dict[str, object] = {}
        for name in row:
            if name not in known:
                wrong.append(batch.problem(number, "", f"没有名为“{safe(name)}”的字段，请照接口文档填写。"))
        for name, column in known.items():
            try:
                values[name] = clean(row.get(name), column)
                if column.required and values[name] in (None, ""):
                    raise CellError("必填，没有填写，请补上。")
            except CellError as why:
                wrong.append(batch.problem(number, name, why.message))
        found.append(Row(number, values))
    return Batch("", 0, {}, found, wrong, labels=batch.labels)


def clean(value: Any, column: Column) -> object:
    """One value as its column's cell would be read; a choice may also be given by its code."""
    if isinstance(value, list | dict):
        raise CellError("应为单个值，不能是数组或对象。")
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise CellError(f"超过 {LONGEST_TEXT:,} 个字，请缩短。")
    if isinstance(value, bool) and column.kind != "yes_no":
        raise CellError("不是“是/否”的字段，不能填 true 或 false。")
    if column.kind in ("text", "choice") and isinstance(value, int | Decimal) and not isinstance(value, bool):
        value = format(value, "f") if isinstance(value, Decimal) else str(value)
    if column.kind == "choice" and value in column.labels:
        return value
    return cells.clean(value, column.kind, choices=column.choices, unit=column.unit)
