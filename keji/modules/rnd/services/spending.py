"""What projects spent, month by month: entering, copying last month, whole sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.lib.rnd_items import LABELS, NAMES
from keji.modules.rnd.models import RndProject, RndStatement, SpendMonth
from keji.modules.rnd.models.project import AMOUNTS

Rows = Sequence[Mapping[str, Any]]
ZERO = Decimal(0)
State = RndProject.State


def month_problem(project: RndProject, year: int, month: int, on: date) -> str:
    """Why this month of this project cannot be filled in on a day; "" when it can."""
    key = f"{year}{month:02d}"
    if project.state in (State.CLOSED, State.WITHDRAWN):
        return f"项目{project.get_state_display()}，不能再填支出"
    if key > f"{on:%Y%m}":
        return f"{year}年{month}月还没有到，不能提前填"
    if key < project.starts:
        return f"项目自{project.span.split(' ')[0]}开始，之前的月份不填"
    if project.ends and key > project.ends:
        return f"项目到{project.span.split(' ')[-1]}完成，之后的月份不填；延期请先申请变更"
    return ""


def locked_years(parties: set[int], years: set[int]) -> set[tuple[int, int]]:
    """(party, year) whose statement is confirmed: its months no longer change."""
    rows = RndStatement.objects.holding().filter(party_id__in=parties, year__in=years, rnd_expense__isnull=False)
    return set(rows.values_list("party_id", "year"))


def save_month(
    project: RndProject, year: int, month: int, values: Mapping[str, Any], *, actor: Actor, at: datetime
) -> SpendMonth:
    """One month of one project. Refused when the month is closed, has not come or lies outside the project."""
    row = {"project": project, "year": year, "month": month, **values}
    save_months([row], actor=actor, at=at, source="page")
    saved: SpendMonth = SpendMonth.objects.get(project=project, year=year, month=month)
    return saved


def save_months(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[SpendMonth]:
    """Many months, {project, year, month, the amounts}: new ones in, known ones replaced; returns those that differ."""
    with writing(actor, at):
        _refuse(rows, day_of(at))
        known = _known(rows)
        saved: list[SpendMonth] = []
        entries: dict[int, dict[str, list[Any]]] = {}
        came_from = _source(actor, source)
        for row in rows:
            before = known.get((row["project"].pk, row["year"], row["month"]))
            record = SpendMonth(project=row["project"], year=row["year"], month=row["month"])
            for name in AMOUNTS:
                setattr(record, name, row.get(name) or ZERO)
            record.total = sum((getattr(record, name) for name in NAMES), ZERO)
            record.source, record.updated_at, record.updated_by = came_from, at, actor.name
            if changes := _changes(before, record):
                saved.append(record)
                entries.setdefault(record.project_id, {}).update(changes)
        SpendMonth.objects.bulk_create(
            saved,
            batch_size=200,
            update_conflicts=True,
            unique_fields=["project", "year", "month"],
            update_fields=[*AMOUNTS, "total", "source", "updated_at", "updated_by"],
        )
        _log(entries, rows)
    return saved


def _changes(before: SpendMonth | None, record: SpendMonth) -> dict[str, list[Any]]:
    """What a month adds or corrects, under labels people read; {} when it says what was said."""
    month = f"{record.year}年{record.month}月"
    if before is None:
        return {month: [None, record.total]}
    pairs = {name: [getattr(before, name), getattr(record, name)] for name in AMOUNTS}
    labels = {name: LABELS.get(name, "建筑物折旧") for name in AMOUNTS}
    return {f"{month}{labels[name]}": pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _log(entries: Mapping[int, dict[str, list[Any]]], rows: Rows) -> None:
    """One entry a project, naming its months: a sheet of a year is one act, not twelve."""
    projects = {row["project"].pk: row["project"] for row in rows}
    for key, changes in entries.items():
        corrected = any(pair[0] is not None for pair in changes.values())
        log("更正支出" if corrected else "填报支出", projects[key], changes)


def _refuse(rows: Rows, on: date) -> None:
    closed = locked_years({r["project"].party_id for r in rows}, {r["year"] for r in rows})
    for row in rows:
        project, year, month = row["project"], row["year"], row["month"]
        if problem := month_problem(project, year, month, on):
            raise Refused(f"“{project.name}”：{problem}")
        if (project.party_id, year) in closed:
            raise Refused(f"{year}年度的研发情况已经确认，支出不能再改；确需更正的，请先退回年度研发情况")
        if (row.get("building_depreciation") or ZERO) > (row.get("depreciation") or ZERO):
            raise Refused(f"“{project.name}”：建筑物折旧大于{LABELS['depreciation']}，请核对")


def _known(rows: Rows) -> dict[tuple[int, int, int], SpendMonth]:
    projects = sorted({row["project"].pk for row in rows})
    years = sorted({row["year"] for row in rows})
    found = {}
    for start in range(0, len(projects), 500):
        part = SpendMonth.objects.filter(project_id__in=projects[start : start + 500], year__in=years)
        for record in part.select_for_update(of=("self",)):
            found[record.project_id, record.year, record.month] = record
    return found


def _source(actor: Actor, source: str) -> str:
    if source == "sheet":
        return SpendMonth.Source.SHEET
    if actor.is_system or actor.has(Role.OFFICER):
        return SpendMonth.Source.BUREAU
    return SpendMonth.Source.COUNTY if actor.has(Role.COUNTY) else SpendMonth.Source.PARTY


def last_month_of(project: RndProject, year: int, month: int) -> SpendMonth | None:
    """The newest month before this one: what the form offers as 已知."""
    rows = SpendMonth.objects.filter(project=project).order_by("-year", "-month")
    return next((r for r in rows[:36] if (r.year, r.month) < (year, month)), None)
