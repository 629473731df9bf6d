"""Reading an upload: the right sheet, its header, its rows as typed values, and every problem with its address."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from string import ascii_uppercase, digits
from typing import Any, BinaryIO, NoReturn
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from keji.lib import cells
from keji.lib.cells import CellError
from keji.lib.sheet.columns import Column, Limits, Problem, Row, Sheet, SheetError, letters
from keji.lib.sheet.package import Package, hidden_rows, open_package, percent_cells, refuse_far_cells, uncalculated
from keji.lib.width import drop_invisible, fold_width

PROBLEM_HEADER = "问题"
NOTES_SHEET = "填写说明"
TOTAL_WORDS = frozenset(["合计", "总计", "小计", "共计"])
SILENT_HEADERS = frozenset(["序号", "编号", PROBLEM_HEADER, "备注"])  # extra columns nobody needs to be told about
_MARKS = re.compile(r"\((?:必填|选填|必填项|可空|非必填|下拉选择?|单选)\)|[*:]")
_BRACKET = re.compile(r"\((?:单位)?:?([^()]*)\)$")
_UNITS = frozenset(
    ["元", "千元", "万元", "百万元", "千万元", "亿元", "%", "人", "家", "件", "项", "个", "平方米", "亩"]
)

Grid = list[list[Any]]


def header_key(header: object) -> str:
    """A header as compared: half width, without spaces, line breaks, 必填 marks and colons."""
    return _MARKS.sub("", "".join(fold_width(drop_invisible(str(header))).split())).casefold()


def read(
    file: bytes | str | Path | BinaryIO,
    columns: Sequence[Column],
    limits: Limits | None = None,
    *,
    sheet_name: str = "",
) -> Sheet:
    """The filled rows of an uploaded .xlsx, cleaned by the kinds of `columns`.

    The first visible sheet is read (or `sheet_name`); title rows may stand above the header, columns in any order.
    Bad cells, merged cells, 合计 rows and formulas without a result become `problems`; SheetError (a Chinese sentence)
    when the file or its header cannot be used at all.
    """
    limits = limits or Limits()
    package = open_package(_bytes_of(file, limits), limits)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(package.data))
        visible = [
            meta.name
            for meta in book.sheets_metadata
            if meta.typ == SheetTypeEnum.WorkSheet and meta.visible == SheetVisibleEnum.Visible
        ]
        name = _chosen(visible, sheet_name)
        sheet, grid = _load(book, package, name, limits)
        header = _find_header(grid, columns, limits)
        if header.missing or not header.positions:
            others = [other for other in visible if other != name and other != NOTES_SHEET]
            _refuse_header(header, name, columns, lambda: _better_sheet(book, package, others, columns, limits, header))
        return _collect(package, sheet, grid, header, columns, limits)
    except (CalamineError, ElementTree.ParseError, OSError, UnicodeDecodeError):
        raise SheetError("文件已经损坏，无法打开。请在 Excel 或 WPS 里打开后重新保存为 .xlsx 再上传。") from None


def _bytes_of(file: bytes | str | Path | BinaryIO, limits: Limits) -> bytes:
    if isinstance(file, bytes | bytearray | memoryview):
        return bytes(file)
    if isinstance(file, str | Path):
        with open(file, "rb") as handle:
            return handle.read(limits.file_bytes + 1)
    return file.read(limits.file_bytes + 1)


def _chosen(visible: list[str], wanted: str) -> str:
    if wanted:
        if wanted not in visible:
            raise SheetError(f"没有名为“{wanted}”的工作表，现有：{'、'.join(visible) or '无'}；请用下载的模板填写。")
        return wanted
    data_sheets = [name for name in visible if name != NOTES_SHEET] or visible
    if not data_sheets:
        raise SheetError("文件里没有可见的工作表，请取消隐藏后再上传。")
    return data_sheets[0]


def _load(book: CalamineWorkbook, package: Package, name: str, limits: Limits) -> tuple[CalamineSheet, Grid]:
    refuse_far_cells(package.sheet_xml(name), name, limits)
    sheet = book.get_sheet_by_name(name)
    return sheet, sheet.to_python(skip_empty_area=False)


class _Header:
    """Where a header row was found: row index (from 0), column name → index, what is missing, unknown or doubtful."""

    def __init__(self, row: int, cells_of_row: Sequence[object], columns: Sequence[Column]) -> None:
        self.row = row
        self.positions: dict[str, int] = {}
        self.unknown: list[str] = []
        self.faults: list[str] = []
        exact = {header_key(h): c for c in columns for h in (c.label, c.header, *c.aliases)}
        for index, cell in enumerate(cells_of_row):
            key = header_key(cell) if isinstance(cell, str) else ""
            if not key:
                continue
            column = exact.get(key) or self._without_bracket(key, exact, index)
            if column is None:
                if key not in SILENT_HEADERS:
                    self.unknown.append(" ".join(str(cell).split()))
            elif column.name in self.positions:
                first = f"{letters(self.positions[column.name])}{row + 1}"
                self.faults.append(f"表头“{column.label}”出现了两次（{first}、{letters(index)}{row + 1}），请删去一列")
            else:
                self.positions[column.name] = index
        self.missing = [c.label for c in columns if c.required and c.name not in self.positions]

    def _without_bracket(self, key: str, exact: dict[str, Column], index: int) -> Column | None:
        """A header like 研发费用(元): known but for its unit. Another unit than declared would scale every figure."""
        bracket = _BRACKET.search(key)
        column = exact.get(key[: bracket.start()]) if bracket else None
        if bracket is None or column is None or bracket[1] not in _UNITS:
            return None
        if bracket[1] != column.unit:
            declared = f"“{column.unit}”" if column.unit else "不带单位的数"
            where = f"{letters(index)}{self.row + 1} 的“{column.label}”"
            self.faults.append(f"{where}写的单位是“{bracket[1]}”，本表应为{declared}，请换算并改正表头")
        return column


def _needed(columns: Sequence[Column]) -> list[Column]:
    """The columns without which a row cannot be the header: the required ones, or any one when none is required."""
    return [c for c in columns if c.required] or list(columns[:1])


def _find_header(grid: Grid, columns: Sequence[Column], limits: Limits) -> _Header:
    """The row among the first ones that names the most columns; the upper one of equals."""
    best = _Header(0, [], columns)
    for index, row in enumerate(grid[: limits.header_rows]):
        header = _Header(index, row, columns)
        if len(header.positions) > len(best.positions):
            best = header
    return best


def _better_sheet(
    book: CalamineWorkbook, package: Package, names: list[str], columns: Sequence[Column], limits: Limits, than: _Header
) -> str:
    """Another visible sheet that has the header this one lacks, or ""."""
    for name in names:
        _, grid = _load(book, package, name, limits)
        header = _find_header(grid, columns, limits)
        if len(header.positions) > len(than.positions) and not header.missing:
            return name
    return ""


def _refuse_header(header: _Header, name: str, columns: Sequence[Column], better: Callable[[], str]) -> NoReturn:
    if other := better():
        raise SheetError(
            f"工作表“{name}”里没有要找的表头，“{other}”里有；请把“{other}”拖到最前面，或删去其他工作表，再上传。"
        )
    if not header.positions:
        wanted = "、".join(c.label for c in _needed(columns)[:6])
        raise SheetError(f"工作表“{name}”的前几行里没有找到表头（应有：{wanted}），请用下载的模板填写。")
    raise SheetError(
        f"工作表“{name}”第 {header.row + 1} 行的表头缺少：{'、'.join(header.missing)}；请照模板补上这些列，名称不要改。"
    )


def _collect(
    package: Package, sheet: CalamineSheet, grid: Grid, header: _Header, columns: Sequence[Column], limits: Limits
) -> Sheet:
    if header.faults:
        raise SheetError("；".join(header.faults) + "。")
    xml = package.sheet_xml(sheet.name)
    found = [c for c in columns if c.name in header.positions]
    filled = _filled_rows(grid, header)
    if len(filled) > limits.rows:
        raise SheetError(
            f"工作表“{sheet.name}”有 {len(filled)} 行数据，超过每次 {limits.rows} 行的上限，请分成几份上传。"
        )
    problems = [*_merged_cells(sheet, header)]
    blanks = _formula_problems(xml, header, found)
    problems += blanks.values()
    rows = []
    cleaners = [(c, header.positions[c.name], letters(header.positions[c.name]), _cleaner(c)) for c in found]
    _scale_percentages(package, sheet.name, grid, header, found)
    for index in filled:
        rows.append(_clean_row(index + 1, grid[index], cleaners, blanks, problems))
    if not rows:
        problems.append(Problem(header.row + 2, f"表头下面没有数据，请从第 {header.row + 2} 行开始填写。"))
    filled_set = set(filled)
    notes = _notes(header, [n for n in hidden_rows(xml) if n - 1 in filled_set], columns)
    labels = {c.name: c.label for c in columns}
    return Sheet(sheet.name, header.row + 1, dict(header.positions), rows, problems, notes, labels)


def _filled_rows(grid: Grid, header: _Header) -> list[int]:
    """Indexes of rows with anything in a known column: a numbered but otherwise empty line is not a row."""
    places = sorted(header.positions.values())
    return [
        index
        for index in range(header.row + 1, len(grid))
        if any(grid[index][p] != "" and not cells.is_blank(grid[index][p]) for p in places)
    ]


def _scale_percentages(package: Package, name: str, grid: Grid, header: _Header, found: Sequence[Column]) -> None:
    """In columns declared in %, a cell shown as 15.6% holds 0.156: put back what its author sees."""
    places = {letters(header.positions[c.name]): header.positions[c.name] for c in found if c.unit == "%"}
    for address in percent_cells(package, name, set(places)):
        row, place = int(address.lstrip(ascii_uppercase)) - 1, places[address.rstrip(digits)]
        value = grid[row][place] if header.row < row < len(grid) else None
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            grid[row][place] = (cells.decimal(value) or Decimal()) * 100


def _cleaner(column: Column) -> Callable[[object], object]:
    return partial(cells.clean, kind=column.kind, choices=column.choices, unit=column.unit)


def _clean_row(
    number: int,
    raw: Sequence[object],
    cleaners: Sequence[tuple[Column, int, str, Callable[[object], object]]],
    blanks: dict[str, Problem],
    problems: list[Problem],
) -> Row:
    values: dict[str, object] = {}
    first = next((value for _, place, _, _ in cleaners if not cells.is_blank(value := raw[place])), "")
    if isinstance(first, str) and "".join(first.split()) in TOTAL_WORDS:
        problems.append(Problem(number, f"第 {number} 行像是合计行，请删去合计、小计行后再上传。"))
        return Row(number, {column.name: None for column, *_ in cleaners})
    for column, place, in_letters, clean in cleaners:
        try:
            value = values[column.name] = clean(raw[place])
        except CellError as error:
            values[column.name] = None
            problems.append(Problem(number, error.message, f"{in_letters}{number}", column.label))
            continue
        if column.required and value in (None, "") and (address := f"{in_letters}{number}") not in blanks:
            problems.append(Problem(number, "必填，没有填写，请补上。", address, column.label))
    return Row(number, values)


def _merged_cells(sheet: CalamineSheet, header: _Header) -> list[Problem]:
    """Merged cells below the header: only their first cell holds the value, the others would read as blank."""
    found = []
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        if top > header.row:
            area = f"{letters(left)}{top + 1}:{letters(right)}{bottom + 1}"
            found.append(
                Problem(top + 1, f"{area} 是合并单元格，请取消合并，逐行填写完整。", f"{letters(left)}{top + 1}")
            )
    return found


def _formula_problems(xml: bytes, header: _Header, found: Sequence[Column]) -> dict[str, Problem]:
    """Address → problem, for formulas in known columns that were saved without a result."""
    by_letters = {letters(header.positions[c.name]): c for c in found}
    problems = {}
    for address in uncalculated(xml):
        column = by_letters.get(address.rstrip(digits))
        row = int(address.lstrip(ascii_uppercase))
        if column is not None and row > header.row + 1:
            message = "这一格是公式，文件里没有它的结果；请在 Excel 里打开并保存一次，或直接填写数值。"
            problems[address] = Problem(row, message, address, column.label)
    return problems


def _notes(header: _Header, hidden: list[int], columns: Sequence[Column]) -> list[str]:
    notes = []
    if header.unknown:
        notes.append(f"有 {len(header.unknown)} 列不在模板里，没有读取：{'、'.join(header.unknown)}。")
    absent = [c.label for c in columns if c.name not in header.positions]
    if absent:
        notes.append(f"没有这些选填的列，按空白处理：{'、'.join(absent)}。")
    if hidden:
        listed = "、".join(str(n) for n in hidden[:10]) + ("等" if len(hidden) > 10 else "")
        notes.append(f"有 {len(hidden)} 行被隐藏或被筛选掉（第 {listed} 行），也已读入；如不需要请删去。")
    return notes
