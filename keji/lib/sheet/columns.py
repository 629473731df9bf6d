"""What a sheet is made of: the columns declared, the limits of an upload, the rows and problems found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from keji.lib.cells import KINDS, Choices, choice_pairs


class SheetError(ValueError):
    """Why a whole file cannot be read, and what to do: a Chinese sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


#: What a kind of column asks for, in words.
KIND_WORDS = {
    "text": "文字",
    "code": "编号（文本格式）",
    "integer": "整数",
    "decimal": "数字",
    "date": "日期，如 2024-02-28",
    "yes_no": "是或否",
    "choice": "从下拉列表选择",
}


@dataclass(frozen=True)
class Column:
    """One column of a sheet. `label` is what users read; `unit` stands in brackets after it in the header.

    `choices`: value → label, pairs, or plain labels (kind "choice"). `aliases`: other headers that mean this column.
    `places`: decimals shown (the stored number keeps all). ValueError for an unknown kind or a choice without choices.
    """

    name: str
    label: str
    kind: str = "text"
    required: bool = False
    choices: Choices = ()
    help: str = ""
    example: str = ""
    unit: str = ""
    aliases: tuple[str, ...] = ()
    places: int = 2

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of column {self.kind!r}, use one of {KINDS}")
        # As a tuple of pairs the column can be hashed, and a mapping changed later cannot change it.
        object.__setattr__(self, "choices", choice_pairs(self.choices))
        if self.kind == "choice" and not self.choices:
            raise ValueError(f"column {self.name!r} is a choice without choices")

    @property
    def header(self) -> str:
        """The label with its unit: 研发费用（万元）."""
        return f"{self.label}（{self.unit}）" if self.unit else self.label

    @property
    def how(self) -> str:
        """How to fill it in, for a page: what there is to choose from, what it means, else what it looks like."""
        if self.kind == "choice":
            return "；".join(filter(None, ("从下拉中选择：" + "、".join(self.labels.values()), self.help)))
        return self.help or KIND_WORDS[self.kind]

    @property
    def labels(self) -> dict[str, str]:
        """Choices as value → label."""
        return dict(choice_pairs(self.choices))


@dataclass(frozen=True)
class Limits:
    """How much of an upload is accepted. Bytes, rows below the header, rows searched for the header, columns."""

    file_bytes: int = 20 * 2**20
    unpacked_bytes: int = 200 * 2**20
    parts: int = 1000
    rows: int = 20_000
    header_rows: int = 20
    columns: int = 256


@dataclass(frozen=True)
class Problem:
    """What is wrong in one row. `row` is Excel's number; `address` (D5) and `label`: "" when no one cell is meant."""

    row: int
    message: str
    address: str = ""
    label: str = ""

    def __str__(self) -> str:
        if self.label and self.address:
            return f"“{self.label}”（{self.address}）：{self.message}"
        return self.message


@dataclass(frozen=True)
class Row:
    """One filled row. `number` is Excel's row number; `values` column name → clean value (None: blank or faulty)."""

    number: int
    values: dict[str, object]


def letters(index: int) -> str:
    """A column's letters from its index: 0 → A, 25 → Z, 26 → AA."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


@dataclass(frozen=True)
class Sheet:
    """An upload that could be read: every filled row, and every problem found in it.

    `header_row` is Excel's number; `positions` column name → index from 0; `notes` are sentences that stop nothing
    (unknown columns, hidden rows); write nothing to the database unless `ok`.
    """

    name: str
    header_row: int
    positions: Mapping[str, int]
    rows: Sequence[Row]
    problems: Sequence[Problem] = ()
    notes: Sequence[str] = ()
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return not self.problems

    def address(self, row: int, name: str) -> str:
        """D5 for a row number and a column name; "" when the sheet has no such column."""
        return f"{letters(self.positions[name])}{row}" if name in self.positions else ""

    def problem(self, row: int, name: str, message: str) -> Problem:
        """A problem found later (by a form, by the database) put at its cell."""
        return Problem(row, message, self.address(row, name), self.labels.get(name, ""))

    def problems_by_row(self) -> dict[int, list[Problem]]:
        """Row number → its problems, in the order of the sheet: what `with_problems` takes."""
        grouped: dict[int, list[Problem]] = {}
        for problem in sorted(self.problems, key=lambda p: (p.row, len(p.address), p.address)):
            grouped.setdefault(problem.row, []).append(problem)
        return grouped
