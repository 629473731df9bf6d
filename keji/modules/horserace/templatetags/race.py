"""What the race's pages print: a share of the whole, a unit's name in a run."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django import template

from keji.lib.figures import format_percent
from keji.modules.horserace.services.reading import run_of

register = template.Library()


@register.filter
def race_percent(share: Fraction) -> str:
    """3/20 → 15.0%."""
    return format_percent(share)


@register.filter
def race_unit(code: str, record: Any) -> str:
    return next((u.title for u in run_of(record).data.units if u.code == code), code)
