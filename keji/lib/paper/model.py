"""An official document (公文) as plain values: what it says, not how it looks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Literal, TypeAlias

Align: TypeAlias = Literal["left", "center", "right"]
Value: TypeAlias = str | int | Decimal | None

#: From this many columns on a table no longer fits an upright page.
WIDE_TABLE = 8


class PaperError(Exception):
    """A document that cannot be read or set; the message is a sentence for the user."""


@dataclass(frozen=True)
class Heading:
    """A numbered line; the text carries its own number (see `numbered`)."""

    level: Literal[1, 2, 3, 4]
    text: str

    def __post_init__(self) -> None:
        if self.level not in (1, 2, 3, 4):
            raise ValueError("公文结构层次只有四级")


@dataclass(frozen=True)
class Text:
    """A paragraph; a line break starts another paragraph."""

    text: str


@dataclass(frozen=True)
class Note:
    """A remark in smaller type, such as where figures come from."""

    text: str


@dataclass(frozen=True)
class Column:
    """One table column. `width` is a weight among its neighbours; without it the content decides."""

    title: str
    align: Align | None = None
    width: float | None = None
    unit: str = ""


@dataclass(frozen=True)
class Table:
    """Rows of text and numbers; a column of numbers gets one number of decimals and a common right edge."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    caption: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if not self.columns:
            raise ValueError("表格至少要有一列")
        for number, row in enumerate(self.rows, 1):
            if len(row) != len(self.columns):
                raise ValueError(f"表格第{number}行有{len(row)}格，应为{len(self.columns)}格")

    @property
    def wide(self) -> bool:
        return len(self.columns) >= WIDE_TABLE


@dataclass(frozen=True)
class Picture:
    """PNG or SVG bytes; `width_mm` at most the width of the text area."""

    data: bytes
    caption: str = ""
    width_mm: float = 140.0


Block: TypeAlias = Heading | Text | Note | Table | Picture


@dataclass(frozen=True)
class Attachment:
    """An attachment. Without blocks it is named in the list but sent as a file of its own."""

    name: str
    blocks: Sequence[Block] = ()
    landscape: bool | None = None  # None: upright unless it holds a wide table

    @property
    def lies(self) -> bool:
        if self.landscape is not None:
            return self.landscape
        return any(isinstance(block, Table) and block.wide for block in self.blocks)


@dataclass(frozen=True)
class Paper:
    """An official document. Only the title is required: what is left empty is not printed."""

    title: str
    issuer_mark: str = ""  # red head, e.g. 六安市科学技术局文件
    number: str = ""
    addressee: str = ""
    body: Sequence[Block] = ()
    attachments: Sequence[Attachment] = ()
    signer: str = ""
    issued_on: date | None = None
    sealed: bool = True  # room for a seal: the date stands four characters from the right
    annotation: str = ""
    copies_to: str = ""
    printed_by: str = ""
    printed_on: date | None = None
    copy_number: str = ""  # 份号
    secrecy: str = ""
    urgency: str = ""
    signatory: str = ""  # 签发人, on papers sent upwards
    footnotes: Sequence[str] = field(default_factory=tuple)  # data version, digest

    @property
    def has_colophon(self) -> bool:
        return bool(self.copies_to or self.printed_by)


_DIGITS = "零一二三四五六七八九"


def chinese_number(value: int) -> str:
    """1–99 as headings count: 一, 十, 十二, 二十."""
    if not 1 <= value <= 99:
        raise ValueError("序号应在1到99之间")
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones else "")


def numbered(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Put 一、（一）1.（1） before the headings, each level starting again under the one above."""
    counters = {level: count(1) for level in (1, 2, 3, 4)}
    result: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading):
            value = next(counters[block.level])
            for lower in range(block.level + 1, 5):
                counters[lower] = count(1)
            block = Heading(block.level, heading_mark(block.level, value) + block.text)
        result.append(block)
    return tuple(result)


def heading_mark(level: int, value: int) -> str:
    """The number in front of a heading."""
    if level == 1:
        return f"{chinese_number(value)}、"
    if level == 2:
        return f"（{chinese_number(value)}）"
    return f"{value}. " if level == 3 else f"（{value}）"


def chinese_date(day: date) -> str:
    """2024年9月5日: Arabic figures, no zero in front."""
    return f"{day.year}年{day.month}月{day.day}日"
