"""Reading and writing spreadsheets: ours beside openpyxl, in turn, in one process."""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
from python_calamine import CalamineWorkbook

from keji.lib import codes
from keji.lib.sheet import Column, Limits, read, write
from keji.lib.sheet.package import open_package

ROWS, RUNS = 10_000, 3
COLUMNS = [
    Column("name", "企业名称", required=True),
    Column("code", "统一社会信用代码", "code", required=True),
    Column("county", "所属县区", "choice", choices={"341502": "金安区", "341503": "裕安区", "341525": "霍山县"}),
    Column("address", "地址"),
    Column("spent", "研发费用", "decimal", unit="万元"),
    Column("sales", "销售收入", "decimal", unit="万元"),
    Column("staff", "职工人数", "integer"),
    Column("founded", "成立日期", "date"),
    Column("listed", "是否上市", "yes_no"),
    Column("remark", "说明"),
]


def _rows(count: int) -> list[dict[str, object]]:
    return [
        {
            "name": f"六安市第{i}科技有限公司",
            "code": codes.make_uscc(f"91341503{i:08d}"),
            "county": ("341502", "341503", "341525")[i % 3],
            "address": f"安徽省六安市裕安区某路{i}号",
            "spent": Decimal(i * 37 % 100_000) / 100,
            "sales": Decimal(i * 7919 % 10_000_000) / 100,
            "staff": i % 500,
            "founded": date(2000, 1, 1) + timedelta(days=i % 9000),
            "listed": i % 7 == 0,
            "remark": "=说明" if i % 100 == 0 else f"说明{i % 50}",
        }
        for i in range(count)
    ]


def _seconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _openpyxl_read(data: bytes) -> list[tuple[Any, ...]]:
    sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True).active
    assert sheet is not None
    return list(sheet.iter_rows(values_only=True))


def _bare_read(data: bytes) -> list[list[Any]]:
    package = open_package(data, Limits())
    return CalamineWorkbook.from_filelike(io.BytesIO(package.data)).get_sheet_by_index(0).to_python()


def _openpyxl_write(rows: list[dict[str, object]]) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([c.header for c in COLUMNS])
    for row in rows:
        sheet.append([row[c.name] for c in COLUMNS])
    book.save(io.BytesIO())


def run() -> None:
    """Print one Markdown table. Our reading includes cleaning to typed values and every check; openpyxl's does not."""
    rows = _rows(ROWS)
    data = write(COLUMNS, rows)
    sheet = read(data, COLUMNS, Limits())
    assert sheet.ok and [row.values for row in sheet.rows] == rows, "a round trip must give the same values"
    times: dict[str, list[float]] = {"bare": [], "read": [], "openpyxl read": [], "write": [], "openpyxl write": []}
    for _ in range(RUNS):  # in turn, so that a busy moment falls on both
        times["bare"].append(_seconds(lambda: _bare_read(data)))
        times["read"].append(_seconds(lambda: read(data, COLUMNS)))
        times["openpyxl read"].append(_seconds(lambda: _openpyxl_read(data)))
        times["write"].append(_seconds(lambda: write(COLUMNS, rows)))
        times["openpyxl write"].append(_seconds(lambda: _openpyxl_write(rows)))
    middle = {name: statistics.median(values) for name, values in times.items()}
    print(f"{ROWS} rows × {len(COLUMNS)} columns, median of {RUNS}, one process, values equal after a round trip\n")
    print("| what | keji.lib.sheet s | openpyxl s | ratio |")
    print("|---|---|---|---|")
    for what, ours, anchor in (
        ("read, bare values, safely unpacked", "bare", "openpyxl read"),
        ("read, every cell typed and checked (openpyxl: bare values)", "read", "openpyxl read"),
        ("write, styled and guarded (openpyxl: bare values)", "write", "openpyxl write"),
    ):
        print(f"| {what} | {middle[ours]:.2f} | {middle[anchor]:.2f} | {middle[anchor] / middle[ours]:.1f}× |")


if __name__ == "__main__":
    run()
