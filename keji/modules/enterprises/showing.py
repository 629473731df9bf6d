"""A verdict laid out for a page: every check as a row, every score with its bands."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from keji.kernel.rules.rule import Any_, Score, Total, Verdict, percent
from keji.modules.enterprises.regulations import (
    CLASS2_POINTS,
    COST_BANDS,
    SALES_BANDS,
    STAFF_BANDS,
    Band,
)

INDENT = "　"
WORDS = {True: ("符合", "green"), False: ("不符合", "red"), None: ("资料不足", "amber")}


def check_rows(verdict: Verdict) -> list[dict[str, Any]]:
    """Conditions and their parts in order, as rows of a table; a part is set in by how deep it stands."""
    rows: list[dict[str, Any]] = []

    def add(node: Any, depth: int, one_is_enough: bool) -> None:
        if isinstance(node, Score):
            return
        word, tone = WORDS[node.passed]
        if one_is_enough and node.passed is False:
            word, tone = "未满足", "gray"  # one route of several: failing it alone decides nothing
        values = (f"{INDENT * depth}{node.label}", word, node.need, node.found, node.gap, node.cites)
        cells = [{"value": value or "—"} for value in values]
        cells[1]["badge"] = tone
        rows.append({"cells": cells})
        for child in node.children():
            add(child, depth + 1, isinstance(node, Any_) and node.passed is not False)

    for node in verdict.nodes:
        add(node, 0, False)
    return rows


def band_rows(verdict: Verdict) -> list[dict[str, Any]]:
    """Each score of the total with its bands; the band that was reached is marked."""
    total = next((n for n in walk(verdict.nodes) if isinstance(n, Total)), None)
    if total is None:
        return []
    tables: list[list[Any]] = [
        [_edges(STAFF_BANDS)],
        [("占销售收入", *_edges(SALES_BANDS)), ("占成本费用", *_edges(COST_BANDS))],
        [
            [
                ("Ⅰ类 1 项以上", 30),
                *((f"Ⅱ类 {n} 项{'以上' if n == 4 else ''}", p) for n, p in CLASS2_POINTS),
                ("没有", 0),
            ]
        ],
    ]
    rows = []
    for score, lines in zip(total.scores, tables, strict=True):
        shown = []
        for line in lines:
            head = line[0] if isinstance(line[0], str) else ""
            cells = [c for c in line if not isinstance(c, str)]
            shown.append(
                {
                    "head": head,
                    "cells": [
                        {"text": text, "points": points, "reached": score.low == score.high == points}
                        for text, points in cells
                    ],
                }
            )
        points = f"{score.low}" if score.low == score.high else f"{score.low}–{score.high}"
        rows.append(
            {"label": score.label, "points": points, "full": score.full, "found": score.found, "more": score.more}
            | {"lines": shown}
        )
    return rows


def _edges(bands: tuple[Band, ...]) -> list[tuple[str, int]]:
    lowest: Fraction = bands[-1][0]
    return [*((f"≥{percent(edge)}", points) for edge, points in bands), (f"<{percent(lowest)}", 0)]


def walk(nodes: Any) -> Any:
    for node in nodes:
        yield node
        yield from walk(node.children() if not isinstance(node, Score) else ())
