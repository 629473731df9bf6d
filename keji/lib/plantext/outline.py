"""Lines → paragraphs and the clause tree: numbering of every style, page furniture, hard line breaks, table rows."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from . import cellular
from .model import Clause
from .normal import canonical
from .words import UNITS

_CN = "〇零一二三四五六七八九十百"
_STYLES: tuple[tuple[int, str, str], ...] = (
    (0, "part", rf"第([{_CN}]+|\d+)[编篇部分]{{1,2}}(?![0-9])"),
    (1, "chapter", rf"第([{_CN}]+|\d+)章"),
    (2, "section", rf"第([{_CN}]+|\d+)节"),
    (3, "article", rf"第([{_CN}]+|\d+)条"),
    (4, "han", rf"([{_CN}]+)(?:、|\.|,(?=\s*\S{{2,14}}$))(?![{_CN}])"),
    (5, "han_paren", rf"\(([{_CN}]+)\)[、.]?"),
    (6, "dotted", r"(\d{1,2}(?:\.\d{1,2}){1,3})[、.]?(?![\d%])(?=\s*[\u4e00-\u9fff])(?![万亿千百个家项名%])"),
    (7, "digit", r"(\d{1,3})(?:、|\.(?!\d)|,(?=[\u4e00-\u9fff])|\)(?=\S))"),
    (8, "digit_paren", r"\((\d{1,3})\)"),
    (9, "circled", r"([①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳])"),
    (10, "spoken", rf"([{_CN}]+)是(?=\S)"),
    (10, "column", rf"(专栏\s*[{_CN}\d]*|附件\s*[{_CN}\d]*|附表\s*[{_CN}\d]*)[:\s]?"),
)  # fmt: skip
_COMPILED = tuple((rank, name, re.compile(pattern)) for rank, name, pattern in _STYLES)
_BULLET = re.compile(r"(?:-{1,3}|[●■◆▲★☆►▶✓√◎※○*·>])\s*(?=[\u4e00-\u9fff\d“A-Z])")
_PAGE = re.compile(
    r"[-·\s]*(?:第\s*)?\d{1,4}\s*(?:页)?[-·\s]*(?:[/,]?\s*共\s*\d+\s*页|/\s*\d{1,4})?[-·\s]*$|[-\s]*[ivxIVX]{1,5}[-\s]*$|P(?:age)?\s*\d+"
)
_FIGURE_CELL = re.compile(r"[≥≤><±+\-]?\d[\d.,]*%?")
_HEAD_CELL = re.compile(r"指标|名称|单位|目标|20\d\d|属性|序号|责任")
_SPACES = re.compile(r"[ \u3000\t]+")
_STRONG_END = re.compile(r"[。;!?:][”\"')]?$")
PAST_HEADING = re.compile(
    r"执行情况|运行情况|回顾|成效|成就|成绩|完成情况|进展|现状|发展基础|现有基础|工作基础|背景|总结|主要做法|存在的?(?:主要)?问题|形势|亮点|取得|上半年工作情况|开展情况|基本情况|"
    r"落实情况|过去[一五三]?年|[一五三]年来|主要工作$|工作情况|基础条件|发展环境|面临"
)
FUTURE_HEADING = re.compile(
    r"目标|要点|安排|打算|计划|思路|部署|下一步|展望|总体要求|预期|指标|下步|今年重点|主要措施|重点举措|保障|明年|规划|努力方向|今后"
)
_TABLE_PAST = re.compile(r"完成|实际|现状|基期|基数|累计|进度|上年|去年|增减|已|同期|达标|执行")


@dataclass(slots=True)
class Paragraph:
    """A run of text that belongs together, each character knowing its source line and column."""

    text: str
    lines: list[int]
    columns: list[int]
    clause: Clause | None
    table: bool = False
    heading: bool = False
    breaks: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Line:
    number: int
    text: str  # canonical spelling
    indent: int
    content: str


def split(source: str) -> list[str]:
    return re.split(r"\r\n|\n|\r|\x0c", source)


def outline(source: list[str], everything: str = "") -> tuple[str, list[Clause], list[Paragraph]]:
    """The title, the clause tree and the paragraphs of a document."""
    lines = [_line(number, text) for number, text in enumerate(source, 1)]
    builder = _Builder()
    for block in _with_tables(lines):
        builder.take(block)
    return builder.title, builder.roots, builder.paragraphs


def _with_tables(lines: list[Line]) -> list[list[Line]]:
    """The blocks of the document; a table of one cell a line gives a block for each of its rows."""
    spoken = [index for index, line in enumerate(lines) if line.content]
    blocks: list[list[Line]] = []
    at = 0
    for begin, end, width in cellular.tables([lines[index].content for index in spoken]):
        blocks += _blocks(_without_furniture(lines[at : spoken[begin]]))
        for first in range(begin, end, width):
            row = [lines[index] for index in spoken[first : first + width]]
            blocks.append([replace(line, content=line.content + "\t") for line in row[:-1]] + row[-1:])
        at = spoken[end - 1] + 1
    return blocks + _blocks(_without_furniture(lines[at:]))


def _line(number: int, text: str) -> Line:
    canon = canonical(text)
    content = canon.strip()
    if "|" not in content and ("  " in content or content.count(" ") >= 3):
        content = _tabbed(content)
    return Line(number, canon, len(canon) - len(canon.lstrip()), content)


def _tabbed(content: str) -> str:
    """A row whose cells are parted by blanks gets a tab where each cell ends; other lines stay as they are."""
    wide = re.split(r" {2,}", content)
    narrow = content.split()
    figures = sum(1 for cell in narrow if _FIGURE_CELL.fullmatch(cell))
    spoken = re.search(r"[,。;、!?]|年 ?,", content)
    if spoken is not None or len(narrow) > 16:
        return content
    if len(wide) >= 3 and (figures or sum(1 for cell in wide if _HEAD_CELL.search(cell)) >= 2):
        return re.sub(r" {2,}", lambda gap: "\t" + " " * (len(gap.group()) - 1), content)
    units = any(cell in UNITS or cell.lstrip("万亿") in UNITS for cell in narrow)
    heads = sum(1 for cell in narrow if _HEAD_CELL.search(cell)) if max(map(len, narrow)) <= 12 else 0
    header = heads >= 3 and heads * 2 >= len(narrow)
    if len(narrow) >= 4 and (header or figures >= 3 or (units and figures)) and max(map(len, narrow)) <= 24:
        return re.sub(r" +", lambda gap: "\t" + " " * (len(gap.group()) - 1), content)
    return content


def _without_furniture(lines: list[Line]) -> list[Line]:
    """Drop page numbers and running heads, so that a sentence broken by a page is whole again."""
    seen = Counter(line.content for line in lines if 4 <= len(line.content) <= 40)
    running = {
        text for text, times in seen.items() if times >= 3 and not re.search(r"\d+[%个家项名万亿人]|[|。;]", text)
    }
    kept: list[Line] = []
    cellular = sum(1 for line in lines if re.fullmatch(r"[\d.,]+%?", line.content)) > max(8, len(lines) // 5)
    for line in lines:
        bare_page = bool(line.content) and _PAGE.match(line.content) is not None
        if bare_page and not (cellular and line.content.isdigit()):
            continue
        if line.content in running and _numbering(line.content) is None:
            continue
        kept.append(line)
    return kept


def _width(text: str) -> int:
    return sum(1 if char.isascii() else 2 for char in text)


def is_row(text: str) -> bool:
    return text.count("|") >= 1 or "\t" in text


def _opens(content: str) -> bool:
    return _numbering(content) is not None or _BULLET.match(content) is not None


def _numbering(content: str) -> tuple[int, str, str, int] | None:
    """(rank, style, number, end) of the numbering a line opens with."""
    if not content or content[0] not in "第(0123456789①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳专附" and content[0] not in _CN:
        return None
    for rank, style, pattern in _COMPILED:
        found = pattern.match(content)
        if found is None or (style == "article" and content[found.end() : found.end() + 1] in "、。"):
            continue
        if style == "digit" and re.match(r"\d+[.,]\d", content):
            continue
        return rank, style, _label(style, found), found.end()
    return None


def _label(style: str, found: re.Match[str]) -> str:
    number = found.group(1)
    if style in ("han_paren", "digit_paren"):
        return f"（{number}）"
    if style in ("part", "chapter", "section", "article"):
        return found.group(0)
    return number.replace(" ", "")


def _blocks(lines: list[Line]) -> list[list[Line]]:
    """Lines that make one paragraph: a hard line break inside a sentence is mended, a list of lines is not."""
    widths = [_width(line.content) for line in lines]
    blocks: list[list[Line]] = []
    for index, line in enumerate(lines):
        if not line.content:
            continue
        if blocks and index and _continues(lines, widths, index, blocks[-1]):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def _continues(lines: list[Line], widths: list[int], index: int, block: list[Line]) -> bool:
    line, before = lines[index], block[-1]
    gap = any(not between.content for between in lines[index - 1 : index])
    if is_row(line.content) or is_row(before.content) or _opens(line.content):
        return False
    if _STRONG_END.search(before.content):
        return False
    if before.content.endswith((",", "、", "(")) or line.content[0] in ",、;。)%":
        return True
    if gap:
        return False
    if line.indent > before.indent and line.indent >= 2 and len(block) > 1:
        return False
    position = next(i for i in range(index - 1, -1, -1) if lines[i] is before)
    around = widths[max(0, position - 6) : position + 7]
    width = widths[position]
    return width >= 36 and width >= 0.82 * max(around)


class _Builder:
    """Walks the blocks, keeps the stack of open clauses."""

    def __init__(self) -> None:
        self.title = ""
        self.roots: list[Clause] = []
        self.paragraphs: list[Paragraph] = []
        self._stack: list[Clause] = []
        self._started = False

    def take(self, block: list[Line]) -> None:
        paragraph = _merge(block)
        content = paragraph.text
        if is_row(block[0].content):
            paragraph.table, self._started = True, True
            self._add(paragraph)
            return
        numbering = _numbering(content)
        bullet = _BULLET.match(content)
        if numbering is not None:
            self._started = True
            rank, style, number, end = numbering
            if style != "spoken":
                self._open(rank, number, _title(content[end:]), block[0].number)
            _cut(paragraph, end)
            paragraph.heading = len(content) <= 40 and not _STRONG_END.search(content)
        elif bullet is not None:
            self._started = True
            _cut(paragraph, bullet.end())
        elif self._is_title(content):
            self.title += content if not self.title else " " + content
        elif self._is_heading(content):
            self._started = True
            # Among numbered clauses a heading without a number is a part of the clause it stands in.
            inner = bool(self._stack) and bool(self._stack[0].number)
            self._open(9 if inner else 3, "", content, block[0].number)
            paragraph.heading = True
        else:
            self._started = True
        if paragraph.text:
            self._add(paragraph)

    def _add(self, paragraph: Paragraph) -> None:
        paragraph.clause = self._stack[-1] if self._stack else None
        self.paragraphs.append(paragraph)

    def _is_title(self, content: str) -> bool:
        if self._started or len(content) > 60 or len(self.title) >= 90 or re.search(r"[,;。:]|\d[家个项%]", content):
            return False
        named = re.search(r"20\d\d|(?:要点|方案|计划|规划|报告|意见|通知|总结|打算|安排|措施|纲要|清单|工作)$", content)
        return not self.title or named is not None or not self._is_heading(content)

    def _is_heading(self, content: str) -> bool:
        if len(content) > 26 or re.search(r"[,;。!?:%|]|\d[家个项名亿万人场]|^\d|[×]", content):
            return False
        return bool(
            PAST_HEADING.search(content)
            or FUTURE_HEADING.search(content)
            or re.search(r"(?:工程|行动|措施|任务|体系|能力|建设|创新)$", content)
        )

    def _open(self, rank: int, number: str, title: str, line: int) -> None:
        while self._stack and self._stack[-1].rank >= rank:
            self._stack.pop()
        parent = self._stack[-1] if self._stack else None
        path = [*(parent.path if parent else []), number or title]
        clause = Clause(number, title, line, rank, path, mood=heading_mood(title, parent.mood if parent else ""))
        clause.above = parent
        (parent.children if parent else self.roots).append(clause)
        self._stack.append(clause)


def heading_mood(title: str, inherited: str) -> str:
    """Whether a heading speaks of what was done or of what is to be done."""
    past, future = PAST_HEADING.search(title), FUTURE_HEADING.search(title)
    if past and past.group() in ("执行情况", "完成情况", "落实情况", "回顾", "总结"):
        future = None  # 计划执行情况 looks back although it names a plan
    if inherited == "past":
        return "future" if future and re.search(r"下一?步|打算|明年|安排|展望", title) else "past"
    if past and not future:
        return "past"
    if future and not past:
        return "future"
    if past and future:
        return inherited
    return inherited


def _title(rest: str) -> str:
    """What stands before the first full stop; a heading with its text on the same line keeps only the heading."""
    found = re.match(r"[^。;!?:]*", rest.strip())
    title = found.group() if found else ""
    return title[:60]


def _merge(block: list[Line]) -> Paragraph:
    """One paragraph of several lines; blanks go, wide gaps stay as a tab (they part columns)."""
    text: list[str] = []
    numbers: list[int] = []
    columns: list[int] = []
    breaks: set[int] = set()
    for line in block:
        if text:
            breaks.add(len(text))
        offset, content = line.indent, line.content
        at = 0
        for gap in _SPACES.finditer(content):
            _append(text, numbers, columns, content[at : gap.start()], line.number, offset + at)
            if _parts(content, gap.start(), gap.end()):
                _append(text, numbers, columns, "\t", line.number, offset + gap.start())
            at = gap.end()
        _append(text, numbers, columns, content[at:], line.number, offset + at)
    return Paragraph("".join(text), numbers, columns, None, breaks=breaks)


def _parts(content: str, start: int, end: int) -> bool:
    """Whether a blank parts two things: a wide gap, or a blank between two figures or after a closed figure."""
    if "\t" in content[start:end] or end - start >= 3:
        return True
    before, after = content[start - 1 : start], content[end : end + 1]
    return before.isdigit() and after.isdigit()


def _append(text: list[str], numbers: list[int], columns: list[int], piece: str, line: int, column: int) -> None:
    text.append(piece) if len(piece) == 1 else text.extend(piece)
    numbers.extend([line] * len(piece))
    columns.extend(range(column, column + len(piece)))


def _cut(paragraph: Paragraph, end: int) -> None:
    while end < len(paragraph.text) and paragraph.text[end] in "\t 、.":
        end += 1
    paragraph.text = paragraph.text[end:]
    del paragraph.lines[:end]
    del paragraph.columns[:end]
    paragraph.breaks = {at - end for at in paragraph.breaks if at >= end}
