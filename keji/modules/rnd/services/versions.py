"""What a project looked like each time it was filed, and what changed in between."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from keji.kernel.audit.log import plain
from keji.kernel.audit.models import Entry
from keji.kernel.people.roles import Actor
from keji.modules.rnd.models import ProjectVersion, RndProject

PROJECT_COLUMNS = (
    *("party", "name", "own_code", "form", "field", "decision", "budget", "starts", "ends"),
    *("source_code", "cooperation_code", "result_code", "goal_code", "contract_number", "partner"),
)
YEAR_COLUMNS = ("staff", "person_months", "hours", "government", "stage_code", "ledger_total")


def keep_version(project: RndProject, *, actor: Actor, at: datetime) -> ProjectVersion:
    """The project as it stands becomes its next version; the reason is the one given when the change was asked for."""
    before = project.versions.first()
    values = snapshot(project)
    project.version = (before.number if before else 0) + 1
    return ProjectVersion.objects.create(
        project=project,
        number=project.version,
        values=values,
        changes=difference(before.values, values) if before else {},
        reason=_asked_for(project) if before else "",
        at=at,
        by=actor.name,
    )


def snapshot(project: RndProject) -> dict[str, Any]:
    """Everything a filing says, under the labels people read, as JSON."""
    values = {label(RndProject, name): _shown(project, name) for name in PROJECT_COLUMNS}
    for part in project.years.order_by("year"):
        for name in YEAR_COLUMNS:
            values[f"{part.year}年{label(type(part), name)}"] = _shown(part, name)
    for row in project.equipment.all():
        values[f"设备：{row.name}"] = " ".join(filter(None, (row.model, f"{row.value:,.2f}元" if row.value else "")))
    return values


def difference(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """{label: [before, after]} of what differs, in the order of the newer one."""
    names = [*after, *(name for name in before if name not in after)]
    pairs = {name: [before.get(name, ""), after.get(name, "")] for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def label(model: type[Any], name: str) -> str:
    return str(model._meta.get_field(name).verbose_name)


def _shown(record: Any, name: str) -> str:
    field = record._meta.get_field(name)
    if field.choices:
        return str(getattr(record, f"get_{name}_display")())
    value = getattr(record, name)
    if value in (None, ""):
        return ""
    if hasattr(value, "quantize"):
        text = f"{value:,f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(plain(value))


def _asked_for(project: RndProject) -> str:
    """Why the change was asked for: the reason of the last step that opened the project for changes."""
    rows = Entry.objects.filter(subject_type=project._meta.label_lower, subject_id=str(project.pk))
    last = rows.filter(action__in=["申请变更", "退回"]).order_by("-position").first()
    return last.reason if last else ""
