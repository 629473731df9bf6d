"""Tables copied one cell a line: the header, then the same number of lines for every row, become rows again."""

from __future__ import annotations

import re
from collections.abc import Sequence

_FIGURE = re.compile(
    r"(?:[≥≤><=±+\-]{1,2}|约|达到|增长|力争)?\d[\d.,]*(?:%|‰|[^\d,。;]{0,4})?(?:以上|左右|以内|以下)?$"
)
_NOTHING = re.compile(r"[-/\\—…]{1,3}$|无$")
_YEAR = re.compile(r"(?:19|20)\d\d年?")
_HEAD = re.compile(r"指标|名称|单位|目标|序号|责任|任务|20\d\d年?|内容|项目|类别|\([^()]{1,8}\)$|备注|县|区")
_SENTENCE = re.compile(r"[。;!?]|,.{4}")
_LONGEST = 30
_COLUMNS = range(2, 11)
_ENDS = re.compile(r"注:|备注:|说明:|附件|附表|表\d|\([一二三四五六七八九十]+\)|[一二三四五六七八九十]+、")

Span = tuple[int, int, int]  # first cell, past the last cell, columns


def tables(texts: Sequence[str]) -> list[Span]:
    """Where tables of one cell a line stand among the lines (none of them empty)."""
    found: list[Span] = []
    at = 0
    figures = [_is_figure(text) for text in texts]
    if sum(figures) < 2:
        return found
    while at < len(texts):
        span = _numbered(texts, at) or _periodic(texts, figures, at)
        if span is None:
            at += 1
            continue
        found.append(span)
        at = span[1]
    return found


def _is_figure(text: str) -> bool:
    return len(text) <= 14 and _FIGURE.match(text) is not None and _YEAR.match(text) is None


def _numbered(texts: Sequence[str], at: int) -> Span | None:
    """序号 … 1 … 2 …: the running numbers say where each row begins."""
    if texts[at] != "序号":
        return None
    width = next((n for n in _COLUMNS if texts[at + n : at + n + 1] == ["1"]), 0)
    if not width or any(_is_figure(text) or len(text) > 20 for text in texts[at : at + width]):
        return None
    end, number = at + width, 1
    while texts[end : end + 1] == [str(number)] and end + width <= len(texts):
        row = texts[end + 1 : end + width]
        if str(number + 1) in row and texts[end + width : end + width + 1] != [str(number + 1)]:
            break
        if any(_ENDS.match(cell) for cell in row):
            break
        end, number = end + width, number + 1
    return (at, end, width) if number > 2 else None


def _periodic(texts: Sequence[str], figures: Sequence[bool], at: int) -> Span | None:
    """A header and at least two rows whose columns are of one kind throughout."""
    best: Span | None = None
    if figures[at] or not _is_head(texts[at]):
        return None
    for width in _COLUMNS:
        header = texts[at : at + width]
        if len(header) < width or figures[at + width - 1] or not _is_head(header[-1]):
            break
        if "序号" in header[1:]:
            break  # the lines before are the table's title
        if sum(1 for text in header if _HEAD.search(text)) < 2:
            continue
        end = _rows_end(texts, figures, at + width, width)
        if end - at >= 3 * width and (best is None or end > best[1]):
            best = (at, end, width)
    return best


def _is_head(text: str) -> bool:
    return len(text) <= 20 and _SENTENCE.search(text) is None and _ENDS.match(text) is None and text[-1] not in ":,、"


def _rows_end(texts: Sequence[str], figures: Sequence[bool], begin: int, width: int) -> int:
    kinds = figures[begin : begin + width]
    if len(kinds) < width or kinds[0] and texts[begin] != "1" or not any(kinds[1:]) or all(kinds):
        return begin
    end = begin
    while end + width <= len(texts):
        row = range(end, end + width)
        alike = all(figures[i] == kinds[i - end] or (_NOTHING.match(texts[i]) is not None and i > end) for i in row)
        spoken = all(len(texts[i]) <= _LONGEST and _SENTENCE.search(texts[i]) is None for i in row)
        if not alike or not spoken or _ENDS.match(texts[end]):
            break
        end += width
    return end
