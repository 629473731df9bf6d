"""Steps many records share: what one person reported another confirms; it is sent back, sent again, or made void."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import DateTimeField, Value
from django.db.models.functions import Coalesce

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Step

OFFICER = frozenset({Role.OFFICER})
REPORTERS = frozenset({Role.OFFICER, Role.COUNTY})
BATCH = 500


class WithinDays(Step, ABC):
    """Base of steps whose working days stand on the record or its call: announced once, kept ever after."""

    @abstractmethod
    def days(self, record: Any) -> int | None:
        """Working days from the state's entry; None where nothing presses."""

    def due(self, record: Any, calendar: Any) -> date | None:
        days = self.days(record)
        if days is None or record.state_since is None:
            return None
        found: date = calendar.add(day_of(record.state_since), days)
        return found


class ConfirmByAnother(Step):
    """Whoever reported or made a record does not confirm it."""

    name, label = "confirm", "确认"
    source, target = ("reported",), "confirmed"
    roles = OFFICER
    makers: ClassVar[tuple[str, ...]] = ("reported_by_id", "created_by_id")  # columns naming those who may not
    two_people: ClassVar[str] = "填报和确认必须是两个人，请由另一位同志确认"

    def objection(self, actor: Actor, record: Any) -> str:
        own = not actor.is_system and actor.id in [getattr(record, column) for column in self.makers]
        return self.two_people if own else ""

    def not_for(self, actor: Actor) -> models.Q:
        own = models.Q(pk__in=[])
        for column in self.makers:
            own |= models.Q(**{column: actor.id})
        return own


class SendBack(Step):
    name, label = "send_back", "退回"
    source, target = ("reported",), "returned"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "secondary", False


class Resend(Step):
    """Whoever sends it again has reported it."""

    name, label = "resend", "重新报送"
    source, target = ("returned",), "reported"
    roles = REPORTERS

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.reported_by_id = actor.id


class Void(Step):
    """It should never have been here. The row stays for the history and frees its number for the right one."""

    name, label = "void", "作废"
    source, target = ("reported", "returned", "confirmed"), "void"
    roles = REPORTERS
    needs_reason, tone, in_todo = True, "danger", False
    confirm = "作废后不能恢复，只能重新填报，确定作废？"

    def objection(self, actor: Actor, record: Any) -> str:
        if record.state == "confirmed" and not actor.has(Role.OFFICER):
            return "已确认的记录由业务科室作废"
        return ""


def confirm_in_bulk(model: Any, ids: Sequence[int], *, actor: Actor, at: datetime) -> int:
    """Take the step "confirm" on many records of one model; those it is refused for are passed over. → how many."""
    step, done = model.flow["confirm"], 0
    with writing(actor, at):
        for start in range(0, len(ids), BATCH):
            rows = model.objects.select_for_update(of=("self",)).filter(
                pk__in=ids[start : start + BATCH], state__in=step.source
            )
            taken = [record for record in rows.order_by("pk") if not step.refusal(actor, record)]
            for record in taken:
                log(step.label, record, {"state": [record.state, step.target]})
            # What the step would write one by one; the same values for all, so one statement does.
            model.objects.filter(pk__in=[record.pk for record in taken]).update(
                state=step.target,
                state_since=at,
                updated_at=at,
                confirmed_at=Coalesce("confirmed_at", Value(at, DateTimeField())),
            )
            done += len(taken)
    return done
