"""Writes of cultivation: candidates, what is to be done, the tutor's visits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import changed_fields, next_numbers, source_of, stamp
from keji.kernel.records.saving import fitted, locked, once
from keji.lib.figures import plain_date
from keji.modules.platforms.models import Cultivation, CultivationStep, Platform, TutorVisit

Rows = Sequence[Mapping[str, Any]]
RUNNING = ("candidate", "tutoring", "applied")


def name_candidates(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[Cultivation]:
    """Name candidates: {party, kind, level, goal_on?, gaps?, tutor?} each; the platform it grows from is looked up."""
    made = []
    with writing(actor, at):
        for row, number in zip(rows, next_numbers(Cultivation.prefix, at.year, len(rows)), strict=True):
            record = Cultivation(number=number, **row)
            record.region_id = record.party.region_id
            grown = Platform.objects.filter(party=record.party, kind=record.kind, state="confirmed")
            record.platform = record.platform or grown.order_by("-recognised_on").first()
            stamp(record, actor=actor, at=at, state=Cultivation.State.CANDIDATE, source=source_of(actor, source))
            record.save()
            log("列为培育对象", record, {k: [None, v] for k, v in row.items() if v not in (None, "")})
            made.append(record)
    return made


def correct_candidate(record: Cultivation, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> Cultivation:
    with writing(actor, at):
        before = locked(record)
        for name, value in values.items():
            setattr(record, name, value)
        record.region_id, record.updated_at = record.party.region_id, at
        record.save()
        if changes := changed_fields(before, record, list(values)):
            log("修改", record, changes)
    return record


def may_tutor(record: Cultivation, actor: Actor) -> bool:
    """Officers and the county of the unit keep the file while it runs."""
    return (
        record.state in RUNNING
        and actor.has(Role.OFFICER, Role.COUNTY)
        and record.access.reaches(actor, record.access.write, record)
    )


def _hold(record: Cultivation, actor: Actor) -> Cultivation:
    fresh: Cultivation = locked(record)
    if not may_tutor(fresh, actor):
        raise Refused("培育已经结束，或者不在您的办理范围内")
    return fresh


def add_step(record: Cultivation, title: str, due_on: date, *, actor: Actor, at: datetime) -> CultivationStep:
    with writing(actor, at):
        fresh = _hold(record, actor)
        words = fitted(CultivationStep, "title", title)
        once(fresh.plan_steps.all(), "这项培育事项", title=words, due_on=due_on)
        step = CultivationStep.objects.create(cultivation=fresh, title=words, due_on=due_on)
        log("列培育事项", fresh, {"事项": [None, f"{step.title}（{plain_date(due_on)}前）"]})
    return step


def finish_step(step: CultivationStep, done_on: date, note: str, *, actor: Actor, at: datetime) -> CultivationStep:
    with writing(actor, at):
        fresh = _hold(step.cultivation, actor)
        row = CultivationStep.objects.select_for_update().get(pk=step.pk)
        if row.done_on:
            raise Refused(f"这一项已于{plain_date(row.done_on)}办结")
        if done_on > day_of(at):
            raise Refused("完成日期在今天之后，请核对")
        row.done_on, row.note = done_on, fitted(CultivationStep, "note", note)
        row.save()
        log("办结培育事项", fresh, {"事项": [None, row.title], "完成日期": [None, done_on]})
    return row


def drop_step(step: CultivationStep, *, actor: Actor, at: datetime) -> None:
    with writing(actor, at):
        fresh = _hold(step.cultivation, actor)
        if not CultivationStep.objects.filter(pk=step.pk).delete()[0]:
            raise Refused("这一项刚才已经删去")
        log("删去培育事项", fresh, {"事项": [step.title, None]})


def record_tutor_visit(record: Cultivation, on: date, note: str, *, actor: Actor, at: datetime) -> TutorVisit:
    with writing(actor, at):
        fresh = _hold(record, actor)
        if on > day_of(at):
            raise Refused("走访日期在今天之后，请核对")
        said = {"on": on, "note": note.strip(), "by": actor.name}
        once(fresh.visits.all(), "这次走访", **said)
        visit = TutorVisit.objects.create(cultivation=fresh, **said)
        log("登记辅导走访", fresh, {"走访日期": [None, on]})
    return visit
