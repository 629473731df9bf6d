"""Tags and filters of the look: icons, lights, numbers and dates as officials write them, charts, form widgets.

Numbers never pass through binary floats: what is Decimal stays exact until it is printed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.forms import BoundField, ModelChoiceField, widgets
from django.http import QueryDict
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from keji.desk.chart_tables import chart_table

register = template.Library()

DASH = "—"
DASHES = "---------"  # what Django offers for no choice
#: What stands on one line though it is long: a date, a span of months, a document's number, counts with their units.
COUNT = r"[^\W\d]{2} \d+ [^\W\d]{1,2}"
UNBROKEN = re.compile(rf"\d+年\d+月\d+日( \d\d:\d\d)?|\d+年\d+月 ?至 ?\d+年\d+月|〔\d{{4}}〕\d+号|{COUNT}(，{COUNT})?")

# code: (word, tone, icon). A light is always a word and a shape; colour only repeats them.
LIGHTS: dict[str, tuple[str, str, str]] = {
    "on_pace": ("正常", "green", "circle-check"),
    "behind": ("偏慢", "amber", "clock"),
    "at_risk": ("滞后", "red", "alert-triangle"),
    "done": ("已完成", "blue", "checks"),
    "over": ("超额", "teal", "circle-arrow-up"),
    "not_started": ("未开始", "gray", "circle"),
    "not_reported": ("未报", "violet", "circle-dashed"),
    "not_applicable": ("不适用", "plain", "circle-minus"),
}


@register.simple_tag
def icon(name: str, extra: str = "", label: str = "") -> SafeString:
    """One icon of the sprite. Decorative unless `label` names it for screen readers."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon {}" {} focusable="false"><use href="{}#{}"></use></svg>',
        extra,
        spoken,
        _sprite(),
        name,
    )


@cache
def _sprite() -> str:
    return static("keji/icons.svg")  # a page has a hundred icons


@register.simple_tag
def light(code: str, word: str = "") -> SafeString:
    """A light: `code` is a key of LIGHTS, `word` replaces its usual word."""
    usual, tone, shape = LIGHTS.get(code or "not_reported", (code, "gray", "help"))
    return format_html('<span class="light tone-{}">{}{}</span>', tone, icon(shape), word or usual)


@register.filter
def light_tone(code: str) -> str:
    return LIGHTS.get(code or "not_reported", ("", "gray", ""))[1]


@register.filter
def light_word(code: str) -> str:
    return LIGHTS.get(code or "not_reported", (code, "", ""))[0]


def as_decimal(value: Any) -> Decimal | None:
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        # Twelve digits of a float: 0.1 + 0.2 is printed as 0.3.
        text = format(value, ".12g") if isinstance(value, float) else str(value)
        number = value if isinstance(value, Decimal) else Decimal(text)
    except (InvalidOperation, ValueError):
        return None
    return number if number.is_finite() else None


@register.filter
def number(value: Any, places: int | str = "") -> str:
    """1234567.50 → 1,234,567.5; with places: exactly that many, half up. Nothing known → —. Words pass through."""
    found = as_decimal(value)
    if found is None:
        return DASH if value is None or value == "" else str(value)
    if places != "":
        found = found.quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP)
        return f"{found:,f}"
    text = f"{found:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def percent(value: Any, places: int | str = 1) -> str:
    """0.853 → 85.3%. What is short of 100% is never rounded up to it: a missed target must not read as met."""
    found = as_decimal(value)
    if found is None:
        return DASH
    unit_step = Decimal(1).scaleb(-int(places))
    shown = (found * 100).quantize(unit_step, ROUND_HALF_UP)
    if found < 1 and shown >= 100:
        shown = 100 - unit_step
    return f"{number(shown)}%"


@register.filter
def plain_number(value: Any) -> str:
    """A number for an attribute: no thousands separators, never localised."""
    found = as_decimal(value)
    return "0" if found is None else f"{found:f}"


@register.filter
def absolute(value: Any) -> str:
    found = as_decimal(value)
    return DASH if found is None else number(abs(found))


@register.filter
def counted(value: Any) -> int:
    """How many: an int is itself, a list its length."""
    return value if isinstance(value, int) else len(value)


@register.filter
def signed(value: Any, places: int | str = "") -> str:
    """A change: +12, −3, 0."""
    found = as_decimal(value)
    if found is None:
        return DASH
    sign = "+" if found > 0 else "−" if found < 0 else ""
    return sign + number(abs(found), places)


@register.filter
def unit(value: Any, name: str) -> SafeString:
    """Number with its unit, the unit set smaller; a missing number has none."""
    text = number(value)
    if text == DASH or not name:
        return format_html("{}", text)
    return format_html('{}<span class="unit">{}</span>', text, name)


@register.filter
def capped(value: Any, limit: int | str = 99) -> str:
    count = int(value or 0)
    return f"{limit}+" if count > int(limit) else str(count)


@register.filter
def file_size(value: Any) -> str:
    size = Decimal(int(value or 0))
    for name in ("B", "KB", "MB"):
        if size < 1024:
            return f"{number(size, 0 if name == 'B' or size >= 100 else 1)} {name}"
        size /= 1024
    return f"{number(size, 1)} GB"


def as_local(value: Any) -> Any:
    return timezone.localtime(value) if isinstance(value, dt.datetime) and timezone.is_aware(value) else value


@register.filter
def plain_date(value: Any) -> str:
    """2024年3月5日"""
    moment = as_local(value)
    if not isinstance(moment, dt.date):
        return str(value) if value else DASH
    return f"{moment.year}年{moment.month}月{moment.day}日"


@register.filter
def plain_datetime(value: Any) -> str:
    """2024年3月5日 09:05"""
    moment = as_local(value)
    if not isinstance(moment, dt.datetime):
        return plain_date(value)
    return f"{plain_date(moment)} {moment:%H:%M}"


@register.filter
def mask(value: Any, kind: str = "") -> str:
    """Hide the middle of a name, phone, ID or card number. Display only: who may not read it is never sent it."""
    text = str(value or "")
    if not text:
        return DASH
    if kind == "name" or (not kind and not any(c.isdigit() for c in text)):
        return text[0] + "*" * min(len(text) - 1, 2)
    keep_head, keep_tail = (3, 4) if len(text) >= 11 else (1, 1)
    if len(text) <= keep_head + keep_tail:
        return "*" * len(text)
    return text[:keep_head] + "*" * (len(text) - keep_head - keep_tail) + text[-keep_tail:]


@register.filter
def cell_text(value: Any) -> str:
    """What a list shows: 2024年11月30日, 2024年11月30日 09:05, 是 or 否, — for nothing."""
    if isinstance(value, dt.date):
        return plain_datetime(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return DASH if value is None or value == "" else str(value)


@register.filter
def is_short(value: Any) -> bool:
    """A date, code or word of a few characters should not be broken over two lines."""
    text = cell_text(value)
    return len(text) <= 8 or (len(text) <= 20 and (text.isascii() or UNBROKEN.fullmatch(text) is not None))


@register.filter
def paired(first: Iterable[Any], second: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Two lists side by side: `{% for column, cell in columns|paired:row.cells %}`."""
    return zip(first, second, strict=False)


@register.simple_tag(takes_context=True)
def query_with(context: Mapping[str, Any], **changes: Any) -> str:
    """This page's address with some parameters changed; None or "" drops one. Others return to the first page."""
    request = context.get("request")
    found = request.GET.copy() if request else QueryDict(mutable=True)
    if "page" not in changes:
        found.pop("page", None)
        found.pop("after", None)
    for key, value in changes.items():
        if value is None or value == "":
            found.pop(key, None)
        else:
            found[key] = str(value)
    return "?" + urlencode(sorted(found.lists()), doseq=True)


WIDGET_CLASSES: list[tuple[type[widgets.Widget], str]] = [
    (widgets.CheckboxInput, "form-check-input"),
    (widgets.RadioSelect, "form-check-input"),
    (widgets.CheckboxSelectMultiple, "form-check-input"),
    (widgets.Select, "form-select"),
    (widgets.Widget, "form-control"),
]


def widget_kind(field: BoundField) -> str:
    widget = field.field.widget
    if isinstance(widget, widgets.CheckboxInput):
        return "check"
    if isinstance(widget, widgets.RadioSelect | widgets.CheckboxSelectMultiple):
        return "choices"
    return "file" if isinstance(widget, widgets.FileInput) else "input"


@register.filter(name="widget_kind")
def widget_kind_filter(field: BoundField) -> str:
    return widget_kind(field)


@register.simple_tag
def choice_with(choice: Any) -> SafeString:
    """One radio button or tick box of a choice field (a BoundWidget), with Bootstrap's class."""
    choice.data["attrs"]["class"] = "form-check-input"
    return SafeString(choice.tag())


@register.simple_tag
def field_with(field: BoundField, extra: str = "", **attrs: Any) -> SafeString:
    """The field's widget with Bootstrap's class for its kind, marked invalid when it is; more attributes by keyword
    (`data_x` becomes `data-x`)."""
    widget = field.field.widget
    if isinstance(field.field, ModelChoiceField) and field.field.empty_label == DASHES:
        field.field.empty_label = "请选择" if field.field.required else "不选"
    base = next(name for kind, name in WIDGET_CLASSES if isinstance(widget, kind))
    own = str(widget.attrs.get("class", ""))
    invalid = "is-invalid" if field.errors else ""
    given: dict[str, Any] = {k.replace("_", "-"): v for k, v in attrs.items()}
    given["class"] = " ".join(filter(None, (base, own, invalid, extra)))
    if isinstance(widget, widgets.Textarea) and widget.attrs.get("rows") in (None, "10"):
        given.setdefault("rows", 4)
    described = [f"{field.auto_id}_helptext"] * bool(field.help_text) + [f"{field.auto_id}_error"] * bool(field.errors)
    if described:
        given.setdefault("aria-describedby", " ".join(described))
    return SafeString(field.as_widget(attrs=given))


@register.inclusion_tag("desk/parts/chart.html")
def chart(name: str, spec: Mapping[str, Any], title: str = "", height: int = 280) -> dict[str, Any]:
    """A chart from a plain spec (see static/keji/charts.js), with the same figures as a table underneath."""
    return {"name": name, "spec": spec, "title": title, "height": height, "table": chart_table(spec)}


@register.inclusion_tag("desk/parts/chart_only.html")
def bridge_chart(name: str, bridge: Mapping[str, Any], height: int = 260) -> dict[str, Any]:
    """The waterfall of parts/bridge.html, which prints the table itself."""
    return {"name": name, "spec": {"kind": "waterfall", **bridge}, "height": height}
