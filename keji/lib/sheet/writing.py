"""Writing .xlsx: a styled table, and a template with its filling instructions.

Text is always written as a string cell, and what a spreadsheet might take for a formula gets an apostrophe in front, so
that neither Excel nor a later copy through CSV runs it. Codes stay text: Excel keeps only 15 digits of a number.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from unicodedata import east_asian_width

import xlsxwriter  # type: ignore[import-untyped]  # ships no types

from keji.lib.cells import EXACT_DIGITS
from keji.lib.sheet.columns import KIND_WORDS, Column, letters
from keji.lib.sheet.reading import NOTES_SHEET

FORMULA_LEADS = ("=", "+", "-", "@", "\t", "\r")
LONGEST_TEXT = 32_767  # Excel's limit of one cell; the library drops longer text without a word
LONGEST_LIST = 255  # characters of a drop-down list written in place
CHOICES_SHEET = "选项"
TEMPLATE_ROWS = 2000  # rows below the header that get drop-downs and formats
SAMPLE_ROWS = 200  # rows looked at for column widths
SEEN_AT_ONCE = 180  # half-width characters of a table that a screen shows without scrolling
A4, A3 = 9, 8  # as Excel counts papers
A4_READABLE, A3_READABLE = 240, 400  # half-width characters across a landscape page that one can still read
LINE_POINTS = 16
HEAD_COLOUR, REQUIRED_COLOUR, LINE_COLOUR = "#1F4E79", "#C00000", "#BFBFBF"


def neutral(text: str) -> str:
    """The text with an apostrophe before a leading = + - @, tab or return, cut to what a cell can hold."""
    guarded = "'" + text if text.startswith(FORMULA_LEADS) else text
    return guarded if len(guarded) <= LONGEST_TEXT else guarded[: LONGEST_TEXT - 1] + "…"


def write(
    columns: Sequence[Column], rows: Iterable[Mapping[str, object]], *, title: str = "", notes: Sequence[str] = ()
) -> bytes:
    """A workbook of one table. `rows` map column names to values; a choice's value is written as its label.

    Title and notes stand above the header, which stays in view when scrolling. Values: str, int, Decimal, date,
    datetime (naive), bool, None. TypeError for others (a float has no exact figures to print).
    """
    rows = list(rows)
    output = io.BytesIO()
    # constant_memory flushes each row as the next begins, so everything below is written from top to bottom.
    with xlsxwriter.Workbook(output, {"constant_memory": True, "in_memory": False}) as book:
        book.set_properties({"title": title})
        sheet = book.add_worksheet(_sheet_title(title))
        styles = _Styles(book)
        widths = [_width(column, rows[:SAMPLE_ROWS]) for column in columns]
        for index, width in enumerate(widths):
            sheet.set_column(index, index, width)
        top = _write_head(sheet, styles, columns, widths, title, notes)
        labels = {c.name: c.labels for c in columns if c.kind == "choice"}
        for number, row in enumerate(rows, top + 1):
            for index, column in enumerate(columns):
                _write_cell(sheet, number, index, column, row.get(column.name), styles, labels)
        if rows and columns:
            sheet.autofilter(top, 0, top + len(rows), len(columns) - 1)
        _add_choices(book, sheet, columns, top + 1, top + max(len(rows), 1))
    return output.getvalue()


def template(
    columns: Sequence[Column], examples: Sequence[Mapping[str, object]] = (), notes: Sequence[str] = ()
) -> bytes:
    """An empty table to fill, and a second sheet 填写说明 that explains each column.

    Examples stand in 填写说明, not in the table: rows left there would be uploaded as data.
    """
    output = io.BytesIO()
    with xlsxwriter.Workbook(output) as book:
        sheet = book.add_worksheet("数据")
        styles = _Styles(book)
        widths = [_width(column, examples) for column in columns]
        for index, (column, width) in enumerate(zip(columns, widths, strict=True)):
            sheet.set_column(index, index, width, styles.of(column))
            if column.help:
                sheet.write_comment(0, index, column.help)
        _write_head(sheet, styles, columns, widths, "", ())
        _add_choices(book, sheet, columns, 1, TEMPLATE_ROWS)
        _write_instructions(book, styles, columns, examples, notes)
        sheet.activate()
    return output.getvalue()


class _Styles:
    """The cell formats of one workbook, made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        line = {"border": 1, "border_color": LINE_COLOUR, "valign": "vcenter"}
        head = {**line, "bold": True, "font_color": "white", "align": "center", "text_wrap": True}
        self._book, self._line = book, line
        self.title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
        self.title_left = book.add_format({"bold": True, "font_size": 16, "align": "left", "valign": "vcenter"})
        self.note = book.add_format({"font_color": "#595959", "text_wrap": True, "valign": "top"})
        self.head = book.add_format({**head, "bg_color": HEAD_COLOUR})
        self.required = book.add_format({**head, "bg_color": REQUIRED_COLOUR})
        self.text = book.add_format({**line, "num_format": "@", "text_wrap": True})
        self.moment = book.add_format({**line, "num_format": "yyyy-mm-dd hh:mm"})
        self._by_format: dict[str, Any] = {"@": self.text}

    def of(self, column: Column) -> Any:
        if column.kind == "date":
            return self.number("yyyy-mm-dd")
        if column.kind == "integer":
            return self.number("#,##0")
        if column.kind == "decimal":
            return self.number("#,##0" + ("." + "0" * column.places if column.places else ""))
        return self.text

    def number(self, num_format: str) -> Any:
        if num_format not in self._by_format:
            self._by_format[num_format] = self._book.add_format({**self._line, "num_format": num_format})
        return self._by_format[num_format]


def _sheet_title(title: str) -> str:
    name = "".join(c for c in title if c not in "[]:*?/\\'")[:31]
    return name or "数据"


def _columns_wide(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def _width(column: Column, rows: Sequence[Mapping[str, object]]) -> int:
    """Wide enough for the first rows and the header in up to three lines, in half-width characters, 8 to 40."""
    values = (row.get(column.name) for row in rows)
    shown = max((_columns_wide(column.labels.get(str(v), str(v))) for v in values if v), default=0)
    head = _columns_wide(column.header)
    lines = 1 if head <= 12 else 2 if head <= 32 else 3
    least = 12 if column.kind in ("date", "decimal", "integer") else 8
    return max(least, min(40, max(shown, -(-head // lines)) + 4))


def _lines(text: str, width: int) -> int:
    return -(-_columns_wide(text) // max(width, 1))


def _write_head(
    sheet: Any, styles: _Styles, columns: Sequence[Column], widths: Sequence[int], title: str, notes: Sequence[str]
) -> int:
    """Title, notes and header; returns the header's row index and freezes what is above the data."""
    top, last, seen = 0, max(len(columns) - 1, 0), min(sum(widths), SEEN_AT_ONCE)
    # Over a table wider than a screen a centred title would stand out of sight.
    heading = styles.title if sum(widths) <= SEEN_AT_ONCE else styles.title_left
    for text, style in [(title, heading), *((note, styles.note) for note in notes)]:
        if not text:
            continue
        sheet.set_row(top, 30 if style is heading else 2 + LINE_POINTS * _lines(text, seen))
        across = _first_beyond(widths, seen)
        if across:
            sheet.merge_range(top, 0, top, across, "", style)
        sheet.write_string(top, 0, neutral(text), style)
        top += 1
    high = max((_lines(c.header, w - 3) for c, w in zip(columns, widths, strict=True)), default=1)
    sheet.set_row(top, max(32, 2 + LINE_POINTS * high))
    for index, column in enumerate(columns):
        sheet.write_string(top, index, neutral(column.header), styles.required if column.required else styles.head)
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)
    _fit_to_paper(sheet, sum(widths), last)
    return top


def _first_beyond(widths: Sequence[int], seen: int) -> int:
    """The last column that still begins within `seen`: text above the table is read without scrolling."""
    used = 0
    for index, width in enumerate(widths):
        used += width
        if used >= seen:
            return index
    return max(len(widths) - 1, 0)


def _fit_to_paper(sheet: Any, width: int, last: int) -> None:
    """Landscape; as wide as the paper, but never shrunk so far that nobody can read it: then A3, then more pages side
    by side, each with the first column and the header."""
    pages = 1 if width <= A4_READABLE else -(-width // A3_READABLE)
    sheet.set_landscape()
    sheet.set_paper(A4 if width <= A4_READABLE else A3)
    sheet.fit_to_pages(pages, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    if pages > 1 and last:
        sheet.repeat_columns(0)


def _write_cell(
    sheet: Any, row: int, index: int, column: Column, value: object, styles: _Styles, labels: dict[str, dict[str, str]]
) -> None:
    style = styles.of(column)
    if value is None or value == "":
        sheet.write_blank(row, index, None, style)
    elif isinstance(value, bool):
        sheet.write_string(row, index, "是" if value else "否", styles.text)
    elif isinstance(value, str):
        shown = labels[column.name].get(value, value) if column.name in labels else value
        sheet.write_string(row, index, neutral(shown), styles.text)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, index, value, styles.moment)
    elif isinstance(value, date):
        sheet.write_datetime(row, index, value, styles.number("yyyy-mm-dd"))
    elif isinstance(value, int | Decimal):
        _write_number(sheet, row, index, column, value, style, styles.text)
    else:
        raise TypeError(f"column {column.name!r} holds a {type(value).__name__}, which has no exact form in a sheet")


def _write_number(
    sheet: Any, row: int, index: int, column: Column, value: int | Decimal, style: Any, plain: Any
) -> None:
    number = Decimal(value)
    digits = number.normalize().as_tuple().digits if number.is_finite() else ()
    # More digits than Excel keeps, or a code: as text nothing is lost.
    if column.kind in ("text", "code", "choice", "yes_no") or not 0 < len(digits) <= EXACT_DIGITS:
        sheet.write_string(row, index, neutral(f"{value:f}" if isinstance(value, Decimal) else str(value)), plain)
    else:
        sheet.write_number(row, index, float(number), style)


def _add_choices(book: Any, sheet: Any, columns: Sequence[Column], first: int, last: int) -> None:
    """Drop-downs for choices and yes/no; lists too long to stand in the cell's rule go to a hidden sheet."""
    hidden, used = None, 0
    for index, column in enumerate(columns):
        labels = ["是", "否"] if column.kind == "yes_no" else list(column.labels.values())
        if not labels:
            continue
        source: list[str] | str = labels
        if len(",".join(labels)) > LONGEST_LIST or any("," in label for label in labels):
            if hidden is None:
                hidden = book.add_worksheet(CHOICES_SHEET)
                hidden.hide()
            # constant_memory wants rows in order, so each list is one row of the hidden sheet.
            for place, label in enumerate(labels):
                hidden.write_string(used, place, neutral(label))
            source = f"={CHOICES_SHEET}!$A${used + 1}:${letters(len(labels) - 1)}${used + 1}"
            used += 1
        sheet.data_validation(
            first,
            index,
            last,
            index,
            {
                "validate": "list",
                "source": source,
                "ignore_blank": True,
                "error_title": "不在可选范围内",
                "error_message": "请从下拉列表里选择。",
            },
        )


def _write_instructions(
    book: Any,
    styles: _Styles,
    columns: Sequence[Column],
    examples: Sequence[Mapping[str, object]],
    notes: Sequence[str],
) -> None:
    sheet = book.add_worksheet(NOTES_SHEET)
    widths = (24, 8, 20, 48, 32, 24)
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    row = 0
    for note in notes:
        sheet.merge_range(row, 0, row, len(widths) - 1, "", styles.note)
        sheet.write_string(row, 0, neutral(note), styles.note)
        row += 1
    for index, head in enumerate(("列名", "必填", "填写形式", "说明", "可选项", "示例")):
        sheet.write_string(row, index, head, styles.head)
    sheet.freeze_panes(row + 1, 0)
    for column in columns:
        row += 1
        form = KIND_WORDS[column.kind] + (f"，单位：{column.unit}" if column.unit else "")
        choices = "、".join(column.labels.values())
        cells = (column.header, "必填" if column.required else "选填", form, column.help, choices, column.example)
        for index, text in enumerate(cells):
            sheet.write_string(row, index, neutral(text), styles.text)
    if examples:
        _write_examples(sheet, styles, columns, examples, row + 2)


def _write_examples(
    sheet: Any, styles: _Styles, columns: Sequence[Column], examples: Sequence[Mapping[str, object]], row: int
) -> None:
    sheet.write_string(row, 0, "填写示例（只供参考，请填在“数据”工作表里）", styles.note)
    labels = {c.name: c.labels for c in columns if c.kind == "choice"}
    for index, column in enumerate(columns):
        sheet.write_string(row + 1, index, neutral(column.header), styles.required if column.required else styles.head)
        for number, example in enumerate(examples, row + 2):
            _write_cell(sheet, number, index, column, example.get(column.name), styles, labels)
