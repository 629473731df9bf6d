"""From the tokens of a paragraph to slots: one figure each, with what stands left and right of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from . import words
from .lexer import Token

FIGURES = frozenset({"quantity", "number", "rank", "multiple", "cover", "zero"})
_FULL = frozenset("。!?…")
_HARD = frozenset(",:;。!?\t|…")


@dataclass(slots=True)
class Segment:
    """Tokens between two hard boundaries."""

    tokens: list[Token]
    closing: str  # the mark that ends it
    aside: bool = False  # stood in brackets

    @property
    def figures(self) -> list[int]:
        return [index for index, token in enumerate(self.tokens) if token.kind in FIGURES]


@dataclass(slots=True)
class Slot:
    token: Token
    left: list[Token]
    suffix: list[Token]
    right: list[Token]
    listed: bool = False  # follows another slot over 、 or 和
    runs_on: bool = False  # another figure follows without a boundary
    later: list[Token] = field(default_factory=list)


def segments(tokens: list[Token]) -> Iterator[Segment]:
    """Hard boundaries part segments; brackets with a figure follow the segment they stand in."""
    main, asides = _brackets(tokens)
    current: list[Token] = []
    pending: list[list[Token]] = []
    for token in main:
        pending.extend(asides.get(token.start, ()))
        if token.kind == "mark" and token.text in _HARD:
            yield Segment(current, token.text)
            for inner in pending:
                yield from _aside(inner)
            current, pending = [], []
        else:
            current.append(token)
    for inner in asides.get(-1, ()):
        pending.append(inner)
    if current or pending:
        yield Segment(current, "")
        for inner in pending:
            yield from _aside(inner)


def _aside(tokens: list[Token]) -> Iterator[Segment]:
    for segment in segments(tokens):
        segment.aside = True
        if segment.closing in _FULL:
            segment.closing = ","
        yield segment


def is_full_stop(mark: str) -> bool:
    return mark in _FULL


def _brackets(tokens: list[Token]) -> tuple[list[Token], dict[int, list[list[Token]]]]:
    """Take bracketed tokens out; those with a figure are kept aside under the start of the token that follows."""
    main: list[Token] = []
    asides: dict[int, list[list[Token]]] = {}
    waiting: list[list[Token]] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.text == "(":
            close = _closing(tokens, at)
            if close is not None:
                inner = tokens[at + 1 : close]
                if any(t.kind in FIGURES for t in inner):
                    waiting.append(inner)
                at = close + 1
                continue
        if token.text in ("(", ")"):
            at += 1
            continue
        if waiting:
            asides.setdefault(token.start, []).extend(waiting)
            waiting = []
        main.append(token)
        at += 1
    if waiting:
        asides.setdefault(-1, []).extend(waiting)
    return main, asides


def _closing(tokens: list[Token], at: int) -> int | None:
    depth = 0
    for index in range(at, len(tokens)):
        if tokens[index].text == "(":
            depth += 1
        elif tokens[index].text == ")":
            depth -= 1
            if depth == 0:
                return index
    return None


def slots(segment: Segment) -> list[Slot]:
    """The figures of a segment, each with its own left and right."""
    tokens, found = segment.tokens, segment.figures
    result: list[Slot] = []
    begin, listed, runs_on = 0, False, False
    for order, index in enumerate(found):
        end = index + 1
        while end < len(tokens) and tokens[end].kind == "word" and tokens[end].text in words.SUFFIX:
            end += 1
        following = found[order + 1] if order + 1 < len(found) else None
        if following is None:
            right_end, next_begin, next_listed, runs_on = len(tokens), len(tokens), False, False
        else:
            right_end, next_begin, next_listed, runs_on = _cut(tokens, end, following, tokens[index])
        slot = Slot(tokens[index], tokens[begin:index], tokens[index + 1 : end], tokens[end:right_end], listed, runs_on)
        slot.later = tokens[end:]
        result.append(slot)
        listed = next_listed
        begin = begin if runs_on else next_begin
    return result


def _is_separator(token: Token) -> bool:
    return token.text in words.SEPARATORS and (token.kind == "mark" or token.kind == "word")


def _cut(tokens: list[Token], end: int, following: int, figure: Token) -> tuple[int, int, bool, bool]:
    """(end of this right, begin of the next left, listed, runs on) for what stands between two figures."""
    between = range(end, following)
    if (
        _classifies(figure)
        and end < following
        and tokens[end].kind == "text"
        and not any(_is_separator(tokens[i]) for i in between)
    ):
        return following, following, False, True
    if end == following and _apposed(tokens, following, figure):
        return end, end, True, False
    if end == following and figure.kind == "quantity" and tokens[following].kind == "quantity":
        return following, following, False, True
    if tokens[following].kind in ("zero", "cover") and end < following and not _is_separator(tokens[end]):
        return following, following, False, True
    if figure.kind == "quantity" and figure.data.bare and end < following and tokens[end].kind != "mark":
        return following, following, False, True
    separators = [index for index in between if _is_separator(tokens[index])]
    if end < following and _is_separator(tokens[end]):
        return end, end + 1, True, False
    if separators:
        chosen = separators[-1]
        for index in separators:
            if index + 1 < len(tokens) and tokens[index + 1].text in words.VERBS:
                chosen = index
                break
        else:
            commas = [index for index in separators if tokens[index].text == "、"]
            chosen = commas[-1] if commas else chosen
        return chosen, chosen + 1, True, False
    opener = next(
        (index for index in between if tokens[index].text in words.STRETCH or tokens[index].text in ("其中", "再")),
        None,
    )
    if opener is not None:
        return opener, opener, False, False
    if figure.kind == "quantity" and _is_measure(figure) or end < following and tokens[end].text == "的":
        return following, following, False, True
    verb = next((index for index in between if tokens[index].text in words.OPENING), None)
    if verb is not None:
        return verb, verb, False, False
    if end == following or figure.kind != "quantity":
        return end, end, False, False
    return end, end, True, False


def _apposed(tokens: list[Token], following: int, figure: Token) -> bool:
    """续建公路3条210公里, 培训6期300人次: two measures of the same thing."""
    other = tokens[following]
    if figure.kind != "quantity" or other.kind != "quantity" or figure.data.worded or other.data.bare:
        return False
    ends = following + 1 == len(tokens) or _is_separator(tokens[following + 1])
    counted = figure.data.unit in words.COUNTERS and not figure.data.bare
    return ends and counted and other.data.unit in words.COUNTERS | words.SPACE


def _classifies(figure: Token) -> bool:
    """三类医疗器械, 二次供水: a class, not a count."""
    if figure.kind == "quantity" and figure.data.worded and figure.data.value <= 3 and not figure.data.scale:
        return figure.data.unit not in words.PERCENT | words.POINTS and figure.data.value2 is None
    return (
        figure.kind == "quantity"
        and figure.data.worded
        and figure.data.unit in ("类", "次", "级", "期", "层", "批", "线")
    )


def _is_measure(figure: Token) -> bool:
    quantity = figure.data
    return (
        quantity.unit in words.MONEY or quantity.unit in words.SPACE or quantity.unit in words.DURATION or quantity.bare
    )
