"""Filing projects, one or hundreds at a time, and keeping their years and equipment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused, take
from keji.kernel.records.models import changed_fields, next_numbers, source_of, stamp
from keji.kernel.records.saving import locked
from keji.modules.rnd.models import Equipment, ProjectYear, RndProject
from keji.modules.rnd.services.versions import PROJECT_COLUMNS, YEAR_COLUMNS, label

Rows = Sequence[Mapping[str, Any]]
State = RndProject.State


def create_projects(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[RndProject]:
    """Enter projects as drafts: the columns of a project, and of one year where `year` is given. Bulk throughout."""
    made = []
    for row in rows:
        record = RndProject(**{k: row[k] for k in PROJECT_COLUMNS if row.get(k) is not None})
        record.region_id = record.party.region_id
        stamp(record, actor=actor, at=at, state=State.DRAFT, source=source_of(actor, source))
        made.append(record)
    with writing(actor, at):
        for record, number in zip(made, next_numbers(RndProject.prefix, at.year, len(made)), strict=True):
            record.number = number
        RndProject.objects.bulk_create(made, batch_size=500)
        years = [
            ProjectYear(project=record, year=row["year"], **_of_year(row))
            for record, row in zip(made, rows, strict=True)
            if row.get("year")
        ]
        ProjectYear.objects.bulk_create(years, batch_size=500)
        for record, row in zip(made, rows, strict=True):
            said = {k: [None, getattr(record, k)] for k in PROJECT_COLUMNS if getattr(record, k)}
            filled = {label(ProjectYear, k): v for k, v in _of_year(row).items() if v not in (None, "")}
            log("登记", record, said | {f"{row['year']}年{name}": [None, v] for name, v in filled.items()})
    return made


def _of_year(row: Mapping[str, Any]) -> dict[str, Any]:
    return {k: row[k] for k in YEAR_COLUMNS if row.get(k) is not None}


def correct_project(record: RndProject, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> RndProject:
    """Correct a project that is not filed, or whose change was asked for; a filed one is not touched."""
    with writing(actor, at):
        before = locked(record)
        columns = [k for k in PROJECT_COLUMNS if k in values]
        for name in columns:
            setattr(record, name, values[name])
        record.region_id, record.updated_at = record.party.region_id, at
        record.save()
        changes: dict[str, Any] = dict(changed_fields(before, record, columns))
        if values.get("year"):
            changes |= save_year(record, int(values["year"]), values, actor=actor, at=at)
        if changes:
            log("修改", record, changes)
    return record


def save_year(
    project: RndProject, year: int, values: Mapping[str, Any], *, actor: Actor, at: datetime
) -> dict[str, list[Any]]:
    """What 107-1 asks of one year of a project; returns {column: [before, after]} of what changed."""
    with writing(actor, at):
        part = ProjectYear.objects.select_for_update().filter(project=project, year=year).first()
        part = part or ProjectYear(project=project, year=year)
        changes = {}
        for name in YEAR_COLUMNS:
            if name in values and getattr(part, name) != values[name]:
                changes[name] = [getattr(part, name), values[name]]
                setattr(part, name, values[name] if values[name] is not None or name != "stage_code" else "")
        part.save()
    return {f"{year}年{label(ProjectYear, n)}": pair for n, pair in changes.items()}


def update_year(project: RndProject, year: int, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> None:
    """The yearly figures of a project that is running: they come with the year, not with a change of the project."""
    with writing(actor, at):
        locked(project)
        if changes := save_year(project, year, values, actor=actor, at=at):
            log("填报年度情况", project, changes)


def file_all(records: Sequence[RndProject], *, actor: Actor, at: datetime) -> int:
    """File many at once; Refused with the first sentence, and then none is filed."""
    with writing(actor, at):
        for record in records:
            take("file", record, actor=actor, at=at)
    return len(records)


def step_in_bulk(name: str, ids: Sequence[int], *, actor: Actor, at: datetime) -> int:
    """Take 核对 or 备案 on many with a handful of statements; what the step refuses is left out. Each is logged."""
    step = RndProject.flow[name]
    done = 0
    values: dict[str, Any] = {"state": step.target, "state_since": at, "updated_at": at}
    values |= {"checked_by_id": actor.id} if name == "check" else {"noted_on": day_of(at)}
    with writing(actor, at):
        for start in range(0, len(ids), 500):
            rows = RndProject.objects.select_for_update(of=("self",)).filter(
                pk__in=ids[start : start + 500], state__in=step.source
            )
            taken = [record for record in rows.order_by("pk") if not step.refusal(actor, record)]
            for record in taken:
                log(step.label, record, {"state": [record.state, step.target]})
            RndProject.objects.filter(pk__in=[r.pk for r in taken]).update(**values)
            done += len(taken)
    return done


def add_equipment(
    project: RndProject, *, name: str, model: str, value: Decimal | None, shared: bool, actor: Actor, at: datetime
) -> Equipment:
    """Put a machine on a project's list. Refused once the project is closed."""
    with writing(actor, at):
        fresh = locked(project)
        if fresh.state in (State.CLOSED, State.WITHDRAWN):
            raise Refused(f"项目{fresh.get_state_display()}，设备清单不能再改")
        row = Equipment.objects.create(
            project=project, name=name, model=model, value=value, shared=shared, added_on=day_of(at)
        )
        log("登记设备", project, {"设备": [None, name]})
    return row


def drop_equipment(row: Equipment, *, actor: Actor, at: datetime) -> None:
    with writing(actor, at):
        project = RndProject.objects.get(pk=row.project_id)
        if project.state in (State.CLOSED, State.WITHDRAWN):
            raise Refused(f"项目{project.get_state_display()}，设备清单不能再改")
        log("移除设备", project, {"设备": [row.name, None]})
        row.delete()
