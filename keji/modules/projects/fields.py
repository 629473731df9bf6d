"""Fields this module's forms share: money in 万元, days as people type them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from keji.desk.forms import RecordForm

YUAN = 10_000
MOST_WAN = Decimal(10_000_000)  # a slip of zeros, not money


def day_of(text: str) -> date:
    """A day as people type it: 2024-12-31, 2024.12.31, 2024年12月31日. ValueError otherwise."""
    plain = text.replace("年", "-").replace("月", "-").replace("日", "").replace(".", "-").replace("/", "-")
    year, month, day = (int(part) for part in plain.split("-"))
    return date(year, month, day)


class WanField(forms.DecimalField):
    """Money typed in 万元, cleaned to whole 元; four decimals make one 元."""

    blank: int | None = 0  # what an empty field means

    def __init__(self, **kwargs: Any) -> None:
        asked: dict[str, Any] = {"min_value": 0, "max_value": MOST_WAN, "max_digits": 12, "decimal_places": 4} | kwargs
        asked["label"] = f"{kwargs['label']}（万元）"
        super().__init__(**asked)

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        if found is None:
            return self.blank
        return int(found * YUAN)

    def prepare_value(self, value: Any) -> Any:
        return in_wan(value) if isinstance(value, int) else value


class KnownWanField(WanField):
    """The same, but blank is not known rather than nothing."""

    blank = None


def in_wan(yuan: int) -> str:
    text = f"{Decimal(yuan) / YUAN:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def filled(form: type[RecordForm], record: Any) -> dict[str, Any]:
    """Values of a record for the fields a form declares, where the record has such a column."""
    return {n: getattr(record, n) for n in form.base_fields if hasattr(record, n)}
