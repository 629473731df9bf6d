"""The name of the metric: from the left, from the noun behind, or from what was said before."""

from __future__ import annotations

import re
from dataclasses import dataclass

from . import words
from .cases import Case
from .lexer import Token
from .outline import Paragraph

_GENERIC = re.compile(
    r"(?:总数|总量|数量|数|规模|占比|比重|比例|总额|增速|增幅|面积|产值|总值|金额|增长率|覆盖率|覆盖面|率|量|年产值|总产值|营业收入|余额|增量|年均增速|位次)$"
)
_SHARED_TAILS = re.compile(r"(?:总数|数量|占比|比重|增速|增幅|产值|覆盖率|比例|增加值|总量|规模|增长率|利用率|率)$")
_RANK_TAIL = re.compile(
    r"(?:继续|稳定|努力|力争|始终)*(?:保持在?|稳居|位居|进入|跻身|挺进|迈入|排名|位列|名列|居|列|位次|进位至|处于|达到|晋升|提升|前移|稳定|进到|冲刺|争取|跃居|升至|排)*(?:在|至|到|为)?(?:全国|全省|全市|全区|中部|西部|东部|世界|全球|同类|地级市|城市|省内|国内|市|[东中西]部地区|长三角)*(?:排名|位次)?(?:的|在|保持|稳定|进入|位居|位列|居|列|至|到|进位)*$"
)
_LEVEL = re.compile(r"(?:国家|省部?|市|县|区|部|厅|世界|州)级(?:及?以上)?")
_STOPS = frozenset({"予以", "给予", "进行", "并", "且", "并且", "同时", "其中", "以及"})


@dataclass(slots=True)
class Subject:
    text: str
    owner: str = ""
    own: bool = True  # found with the figure, not taken from before


def text_of(tokens: list[Token], paragraph: Paragraph, source: list[str]) -> str:
    """The source characters of the tokens, blanks left out."""
    if not tokens:
        return ""
    lines, columns = paragraph.lines, paragraph.columns
    out: list[str] = []
    last = tokens[0].start
    for token in tokens:
        bracket = paragraph.text[last : last + 1] == "(" and paragraph.text[token.start - 1] == ")"
        begin = last if token.start - last <= 2 or bracket else token.start
        out.extend(source[lines[index] - 1][columns[index]] for index in range(begin, token.end))
        last = token.end
    if paragraph.text[last : last + 1] == "(":
        close = paragraph.text.find(")", last)
        inside = paragraph.text[last + 1 : close]
        unit = inside in words.UNITS or inside.lstrip("万亿") in words.UNITS
        if 0 < close < last + 16 and not unit and not any(char.isdigit() for char in inside):
            out.extend(source[lines[index] - 1][columns[index]] for index in range(last, close + 1))
    begin = tokens[0].start
    if paragraph.text[begin - 1 : begin] == "“" and paragraph.text[last : last + 1] == "”":
        return _polish("“" + "".join(out) + "”")
    if begin and paragraph.text[begin - 1] == "“" and out.count("”") > out.count("“"):
        out.insert(0, source[lines[begin - 1] - 1][columns[begin - 1]])
    if paragraph.text[last : last + 1] == "”" and out.count("“") > out.count("”"):
        out.append(source[lines[last] - 1][columns[last]])
    return _polish("".join(out))


def _polish(text: str) -> str:
    text = re.sub(r"\s+", "", text).strip("、,，:：;；\"'")
    if text.count("”") != text.count("“"):
        text = text.replace("“", "").replace("”", "")
    return text


def noun_after(tokens: list[Token]) -> str:
    """The noun that follows a figure, up to the next clause."""
    return "".join(token.text for token in noun_tokens(tokens))


def noun_tokens(tokens: list[Token]) -> list[Token]:
    found: list[Token] = []
    for token in tokens:
        if token.text == "的" and not found:
            continue
        if token.text in _STOPS or (token.text in words.STRETCH and found):
            break
        found.append(token)
    return found


def resolve_subject(case: Case, paragraph: Paragraph, source: list[str]) -> Subject:
    left, state = case.left, case.state
    own = text_of(left.subject, paragraph, source)
    if case.slot.token.kind == "rank":
        own = _RANK_TAIL.sub("", own)
    if case.noun and not case.closed and case.slot.token.kind == "quantity":
        share = case.share
        if case.led or not own or share or case.fund:
            return Subject(text_of(noun_tokens(case.slot.right), paragraph, source), own)
    if own:
        if _LEVEL.fullmatch(own):
            return _of_level(own, case)
        if _is_generic(own) and state.topic_text and state.topic_text not in own:
            return Subject(state.topic_text + own)
        if _is_generic(own) and state.last is not None and state.last.subject and len(own) > 1:
            return Subject(_GENERIC.sub("", state.last.subject) + own, state.last.owner)
        return Subject(own)
    if state.topic_text and case.slot.token.kind != "rank":
        return Subject(state.topic_text, own=False)
    if state.last is not None:
        return Subject(state.last.subject, state.last.owner, own=False)
    if state.topic_text:
        return Subject(state.topic_text, own=False)
    return Subject(paragraph.clause.title if paragraph.clause else "", own=False)


def _of_level(level: str, case: Case) -> Subject:
    """国家级孵化器2家、省级8家: the second is the 省级孵化器."""
    state = case.state
    if state.topic_text and not _LEVEL.match(state.topic_text):
        return Subject(level + state.topic_text)
    before = state.last.subject.removeprefix("上级") if state.last is not None else ""
    head = _LEVEL.match(before)
    if head is not None:
        return Subject(level + before[head.end() :])
    return Subject(level + re.sub(r"(?:总数|数量|总量)$", "", before) if len(before) <= 12 else level)


def _is_generic(text: str) -> bool:
    return len(text) <= 4 and _GENERIC.fullmatch(text) is not None


def split_subjects(tokens: list[Token], wanted: int) -> list[list[Token]]:
    """A、B和C占比 → [A, B, C占比]; when `wanted` is given, only a split into that many parts is accepted."""
    for marks in (("、",), ("、", "和", "及", "与", "以及", "暨", "/"), ("和", "及", "与")):
        parts: list[list[Token]] = [[]]
        for token in tokens:
            if token.text in marks:
                parts.append([])
            else:
                parts[-1].append(token)
        parts = [part for part in parts if part]
        if wanted and len(parts) == wanted:
            return parts
    if wanted:
        return []
    both = [[]] if not tokens else _split_all(tokens)
    return both if len(both) > 1 else []


def _split_all(tokens: list[Token]) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.text in ("、", "和", "及", "与", "以及"):
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]
