"""Verdicts of incubation as rows of a table, and shares as people write them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from keji.lib.figures import format_percent
from keji.lib.rules.found import Check, Verdict
from keji.modules.platforms.regulations.incubator import NOT_ASKED

WORDS = {True: ("满足", "green"), False: ("不满足", "red"), None: ("资料不足", "amber")}
COLUMNS = [{"label": t} for t in ("条件", "结果", "要求", "现状", "差距")]
ORDER = {False: 0, None: 1, True: 2}


def asked(verdict: Verdict) -> list[Any]:
    """The conditions that apply to this house."""
    return [node for node in verdict.nodes if not getattr(node, "key", "").startswith(NOT_ASKED)]


def short_of(verdict: Verdict) -> list[Any]:
    """What fails or is not known, what fails first."""
    return sorted((n for n in asked(verdict) if n.passed is not True), key=lambda n: ORDER[n.passed])


def condition_rows(nodes: Iterable[Any], settled: bool = False) -> list[dict[str, Any]]:
    """One row a condition; of an alternative every part is said.

    `settled`: these are routes of which one is enough and holds: another that is not met is nothing to worry about.
    """
    found = []
    for node in nodes:
        word, tone = ("未满足", "gray") if settled and node.passed is False else WORDS[node.passed]
        found.append(
            {
                "cells": [
                    {"value": node.label},
                    {"value": word, "badge": tone},
                    {"value": need_of(node)},
                    {"value": found_in(node)},
                    {"value": gap_of(node) or "—"},
                ],
                "tone": tone if node.passed is not True and not settled else "",
            }
        )
    return found


def parts_of(node: Any) -> list[Check]:
    """The plain conditions of an alternative: what would be proved by asking again is not shown as one."""
    return [part for part in node.children() if isinstance(part, Check)]


def need_of(node: Any) -> str:
    """What it takes; of alternatives each, joined by 或."""
    parts = parts_of(node)
    return " 或 ".join(f"{p.label}{p.need}" for p in parts) if len(parts) > 1 else str(node.need or "—")


def found_in(node: Any) -> str:
    if isinstance(node, Check):
        return node.found or "—"
    parts = parts_of(node)
    return "；".join(f"{p.found}" if len(parts) == 1 else f"{p.label} {p.found}" for p in parts) or "—"


def gap_of(node: Any) -> str:
    """What is short; of alternatives each, for the nearest may not be the easiest."""
    if node.passed is None:
        return "补齐：" + "、".join(node.missing) if node.missing else "请人工核定"
    if node.passed or isinstance(node, Check):
        return str(node.gap)
    return " 或 ".join(p.gap for p in parts_of(node) if p.gap)


def gaps(verdict: Verdict, most: int = 99) -> Iterator[str]:
    """Sentences of what is missing, for lists."""
    for node in short_of(verdict)[:most]:
        gap = gap_of(node)
        if gap == f"补齐：{node.label}":
            yield gap  # the condition and the fact it rests on have one name
            continue
        yield f"{node.label}：{gap}" if gap else f"{node.label}：{found_in(node)}"


def tally(verdict: Verdict) -> dict[str, Any]:
    """How far a house is from a level, in a word and a tone."""
    nodes = asked(verdict)
    failing = sum(n.passed is False for n in nodes)
    open_ = sum(n.passed is None for n in nodes)
    if failing:
        word, tone = f"差 {failing} 项", "red"
    elif open_:
        word, tone = f"待补 {open_} 项", "amber"
    else:
        word, tone = "全部满足", "green"
    return {"word": word, "tone": tone, "failing": failing, "open": open_, "of": len(nodes), "title": verdict.title}


def percent(value: Fraction | None) -> str:
    return format_percent(value)
