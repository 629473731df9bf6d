"""A target in words: what it asks for, as an official writes it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from keji.lib.figures import Number, format_number

_AFTER = {"ge": "以上", "le": "以内", "about": "左右"}
_BEFORE = {"gt": "超过", "lt": "低于"}
_CHANGES = {"growth": "增长", "decline": "下降", "increase_by": "提高", "gap": "高于平均"}
_FIXED = {"coverage_all": "全覆盖", "drive_to_zero": "动态清零", "milestone": "完成"}

#: How many base units one of these is; what is not here is its own base.
FACTORS = {
    "元": 1,
    "万元": 10**4,
    "亿元": 10**8,
    "万亿元": 10**12,
    "万": 10**4,
    "亿": 10**8,
    "万人": 10**4,
    "万家": 10**4,
}


def said(value: Number | None, unit: str = "", places: int | None = None) -> str:
    """750家, 1.8%, —."""
    return format_number(value, unit, places=places)


def wanted(target: Any, value: Decimal | None = None) -> str:
    """What the target asks for: 750家以上, 增长15%以上, 前3位. `value`: a county's share."""
    op, unit = target.op, target.unit
    number = target.value if value is None else value
    if op in _FIXED:
        return _FIXED[op] if number is None or op != "coverage_all" else f"覆盖{said(number, unit)}"
    if number is None:
        return "—"
    if op == "rank_le":
        return f"前{said(number)}位"
    if op == "multiple":
        return "翻一番" if number == 2 else f"达到上年的{said(number)}倍"
    head, _, bound = op.rpartition("_")
    if op == "increase_by":
        head, bound = "increase_by", "eq"
    figure = said(number, unit)
    if op == "range" or bound == "range":
        figure = f"{said(target.value)}—{said(target.value2, unit)}" if value is None else figure
    return f"{_CHANGES.get(head, '')}{_BEFORE.get(bound, '')}{figure}{_AFTER.get(bound, '')}"


def in_unit_of(target: Any, unit: str) -> tuple[Decimal | None, Decimal | None]:
    """The target's bounds in an indicator's unit: 34亿元 is 340,000万元. Unknown units are taken as they stand."""
    if target.unit == unit or target.unit not in FACTORS or unit not in FACTORS:
        return target.value, target.value2
    scale = Decimal(FACTORS[target.unit]) / FACTORS[unit]
    return tuple(None if v is None else v * scale for v in (target.value, target.value2))  # type: ignore[return-value]
