"""The way of a standing: registered by one, in force once another has seen the document, lifted by a second person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, Step

OFFICER = frozenset({Role.OFFICER})


class SecondPerson(Step):
    """By somebody else than whoever registered it."""

    roles = OFFICER

    def objection(self, actor: Actor, record: Any) -> str:
        if not actor.is_system and actor.id == record.registered_by_id:
            return f"登记和{self.label}必须是两个人，请由另一位同志办理"
        return ""

    def not_for(self, actor: Actor) -> models.Q:
        return models.Q(registered_by_id=actor.id)


class PutInForce(SecondPerson):
    name, label = "confirm", "复核生效"
    source, target = ("registered",), "in_force"
    confirm = "复核后在起止日期内对该单位生效，单位可以看到。确定已核对依据文书？"


class Reject(Step):
    name, label = "reject", "不予登记"
    source, target = ("registered",), "rejected"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "secondary", False


class Lift(SecondPerson):
    """From this day on it no longer holds; that it once did stays on the party's file."""

    name, label = "lift", "解除"
    source, target = ("in_force",), "lifted"
    needs_reason, tone, in_todo = True, "danger", False
    confirm = "自今日起不再生效；登记和解除的记录都保留。"
    reason_most = 300

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        on = day_of(at)
        if record.until_on is not None and record.until_on < on:
            raise Refused("期限已经届满，不需要解除")
        record.lifted_on, record.lifted_reason = on, reason
