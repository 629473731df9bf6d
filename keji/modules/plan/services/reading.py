"""From a read document to the plan's rows: the tree of items and one typed target per group of citations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any

from keji.kernel.indicators.indicator import Counted, Indicator, Kind, suggest
from keji.lib import plantext
from keji.lib.plantext.numerals import expand
from keji.modules.plan.models import Item, PlanTarget
from keji.modules.plan.wording import NO_VALUE

_PREAMBLE = re.compile(
    r"思路|总体要求|主要目标|主要指标|工作目标|发展目标|预期目标|目标任务$|指导思想|基本原则|形势|附则"
)
_CONTAINER = re.compile(
    r"^(?:重点|主要|工作|具体|年度|全年)*(?:任务|工作|举措|措施|安排)(?:安排|任务|举措|措施|及分工)?$"
)
_SENTENCE = re.compile(r"[^。；;！？!?]+[。；;！？!?]?")
_INCREMENT = re.compile(r"^(?:新增|净增|新建|新认定|新获批|新培育|新引进|新招引)")
_SCALE = re.compile(r"^(万亿|千亿|百亿|十亿|千万|百万|十万|亿|万)(?=.)")
_ALIKE_UNITS = ({"家", "户", "个"}, {"人", "名", "位"}, {"项", "个", "件"})
TITLE_MOST, SUBJECT_MOST, UNIT_MOST = 200, 120, 20


@lru_cache(maxsize=16)
def document(text: str, name: str = "") -> plantext.Document:
    """The text as the reader understands it. Deterministic, so the figures left out need no table of their own."""
    return plantext.read(text, name=name, everything=True)


@dataclass
class Node:
    """A future item of the tree."""

    kind: str
    number: str
    title: str
    text: str
    line: int
    path: tuple[str, ...]
    children: list[Node] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.walk()


def tree(found: plantext.Document, lines: list[str]) -> list[Node]:
    """行动 → 任务 → 举措. What only frames others (重点任务), opens (总体思路) or looks back (回顾) is left out."""
    starts = sorted({clause.line for clause in found.walk()})
    following = dict(pairwise([*starts, len(lines) + 1]))

    def text_of(clause: plantext.Clause) -> str:
        whole = "".join(line.strip() for line in lines[clause.line - 1 : following[clause.line] - 1])
        head = whole.find(clause.title[:6])
        rest = whole[head + len(clause.title) :] if head >= 0 else whole
        return rest.lstrip("。.:： ")

    roots = [c for c in found.clauses if not _PREAMBLE.search(c.title) and c.mood != "past"]
    opened: list[plantext.Clause] = []
    for clause in roots:
        opened += clause.children if clause.children and _CONTAINER.match(clause.title) else [clause]
    nested = any(clause.children for clause in opened)
    nodes = []
    for clause in opened:
        if clause.children:
            action = _node(clause, "action", "")
            action.children = [_task(child, text_of) for child in clause.children if child.mood != "past"]
            nodes.append(action)
        elif clause.number or not nested:
            nodes.append(_task(clause, text_of))
    return nodes


def _node(clause: plantext.Clause, kind: str, text: str) -> Node:
    title = clause.title[:TITLE_MOST] or "（无标题）"
    return Node(kind, clause.number[:20], title, text, clause.line, tuple(clause.path))


def _task(clause: plantext.Clause, text_of: Any) -> Node:
    """A task with its measures: the deeper clauses when there are any, else the sentences of its text."""
    text = text_of(clause)
    task = _node(clause, "task", text)
    deeper = [child for child in clause.walk() if child is not clause]
    if deeper:
        task.children = [_node(child, "measure", text_of(child)) for child in deeper]
    else:
        for sentence in sentences(text):
            task.children.append(Node("measure", "", shorten(sentence), sentence, clause.line, task.path))
    return task


def sentences(text: str) -> list[str]:
    return [s.strip() for s in _SENTENCE.findall(text) if len(s.strip()) > 3]


def shorten(sentence: str) -> str:
    return sentence if len(sentence) <= 60 else sentence[:59] + "…"


def place_of(target: plantext.Target, start: int) -> dict[str, Any]:
    """One citation: where it stands, and what exactly it says, so that a conflict can be settled for it."""
    return {
        "line": target.line,
        "start": start,
        "end": start + len(target.text),
        "text": target.text,
        "clause": list(target.clause),
        "op": target.op,
        "value": _text(target.value),
        "value2": _text(target.value2),
        "unit": target.unit[:UNIT_MOST],
        "value_base": _text(target.value_base),
        "unit_base": target.unit_base[:UNIT_MOST],
        "due_on": target.deadline.isoformat() if target.deadline else "",
    }


def _text(number: Decimal | None) -> str:
    return "" if number is None else format(number, "f")


def placed(found: plantext.Document, lines: list[str]) -> list[tuple[plantext.Target, dict[str, Any]]]:
    """Every citation with its columns. The same words twice on one line are two places, in order."""
    cursor: dict[int, int] = {}
    last: dict[int, plantext.Target] = {}
    rows = []
    for target in found.targets:
        line = lines[target.line - 1] if target.line <= len(lines) else ""
        begin = cursor.get(target.line, 0)
        before = last.get(target.line)
        if before is not None and before.text == target.text and before.subject == target.subject:
            begin += 1
        start = line.find(target.text, begin)
        start = start if start >= 0 else max(line.find(target.text), 0)
        cursor[target.line], last[target.line] = start, target
        rows.append((target, place_of(target, start)))
    return rows


def targets(found: plantext.Document, lines: list[str], year: int) -> Iterator[tuple[PlanTarget, tuple[str, ...]]]:
    """An unsaved target per group, with the clause of the task it belongs to (the last, most exact citation's)."""
    by_group: dict[int, list[tuple[plantext.Target, dict[str, Any]]]] = {}
    for target, place in placed(found, lines):
        by_group.setdefault(target.group, []).append((target, place))
    questions = {group.number: group.question for group in found.groups}
    for order, (number, cited) in enumerate(by_group.items(), start=1):
        first = cited[0][0]
        row = PlanTarget(
            order=order * 10,
            subject=max((t.subject for t, _ in cited), key=len)[:SUBJECT_MOST] or first.text[:SUBJECT_MOST],
            verb=first.verb[:20],
            op=first.op,
            value=first.value if first.op not in NO_VALUE else None,
            value2=first.value2,
            unit=first.unit[:UNIT_MOST],
            value_base=first.value_base if first.op not in NO_VALUE else None,
            unit_base=first.unit_base[:UNIT_MOST],
            due_on=first.deadline or date(year, 12, 31),
            optional=first.optional,
            pattern=first.pattern[:60],
            places=[place for _, place in cited],
            conflict=questions.get(number, "")[:300],
        )
        if row.op == "milestone":  # what is to be done is the whole phrase: 制定培育清单
            row.subject, row.verb = first.text[:SUBJECT_MOST], ""
        suggest_source(row, year)
        clauses = [tuple(place["clause"]) for _, place in cited]
        yield row, max(clauses, key=len)


def suggest_source(row: PlanTarget, year: int) -> None:
    """Where the figure will come from, as far as name, unit and kind of figure tell."""
    row.basis, row.indicator, row.curve, row.by_county = PlanTarget.Basis.REPORTED, "", {}, False
    if row.op == "milestone":
        row.basis = PlanTarget.Basis.MILESTONE
        return
    fitting = [i for i in suggestions(row) if fits(i, row)]
    if fitting and row.op not in NO_VALUE:
        bind(row, fitting[0], year)


def suggestions(row: PlanTarget) -> list[Indicator]:
    """Indicators whose name is near; a growth target is asked for as a growth rate first."""
    name = f"{row.verb}{row.subject}"
    asked = [f"{row.subject}增速", name] if row.op.startswith("growth") else [name, row.subject]
    found: dict[str, Indicator] = {}
    for words in asked:
        for each in suggest(words):
            found.setdefault(each.code, each)
    return list(found.values())


def fits(indicator: Indicator, row: PlanTarget) -> bool:
    """Can this indicator's figure be held against this target at all?"""
    rate = "增" in indicator.name  # a growth rate and a share are both in per cent and are not the same
    if row.op.startswith(("growth", "decline")):
        return indicator.unit == "%" and rate
    if row.op.startswith(("increase", "gap")) or row.unit_base == "%":
        return indicator.unit == "%" and not rate
    units = {row.unit, row.unit_base}
    if indicator.unit not in units and not any(indicator.unit in alike and units & alike for alike in _ALIKE_UNITS):
        return False
    added = bool(_INCREMENT.match(row.verb) or _INCREMENT.match(row.subject))
    if added and indicator.kind is Kind.STOCK:
        return False
    return not ("总数" in row.subject and indicator.kind is Kind.FLOW)


def bind(row: PlanTarget, indicator: Indicator, year: int) -> None:
    """Take the figure from this indicator; what it knows of its season and its parts comes along."""
    row.basis, row.indicator = PlanTarget.Basis.INDICATOR, indicator.code
    row.curve = season(indicator, year, row.due_on)
    row.by_county = isinstance(indicator, Counted) and indicator.adds_up


def season(indicator: Indicator, year: int, due_on: date) -> dict[str, Any]:
    """The curve of a register that only opens in the course of the year; {} is linear."""
    if indicator.opens_on is None:
        return {}
    opens = date(year, *indicator.opens_on)
    if opens >= due_on:
        return {}
    return {"kind": "season", "opens_on": opens.isoformat(), "due_on": due_on.isoformat()}


def to_base(value: Decimal | None, unit: str) -> tuple[Decimal | None, str]:
    """34, 亿元 → 3400000000, 元."""
    if value is None:
        return None, ""
    scale = _SCALE.match(unit)
    if scale is None:
        return value, unit
    return expand(value, scale.group()), unit[scale.end() :]


def item_rows(nodes: list[Node], plan: Any, due_on: date) -> Iterator[tuple[Item, Node, Node | None]]:
    """Unsaved items in the order of the text, each with its node and its parent's node."""
    order = 0
    waiting: list[tuple[Node, Node | None]] = [(node, None) for node in nodes]
    while waiting:
        node, parent = waiting.pop(0)
        order += 1
        row = Item(plan=plan, kind=node.kind, number=node.number, title=node.title, text=node.text, line=node.line)
        row.order, row.due_on = order * 10, due_on if node.kind == "task" else None
        yield row, node, parent
        waiting[:0] = [(child, node) for child in node.children]
