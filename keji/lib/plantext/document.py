"""A whole document: its years, its clauses, its paragraphs, and which targets are the same."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from functools import partial

from . import groups, outline, tables, times
from .grammar import ParagraphReader
from .lexer import lex
from .model import Clause, Document, Exclusion, Target
from .outline import Paragraph
from .state import Horizon, State
from .words import FUTURE

_FIVE_YEARS = re.compile(r"十([一二三四五六])五")
_TERM = re.compile(r"(?:完成|办结|落实|达成)?(?:时限|期限|时间)(?:要求)?:([^,;。:)]{2,24})")
_TROUBLES = re.compile(
    r"(?:当前|目前|但|同时|我们)?,?(?:也|仍|还)?(?:存在|面临)(?:的|着|一些)?(?:主要|突出)?(?:困难|问题|不足|短板)[^。]{0,8}[:,]"
)
_GOALS = re.compile(r"[^,。:]{0,14}目标(?:任务|值)?(?:是|为|如下|[:,])|[^,。:]{0,8}总体要求[是为:]")
_REPORT = re.compile(r"总结|汇报|回顾|通报|完成情况|进展情况|落实情况|执行情况")
_PLAN = re.compile(r"要点|计划|打算|安排|方案|规划|目标|意见|政府工作报告|举措|部署|任务")


def read(text: str, *, name: str = "", everything: bool = False) -> Document:
    """Clause tree and typed targets of a plan document."""
    source = outline.split(text)
    title, clauses, paragraphs = outline.outline(source)
    horizon = years(f"{title} {name}", paragraphs)
    mood = "past" if _REPORT.search(title) and not _PLAN.search(_REPORT.sub("", title)) else ""
    targets: list[Target] = []
    excluded: list[Exclusion] = []
    table: list[Paragraph] = []
    before: tuple[Clause | None, str] | None = None
    for paragraph in [*paragraphs, None]:
        if paragraph is not None and paragraph.table:
            table.append(paragraph)
            continue
        if table:
            fresh = partial(_state, horizon=horizon, mood=mood)
            _take(tables.read(table, source, fresh, everything), targets, excluded)
            table = []
        if paragraph is not None:
            mood = _report_mood(paragraph, mood, title, horizon)
            state = _state(paragraph, horizon, mood)
            if _TROUBLES.match(paragraph.text):
                state.mood = state.base = state.tense = "past"
            if before is not None and _still_past(before, paragraph):
                state.base = state.tense = "past"
            fallback = state.deadline
            _take(ParagraphReader(paragraph, state, source, everything).read(), targets, excluded)
            _due(paragraph, targets, fallback, horizon)
            before = (paragraph.clause, state.base)
    return Document(title, horizon.start, clauses, targets, groups.link(targets), excluded)


def _due(paragraph: Paragraph, targets: list[Target], usual: date | None, horizon: Horizon) -> None:
    """（完成时限：6月底）dates the targets of its item that name no day of their own."""
    said = _TERM.search(paragraph.text)
    if said is None:
        return
    named = [t.data for t in lex(said.group(1)) if t.kind == "time" and t.data.kind in ("ymd", "md", "range")]
    when = times.resolve(named[-1], horizon.end or horizon.start) if named else None
    path = paragraph.clause.path if paragraph.clause is not None else []
    if when is None or (horizon.start is not None and when.year < horizon.start):
        return
    for target in reversed(targets):
        if target.clause != path or (not path and target.line not in paragraph.lines):
            break
        if target.deadline in (None, usual, horizon.deadline):
            target.deadline = when


def _take(reading: object, targets: list[Target], excluded: list[Exclusion]) -> None:
    targets.extend(reading.targets)  # type: ignore[attr-defined]
    excluded.extend(reading.excluded)  # type: ignore[attr-defined]


def _still_past(before: tuple[Clause | None, str], paragraph: Paragraph) -> bool:
    """A paragraph without any time of its own goes on in the past the one before it ended in."""
    if before[0] is not paragraph.clause or before[1] != "past":
        return False
    if _GOALS.match(paragraph.text):
        return False
    tokens = lex(paragraph.text)
    return not any(token.kind == "time" or token.text in FUTURE for token in tokens)


def _report_mood(paragraph: Paragraph, mood: str, title: str, horizon: Horizon) -> str:
    """A government work report without headings looks back until it says what this year will bring."""
    if paragraph.clause is not None or "工作报告" not in title.replace(" ", ""):
        return mood
    opening = paragraph.text[:40]
    if re.search(
        r"(?:今年|20\d\d年)(?:是|,?政府工作|,?工作|经济社会发展)|主要(?:预期)?目标|总体要求|重点(?:抓好|做好)", opening
    ):
        return ""
    if re.search(r"过去|去年|一年来|五年来|回顾", opening):
        return "past"
    return mood


def _state(paragraph: Paragraph, horizon: Horizon, mood: str) -> State:
    clause = paragraph.clause
    own = clause.mood if clause is not None else ""
    own = "" if _this_year(clause, horizon) else _dated_mood(clause, horizon) or own
    return State(horizon, own or mood, _heading_deadline(clause, horizon))


def _this_year(clause: Clause | None, horizon: Horizon) -> bool:
    """三、2018年主要工作 in a plan for 2018 says what will be done, and so do the clauses under it."""
    while clause is not None:
        named = [int(year) for year in re.findall(r"(20\d\d)年", clause.title)]
        if named and horizon.start is not None and clause.title.endswith("主要工作"):
            return min(named) >= horizon.start
        if outline.PAST_HEADING.search(clause.title):
            return False
        clause = clause.above
    return False


def _dated_mood(clause: Clause | None, horizon: Horizon) -> str:
    """一、2023年工作 in a plan for 2024 looks back whatever else the heading says."""
    if clause is None or horizon.start is None:
        return ""
    named = [int(year) for year in re.findall(r"(20\d\d)年", clause.title)]
    if named:
        return "past" if max(named) < horizon.start else ""
    return _dated_mood(clause.above, horizon) if clause.mood != "future" else ""


def _heading_deadline(clause: Clause | None, horizon: Horizon) -> date | None:
    if clause is None:
        return None
    named = clause.title
    found = [token.data for token in lex(named) if token.kind == "time"] if any(c in named for c in "年五季月") else []
    for time in found:
        if time.last_year and horizon.start and time.last_year < horizon.start:
            continue
        when = times.resolve(time, horizon.end or horizon.start)
        if when is not None:
            return when
    return None


def years(title: str, paragraphs: list[Paragraph]) -> Horizon:
    """The years a document plans for, from its title, else from its opening, else from the years it names most."""
    found = _title_years(title.replace(" ", ""))
    if found.end is not None:
        return found
    opening = " ".join(p.text for p in paragraphs[:4])[:400]
    spoken = re.search(
        r"(20\d\d)年[^,。;]{0,12}(?:工作要点|工作计划|重点工作|工作安排|实施方案|行动计划|主要目标)", opening
    )
    if spoken:
        return Horizon(int(spoken.group(1)), int(spoken.group(1)))
    issued = re.search(r"\[(20\d\d)\]\s*\d*号?|\((20\d\d)年\d+月\d+日|^(20\d\d)年\d+月\d+日", opening)
    everything = " ".join(p.text for p in paragraphs)
    named = Counter(int(y) for y in re.findall(r"(?<!\d)(20\d\d)年", everything))
    start = next((int(g) for g in issued.groups() if g), None) if issued else None
    plan = _FIVE_YEARS.search(opening)
    if start is None and plan:
        end = {"一": 2010, "二": 2015, "三": 2020, "四": 2025, "五": 2030, "六": 2035}[plan.group(1)]
        return Horizon(end - 4, end)
    ahead = [int(y) for y in re.findall(r"到(20\d\d)年", everything)]
    if start is None:
        start = min([*ahead, _likely(named) or 9999]) if ahead else _likely(named)
    if start is None:
        return Horizon()
    first = [y for y in ahead if y >= start]
    return Horizon(start, min(first) if first and len(set(first)) <= 2 else start)


def _likely(named: Counter[int]) -> int | None:
    """The year a document without a dated title plans for: the one it names most, the later of two."""
    if not named:
        return None
    near = [year for year in named if named[year] >= max(named.values()) / 2]
    return max(near) if max(near) - min(near) <= 1 else min(near)


def _title_years(title: str) -> Horizon:
    """The years of the title; the month it was issued, in brackets, counts only when nothing else names one."""
    undated = re.sub(r"\(20\d\d年\d+月(?:\d+日)?\)", "", title)
    found = _named_years(undated)
    return found if found.end is not None or undated == title else _named_years(title)


def _named_years(title: str) -> Horizon:
    between = re.search(r"(20\d\d)年?(?:-|~|至|到)(20\d\d)", title)
    if between:
        return Horizon(int(between.group(1)), int(between.group(2)))
    spoken = re.search(r"二〇([〇一二三四五六七八九]{2})年", title)
    if spoken:
        digits = "〇一二三四五六七八九"
        year = 2000 + 10 * digits.index(spoken.group(1)[0]) + digits.index(spoken.group(1)[1])
        return Horizon(year, year)
    plan = _FIVE_YEARS.search(title)
    found = [int(y) for y in re.findall(r"(20\d\d)年?", title)]
    if plan and not found:
        end = {"一": 2010, "二": 2015, "三": 2020, "四": 2025, "五": 2030, "六": 2035}[plan.group(1)]
        return Horizon(end - 4, end)
    if not found:
        return Horizon()
    return Horizon(max(found), max(found)) if not plan else Horizon(min(found), max(found))
