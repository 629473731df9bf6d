"""The numbers Word writes before paragraphs by itself: they are on the page, but not in the text of the file.

Source: ECMA-376 part 1, 17.9 (numbering). A list is a definition of nine levels; each use counts on from the last one,
unless it says where to start again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from keji.lib.paper.model import chinese_number

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHINESE = frozenset(
    "chineseCounting chineseCountingThousand ideographDigital japaneseCounting taiwaneseCounting "
    "taiwaneseCountingThousand".split()
)
_CIRCLED = frozenset(["decimalEnclosedCircle", "decimalEnclosedCircleChinese"])
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_HEAVENLY = "甲乙丙丁戊己庚辛壬癸"


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: where it starts, how it counts, what stands around the numbers (%1、 or %1.%2)."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    plain: bool = False  # all numbers of this label in figures, however the levels above count
    restarts_after: int | None = None  # the level (from 0) that makes this one start again; None: the one above


@dataclass
class Numbering:
    """Counts the lists of one document; `label` is asked once for every paragraph, in order."""

    lists: Mapping[str, str]  # a use of a list → its definition
    levels: Mapping[tuple[str, int], Level]  # (definition, level)
    restarts: Mapping[tuple[str, int], int]  # (use, level) → the number this use starts from
    styles: Mapping[str, tuple[str | None, int | None, str]]  # style → (use, level, the style it is based on)
    _counts: dict[tuple[str, int], int] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def label(self, paragraph: Any) -> str:
        """What stands before a paragraph (a <w:p> element): "一、", "（二）", "1.2 "; "" when nothing does."""
        use, at = self._place(paragraph)
        definition = self.lists.get(use or "")
        if definition is None or use is None:
            return ""
        level = self.levels.get((definition, at), Level(text=f"%{at + 1}."))
        self._advance(definition, use, at, level)
        return self._written(definition, at, level)

    def _place(self, paragraph: Any) -> tuple[str | None, int]:
        """Which list and level: what the paragraph says itself goes before what its style says."""
        use, at = _list_of(paragraph.find(f"{_W}pPr"))
        style = _value(paragraph, f"{_W}pPr/{_W}pStyle")
        for _ in range(len(self.styles) + 1):  # a chain of styles ends, even when a broken file runs in a circle
            if (use is not None and at is not None) or style is None or style not in self.styles:
                break
            found_use, found_at, style = self.styles[style]
            use, at = use if use is not None else found_use, at if at is not None else found_at
        return use, at or 0

    def _advance(self, definition: str, use: str, at: int, level: Level) -> None:
        key = (definition, at)
        anew = (use, at) in self.restarts and (use, at) not in self._begun
        self._begun.add((use, at))
        if anew or key not in self._counts:
            self._counts[key] = self.restarts[use, at] if anew else level.start
        else:
            self._counts[key] += 1
        for lower in range(at + 1, 9):
            after = self.levels.get((definition, lower), Level()).restarts_after
            if after is None or at <= after:
                self._counts.pop((definition, lower), None)

    def _written(self, definition: str, at: int, level: Level) -> str:
        if level.format in ("bullet", "none"):
            return ""

        def number(found: re.Match[str]) -> str:
            which = int(found[1]) - 1
            above = self.levels.get((definition, which), Level())
            value = self._counts.setdefault((definition, which), above.start)
            return _spell(value, "decimal" if level.plain else above.format)

        label = re.sub(r"%([1-9])", number, level.text)
        return f"{label} " if label[-1:].isdecimal() else label


def numbering_of(document: Any) -> Numbering:
    """The lists of an opened .docx (python-docx document)."""
    part = next((r.target_part for r in document.part.rels.values() if r.reltype.endswith("/numbering")), None)
    root = part.element if part is not None and hasattr(part, "element") else None
    lists: dict[str, str] = {}
    levels: dict[tuple[str, int], Level] = {}
    restarts: dict[tuple[str, int], int] = {}
    for definition in root.findall(f"{_W}abstractNum") if root is not None else ():
        for level in definition.findall(f"{_W}lvl"):
            levels[definition.get(f"{_W}abstractNumId"), _whole(level.get(f"{_W}ilvl"))] = _level(level)
    for use in root.findall(f"{_W}num") if root is not None else ():
        name = use.get(f"{_W}numId")
        lists[name] = _value(use, f"{_W}abstractNumId") or ""
        for override in use.findall(f"{_W}lvlOverride"):
            start = _value(override, f"{_W}startOverride")
            if start is not None:
                restarts[name, _whole(override.get(f"{_W}ilvl"))] = _whole(start)
    styles = {
        style.get(f"{_W}styleId"): (*_list_of(style.find(f"{_W}pPr")), _value(style, f"{_W}basedOn") or "")
        for style in document.styles.element.findall(f"{_W}style")
    }
    return Numbering(lists, levels, restarts, styles)


def _level(element: Any) -> Level:
    after = _value(element, f"{_W}lvlRestart")
    return Level(
        start=_whole(_value(element, f"{_W}start"), 1),
        format=_value(element, f"{_W}numFmt") or "decimal",
        text=_value(element, f"{_W}lvlText") or "",
        plain=element.find(f"{_W}isLgl") is not None,
        restarts_after=None if after is None else _whole(after) - 1,
    )


def _list_of(properties: Any) -> tuple[str | None, int | None]:
    """(use, level) a paragraph's or a style's properties name; use "0" takes a style's number away again."""
    if properties is None:
        return None, None
    level = _value(properties, f"{_W}numPr/{_W}ilvl")
    return _value(properties, f"{_W}numPr/{_W}numId"), None if level is None else _whole(level)


def _value(element: Any, path: str) -> str | None:
    found = element.find(path)
    return None if found is None else found.get(f"{_W}val")


def _whole(text: str | None, otherwise: int = 0) -> int:
    return int(text) if text and text.lstrip("-").isdigit() else otherwise


def _spell(value: int, how: str) -> str:
    if how in _CHINESE:
        return chinese_number(value) if 1 <= value <= 99 else str(value)
    if how in _CIRCLED:
        return chr(0x2460 + value - 1) if 1 <= value <= 20 else str(value)
    if how == "decimalZero":
        return f"{value:02d}"
    if how == "ideographTraditional" and 1 <= value <= 10:
        return _HEAVENLY[value - 1]
    if how in ("lowerLetter", "upperLetter") and 1 <= value <= 26:
        return chr(ord("a" if how == "lowerLetter" else "A") + value - 1)
    if how in ("lowerRoman", "upperRoman") and 1 <= value <= 39:
        small = _roman(value)
        return small if how == "lowerRoman" else small.upper()
    return str(value)


def _roman(value: int) -> str:
    written = ""
    for weight, letters in _ROMAN:
        while value >= weight:
            written, value = written + letters, value - weight
    return written
