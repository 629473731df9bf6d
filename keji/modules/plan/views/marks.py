"""The plan's text cut into pieces, so that every citation can be shown where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    """A stretch of one line that belongs to a target, or to a figure that was left out (then `note` says why)."""

    line: int
    start: int
    end: int
    target: int = 0
    tone: str = ""
    note: str = ""


@dataclass(frozen=True)
class Piece:
    text: str
    mark: Mark | None = None
    first: bool = False  # the mark's first piece carries its anchor


@dataclass(frozen=True)
class TextLine:
    number: int
    pieces: tuple[Piece, ...]
    heading: bool = False


def text_lines(lines: list[str], marks: Iterable[Mark], headings: Iterable[int] = ()) -> list[TextLine]:
    by_line: dict[int, list[Mark]] = {}
    for mark in marks:
        by_line.setdefault(mark.line, []).append(mark)
    heads = set(headings)
    return [
        TextLine(number, tuple(pieces(line, by_line.get(number, []))), number in heads)
        for number, line in enumerate(lines, start=1)
        if line.strip()
    ]


def pieces(line: str, marks: list[Mark]) -> list[Piece]:
    """The line cut at every mark's ends. Of overlapping marks the shorter shows, a target before a left-out figure."""
    inside = [m for m in marks if 0 <= m.start < m.end <= len(line)]
    bounds = sorted({0, len(line), *(m.start for m in inside), *(m.end for m in inside)})
    found: list[Piece] = []
    begun: set[Mark] = set()
    for start, end in zip(bounds, bounds[1:], strict=False):
        over = [m for m in inside if m.start <= start and end <= m.end]
        top = min(over, key=lambda m: (not m.target, m.end - m.start, m.start), default=None)
        if found and found[-1].mark == top:
            found[-1] = Piece(found[-1].text + line[start:end], top, found[-1].first)
            continue
        found.append(Piece(line[start:end], top, top is not None and top not in begun))
        if top is not None:
            begun.add(top)
    return found
