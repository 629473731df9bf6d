"""States and the steps between them. `take`, and `take_all` for many, are the only ways to change a state."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor, Role

AT_ONCE = 500


class Refused(Exception):
    """A step that may not be taken now; the message is a sentence for the person who tried."""


class Step:
    """One move. A subclass says who may take it from where, and what else it does."""

    name: ClassVar[str]
    label: ClassVar[str]
    source: ClassVar[tuple[str, ...]]
    target: ClassVar[str]
    roles: ClassVar[frozenset[Role]]
    needs_reason: ClassVar[bool] = False
    reason_most: ClassVar[int] = 500  # characters that are kept of it
    tone: ClassVar[str] = "primary"  # primary, secondary or danger
    confirm: ClassVar[str] = ""  # the question asked before an act that is hard to undo
    in_todo: ClassVar[bool] = True  # its records wait for whoever may take it
    form: ClassVar[Callable[..., Any] | None] = None  # what else is asked beside the reason, given to `perform`
    limit: ClassVar[int | None] = None  # legal limit for taking it, working days since the state was entered

    def refusal(self, actor: Actor, record: Any) -> str:
        """Why `actor` may not take this step on `record` now; "" when they may."""
        if record.state not in self.source:
            return f"当前状态是“{record.get_state_display()}”，不能{self.label}"
        if not actor.has(*self.roles):
            return f"{self.label}由{'、'.join(sorted(r.label for r in self.roles))}办理"
        if not record.access.reaches(actor, record.access.write or record.access.read, record):
            return "这条记录不在您的县区或单位范围内"
        return self.objection(actor, record)

    def objection(self, actor: Actor, record: Any) -> str:
        """What else stands in the way; for subclasses."""
        return ""

    def not_for(self, actor: Actor) -> models.Q:
        """Records this actor will be refused whatever they do (their own report, say): not on their to-do list."""
        return models.Q(pk__in=[])

    def due(self, record: Any, calendar: Any) -> date | None:
        """The last day for taking it: `limit` working days after the state was entered. A step whose number is dated
        data, or whose clock started earlier, says so here."""
        if self.limit is None or record.state_since is None:
            return None
        found: date = calendar.add(day_of(record.state_since), self.limit)
        return found

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        """What the step does beside moving the state; for subclasses."""


class Flow:
    """The steps one kind of record can take; a record's class names its flow."""

    def __init__(self, *steps: type[Step]) -> None:
        self.steps: tuple[Step, ...] = tuple(step() for step in steps)
        self._by_name = {step.name: step for step in self.steps}

    def __getitem__(self, name: str) -> Step:
        return self._by_name[name]

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def offered(self, actor: Actor, record: Any) -> list[tuple[Step, str]]:
        """Steps that start from the record's state, each with why it is refused ("" when it is not)."""
        return [(s, s.refusal(actor, record)) for s in self.steps if record.state in s.source]


def take(name: str, record: Any, *, actor: Actor, at: datetime, reason: str = "", **data: Any) -> Any:
    """Take the step `name` on `record`: lock the row, ask, perform, save and audit in one transaction.

    Raises Refused with a sentence when it may not be taken, whoever was quicker in between.
    """
    reason = reason.replace("\r\n", "\n").strip()  # a page sends two characters where its box counted one
    with writing(actor, at):
        model: type[models.Model] = type(record)
        fresh: Any = model._default_manager.select_for_update(of=("self",)).get(pk=record.pk)
        step: Step = fresh.flow[name]
        if why := step.refusal(actor, fresh):
            raise Refused(why)
        if step.needs_reason and not reason:
            raise Refused(f"{step.label}需要写明理由")
        if len(reason) > step.reason_most:
            raise Refused(f"理由最多 {step.reason_most} 字，现有 {len(reason)} 字，请缩短后再提交")
        before = fresh.state
        step.perform(fresh, actor, at, reason, **data)
        fresh.state = step.target
        fresh.state_since = at
        if hasattr(fresh, "updated_at"):
            fresh.updated_at = at
        fresh.save()
        log(step.label, fresh, {"state": [before, step.target]} if before != step.target else {}, reason=reason)
    return fresh


def take_all(name: str, records: Sequence[Any], *, actor: Actor, at: datetime, reason: str = "") -> None:
    """Take a step that only moves the state on many records of one kind, all or none, in a few questions.

    Raises Refused with the first sentence, whoever was quicker in between.
    """
    with writing(actor, at):
        for start in range(0, len(records), AT_ONCE):
            some = records[start : start + AT_ONCE]
            model: type[models.Model] = type(some[0])
            rows = model._default_manager.select_for_update(of=("self",)).filter(pk__in=[r.pk for r in some])
            fresh: list[Any] = list(rows.order_by("pk"))
            for row in fresh:
                step: Step = row.flow[name]
                if type(step).perform is not Step.perform or step.needs_reason:
                    raise TypeError(f"“{step.label}” does more than move the state: take it one by one")
                if why := step.refusal(actor, row):
                    raise Refused(f"{row}：{why}")
                before, row.state, row.state_since = row.state, step.target, at
                log(step.label, row, {"state": [before, step.target]}, reason=reason)
            moved = ["state", "state_since"]
            if hasattr(model, "updated_at"):
                moved.append("updated_at")
                for row in fresh:
                    row.updated_at = at
            model._default_manager.bulk_update(fresh, moved)


def deadline(record: Any, calendar: Any) -> date | None:
    """The day by which the next step is due by law: the earliest of the steps that start from the record's state."""
    found = [due for s in record.flow if record.state in s.source if (due := s.due(record, calendar)) is not None]
    return min(found, default=None)
