"""The uploaded sheet given back with a 问题 column: the same file, the same rows, the faulty cells coloured."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from keji.lib.sheet.columns import Problem, SheetError
from keji.lib.sheet.reading import PROBLEM_HEADER, header_key

FAULTY = PatternFill("solid", start_color="FFFFC7CE", end_color="FFFFC7CE")
HEAD = PatternFill("solid", start_color="FFC00000", end_color="FFC00000")
WIDTH = 60


def with_problems(
    original_bytes: bytes, problems: Mapping[int, Sequence[str | Problem]], header_row: int, sheet_name: str
) -> bytes:
    """A copy of the upload with the sentences of each row in a 问题 column behind the last header.

    `problems`: Excel row number → sentences; a `Problem` with an address also colours that cell. A 问题 column of an
    earlier round is used again. Wants a file `read` accepted; SheetError when it can be read but not edited (a damaged
    style sheet), KeyError when the sheet is not in it.
    """
    try:
        book = load_workbook(io.BytesIO(original_bytes))
    except Exception as error:  # openpyxl passes on whatever its XML parser and its descriptors raise
        raise SheetError(
            "文件的格式部分有损坏，不能在原表上标注；请照页面上列出的问题修改，或改用下载的模板。"
        ) from error
    sheet = book[sheet_name]
    place = _problem_column(sheet, header_row)
    for number, found in problems.items():
        cell = sheet.cell(number, place)
        # A merged cell that is not its area's first cannot hold a value; the rest of the row still tells.
        if not hasattr(cell, "column_letter"):
            continue
        cell.value = "\n".join(str(problem) for problem in found)
        cell.data_type = "s"  # never a formula, whatever a sentence repeats from the sheet
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.fill = FAULTY
        for problem in found:
            if isinstance(problem, Problem) and problem.address:
                _colour(sheet, problem)
    book.active = book.index(sheet)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def _problem_column(sheet: Worksheet, header_row: int) -> int:
    """The column for the sentences (from 1), emptied if it was there, with its header and width."""
    headers = [cell.value for cell in sheet[header_row]]
    keys = [header_key(value) if value is not None else "" for value in headers]
    if PROBLEM_HEADER in keys:
        place = keys.index(PROBLEM_HEADER) + 1
        # Only cells that exist: a sheet formatted down to its last row would otherwise be filled out to a million rows.
        for (row, column), cell in list(sheet._cells.items()):
            if row <= header_row or not hasattr(cell, "column_letter"):
                continue
            if column == place:
                cell.value, cell.fill = None, PatternFill()
            elif cell.has_style and cell.fill.start_color.rgb == FAULTY.start_color.rgb:
                # Colours of the last round would point at cells that are right by now.
                cell.fill, cell.comment = PatternFill(), None
    else:
        place = max((index for index, key in enumerate(keys, 1) if key), default=0) + 1
    head = sheet.cell(header_row, place)
    head.value, head.fill, head.font = PROBLEM_HEADER, HEAD, Font(bold=True, color="FFFFFFFF")
    sheet.column_dimensions[get_column_letter(place)].width = WIDTH
    return place


def _colour(sheet: Worksheet, problem: Problem) -> None:
    cell = sheet[problem.address]
    cell.fill = FAULTY
    cell.comment = Comment(problem.message, "校验", width=320, height=80)
