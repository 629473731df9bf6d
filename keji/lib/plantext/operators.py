"""From predicate, figure and suffix to one of the published operators."""

from __future__ import annotations

from decimal import Decimal

from . import numerals, words
from .lexer import Quantity, Token
from .phrase import Predicate

_RANGE = "range"


def comparison(quantity: Quantity, predicate: Predicate, suffix: list[Token]) -> str:
    """eq, ge, gt, le, lt, about or range – before growth and decline are considered."""
    said = next((words.SUFFIX[token.text] for token in reversed(suffix) if words.SUFFIX[token.text] != "eq"), "")
    if quantity.value2 is not None:
        return _RANGE
    if said:
        return said
    before = predicate.op
    if quantity.more:
        return "gt" if before == "gt" else "ge" if before not in ("about", "le", "lt") else before
    return before or "eq"


def family(quantity: Quantity, predicate: Predicate) -> str:
    """level, growth, decline, increase or gap."""
    if predicate.gap:
        return "gap"
    if quantity.unit in words.POINTS:
        return "decline" if predicate.decline else "increase"
    if quantity.unit in words.PERCENT or quantity.unit == "倍":
        return "growth" if predicate.grow else "decline" if predicate.decline else "level"
    if predicate.decline:
        return "decline"
    return "increase" if predicate.grow else "level"


def operator(kind: str, compared: str) -> str:
    """The published name: growth + ge → growth_ge."""
    if kind == "gap":
        return "gap_ge"
    if kind == "growth":
        return {"lt": "growth_le"}.get(compared, f"growth_{compared}")
    if kind == "decline":
        return {"ge": "decline_ge", "gt": "decline_ge", "about": "decline_about"}.get(compared, "decline_eq")
    if kind == "increase":
        return {"ge": "increase_by_ge", "gt": "increase_by_ge", "about": "increase_by_about"}.get(
            compared, "increase_by"
        )
    return compared


def base(value: Decimal, scale: str, unit: str) -> tuple[Decimal, str]:
    """Value and unit with 万 and 亿 expanded, and 成, 吨标煤 and the like under one name."""
    number = numerals.expand(value, scale)
    for head, factor in (("万", 10**4), ("千", 1000)):
        if unit in (head + "人", head + "家") and not scale:
            return number * factor, unit[1:]
    if unit.endswith(")") and "(" in unit:
        unit = unit.partition("(")[0]  # 场(次)
    if unit == "成":
        return number * 10, "%"
    return number, {
        "百分点": "个百分点",
        "个点": "个百分点",
        "个pct": "个百分点",
        "平米": "平方米",
        "㎡": "平方米",
        "m2": "平方米",
        "m²": "平方米",
    }.get(unit, unit)
