"""Typed tokens of one paragraph in canonical spelling. Knows words, figures and times; knows no grammar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from . import numerals, times, words

_DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?")
_FRACTION = re.compile(r"(\d{1,2})/(\d{1,2})(?![\d/年月])")
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9&.+*/\-]*")
_CHINESE_RUN = re.compile(
    r"[〇零一二两俩三四五六七八九十拾百佰千仟万亿壹贰叁肆伍]+(?:点[〇零一二三四五六七八九]+)?(?:万亿|万|亿)?"
)
_SHARE = re.compile(r"(百|千|万|[二两三四五六七八九十])分之([〇零一二两三四五六七八九十百千点]+|\d+(?:\.\d+)?)")
_SCALE = re.compile(r"(?:余|多)?(万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千|百|十)(?![\u4e00-\u9fff]分之)")
_COVER = re.compile(
    r"应([\u4e00-\u9fff]{1,2})尽\1|(?:达标|达到|符合条件|愿|能|可|凡)[\u4e00-\u9fff]?尽[\u4e00-\u9fff]|应[\u4e00-\u9fff]尽[\u4e00-\u9fff]|全覆盖"
)
_ZERO = re.compile(r"(?:动态|双|全面|全部|应)?[“\"']?(?:动态)?(?:双)?(?:清零|归零)")
_RANK = re.compile(
    r"(?:前|第)([〇零一二两三四五六七八九十百]+|\d{1,3})(?:个)?(名次|位次|名|位|强|%)?(?:以内)?(?!年|季|个月|期|次|天|届|批)"
)
_ORDINAL = re.compile(r"第[〇零一二两三四五六七八九十百千\d]+[届次批个期条款章节号轮名位项类档张代]?(?!季度|产业)")
_PHONE = re.compile(r"\d{3,4}-\d{7,8}|1\d{10}(?!\d)|\d{5,}[Xx]?(?=[A-Za-z])")
_RANGE_SEPARATOR = re.compile(r"--?|~+|至|到")
_DIGIT_HEADS = re.compile(r"\d+(?:\.\d+)?(?:号|版|[A-Za-z](?![A-Za-z²]*\b)|#|届|\+\d)")
_GRADED = re.compile(r"[1-4一二三四]\.?\d?类(?=(?:创新|新|化学|生物|中)药|医疗器械|水(?:体|质)|区)")
_PUNCTUATION = frozenset(",;:。!?|、()\t…·")
_CIRCLED = frozenset("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮")
_ENUMERATOR = re.compile(r"\d{1,2}[.、](?=[\u4e00-\u9fff“])")
_STRAY_UNIT = re.compile(r"[\u4e00-\u9fff](?=$|[,;。、:)!?]|以上|左右|以内|以下|及以上|和|及)")
_NO_UNIT = frozenset("年月日号时以左内上下余多至到和及与或等中前后的为是在了起版字届级化型倍成万亿千百十个之者期分点")
_WORDS: frozenset[str] = frozenset().union(
    *(words.LEVEL, words.SUFFIX, words.GROW, words.GROW_LEVEL, words.DECLINE, words.DECLINE_LEVEL, words.GAP),
    *(words.COMMIT, words.STRETCH, words.ADVERB, words.VERBS, words.OPENING, words.BASIS, words.PAST, words.FUTURE),
    *(words.COMPARE, words.MANNER, words.PREPOSITIONS, words.HANDLING, words.AWARD, words.CONDITIONAL),
    *(words.PROJECT, words.LEAD, words.SEPARATORS, words.MULTIPLES),
)


def _index(vocabulary: frozenset[str]) -> dict[str, tuple[str, ...]]:
    index: dict[str, list[str]] = {}
    for word in sorted(vocabulary, key=lambda w: (-len(w), w)):
        index.setdefault(word[0], []).append(word)
    return {first: tuple(found) for first, found in index.items()}


_DICTIONARY = _index(_WORDS | words.FROZEN)
_UNIT_INDEX = _index(words.UNITS)
_NUMERIC = frozenset("0123456789") | numerals.CHINESE


@dataclass(slots=True)
class Quantity:
    """A figure with its unit, or a range of two."""

    value: Decimal
    unit: str
    scale: str = ""
    value2: Decimal | None = None
    scale2: str = ""
    more: bool = False  # 余, 多 inside the figure
    bare: bool = False  # 百家, 亿元: a scale without a figure
    worded: bool = False  # written in Chinese numerals
    fraction: bool = False


@dataclass(slots=True)
class Token:
    kind: str  # word, text, quantity, number, time, rank, multiple, cover, zero, mark
    start: int
    end: int
    text: str
    data: Any = None
    quoted: bool = False

    def __repr__(self) -> str:
        return f"{self.kind}:{self.text}"


def _longest(index: dict[str, tuple[str, ...]], text: str, at: int) -> str:
    for word in index.get(text[at : at + 1], ()):
        if text.startswith(word, at):
            return word
    return ""


def _unit(text: str, at: int) -> str:
    unit = _longest(_UNIT_INDEX, text, at)
    after = text[at + len(unit) : at + len(unit) + 1]
    if unit == "成" and after in "立员为功果效熟本交都就长品型渝":
        return "" if after else unit
    if unit == "台" and after == "阶":
        return ""
    if unit == "分" and after in "别类层级批步解布区期为工享析之子公厂局":
        return "" if after else unit
    if unit in ("方", "度", "点", "对", "口", "年", "站", "层", "块", "道", "级") and after in (
        "面",
        "位",
        "法",
        "式",
        "岸",
        "级",
    ):
        return ""
    return unit


def _number(text: str, at: int) -> tuple[Decimal, str, bool, bool, bool, int] | None:
    """(value, scale, more, bare, worded, end) of the figure that starts here."""
    found = _DIGITS.match(text, at)
    if found:
        end = found.end()
        value, scale, more = Decimal(found.group().replace(",", "")), "", False
        magnitude = _SCALE.match(text, end)
        if magnitude:
            scale, more = magnitude.group(1), magnitude.group(0) != magnitude.group(1)
            end = magnitude.end()
            value, scale = _settle(value, scale)
        return value, scale, more, False, False, end
    run = _CHINESE_RUN.match(text, at)
    if run is None:
        return None
    spelled = run.group()
    while spelled:
        if "点" in spelled:
            head, _, tail = spelled.partition("点")
            scale = tail[-1] if tail[-1] in "万亿" else ""
            whole = numerals.chinese_whole(head + "点" + tail.rstrip("万亿"))
            read = None if whole is None else (whole, scale)
        else:
            read = numerals.chinese(spelled)
        if read is not None and read[0] > 0:
            bare = all(char in "百千万亿" for char in spelled)
            return read[0], read[1], False, bare, True, at + len(spelled)
        spelled = spelled[:-1]
    return None


def _settle(value: Decimal, scale: str) -> tuple[Decimal, str]:
    """3千万 is read as 3000万, 5百亿 as 500亿: a scale has one character where it can."""
    if scale in ("十万", "百万", "千万", "十亿", "百亿", "千亿"):
        return value * numerals.SCALES[scale[0]], scale[1]
    return value, scale


def _quantity(text: str, at: int) -> tuple[Token, int] | None:
    share = _SHARE.match(text, at)
    if share:
        return _share(share)
    part = _FRACTION.match(text, at)
    if part and 0 < int(part.group(1)) < int(part.group(2)):
        value = (Decimal(part.group(1)) / Decimal(part.group(2))).quantize(Decimal("0.0001"))
        return Token("quantity", at, part.end(), part.group(), Quantity(value, "", fraction=True)), part.end()
    read = _number(text, at)
    if read is None:
        return None
    value, scale, more, bare, worded, end = read
    if text[end : end + 1] in ("余", "多", "几", "来") and text[end : end + 1]:
        later = end + 1
        magnitude = "" if scale else _longest({"万": ("万",), "亿": ("亿",)}, text, later)
        if magnitude or _unit(text, later):
            more, scale, end = True, scale or magnitude, later + len(magnitude)
    unit = _unit(text, end)
    if not unit and not worded:
        stray = _STRAY_UNIT.match(text, end)
        if stray and stray.group() not in _NO_UNIT and not _longest(_DICTIONARY, text, end):
            unit = stray.group()
    quantity = Quantity(value, unit, scale, more=more, bare=bare, worded=worded)
    end = _second(text, end + len(unit), quantity)
    if not quantity.unit:
        if worded and not (bare and scale and text.startswith(("台阶", "大关", "关口", "门槛"), end)):
            return None
        if quantity.scale in ("万", "亿", "万亿", "千", "百") or quantity.value2 is not None:
            return Token("quantity", at, end, text[at:end], quantity), end
        return Token("number", at, end, text[at:end], quantity), end
    return Token("quantity", at, end, text[at:end], quantity), end


def _share(found: re.Match[str]) -> tuple[Token, int] | None:
    whole = found.group(2)
    top = Decimal(whole) if whole[0].isdigit() else numerals.chinese_whole(whole)
    if top is None:
        return None
    if found.group(1) in ("百", "千"):
        quantity = Quantity(top, "%" if found.group(1) == "百" else "‰", worded=True)
    else:
        bottom = numerals.chinese_whole(found.group(1))
        if not bottom:
            return None
        quantity = Quantity((top / bottom).quantize(Decimal("0.0001")), "", worded=True, fraction=True)
    return Token("quantity", found.start(), found.end(), found.group(), quantity), found.end()


def _second(text: str, end: int, quantity: Quantity) -> int:
    """The upper end of a range, if one follows: 5-8家, 5%到8%, 3000万-5000万元."""
    separator = _RANGE_SEPARATOR.match(text, end)
    if separator is None:
        return end
    read = _number(text, separator.end())
    if read is None or read[3]:
        return end
    value2, scale2, _, _, _, tail = read
    unit2 = _unit(text, tail)
    if not unit2 or (quantity.unit and unit2 != quantity.unit):
        return end
    inherits = not quantity.unit and not quantity.scale
    low = quantity.value * numerals.SCALES[scale2 if inherits else quantity.scale]
    if low >= value2 * numerals.SCALES[scale2]:
        return end
    if inherits:
        quantity.scale = scale2
    quantity.unit, quantity.value2, quantity.scale2 = unit2, value2, scale2
    return tail + len(unit2)


def lex(text: str) -> list[Token]:
    """The tokens of a paragraph; quotation marks become a flag, titles in 《》 one token."""
    tokens: list[Token] = []
    at, size, quotes, plain = 0, len(text), 0, 0
    while at < size:
        char = text[at]
        token: Token | None = None
        if char in "“”\"'‘’":
            if char in "\"'":
                quotes = 0 if quotes else 1
            else:
                quotes = quotes + 1 if char in "“‘" else max(0, quotes - 1)
            token = _special(text, at) if char == "“" else None
            if token is not None:
                quotes -= token.text.endswith("”") or "”" in token.text
        elif char == "《":
            close = text.find("》", at, at + 80)
            token = Token("text", at, close + 1, text[at : close + 1]) if close > 0 else None
        elif char in _CIRCLED:
            token = Token("mark", at, at + 1, ",")
        elif char in _PUNCTUATION:
            inside = _longest(_DICTIONARY, text, at) if char == "(" else ""  # (含)以上
            token = Token("word" if inside else "mark", at, at + max(1, len(inside)), inside or char)
        else:
            token = _read(text, at)
        if token is None and char not in "“”\"'‘’":
            at += 1
            continue
        if plain < at:
            tokens.append(Token("text", plain, at, text[plain:at], None, quotes > 0 or char in "”’"))
        if token is None:
            at += 1
        else:
            token.quoted = quotes > 0
            tokens.append(token)
            at = token.end
        plain = at
    if plain < size:
        tokens.append(Token("text", plain, size, text[plain:], None, quotes > 0))
    return tokens


def _special(text: str, at: int) -> Token | None:
    """“十四五” is one time although it is quoted."""
    found = times.match(text, at)
    return Token("time", at, found[1], text[at : found[1]], found[0]) if found else None


def _read(text: str, at: int) -> Token | None:
    char = text[at]
    word = _longest(_DICTIONARY, text, at)
    if char in _NUMERIC:
        return _figure(text, at, word)
    if char in "前第":
        found = _RANK.match(text, at)
        if found and word not in words.FROZEN:
            return _rank(found)
        ordinal = _ORDINAL.match(text, at) if word not in words.FROZEN else None
        if ordinal:
            return Token("text", at, ordinal.end(), ordinal.group())
    if char in "应达符愿能可凡动双清归全":
        for kind, pattern in (("cover", _COVER), ("zero", _ZERO)):
            special = pattern.match(text, at)
            if special:
                return Token(kind, at, special.end(), special.group())
    if char in times.OPENERS and word not in words.FROZEN:
        time = times.match(text, at)
        if time and time[1] - at >= len(word):
            return Token("time", at, time[1], text[at : time[1]], time[0])
    if char.isascii() and char.isalpha():
        code = _CODE.match(text, at)
        if code:
            return Token("text", at, code.end(), code.group())
    if not word:
        return None
    if word in words.MULTIPLES:
        return Token("multiple", at, at + len(word), word, Decimal(words.MULTIPLES[word]))
    return Token("text" if word in words.FROZEN else "word", at, at + len(word), word)


def _figure(text: str, at: int, word: str) -> Token | None:
    if word in words.FROZEN:
        return Token("text", at, at + len(word), word)
    graded = _GRADED.match(text, at)
    if graded:
        return Token("text", at, graded.end(), graded.group(), "code")
    enumerator = _ENUMERATOR.match(text, at) if not at or text[at - 1] in "。;:,!\t" else None
    if enumerator:
        return Token("mark", at, enumerator.end(), ",")
    time = times.match(text, at)
    if time:
        return Token("time", at, time[1], text[at : time[1]], time[0])
    phone = _PHONE.match(text, at)
    if phone:
        return Token("text", at, phone.end(), phone.group(), "phone")
    if at and text[at - 1] in "数几" and text[at] in "十百千万亿":
        run = _CHINESE_RUN.match(text, at)
        end = run.end() if run else at + 1
        unit = _unit(text, end)
        return Token("text", at, end + len(unit), text[at : end + len(unit)], "vague")
    read = _quantity(text, at)
    if read is not None and read[0].kind == "quantity":
        return read[0]
    code = _DIGIT_HEADS.match(text, at)
    if code:
        return Token("text", at, code.end(), code.group(), "code")
    if read is not None:
        return read[0]
    return Token("word", at, at + len(word), word) if word else None


def _rank(found: re.Match[str]) -> Token | None:
    spelled = found.group(1)
    value = Decimal(spelled) if spelled.isdigit() else numerals.chinese_whole(spelled)
    if value is None:
        return None
    return Token("rank", found.start(), found.end(), found.group(), (value, found.group(2) or ""))
