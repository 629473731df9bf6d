"""Tables: a header says which columns hold targets, which hold what was reached, and by when."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from . import words
from .grammar import ParagraphReader, Reading
from .lexer import lex
from .outline import Paragraph
from .state import State
from .times import Time, resolve

_PAST = re.compile(r"完成|实际|现状|基期|基数|累计|进度|上年|去年|增减|同期|达标|执行|当前|现有|基准")
_FORWARD = re.compile(r"目标|计划|预期|任务|年度|指标值|力争|规划")
_NAME = re.compile(r"指标|名称|项目|内容|事项|主要任务|工作任务|类别")
_SIDE = re.compile(
    r"单位$|^单位|责任|牵头|属性|备注|序号|时限|配合|性质|编号|完成时间|处室|科室|来源|总投资|建设内容|建设规模|建设地点|占地|权重|分值|得分|计分|满分"
)
_VALUE = re.compile(
    r"^(?:[≥≤><=]{1,2}|达到|力争|不低于|不少于|增长|提高|下降|约|突破|超过|[\[\(〔]|年均|每年|新增|[+±])*\s*\d"
)
_REGION = re.compile(
    r"(?:各)?(?:县|区|市|州|旗|\(|\)|、|/)+(?:名称|别)?|地区|单位|(?:乡)?镇(?:街道)?|园区|区域|街道|部门|单位名称"
)
_HEADER = re.compile(r"指标|目标|单位|名称|内容|序号|20\d\d年|责任|任务")


@dataclass(slots=True)
class Column:
    title: str
    role: str  # name, value, past, side
    time: Time | None = None
    unit: str = ""
    spread: bool = False  # the rows are regions or units, so the column's title is the metric

    @property
    def metric(self) -> str:
        """The metric a column of a breakdown table stands for, or "" when the row names it."""
        if (
            self.role != "value"
            or self.time is not None
            or _FORWARD.search(self.title)
            or not (self.unit or self.spread)
        ):
            return ""
        return re.sub(r"\([^()]{1,8}\)$", "", self.title)


def cells(paragraph: Paragraph) -> list[Paragraph]:
    """A row's cells as paragraphs of their own."""
    found: list[Paragraph] = []
    begin = 0
    text = paragraph.text
    for at in range(len(text) + 1):
        if at == len(text) or text[at] in "|\t":
            left, right = begin, at
            while left < right and text[left] in " \t":
                left += 1
            while right > left and text[right - 1] in " \t":
                right -= 1
            found.append(
                Paragraph(
                    text[left:right], paragraph.lines[left:right], paragraph.columns[left:right], paragraph.clause
                )
            )
            begin = at + 1
    if found and not found[0].text and text[:1] in "|\t":
        found = found[1:]
    if found and not found[-1].text and text[-1:] in "|\t":
        found = found[:-1]
    return found


def read(rows: list[Paragraph], source: list[str], state: Callable[[Paragraph], State], everything: bool) -> Reading:
    reading = Reading()
    header: list[Column] | None = None
    split = [cells(row) for row in rows]
    for at, (row, parts) in enumerate(zip(rows, split, strict=True)):
        follower = split[at + 1] if at + 1 < len(split) else []
        if _is_header(parts) or (header is None and _heads(parts, follower)):
            header = [_column(cell.text, state(row)) for cell in parts]
            first = next((column.title for column in header if column.title != "序号"), "")
            for column in header:
                column.spread = _REGION.fullmatch(first) is not None
            continue
        _row(parts, header, source, state, everything, reading)
    return reading


def _is_header(parts: list[Paragraph]) -> bool:
    texts = [cell.text for cell in parts]
    if sum(1 for text in texts if _VALUE.match(text) and not re.match(r"20\d\d年?", text)):
        return False
    named = sum(1 for text in texts if _HEADER.search(text) and len(text) <= 16)
    return named >= 2 and all(len(text) <= 20 for text in texts)


def _heads(parts: list[Paragraph], follower: list[Paragraph]) -> bool:
    """A row of words over a row with figures is a header even if it names no usual heading."""
    if (
        len(parts) < 3
        or len(follower) != len(parts)
        or any(_VALUE.match(cell.text) or len(cell.text) > 24 for cell in parts)
    ):
        return False
    return sum(1 for cell in follower if _VALUE.match(cell.text)) >= 2


def _column(title: str, state: State) -> Column:
    times = [token.data for token in lex(title) if token.kind == "time"]
    start = state.horizon.start
    time = times[0] if times else None
    if time is None and re.fullmatch(r"20\d\d", title):
        time = Time("ymd", title, int(title))
    if _SIDE.search(title) and not (time and _FORWARD.search(title)):
        return Column(title, "side")
    if time is not None and time.last_year is not None and start is not None and time.last_year < start:
        return Column(title, "past")
    if time is not None and time.kind == "last" or (_PAST.search(title) and not re.search(r"目标|计划|预期", title)):
        return Column(title, "past")
    if _NAME.search(title) and not re.search(r"目标|指标值|值$", title) and time is None:
        return Column(title, "name")
    return Column(title, "value", time, _unit_in(title))


def _row(
    parts: list[Paragraph],
    header: list[Column] | None,
    source: list[str],
    state: Callable[[Paragraph], State],
    everything: bool,
    reading: Reading,
) -> None:
    columns = header if header is not None and len(header) >= len(parts) else None
    name = _name_cell(parts, columns)
    unit = _unit_cell(parts, columns) or (_unit_in(name.text) if name is not None else "")
    for index, cell in enumerate(parts):
        column = columns[index + len(columns) - len(parts)] if columns else None
        if not cell.text or (column is not None and column.role == "side"):
            continue
        figure = _VALUE.match(cell.text) is not None and len(cell.text) <= 24
        if figure and name is not None and index < parts.index(name) and re.fullmatch(r"\d{1,3}[.、]?", cell.text):
            continue
        if figure and cell is not name:
            _value(cell, name, unit, column, source, state, reading)
        elif len(cell.text) > 4 and (cell is not name or len(cell.text) > 12 or any(c.isdigit() for c in cell.text)):
            if column is not None and column.role == "past":
                continue
            context = state(cell)
            if name is not None and cell is not name and column is not None and column.role == "value":
                context.topic_text = name.text
            own = ParagraphReader(cell, context, source, everything).read()
            reading.targets.extend(own.targets)
            reading.excluded.extend(own.excluded)


def _name_cell(parts: list[Paragraph], columns: list[Column] | None) -> Paragraph | None:
    """The cell that names the metric: of the column titled so, else the first that is no number."""
    spoken = [c for c in parts if c.text and not re.fullmatch(r"[\d.、()一二三四五六七八九十]+", c.text)]
    if columns:
        shift = len(columns) - len(parts)
        for role in ("name", "value"):
            for index, cell in enumerate(parts):
                column = columns[index + shift]
                if column.role == role and cell in spoken and (role == "name" or not _VALUE.match(cell.text)):
                    return cell
    return spoken[0] if spoken else None


def _unit_cell(parts: list[Paragraph], columns: list[Column] | None) -> str:
    for index, cell in enumerate(parts):
        titled = columns is not None and index < len(columns) and columns[index].title in ("单位", "计量单位")
        titled = (
            titled and len(cell.text) <= 8 and not cell.text.endswith(("局", "委", "办", "部", "科", "处", "院", "会"))
        )
        bare = (
            cell.text in words.UNITS
            or (cell.text[:1] in "万亿" and cell.text[1:] in words.UNITS)
            or cell.text in ("万亿元", "百万元")
        )
        if cell.text and (titled or bare):
            return cell.text
    return ""


def _unit_in(name: str) -> str:
    found = re.search(r"\(([^()]{1,8})\)$", name)
    unit = found.group(1) if found else ""
    core = unit.lstrip("万亿千百")
    return unit if core in words.UNITS else ""


def _value(
    cell: Paragraph,
    name: Paragraph | None,
    unit: str,
    column: Column | None,
    source: list[str],
    state: Callable[[Paragraph], State],
    reading: Reading,
) -> None:
    """A cell that is a figure: read as if it stood behind the row's name and before the row's unit."""
    title = re.sub(r"\([^()]{1,8}\)$", "", name.text) if name is not None else ""
    owner = ""
    if column is not None and column.metric:
        title, owner = column.metric, title
    unit = column.unit if column is not None and column.unit else unit
    trended = bool(re.search(r"增速|增长|增幅", (column.title if column else "") + title))
    own = state(cell)
    if column is not None and column.role == "past":
        own.mood = own.base = own.tense = "past"
    elif column is not None:
        own.base = own.tense = "" if own.mood == "past" else own.tense
        if column.time is not None:
            own.fallback = resolve(column.time, own.horizon.end) or own.fallback
    reader = CellReader(cell, own, source, False)
    got = reader.read_value(title, unit, trended)
    for target in got.targets:
        target.owner = owner or target.owner
        if name is not None and column is not None and column.role != "past":
            target.pattern = f"table.{target.pattern}"
    reading.targets.extend(got.targets)
    reading.excluded.extend(got.excluded)


class CellReader(ParagraphReader):
    """A paragraph reader for one figure whose subject and unit stand in other cells."""

    def read_value(self, title: str, unit: str, trended: bool) -> Reading:
        text = self.paragraph.text.strip("[]()〔〕 ")
        shift = self.paragraph.text.find(text)
        tokens = lex(text)
        figures = [t for t in tokens if t.kind in ("quantity", "number")]
        for token in tokens:
            token.start += shift
            token.end += shift
        if not figures or any(t.kind == "time" for t in tokens):
            return self.reading
        for figure in figures:
            if figure.kind == "number" and unit:
                scale = unit[: len(unit) - len(unit.lstrip("万亿"))] if unit not in words.UNITS else ""
                figure.kind, figure.data.unit, figure.data.scale = (
                    "quantity",
                    unit[len(scale) :],
                    figure.data.scale or scale,
                )
        self._bounds = [0, len(self.paragraph.text)]
        self.state.topic_text = title
        self.state.topic = []
        from .segments import Segment

        before = len(self.reading.targets)
        self._table_segment(Segment(tokens, ""), trended)
        for target in self.reading.targets[before:]:
            target.subject = title or target.subject
        return self.reading

    def _table_segment(self, segment: object, trended: bool) -> None:
        from .phrase import read_left
        from .segments import Segment, slots

        assert isinstance(segment, Segment)
        for slot in slots(segment):
            left = read_left(slot.left, slot.token.kind == "quantity" and slot.token.data.unit in words.POINTS)
            left.predicate.explicit = True
            if trended and slot.token.kind == "quantity" and slot.token.data.unit in words.PERCENT:
                left.predicate.grow = True
            if slot.token.kind == "number":
                slot.token.kind = "quantity"
            self._slot(slot, left, self.state.deadline)
