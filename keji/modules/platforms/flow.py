"""The way of a platform's entry: reported, confirmed by somebody else, and withdrawn when the title is taken back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import timezone

from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, Step
from keji.lib.figures import plain_date

OFFICER = frozenset({Role.OFFICER})
REPORTERS = frozenset({Role.OFFICER, Role.COUNTY})


class Confirm(Step):
    name, label = "confirm", "确认"
    source, target = ("reported",), "confirmed"
    roles = OFFICER

    def objection(self, actor: Actor, record: Any) -> str:
        if actor.is_system or actor.id not in (record.reported_by_id, record.created_by_id):
            return ""
        return "填报和确认必须是两个人，请由另一位同志确认"

    def not_for(self, actor: Actor) -> models.Q:
        return models.Q(created_by_id=actor.id) | models.Q(reported_by_id=actor.id)


class SendBack(Step):
    name, label = "send_back", "退回"
    source, target = ("reported",), "returned"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "secondary", False


class Resend(Step):
    name, label = "resend", "重新报送"
    source, target = ("returned",), "reported"
    roles = REPORTERS

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.reported_by_id = actor.id


class WithdrawTitle(Step):
    """The issuing body took the title back; the platform counts up to the day before."""

    name, label = "withdraw", "撤销"
    source, target = ("confirmed",), "withdrawn"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "danger", False
    confirm = "撤销后自撤销之日起不再计入平台总数，确定撤销？"

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        on: date = data.get("withdrawn_on") or timezone.localtime(at).date()
        if on < record.recognised_on:
            raise Refused(f"撤销日期不能早于认定日期{plain_date(record.recognised_on)}")
        record.withdrawn_on, record.withdrawn_reason = on, reason[:300]


class Void(Step):
    """It should never have been here; the row stays for the history."""

    name, label = "void", "作废"
    source, target = ("reported", "returned", "confirmed"), "void"
    roles = REPORTERS
    needs_reason, tone, in_todo = True, "danger", False
    confirm = "作废后不能恢复，只能重新填报，确定作废？"

    def objection(self, actor: Actor, record: Any) -> str:
        if record.state == "confirmed" and not actor.has(Role.OFFICER):
            return "已确认的记录由业务科室作废"
        return ""
