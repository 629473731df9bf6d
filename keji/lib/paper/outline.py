"""Finds the parts of an official document in a manuscript: title, addressee, text, signature, colophon."""

from __future__ import annotations

import re
from dataclasses import dataclass

from keji.lib.paper.word_reader import Line, Manuscript

NUMBER = re.compile(r"^[^，。：；]{1,20}?\s*[〔\[［【(（]\s*\d{2,4}\s*年?\s*[〕\]］】)）]\s*第?\s*\d{1,6}\s*号$")
DATE = re.compile(
    r"^(\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|[一二三四五六七八九〇○零]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日"
    r"|\d{4}[-./]\d{1,2}[-./]\d{1,2})$"
)
ATTACHMENT_LIST = re.compile(r"^\s*附\s*件\s*[:：]")
ATTACHMENT_TAG = re.compile(r"^\s*附\s*件\s*[0-9一二三四五六七八九十]*\s*[:：]?$")
COLOPHON = re.compile(r"^\s*(抄\s*送|抄\s*报|印\s*发)\s*[:：]|(\d+日|印)\s*印发\s*$|印发$")
HEADINGS = (
    (1, re.compile(r"^[一二三四五六七八九十]{1,3}[、.．,，]")),
    (2, re.compile(r"^[（(][一二三四五六七八九十]{1,3}[）)]")),
    (3, re.compile(r"^\d{1,2}(?:[.．、])(?!\d)")),
    (4, re.compile(r"^[（(]\d{1,2}[）)]")),
)


def heading_level(text: str) -> int:
    """1–4, or 0 for a plain paragraph."""
    text = text.strip()
    return next((level for level, pattern in HEADINGS if pattern.match(text)), 0)


@dataclass(frozen=True)
class Outline:
    """The parts found; what is missing is None or empty."""

    number: Line | None
    title: tuple[Line, ...]
    addressee: Line | None
    body: tuple[Line, ...]
    attachment_list: tuple[Line, ...]
    signer: Line | None
    date: Line | None
    colophon: tuple[Line, ...]
    head: tuple[Line, ...]

    @property
    def title_text(self) -> str:
        return "".join("".join(line.text.split()) for line in self.title)


def outline(manuscript: Manuscript) -> Outline:
    """Sort the paragraphs into parts, from the outside in."""
    filled = [line for line in manuscript.lines if line.text.strip()]
    colophon = tuple(line for line in filled if COLOPHON.search(line.text.strip()))
    plain = [line for line in filled if not line.in_table and line not in colophon]
    number = next((line for line in plain[:12] if NUMBER.match(_number_part(line.text))), None)
    start = plain.index(number) + 1 if number else 0
    title, after = _title(plain, start)
    rest = plain[after:]
    while rest and rest[0].align == "center" and not ATTACHMENT_TAG.match(rest[0].text):
        rest = rest[1:]  # a subtitle
    cut = next((k for k, line in enumerate(rest) if ATTACHMENT_TAG.match(line.text)), len(rest))
    main = rest[:cut]
    addressee = _addressee(main)
    if addressee:
        main = main[1:]
    date_at = next((k for k in range(len(main) - 1, -1, -1) if DATE.match("".join(main[k].text.split()))), None)
    list_at = next((k for k, line in enumerate(main) if ATTACHMENT_LIST.match(line.text)), None)
    signer = None
    if date_at:
        before, words = main[date_at - 1], main[date_at - 1].text.strip()
        listed_name = ATTACHMENT_LIST.match(words) or re.match(r"^\d+\s*[.．、]", words)
        if len(words) <= 40 and not listed_name and not re.search(r"[。：]$", words):
            signer = before
    ends = [k for k in (list_at, date_at - (signer is not None) if date_at is not None else None) if k is not None]
    body_end = min(ends, default=len(main))
    listed: tuple[Line, ...] = ()
    if list_at is not None:
        listed = tuple(main[list_at : date_at - (signer is not None) if date_at and date_at > list_at else None])
    return Outline(
        number,
        title,
        addressee,
        tuple(line for line in main[:body_end] if line.align not in ("center", "right") and not _is_table_note(line)),
        listed,
        signer,
        main[date_at] if date_at is not None else None,
        colophon,
        tuple(plain[:start]),
    )


def _is_table_note(line: Line) -> bool:
    return bool(re.match(r"^\s*(注|资料来源|数据来源)\s*\d*\s*[:：]", line.text)) and (line.size or 16) < 16


def _number_part(text: str) -> str:
    return re.split(r"\s*签发人", text.strip())[0].strip()


def _title(plain: list[Line], start: int) -> tuple[tuple[Line, ...], int]:
    """The centred lines of the largest type near the top, without the red head."""
    near = [
        (place, line)
        for place, line in enumerate(plain[start : start + 8], start)
        if line.align == "center" and not _is_head(line) and not NUMBER.match(_number_part(line.text))
    ]
    if not near:
        likely = [
            (place, line)
            for place, line in enumerate(plain[start : start + 3], start)
            if len(line.text) < 60 and not _is_head(line) and re.search(r"关于.{2,50}的?.{2}$", line.text.strip())
        ]
        return ((likely[0][1],), likely[0][0] + 1) if likely else ((), start)
    largest = max(line.size or 0 for _, line in near)
    first = next(place for place, line in near if (line.size or 0) == largest)
    end = first
    while end < len(plain) and plain[end].align == "center" and plain[end].size == plain[first].size:
        end += 1
    return tuple(plain[first:end]), end


def _is_head(line: Line) -> bool:
    """A red head: 某某局文件, or the bare name of the issuer in very large type."""
    text = line.text.strip()
    return (text.endswith("文件") or (line.size or 0) > 30) and "关于" not in text


def _addressee(main: list[Line]) -> Line | None:
    if not main:
        return None
    line, text = main[0], main[0].text.strip()
    if heading_level(text) or len(text) > 200:
        return None
    if text[-1] in "：:":
        return line
    names = re.search(r"(局|委|办|室|部|府|院|厅|所|中心|单位|公司|大学|学院|科|会|们)[，,；;]?$", text)
    return line if names and (line.first_line_chars or 0) < 1 and not line.text.startswith(("　", "  ")) else None
