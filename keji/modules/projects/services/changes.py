"""Changes: who may decide what, and what an approved one does to its project."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import Source, next_numbers, stamp
from keji.lib.figures import plain_date
from keji.modules.projects.models import Change, Project
from keji.modules.projects.models.change import BY_BUREAU
from keji.modules.projects.services.numbers import months_later, number


def ask(
    project: Project,
    kind: str,
    *,
    after: str,
    reason: str,
    until_on: date | None = None,
    actor: Actor,
    at: datetime,
) -> Change:
    """Ask the bureau for a change, or file what the unit may decide itself. Raises Refused with a sentence."""
    with writing(actor, at):
        fresh = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        if why := asking_refusal(fresh, kind, until_on, actor, day_of(at)):
            raise Refused(why)
        if not reason.strip() or not (after.strip() or until_on):
            raise Refused("请写明变更后的内容和理由")
        record = Change(
            number=next_numbers(Change.prefix, at.year)[0], project=fresh, party=fresh.party, region=fresh.region,
            kind=kind, before=_before(fresh, kind), after=(after.strip() or f"延期至{plain_date(until_on)}")[:300],
            reason=reason.strip()[:1000], until_on=until_on if kind == "extension" else None,
        )  # fmt: skip
        state = Change.State.REQUESTED if kind in BY_BUREAU else Change.State.FILED
        stamp(record, actor=actor, at=at, state=state, source=Source.PARTY)
        record.save()
        log("申请变更" if kind in BY_BUREAU else "备案变更", record, {"after": [record.before, record.after]})
    return record


def _before(project: Project, kind: str) -> str:
    found: dict[str, Any] = {
        "leader": project.leader_name,
        "unit": project.party.name,
        "extension": plain_date(project.ends_on),
        "total": f"{project.grant + project.own_money:,} 元",
    }
    return str(found.get(kind, "见任务书"))


def asking_refusal(project: Project, kind: str, until_on: date | None, actor: Actor, on: date) -> str:
    """Why this change cannot be asked for now; "" when it can."""
    if not actor.is_system and project.party_id not in actor.parties:
        return "变更由承担单位提出"
    if kind not in Change.Kind.values:
        return "请选择变更事项"
    if project.state not in ("signed", "mending"):
        return f"项目{project.get_state_display()}，不能变更"
    if project.changes.filter(kind=kind, state__in=["requested", "agreed"]).exists():
        return "同一事项的变更正在办理，请等办结后再提"
    return _extension_problem(project, until_on, on) if kind == "extension" else ""


def _extension_problem(project: Project, until_on: date | None, on: date) -> str:
    before, most = number("extension_months_before", on), number("extension_months_most", on)
    if project.changes.filter(kind="extension", state="approved").exists():
        return "已经延期过一次，不能再延"
    if until_on is None or until_on <= project.ends_on:
        return f"请填延期后的结束日期，应在{plain_date(project.ends_on)}之后"
    if until_on > (last := months_later(project.ends_on, most)):
        return f"最长延期 {most} 个月，到{plain_date(last)}为止"
    if on > (last := months_later(project.ends_on, -before)):
        return f"延期应在到期前 {before} 个月提出，最晚是{plain_date(last)}"
    return ""


def approving_problem(record: Change) -> str:
    if record.project.state not in ("signed", "mending"):
        return f"项目{record.project.get_state_display()}，不能变更"
    twice = record.kind == "extension" and record.project.changes.filter(kind="extension", state="approved").exists()
    return "已经延期过一次，不能再延" if twice else ""


def put_in_force(record: Change, *, actor: Actor, at: datetime) -> None:
    """What the approved change does to the project's own columns; the rest stands in the change itself."""
    project = Project.objects.select_for_update(of=("self",)).get(pk=record.project_id)
    values: dict[str, Any] = {}
    if record.kind == "leader":
        values = {"leader_name": record.after[:60], "leader": None}
    elif record.kind == "extension" and record.until_on:
        values = {"ends_on": record.until_on}
    before = {name: getattr(project, name) for name in values}
    for name, value in values.items():
        setattr(project, name, value)
    project.updated_at = at
    project.save()
    log("变更生效", project, {n: [before[n], v] for n, v in values.items()} | {"变更": [None, record.number]})
