"""A sheet of monthly spending in 元, 千元 or 万元: one unit is converted, several are asked about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from keji.kernel.people.roles import Actor
from keji.lib import sheet
from keji.lib.rnd_items import LABELS
from keji.modules.rnd.models import RndProject
from keji.modules.rnd.models.project import AMOUNTS
from keji.modules.rnd.services.spending import locked_years, month_problem

FACTORS = {"元": 1, "千元": 1000, "万元": 10_000}
COLUMN_LABELS: Mapping[str, str] = {**LABELS, "building_depreciation": "其中：建筑物折旧"}
#: As they stand in the sheet: a part follows its whole.
IN_ORDER = (*AMOUNTS[:3], "building_depreciation", *AMOUNTS[3:-1])
KEYS = (
    sheet.Column(
        "number", "项目编号", "code", required=True, help="本系统的备案编号，如 YF-2024-0012", example="YF-2024-0012"
    ),
    sheet.Column("year", "年度", "integer", required=True, example="2024"),
    sheet.Column("month", "月份", "integer", required=True, help="1 至 12", example="3"),
)


@dataclass
class Reading:
    """What was read: rows to write, or problems by row, or columns whose unit must be asked."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    problems: dict[int, list[sheet.Problem]] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)  # column → unit found in its header, "" none
    asked: bool = False
    read: sheet.Sheet | None = None


def template_columns() -> list[sheet.Column]:
    return [*KEYS, *(sheet.Column(n, COLUMN_LABELS[n], "decimal", unit="元") for n in IN_ORDER)]


def read_spending(content: bytes, answers: Mapping[str, str], *, actor: Actor, on: date) -> Reading:
    """Read a sheet. `answers` (column → unit) settles what the headers left open.

    Raises SheetError for a file that cannot be used. Writes nothing.
    """
    columns = [*KEYS, *(_variant(name, unit) for name in AMOUNTS for unit in ("", *FACTORS))]
    read = sheet.read(content, columns)
    found = Reading(read=read)
    for name in read.positions:
        if "@" in name:
            column, unit = name.split("@")
            if column in found.units:
                label = COLUMN_LABELS[column]
                raise sheet.SheetError(f"表头“{label}”出现了两次（单位不同），请只留一列。")
            found.units[column] = unit
    if not found.units:
        raise sheet.SheetError("表里没有任何一项费用的列，请用下载的模板填写。")
    said = set(found.units.values())
    open_ = "" in said or len(said) > 1
    if open_ and any(answers.get(column) not in FACTORS for column in found.units):
        found.asked = True
        return found
    factors = {c: FACTORS[answers.get(c) or unit] for c, unit in found.units.items()}
    found.problems = read.problems_by_row()
    _clean(found, factors, actor, on)
    return found


def _variant(name: str, unit: str) -> sheet.Column:
    """One column under one unit in its header; the reader tells by the name which header stood there."""
    label = f"{COLUMN_LABELS[name]}（{unit}）" if unit else COLUMN_LABELS[name]
    return sheet.Column(f"{name}@{unit}", label, "decimal")


def _clean(found: Reading, factors: Mapping[str, int], actor: Actor, on: date) -> None:
    assert found.read is not None
    projects = _projects([str(r.values.get("number") or "") for r in found.read.rows], actor)
    closed = locked_years({p.party_id for p in projects.values()}, {on.year, on.year - 1})
    seen: dict[tuple[int, int, int], int] = {}
    for line in found.read.rows:
        if line.number in found.problems:
            continue
        row, said = _row(line, found, factors, projects, closed, on)
        if row and not said:
            key = (row["project"].pk, row["year"], row["month"])
            if key in seen:
                said.append(("number", f"与第 {seen[key]} 行是同一项目同一个月，请合成一行"))
            seen.setdefault(key, line.number)
        if said:
            found.problems[line.number] = [found.read.problem(line.number, name, text) for name, text in said]
        elif row:
            found.rows.append(row)


def _row(
    line: sheet.Row,
    found: Reading,
    factors: Mapping[str, int],
    projects: Mapping[str, RndProject],
    closed: set[tuple[int, int]],
    on: date,
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    number = str(line.values.get("number") or "").upper()
    project = projects.get(number)
    if project is None:
        return {}, [("number", f"没有编号为“{number}”的研发项目，或它不在您的管理范围内；编号请从项目清单中复制")]
    year, month = int(str(line.values["year"])), int(str(line.values["month"]))
    if not 1 <= month <= 12:
        return {}, [("month", f"月份应是 1 至 12，现在是 {month}")]
    if problem := month_problem(project, year, month, on):
        return {}, [("month", problem)]
    if (project.party_id, year) in closed:
        return {}, [("year", f"{year}年度的研发情况已经确认，支出不能再改")]
    row: dict[str, Any] = {"project": project, "year": year, "month": month}
    said: list[tuple[str, str]] = []
    for column, unit in found.units.items():
        value = line.values.get(f"{column}@{unit}")
        amount = Decimal(str(value)) * factors[column] if value is not None else Decimal(0)
        if amount < 0:
            said.append((f"{column}@{unit}", f"{COLUMN_LABELS[column]}不能为负；冲减的请直接填冲减后的数"))
        elif amount != amount.quantize(Decimal("0.01")):
            said.append((f"{column}@{unit}", "换算成元后不到分，请核对小数位数"))
        row[column] = amount
    if row.get("building_depreciation", 0) > row.get("depreciation", 0):
        said.append(("", "建筑物折旧大于折旧费用与长期待摊费用，请核对"))
    return row, said


def _projects(numbers: list[str], actor: Actor) -> dict[str, RndProject]:
    """{number: project} of those the actor may write to."""
    wanted = sorted({n.upper() for n in numbers if n})
    found: dict[str, RndProject] = {}
    for start in range(0, len(wanted), 500):
        rows = RndProject.objects.writable_by(actor).filter(number__in=wanted[start : start + 500])
        found |= {p.number: p for p in rows.select_related("party")}
    return found
