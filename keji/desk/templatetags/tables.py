"""One cell of a table as HTML. Lists are made of thousands of these: written here, a page costs half as much."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import cache
from typing import Any

from django import template
from django.utils.formats import localize
from django.utils.html import conditional_escape as safe
from django.utils.safestring import SafeString, mark_safe

from keji.desk.templatetags.look import DASH, cell_text, is_short, light, number

register = template.Library()
Cell = Mapping[str, Any]
NOTHING: Cell = {}
SAYING = ("sub", "links", "badge", "light")  # what says something in a cell without a value


@register.simple_tag
def table_cell(column: Any, cell: Any, first: bool, row_url: str = "", total: bool = False) -> SafeString:
    """A <td>. `first` opens the row's address; an empty cell of a footer (`total`) or under no heading stays empty."""
    column, cell = as_mapping(column), as_mapping(cell)
    value = cell.get("value")
    sub = f'<span class="cell-sub">{safe(cell["sub"])}</span>' if cell.get("sub") else ""
    title = f' title="{safe(cell["title"])}"' if cell.get("title") else ""
    label = safe(column.get("label", ""))
    inner = _inner(cell, value, first, row_url, total or not label)
    if sub or cell.get("links"):  # one piece: on a phone the heading stands left and all of this right
        inner = f"<div>{inner}{sub}</div>"
    return mark_safe(f'<td data-label="{label}" class="{_classes(column, cell, value, first)}"{title}>{inner}</td>')


def as_mapping(thing: Any) -> Cell:
    """What a view laid out as a mapping or as an object with attributes."""
    if isinstance(thing, Mapping):
        return thing
    if thing is None or isinstance(thing, str):
        return NOTHING
    kind: Any = type(thing)
    return {name: getattr(thing, name, None) for name in _names(kind)}


@cache
def _names(kind: Hashable) -> tuple[str, ...]:
    return tuple(getattr(kind, "__dataclass_fields__", ())) or tuple(getattr(kind, "__slots__", ()))


def _classes(column: Cell, cell: Cell, value: Any, first: bool) -> str:
    sides = (cell.get("align"), column.get("align"))
    found = "num" if cell.get("number") or "end" in sides else "text-center" if "center" in sides else ""
    if cell.get("mono"):
        found += " mono"
    if is_short(value):
        found += " nowrap"
    if not first and (value is None or value in ("", DASH)) and not any(cell.get(n) for n in SAYING):
        found += " cell-none"
    return found + " cell-first" if first else found


def _inner(cell: Cell, value: Any, first: bool, row_url: str, total: bool) -> str:
    if cell.get("light"):
        return str(light(cell["light"]))
    if cell.get("badge"):
        return f'<span class="tag tone-{safe(cell["badge"])}">{safe("" if value is None else localize(value))}</span>'
    if links := cell.get("links"):
        return "、".join(f'<a class="nowrap" href="{safe(url)}">{safe(label)}</a>' for label, url in links)
    if url := cell.get("url") or (row_url if first else ""):
        return f'<a href="{safe(url)}">{safe(cell_text(value))}</a>'
    if cell.get("number"):
        places = cell.get("places")
        text = number(value) if places is None else number(value, places)
        unit = f'<span class="unit">{safe(cell["unit"])}</span>' if cell.get("unit") else ""
        return f"{safe(text)}{unit}"
    return "" if total and not value else str(safe(cell_text(value)))
