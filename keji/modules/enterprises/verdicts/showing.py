"""A verdict laid out for a page or a paper, from its trace: a live verdict and a kept one look the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from keji.kernel.rules.models import Regulation
from keji.lib.rules.found import Score, Verdict, walk
from keji.lib.rules.scores import Banded, Graded

INDENT = "　"
WORDS = {True: ("符合", "green"), False: ("不符合", "red"), None: ("资料不足", "amber")}
#: The outcome in one word, and its colour.
TONES = {"符合": "green", "必过": "green", "不符合": "red", "必不过": "red", "资料不足": "amber", "需评审": "blue"}

Plain = Mapping[str, Any]
CHECK_COLUMNS = tuple({"label": t} for t in ("条件", "结果", "要求", "现状", "差距", "条款"))


class Shelf:
    """Documents by number, so that a citation becomes a link and says whether the text was checked."""

    def __init__(self) -> None:
        self._rows = dict(Regulation.objects.values_list("number", "pk"))

    def url(self, cites: str) -> str:
        """The address of the document a citation names; "" when it stands on no shelf."""
        number = self.number(cites)
        return f"/d/regulations/{self._rows[number]}" if number else ""

    def number(self, cites: str) -> str:
        return max((n for n in self._rows if cites.startswith(n)), key=len, default="")


def check_rows(checks: list[Plain], shelf: Shelf) -> list[dict[str, Any]]:
    """Conditions and their parts in order, as rows of a table; a part is set in by how deep it stands."""
    return [_row(node, depth, aside, shelf) for node, depth, aside in _conditions(checks, 0, False)]


def _conditions(nodes: list[Plain], depth: int, aside: bool) -> Iterator[tuple[Plain, int, bool]]:
    for node in nodes:
        if "passed" not in node:
            continue  # a score: it has a table of its own
        yield node, depth, aside
        any_of = node["need"].startswith("满足")
        yield from _conditions(node.get("parts", []), depth + 1, any_of and node["passed"] is not False)


def _row(node: Plain, depth: int, aside: bool, shelf: Shelf) -> dict[str, Any]:
    word, tone = WORDS[node["passed"]]
    if aside and node["passed"] is False:
        word, tone = "未满足", "gray"  # one route of several: failing it alone decides nothing
    if node["passed"] is None and not node.get("missing") and not _asks(node):
        word, tone = "待评审", "blue"
    gap = node.get("gap") or ("缺：" + "、".join(node["missing"]) if node.get("missing") else "")
    document, _, article = short(node["cites"]).partition(" ")
    cites = {"value": document or "—", "sub": article, "url": shelf.url(node["cites"]), "title": node["cites"]}
    cells = [{"value": INDENT * depth + node["label"]}, {"value": word, "badge": tone}]
    cells += [{"value": node.get(name) or "—"} for name in ("need", "found")]
    return {"cells": [*cells, {"value": gap or "—"}, cites]}


def short(cites: str) -> str:
    """〔2016〕32号 第十一条: who issued it stands at the head of the page and on the shelf."""
    return cites[cites.index("〔") :] if "〔" in cites else cites


def _asks(node: Plain) -> bool:
    """Does anything below wait for a fact?"""
    return any(part.get("missing") or _asks(part) for part in node.get("parts", []))


def score_rows(checks: list[Plain]) -> list[dict[str, Any]]:
    """Every score of the first total, set in by how deep it stands."""
    total = total_of(checks)
    return list(_scores(total["parts"], 0)) if total else []


def total_of(checks: list[Plain]) -> Plain | None:
    """The first sum of scores against a mark; None for a rule without points."""
    return next((n for n in _every(checks) if n.get("key") == "score"), None)


def _every(nodes: list[Plain]) -> Iterator[Plain]:
    for node in nodes:
        yield node
        yield from _every(node.get("parts", []))


def _scores(nodes: list[Plain], depth: int) -> Iterator[dict[str, Any]]:
    for node in nodes:
        low, high = node["low"], node["high"]
        notes = [node.get("more", ""), node.get("note", "")]
        if node.get("missing"):
            notes.append("缺：" + "、".join(node["missing"]))
        yield {
            "label": INDENT * depth + node["label"],
            "depth": depth,
            "points": f"{low}" if low == high else f"{low}–{high}",
            "full": node["full"],
            "found": node["found"],
            "more": "；".join(n for n in notes if n),
        }
        yield from _scores(node.get("parts", []), depth + 1)


def bands_of(verdict: Verdict) -> dict[str, list[dict[str, Any]]]:
    """{label of a score: its bands as words, the one reached marked}; only a live verdict knows them."""
    found: dict[str, list[dict[str, Any]]] = {}
    for score in walk(verdict.nodes):
        if isinstance(score, Score) and isinstance(score.of, Banded):
            rows = [(score.of.reach(band), band.low, band.high) for band in score.of.rows]
        elif isinstance(score, Score) and isinstance(score.of, Graded):
            texts = score.of.value.fact
            rows = [(texts.text(choice), low, high) for choice, (low, high) in score.of.grades.items()]
        else:
            continue
        known = score.found != "资料不足" and not score.missing
        found[score.label] = [
            {
                "text": text,
                "points": f"{low}" if low == high else f"{low}–{high}",
                "reached": known and (low, high) == (score.low, score.high),
            }
            for text, low, high in rows
        ]
    return found


def shortest_list(trace: Plain) -> tuple[list[str], list[str]]:
    """(what fails, each with the amount short; what must still be known)."""
    failing = [n for n in _leaves(trace["checks"]) if n["passed"] is False]
    said = [
        n["label"] + (f"：{n['gap']}" if n.get("gap") else f"（现状：{n['found']}）" if n["found"] else "")
        for n in failing
    ]
    return said, list(trace["missing"])


def _leaves(nodes: list[Plain]) -> Iterator[Plain]:
    """The conditions every case must hold; alternatives count as one."""
    for node in nodes:
        if node.get("parts") and not node["need"]:
            yield from _leaves(node["parts"])
        else:
            yield node


OF_A_YEAR = re.compile(r"(\d{4})年(.+)")


def by_year(names: Iterable[str]) -> list[str]:
    """Facts of several years on one line each: 研发费用（2021、2022、2023年）. The order of the first mention stays."""
    years: dict[str, list[str]] = {}
    for name in names:
        dated = OF_A_YEAR.fullmatch(name)
        years.setdefault(dated[2] if dated else name, []).extend([dated[1]] if dated else [])
    return [f"{what}（{'、'.join(sorted(found))}年）" if found else what for what, found in years.items()]
