"""Measures of GB/T 9704-2012 and the arithmetic both renderings share."""

from __future__ import annotations

import re
import unicodedata

from keji.lib.paper.model import Paper, chinese_date

PAGE_WIDTH_MM, PAGE_HEIGHT_MM = 210, 297
TOP_MM, BOTTOM_MM, LEFT_MM, RIGHT_MM = 37, 35, 28, 26
LINES, CHARS = 22, 28
PT_PER_MM = 72 / 25.4
TEXT_WIDTH_PT = (PAGE_WIDTH_MM - LEFT_MM - RIGHT_MM) * PT_PER_MM  # 442.2
CHAR_PT = TEXT_WIDTH_PT / CHARS  # 15.79: sixteen points do not go 28 times into 156 mm
BODY_PT, TITLE_PT, PAGE_NUMBER_PT, COLOPHON_PT = 16, 22, 14, 14
TABLE_PT, WIDE_TABLE_PT = 12.0, 10.5
RED = "FF0000"

#: The fonts the standard's templates name; every Windows machine of an office has them.
WORD_FONTS = {
    "title": "方正小标宋简体",
    "body": "仿宋_GB2312",
    "kai": "楷体_GB2312",
    "hei": "黑体",
    "song": "宋体",
}

_LONG_RUN = re.compile(r"[!-~\u00a1-\u024f]{25,}")


def clean(text: str) -> str:
    """Drop what neither XML nor a page can hold: control characters, lone surrogates, non-characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(
        ch
        for ch in text
        if ch == "\n"
        or not (
            unicodedata.category(ch) in ("Cc", "Cs")
            or ord(ch) & 0xFFFE == 0xFFFE
            or 0xFDD0 <= ord(ch) <= 0xFDEF
            or ch in "\u2028\u2029\ufeff"
        )
    )


def one_line(text: str) -> str:
    return " ".join(clean(text).split("\n")).strip()


def paragraphs(text: str) -> list[str]:
    return [line.strip() for line in clean(text).split("\n") if line.strip()]


def breakable(text: str) -> str:
    """Let very long words (addresses, digests) break anywhere, so they never leave the page."""
    return _LONG_RUN.sub(lambda run: "\u200b".join(run[0]), text)


def display_width(text: str) -> float:
    """Width in full characters: Chinese 1, Latin ½."""
    return sum(
        0.0 if unicodedata.combining(ch) else 1.0 if unicodedata.east_asian_width(ch) in "WFA" else 0.5 for ch in text
    )


def mark_size_pt(mark: str) -> float:
    """The red head fills at most the text width and is never larger than a State organ's (22 mm)."""
    return round(min(58.0, TEXT_WIDTH_PT * 0.97 / max(display_width(one_line(mark)), 1.0)), 1)


def addressee_line(paper: Paper) -> str:
    text = one_line(paper.addressee)
    return text if not text or text.endswith("：") else text.rstrip(":") + "："


def signature_indents(paper: Paper) -> tuple[float, float]:
    """How far signer and date stand from the right edge, in characters.

    Sealed: the date four from the right, the signer centred on it, so the seal covers both. Unsealed: the signer
    two from the right, the date two characters further right than the signer's first, pushed out if it is longer.
    """
    if paper.issued_on is None:
        return (2.0, 2.0)
    signer, day = display_width(one_line(paper.signer)), display_width(chinese_date(paper.issued_on))
    if paper.sealed:
        middle = 4 + day / 2
        if middle - signer / 2 >= 0:
            return (middle - signer / 2, 4.0)
        return (0.0, max(4.0, (signer - day) / 2))
    if day + 2 > signer:
        return (2 + day + 2 - signer, 2.0)
    return (2.0, signer - day)


def attachment_lines(paper: Paper) -> list[tuple[str, str, str]]:
    """(附件：, number, name) for the list under the text; a single attachment bears no number."""
    names = [one_line(item.name).rstrip("。；;，,.") for item in paper.attachments]
    if len(names) == 1:
        return [("附件：", "", names[0])]
    return [("附件：" if index == 0 else "", f"{index + 1}. ", name) for index, name in enumerate(names)]


def attachment_tag(paper: Paper, index: int) -> str:
    return "附件" if len(paper.attachments) == 1 else f"附件{index + 1}"


def annotation_line(paper: Paper) -> str:
    text = one_line(paper.annotation)
    return text if not text or text.startswith("（") else f"（{text}）"


def copies_line(paper: Paper) -> str:
    text = one_line(paper.copies_to)
    return text if not text or text.endswith("。") else text + "。"


def printed_line(paper: Paper) -> tuple[str, str]:
    day = paper.printed_on or paper.issued_on
    return one_line(paper.printed_by), f"{chinese_date(day)}印发" if day else ""
