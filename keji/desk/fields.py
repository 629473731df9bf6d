"""Fields of forms that take several things at once, a line each, and the box a day is typed into."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms

#: A day, in the shape every browser's own date box understands.
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def lines_of(text: str) -> list[str]:
    """Lines that say something, each once. A tab stays: it parts what is pasted from a sheet (`parts_of`)."""
    return list(dict.fromkeys(line for raw in text.splitlines() if (line := re.sub(r"[ \u3000]+", " ", raw).strip())))


def parts_of(line: str) -> list[str]:
    """A line's parts, separated by a tab, a comma or a bar as people type them."""
    return [part.strip() for part in re.split(r"[\t,，|｜]", line)]


def within(value: str, most: int, what: str, place: int) -> str:
    """A part of a line; what is too long is said, not cut off."""
    if len(value) > most:
        raise forms.ValidationError(f"第 {place} 行的{what}最多 {most} 字，现有 {len(value)} 字")
    return value


def plain(value: Any) -> Any:
    """A number as it was typed, without its column's trailing zeros; anything else as it is."""
    return Decimal(format(value.normalize(), "f")) if isinstance(value, Decimal) else value


class LinesField(forms.CharField):
    """One thing a line; cleaned to [str]."""

    def __init__(self, rows: int = 6, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def clean(self, value: Any) -> list[str]:
        return lines_of(super().clean(value) or "")
