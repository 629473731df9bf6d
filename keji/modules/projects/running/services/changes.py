"""Changes: who may decide what, and what an approved one does to its project."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of, today
from keji.kernel.parties.models import Party
from keji.kernel.parties.standings import blocks
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import Source, next_numbers, stamp
from keji.kernel.records.saving import whole
from keji.lib.figures import plain_date
from keji.modules.projects.models import Change, Project, TaskBook
from keji.modules.projects.models.change import BY_BUREAU
from keji.modules.projects.numbers import months_later, number
from keji.modules.projects.running.services.rebudgeting import money_problem, money_told, rebudget

#: Kinds that say what the money is to be.
OF_MONEY = ("total", "transfer")
NAME_MOST, AFTER_MOST = 60, 1000  # characters of a leader's name, of what is to hold afterwards


def ask(
    project: Project,
    kind: str,
    *,
    after: str,
    reason: str,
    until_on: date | None = None,
    to_party: Party | None = None,
    money: Mapping[str, int] | None = None,
    actor: Actor,
    at: datetime,
) -> Change:
    """Ask the bureau for a change, or file what the unit may decide itself. Raises Refused with a sentence.

    `to_party` is wanted for a change of unit, `money` {own_money, equipment, business, labour, indirect} in 元 for one
    of the budget. What is only filed is in force at once.
    """
    with writing(actor, at):
        fresh = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        if why := asking_refusal(fresh, kind, until_on, actor, day_of(at)):
            raise Refused(why)
        wanted = dict(money or {}) if kind in OF_MONEY else {}
        unit = to_party if kind == "unit" else None
        if why := _unit_problem(fresh, unit, day_of(at)) if kind == "unit" else "":
            raise Refused(why)
        if why := money_problem(fresh, kind, wanted) if kind in OF_MONEY else "":
            raise Refused(why)
        said = whole(after, NAME_MOST if kind == "leader" else AFTER_MOST, "变更后的内容") or _after(
            kind, until_on, unit, wanted
        )
        if not reason.strip() or not said:
            raise Refused("请写明变更后的内容和理由")
        record = Change(
            number=next_numbers(Change.prefix, at.year)[0], project=fresh, party=fresh.party, region=fresh.region,
            kind=kind, before=_before(fresh, kind)[:AFTER_MOST], after=said[:AFTER_MOST],
            reason=whole(reason, 1000, "理由"),
            until_on=until_on if kind == "extension" else None, to_party=unit, money=wanted,
        )  # fmt: skip
        state = Change.State.REQUESTED if kind in BY_BUREAU else Change.State.FILED
        stamp(record, actor=actor, at=at, state=state, source=Source.PARTY)
        record.save()
        log("申请变更" if kind in BY_BUREAU else "备案变更", record, {"after": [record.before, record.after]})
        if kind == "transfer":
            put_in_force(record, actor=actor, at=at)
            record.save(update_fields=["effect"])
    return record


def _before(project: Project, kind: str) -> str:
    if kind in OF_MONEY:
        return money_told(project)
    if kind == "targets":
        book = TaskBook.objects.filter(project=project).first()
        return book.targets if book is not None and book.targets else "见任务书"
    found: dict[str, Any] = {
        "leader": project.leader_name,
        "unit": project.party.name,
        "extension": plain_date(project.ends_on),
    }
    return str(found.get(kind, "见任务书"))


def _after(kind: str, until_on: date | None, unit: Party | None, money: Mapping[str, int]) -> str:
    """What a change says where its own column says it all; "" where words are wanted."""
    if kind == "extension" and until_on:
        return f"延期至{plain_date(until_on)}"
    if unit is not None:
        return unit.name
    return money_told(None, money) if money else ""


def _unit_problem(project: Project, unit: Party | None, on: date) -> str:
    """Why this unit may not take the project over; "" when it may."""
    if unit is None:
        return "请填写新承担单位的统一社会信用代码"
    if unit.pk == project.party_id:
        return "新承担单位就是现在的承担单位"
    if why := blocks(unit, "undertake", on):
        return f"{unit.name}{why}"
    if project.shares.filter(party=unit).exists():
        return f"{unit.name}已经是联合攻关的参加单位，请先与市局商定分工"
    return ""


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
    """Why a change cannot be put in force today; what was right when it was asked may have changed since."""
    project = record.project
    if project.state not in ("signed", "mending"):
        return f"项目{project.get_state_display()}，不能变更"
    if record.kind == "extension" and project.changes.filter(kind="extension", state="approved").exists():
        return "已经延期过一次，不能再延"
    if record.kind == "unit":
        return _unit_problem(project, record.to_party, today())
    return money_problem(project, record.kind, record.money) if record.kind in OF_MONEY else ""


def put_in_force(record: Change, *, actor: Actor, at: datetime) -> None:
    """Do to project and task book what the change says; `effect` keeps {what: [before, after]}, the log too."""
    project = Project.objects.select_for_update(of=("self",)).get(pk=record.project_id)
    if record.kind in OF_MONEY:
        effect = rebudget(project, record.money)
    elif record.kind == "targets":
        effect = _new_targets(project, record.after)
    else:
        effect = _new_columns(project, record, at)
    project.updated_at = at
    project.save()
    record.effect = effect
    log("变更生效", project, effect | {"变更": [None, record.number]})


def _new_columns(project: Project, record: Change, at: datetime) -> dict[str, list[Any]]:
    if record.kind == "leader":
        effect = {"leader_name": [project.leader_name, record.after[:NAME_MOST]]}
        project.leader_name, project.leader = record.after[:NAME_MOST], None
        return effect
    if record.kind == "extension" and record.until_on:
        effect = {"ends_on": [project.ends_on.isoformat(), record.until_on.isoformat()]}
        # The last node ends with the project.
        project.milestones.filter(due_on=project.ends_on).update(due_on=record.until_on)
        project.ends_on = record.until_on
        return effect
    if record.kind == "unit" and record.to_party is not None:
        unit = record.to_party
        effect = {"承担单位": [project.party.name, unit.name], "归口县区": [project.region.name, unit.region.name]}
        project.shares.filter(lead=True).update(party=unit, agreed_by=record.number, agreed_at=at)
        project.party, project.region = unit, unit.region
        return effect
    return {}


def _new_targets(project: Project, text: str) -> dict[str, list[Any]]:
    book = TaskBook.objects.select_for_update(of=("self",)).filter(project=project).first()
    if book is None:
        return {}
    before, book.targets = book.targets, text[:AFTER_MOST]
    book.save(update_fields=["targets"])
    return {"技术指标": [before, book.targets]}
