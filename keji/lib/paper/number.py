"""发文字号: 六科〔2024〕5号."""

from __future__ import annotations

import re
from dataclasses import dataclass

from keji.lib.paper.model import PaperError

_LOOSE = re.compile(
    r"^\s*(?P<mark>[^\s〔〕\[\]［］【】()（）\d]{1,20})\s*"
    r"[〔\[［【(（]\s*(?P<year>[12]\d{3}|[１２][０-９]{3})\s*年?\s*[〕\]］】)）]\s*"
    r"第?\s*(?P<serial>[0-9０-９]{1,6})\s*号\s*$"
)


@dataclass(frozen=True, order=True)
class DocumentNumber:
    """The issuing office's mark, the year in full, the serial number of that year."""

    mark: str
    year: int
    serial: int

    def __post_init__(self) -> None:
        if not self.mark or self.serial < 1 or not 1000 <= self.year <= 9999:
            raise PaperError("发文字号应由机关代字、四位年份和从1起的顺序号组成。")

    def __str__(self) -> str:
        return f"{self.mark}〔{self.year}〕{self.serial}号"

    @classmethod
    def parse(cls, text: str) -> DocumentNumber:
        """Read a number as people type it: any bracket, 第, zeros in front, full-width figures."""
        found = _LOOSE.match(text)
        if not found:
            raise PaperError(f"“{text.strip()[:40]}”不是发文字号，应写成“六科〔2024〕5号”这样。")
        return cls(found["mark"], int(found["year"]), int(found["serial"]))


def parse(text: str) -> DocumentNumber:
    """See `DocumentNumber.parse`."""
    return DocumentNumber.parse(text)


def is_standard(text: str) -> bool:
    """Whether the text is written exactly as the standard asks."""
    try:
        return str(DocumentNumber.parse(text)) == text
    except PaperError:
        return False
