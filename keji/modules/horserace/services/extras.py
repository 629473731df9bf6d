"""Bonuses claimed with evidence, and tasks a review leaves with a county."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.people.models import Account, Grant, Notice
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import next_numbers, source_of, stamp
from keji.kernel.records.saving import save_changes
from keji.lib.figures import plain_date
from keji.modules.horserace.models import RaceAward, RaceRun, ReviewTask

Rows = Sequence[Mapping[str, Any]]


def claim_awards(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[RaceAward]:
    """{region, bonus, on, count, evidence} each; counted once another person has confirmed it."""
    return [_keep(RaceAward, row, "claimed", "申报加减分", actor=actor, at=at, source=source) for row in rows]


def correct_award(record: RaceAward, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> RaceAward:
    """Whoever corrects it has claimed it, and does not confirm it."""
    record.created_by_id, record.updated_at = actor.id, at
    return save_changes(record, values, "修改加减分", actor=actor, at=at)  # type: ignore[no-any-return]


def _keep(
    kind: Any, row: Mapping[str, Any], state: str, action: str, *, actor: Actor, at: datetime, source: str
) -> Any:
    with writing(actor, at):
        record = kind(number=next_numbers(kind.prefix, at.year)[0], **row)
        stamp(record, actor=actor, at=at, state=state, source=source_of(actor, source))
        record.save()
        log(action, record, {k: [None, str(v)] for k, v in row.items() if v not in (None, "")})
    return record


def set_tasks(rows: Rows, *, actor: Actor, at: datetime, source: str = "page") -> list[ReviewTask]:
    """Leave tasks with counties: {run, region, indicator, title, owner, section, due_on}; their clerks are told."""
    made = []
    with writing(actor, at):
        for row in rows:
            if not actor.has(Role.OFFICER, Role.LEADER):
                raise Refused("调度事项由业务科室或局领导下达")
            run: RaceRun = row["run"]
            if run.state not in ("published", "ready"):
                raise Refused("只有正式计分的结果才能下达调度事项")
            task: ReviewTask = _keep(ReviewTask, row, "open", "下达调度事项", actor=actor, at=at, source=source)
            _tell(task, at)
            made.append(task)
    return made


def correct_task(record: ReviewTask, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> ReviewTask:
    if not actor.has(Role.OFFICER, Role.LEADER):
        raise Refused("调度事项由业务科室或局领导修改；办理情况请用“报办结”")
    return save_changes(record, values, "修改调度事项", actor=actor, at=at)  # type: ignore[no-any-return]


def _tell(task: ReviewTask, at: datetime) -> None:
    grants = Grant.objects.in_force(at.date()).filter(role=Role.COUNTY, region=task.region_id)
    text = f"调度事项：{task.title[:120]}，责任人{task.owner}，{plain_date(task.due_on)}前办结。"
    Notice.objects.bulk_create(
        [
            Notice(account=a, text=text[:300], url=task.get_absolute_url(), topic=f"race-task-{task.pk}", at=at)
            for a in Account.objects.filter(pk__in=grants.values("account_id"))
        ]
    )
