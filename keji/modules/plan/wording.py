"""How a target's operator, value and source are said in Chinese: written once, used by every page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

#: operator → (name in a list of choices, sentence with {v}, {w} the upper end, {u} the unit)
OPS: dict[str, tuple[str, str]] = {
    "ge": ("不低于", "不低于 {v}{u}"),
    "gt": ("超过", "超过 {v}{u}"),
    "eq": ("达到", "{v}{u}"),
    "about": ("左右", "{v}{u}左右"),
    "le": ("不超过", "不超过 {v}{u}"),
    "lt": ("低于", "低于 {v}{u}"),
    "range": ("介于", "{v}—{w}{u}"),
    "growth_ge": ("增长不低于", "增长不低于 {v}{u}"),
    "growth_gt": ("增长超过", "增长超过 {v}{u}"),
    "growth_eq": ("增长", "增长 {v}{u}"),
    "growth_about": ("增长约", "增长 {v}{u}左右"),
    "growth_le": ("增长不超过", "增长不超过 {v}{u}"),
    "growth_range": ("增长介于", "增长 {v}—{w}{u}"),
    "decline_ge": ("下降不少于", "下降不少于 {v}{u}"),
    "decline_eq": ("下降", "下降 {v}{u}"),
    "decline_about": ("下降约", "下降 {v}{u}左右"),
    "increase_by_ge": ("提高不少于", "提高不少于 {v}{u}"),
    "increase_by": ("提高", "提高 {v}{u}"),
    "increase_by_about": ("提高约", "提高 {v}{u}左右"),
    "gap_ge": ("高于平均不少于", "高于平均 {v}{u}以上"),
    "rank_le": ("位次不低于", "位居前 {v}{u}"),
    "multiple": ("倍数", "达到 {v} 倍"),
    "coverage_all": ("全覆盖（应…尽…）", "全覆盖"),
    "drive_to_zero": ("清零", "清零"),
    "milestone": ("完成（是/否）", "完成"),
}
OP_CHOICES = [(code, name) for code, (name, _) in OPS.items()]
NO_VALUE = frozenset({"coverage_all", "drive_to_zero", "milestone"})
RANGES = frozenset({"range", "growth_range"})

_KINDS = {
    "level": "数量",
    "growth": "增长率",
    "decline": "下降率",
    "increase": "增加量",
    "gap": "与平均数之差",
    "rank": "位次",
    "coverage_all": "“应…尽…”句式",
    "drive_to_zero": "“清零”句式",
    "milestone": "建成、出台等节点事项",
    "multiple": "倍数",
}
_ORDERS = {"after_subject": "指标在前、数值在后", "before_noun": "数值在前、名称在后"}


def plain(value: Decimal | None) -> str:
    """1350.0000 → 1350."""
    if value is None:
        return ""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def said(op: str, value: Decimal | None, value2: Decimal | None, unit: str) -> str:
    """不低于 750 家"""
    _, sentence = OPS.get(op, (op, "{v}{u}"))
    if value is None and op not in NO_VALUE:
        return "未填目标值"
    spaced = unit if unit.startswith(("%", "‰")) else f" {unit}" if unit else ""
    return sentence.format(v=plain(value), w=plain(value2), u=spaced).strip()


def said_of(target: Any) -> str:
    return said(target.op, target.value, target.value2, target.unit)


def pattern_words(pattern: str) -> str:
    """Which pattern fired, as a person would say it: growth.after_subject → 增长率（指标在前、数值在后）."""
    if not pattern:
        return "人工填写"
    parts = pattern.split(".")
    table = parts[0] == "table"
    kind, *order = parts[1:] if table else parts
    words = _KINDS.get(kind, kind)
    if order and order[0] in _ORDERS:
        words += f"（{_ORDERS[order[0]]}）"
    return f"表格：{words}" if table else words
