"""Query parameters: declared once, for reading them and for the OpenAPI document. What is not declared is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.http import HttpRequest
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import is_naive, make_aware

from keji.site.api.problems import Problem

LONGEST = 100
SCHEMAS: Mapping[str, dict[str, Any]] = {
    "text": {"type": "string", "maxLength": LONGEST},
    "whole": {"type": "integer", "minimum": 1},
    "flag": {"type": "string", "enum": ["true", "false"]},
    "moment": {"type": "string", "format": "date-time"},
}


@dataclass(frozen=True)
class Param:
    """One query parameter. `kind` is a key of SCHEMAS; `most` bounds a whole number; `choices` lists what may stand.

    A `shared` one stands once in the document, and operations refer to it.
    """

    name: str
    help: str
    kind: str = "text"
    most: int = 0
    default: Any = None
    choices: tuple[str, ...] = ()
    shared: bool = False

    def told(self) -> dict[str, Any]:
        return {"$ref": f"#/components/parameters/{self.name}"} if self.shared else self.document()

    def document(self) -> dict[str, Any]:
        schema = dict(SCHEMAS[self.kind])
        if self.most:
            schema["maximum"] = self.most
        if self.choices:
            schema = {"type": "string", "enum": list(self.choices)}
        if self.default is not None:
            schema["default"] = self.default
        return {"name": self.name, "in": "query", "required": False, "description": self.help, "schema": schema}

    def read(self, text: str) -> Any:
        """The value. Raises ValueError with a sentence."""
        if self.kind == "whole":
            number = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
            if not 1 <= number <= self.most:
                raise ValueError(f"应为 1 至 {self.most} 的整数")
            return number
        if self.kind == "flag":
            if text not in ("true", "false"):
                raise ValueError("应为 true 或 false")
            return text == "true"
        if self.kind == "moment":
            return _moment(text)
        if self.choices and text not in self.choices:
            raise ValueError(f"应为{'、'.join(self.choices[:12])}之一")
        return text


def _moment(text: str) -> datetime:
    """An instant; a day alone is its first minute here. A plus sign that a query string turned into a space is back."""
    text = text.replace(" ", "+") if "T" in text else text
    try:
        found = parse_datetime(text) if "T" in text else None
        day = parse_date(text) if found is None else None
        if day is not None:
            found = datetime.combine(day, time())  # noqa: DTZ001 - made aware below
        if found is not None and 1900 <= found.year <= 2999:  # nearer the calendar's edge it overflows as UTC
            return make_aware(found) if is_naive(found) else found
    except ValueError:  # a day like 13-40
        pass
    raise ValueError("应为时刻，如 2024-10-01T08:00:00+08:00，或日期 2024-10-01")


LIMIT = Param("limit", "一次取多少条", "whole", most=500, default=100, shared=True)
AFTER = Param("after", "从这个键之后取：填上一页答复里的 next", shared=True)


def parsed(request: HttpRequest, params: Iterable[Param]) -> dict[str, Any]:
    """{name: value}, defaults filled in. Raises Problem for what is unknown, repeated or badly written."""
    known = {p.name: p for p in params}
    unknown = [name for name in request.GET if name not in known]
    if unknown:
        named = "、".join(f"“{safe(name)}”" for name in unknown[:5])
        allowed = f"可用的参数：{'、'.join(known)}" if known else "这个地址不带参数"
        raise Problem("unknown-parameter", f"没有名为{named}的参数；{allowed}。")
    found = {p.name: p.default for p in known.values()}
    for name in request.GET:
        values = request.GET.getlist(name)
        problem = _problem(values)
        try:
            if problem:
                raise ValueError(problem)
            if values[0] != "":
                found[name] = known[name].read(values[0])
        except ValueError as why:
            raise Problem("bad-parameter", f"参数 {name} {why}。") from None
    return found


def _problem(values: list[str]) -> str:
    if len(values) > 1:
        return "写了不止一次，请只写一次"
    if len(values[0]) > LONGEST:
        return f"超过 {LONGEST} 个字，请缩短"
    if not storable(values[0]):
        return "含有不能识别的字符，请去掉"
    return ""


def storable(text: str) -> bool:
    """Can every database keep and compare this text: no NUL, no half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text)


def safe(text: str) -> str:
    """Somebody else's text as it is repeated in a sentence."""
    return "".join(c if c.isprintable() else "?" for c in text[:40])
