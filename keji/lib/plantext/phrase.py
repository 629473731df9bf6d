"""The words left and right of a figure: predicate, subject, verb – found by walking outwards from the figure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from . import words
from .lexer import Token

_KEEP_VERB_BEFORE = re.compile(r"(?:率|量|额|数|值|面积|强度|比|库|型|业|时限|时间|率达|者|用|性|类|期|度)")
_RATE_NOUNS = frozenset(
    {"增速", "增幅", "增长率", "增长速度", "降幅", "下降率", "年均增速", "年均增长率", "年增长率", "涨幅"}
)
_STRIP_TAIL = frozenset({"的", "、", "和", "及", "与", "并", "且", "等", "也", "又", "还", "或", "到", "在", "于"})
_JOINED = ("化", "性", "率", "型", "人数", "人次", "家数", "总量", "总额", "能力", "规模")


@dataclass(slots=True)
class Predicate:
    """What stands directly before the figure."""

    op: str = ""
    explicit: bool = False  # an operator was written
    grow: bool = False
    decline: bool = False
    to_level: bool = False  # 提高到, 降至
    gap: bool = False
    respectively: bool = False
    each: bool = False
    verb: str = ""
    stretch: bool = False
    commit: bool = False
    past: bool = False
    source: bool = False  # 从, 由: the figure is a starting point
    times: list[Token] = field(default_factory=list)

    @property
    def silent(self) -> bool:
        return not (self.op or self.grow or self.decline or self.gap or self.verb or self.to_level)


@dataclass(slots=True)
class Left:
    predicate: Predicate
    subject: list[Token]
    verb: str = ""


def read_left(tokens: list[Token], points: bool = False) -> Left:
    """Split what stands left of a figure into subject and predicate."""
    predicate = Predicate()
    if points or any(token.text in ("高于", "高出", "快于") for token in tokens):
        cut = _gap(tokens, points)
        if cut is not None:
            predicate.gap = True
            tokens = tokens[:cut]
    end = _walk(tokens, predicate)
    subject = tokens[:end]
    subject = _without_comparison(subject, predicate)
    trimmed, verb = trim(subject, predicate)
    if len(trimmed) > 1 and trimmed[0].kind == "word" and trimmed[0].text in words.DECLINE and predicate.silent:
        verb, predicate.decline = trimmed[0].text, True
        trimmed = trimmed[1:]
    trimmed = _without_size(trimmed)
    if trimmed and trimmed[-1].text in _RATE_NOUNS:
        if trimmed[-1].text in ("降幅", "下降率"):
            predicate.decline = True
        else:
            predicate.grow = True
    return Left(predicate, trimmed, predicate.verb or verb)


def _gap(tokens: list[Token], points: bool) -> int | None:
    """高于全省平均水平 …: where the comparison starts, if this is one."""
    for index in range(len(tokens) - 1, -1, -1):
        text = tokens[index].text
        if text in words.GAP or (text in ("超过", "超") and points):
            after = "".join(token.text for token in tokens[index + 1 :])
            if after and re.search(
                r"平均|全国|全省|全市|水平|增速|同期|经济|GDP|生产总值|增长|财政|收入|同类|地区|上级|下达|工业|上年|去年",
                after,
            ):
                return index
            if points and after and text in words.GAP:
                return index
            if points and not after:
                return _before_compare(tokens, index)
        if text in ("高", "高出", "快", "快于") and points:
            return _before_compare(tokens, index)
        if points and text.endswith(("高", "快")) and text[:-1].endswith(("水平", "平均")):
            return _before_compare(tokens, index)
    return None


def _before_compare(tokens: list[Token], index: int) -> int:
    for at in range(index, -1, -1):
        if tokens[at].text in ("比", "较"):
            return at
    return index


def _walk(tokens: list[Token], predicate: Predicate) -> int:
    at = len(tokens)
    verbs = 0
    while at > 0:
        token = tokens[at - 1]
        if token.kind == "time":
            predicate.times.insert(0, token)
        elif token.kind == "mark":
            break
        elif token.kind == "text" and token.text in ("年均",):
            pass
        elif token.kind != "word":
            break
        else:
            if token.text in ("比", "较", "与", "同") and (at == len(tokens) or tokens[at].kind != "time"):
                break
            if (
                (token.text in words.NOUNLIKE or (len(token.text) == 1 and token.text in words.VERBS))
                and at > 1
                and not _opens(tokens[at - 2])
            ):
                break
            took = _take(token.text, predicate, verbs, at == len(tokens))
            if not took:
                break
            verbs += took == "verb"
        at -= 1
    return at


def _opens(before: Token) -> bool:
    """Whether a verb may follow: politeness, a time, a separator or a region – but not a noun."""
    if before.kind in ("time", "mark"):
        return True
    return before.kind == "word" and (_strippable(before.text) or before.text in words.SEPARATORS)


def _take(word: str, predicate: Predicate, verbs: int, adjacent: bool) -> str:
    """What the word adds to the predicate; "" when it is not part of it."""
    if word in ("从", "由"):
        predicate.source = True
        return "source"
    if word in words.GROW_LEVEL or word in words.DECLINE_LEVEL:
        predicate.to_level = True
        predicate.explicit = True
        predicate.op = predicate.op or "eq"
        return "level"
    if word in _RATE_NOUNS:
        return ""
    if word in words.LEVEL and not (word == "破" and not adjacent):
        op = words.LEVEL[word]
        if not predicate.op or (predicate.op == "eq" and op != "eq" and not predicate.to_level):
            predicate.op = op
        if word not in words.WEAK:
            predicate.explicit = True
        if word in ("至", "到", "为", "在", "至少") and not predicate.grow and not predicate.decline:
            predicate.to_level = predicate.to_level or word in ("至", "到")
        return "op"
    if word in words.GROW and not predicate.verb:
        if not predicate.to_level:
            predicate.grow = True
        return "grow"
    if word in words.DECLINE and not predicate.verb:
        if not predicate.to_level:
            predicate.decline = True
        return "decline"
    return _take_rest(word, predicate, verbs, adjacent)


def _take_rest(word: str, predicate: Predicate, verbs: int, adjacent: bool) -> str:
    if word in words.STRETCH:
        predicate.stretch = predicate.commit = True
        return "commit"
    if word in words.COMMIT:
        predicate.commit = True
        return "commit"
    if word in words.COMPARE:
        return "compare"
    if word in words.ADVERB:
        predicate.respectively = predicate.respectively or word == "分别"
        predicate.each = predicate.each or word in ("均", "都", "均要", "都要")
        return "adverb"
    if word == "了":
        predicate.past = True
        return "past"
    if word in ("已", "预计", "已经"):
        return "past"
    if word == "的" and adjacent:
        return "of"
    if word in words.VERBS and verbs == 0 and not predicate.grow and not predicate.decline:
        predicate.verb = word
        return "verb"
    if word in words.AWARD and adjacent:
        return ""
    return ""


def _without_size(tokens: list[Token]) -> list[Token]:
    """8000平方米的中试基地: the size in front is not part of the name."""
    if tokens and tokens[0].kind == "quantity":
        of = next((at for at, token in enumerate(tokens[:3]) if token.text == "的"), None)
        if of is not None and of + 1 < len(tokens):
            return tokens[of + 1 :]
    return tokens


def _without_basis(tokens: list[Token]) -> list[Token]:
    """科技型企业数量在2022年1560家的基础上实现…: the basis is not part of the name."""
    end = next((at for at, token in enumerate(tokens) if token.text.endswith("基础上")), None)
    start = next((at for at, token in enumerate(tokens) if token.text == "在"), None)
    if end is None or start is None or start > end:
        return tokens
    return tokens[:start] + tokens[end + 1 :]


def _without_comparison(tokens: list[Token], predicate: Predicate) -> list[Token]:
    """…较上年末实际数, …由15个工作日: drop what the figure is compared with."""
    tokens = _without_basis(tokens)
    for index in range(1, len(tokens) - 1):
        if tokens[index].text in ("由", "从") and any(
            t.kind in ("quantity", "number", "time") for t in tokens[index + 1 : index + 4]
        ):
            return tokens[:index]
    for index in range(len(tokens) - 1, 0, -1):
        follows = tokens[index + 1] if index + 1 < len(tokens) else None
        if tokens[index].text in words.COMPARE and follows is not None and follows.kind == "time":
            return tokens[:index]
    return tokens


def trim(tokens: list[Token], predicate: Predicate | None = None) -> tuple[list[Token], str]:
    """The metric's name without politeness, times and opening verbs; and the verb taken off."""
    start, end, verb = _after_preposition(tokens), len(tokens), ""
    while start < end:
        token = tokens[start]
        spanned = token.kind == "quantity" and token.data.unit == "年" and end - start > 1
        if spanned or token.kind == "mark" or (token.kind == "time" and end - start >= 1):
            start += 1
        elif token.kind != "word":
            break
        elif _strippable(token.text) and token.text not in words.NAMING:
            if predicate is not None:
                predicate.commit = predicate.commit or token.text in words.COMMIT
                predicate.stretch = predicate.stretch or token.text in words.STRETCH
            start += 1
        elif (
            (token.text in words.OPENING or token.text in words.HANDLING)
            and end - start > 1
            and not _compound(tokens[start + 1], end - start == 2)
            and not ((verb or token.text not in words.FIRM_OPENING) and _lone(tokens[start + 1 : end]))
        ):
            verb = verb or token.text
            start += 1
        elif token.text in words.MANNER and end - start > 1 and tokens[start + 1].text in words.VERBS:
            start += 1
        else:
            break
    while end > start and (tokens[end - 1].text in _STRIP_TAIL or tokens[end - 1].kind in ("mark", "time")):
        end -= 1
    return tokens[start:end], verb


def _after_preposition(tokens: list[Token]) -> int:
    """与港澳联合实施科技项目, 围绕十条产业链布局建设联合体: what stands before the verb is not the metric."""
    during = next((at for at, token in enumerate(tokens[:-2]) if token.text.endswith(("期间", "过程中"))), None)
    if during is not None and tokens[during + 1].text in words.OPENING:
        return during + 1
    for at, token in enumerate(tokens[:-2]):
        dated = token.kind == "time" or token.text in ("每年", "全年", "累计")
        if at and dated and tokens[at + 1].text in words.OPENING:
            return at + 1
    if not tokens or tokens[0].text not in words.PREPOSITIONS or tokens[0].text == "对":
        return 0
    return next(
        (at for at, token in enumerate(tokens[:-1]) if at and token.kind == "word" and token.text in words.OPENING), 0
    )


def _strippable(word: str) -> bool:
    return (
        word in words.LEAD
        or word in words.COMMIT
        or word in words.ADVERB
        or word in words.PAST
        or word in words.FUTURE
        or word in words.COMPARE
    )


def _lone(tokens: list[Token]) -> bool:
    """新增上市企业: without 上市 only a word that says nothing would be left."""
    return "".join(token.text for token in tokens) in words.GENERIC_NOUNS


def _compound(follower: Token, last: bool = False) -> bool:
    """完成率, 培育库: the verb is the first half of a noun."""
    if last and len(follower.text) <= 4 and follower.text.endswith(("率", "额", "量")):
        return True
    return (
        follower.text.startswith(_JOINED)
        or _KEEP_VERB_BEFORE.match(follower.text) is not None
        and len(follower.text) <= 3
    )


def first(tokens: list[Token], figure: Token) -> int:
    """Where the quotation of a target begins: its left context without politeness and times."""
    for token in tokens:
        if token.kind == "time" or token.kind == "mark" or (token.kind == "word" and _strippable(token.text)):
            continue
        return token.start
    return figure.start


def object_of(tokens: list[Token]) -> list[Token]:
    """What a clause without a figure is about: 不断优化调整科技特派员队伍 → 科技特派员队伍."""
    trimmed, _ = trim(tokens)
    while (
        len(trimmed) > 1
        and trimmed[0].kind == "word"
        and trimmed[0].text in words.VERBS | words.HANDLING
        and not _compound(trimmed[1])
    ):
        trimmed, _ = trim(trimmed[1:])
    return trimmed
