"""The way of a right's entry: registered by its holder or county, confirmed by somebody else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Step

CHECKERS = frozenset({Role.OFFICER, Role.COUNTY})
KEEPERS = CHECKERS | {Role.ENTERPRISE}


class Confirm(Step):
    name, label = "confirm", "核实"
    source, target = ("reported",), "confirmed"
    roles = CHECKERS
    in_todo = False  # a right counts from its registration; checking is done list by list

    def objection(self, actor: Actor, record: Any) -> str:
        if actor.is_system or actor.id not in (record.reported_by_id, record.created_by_id):
            return ""
        return "登记和核实必须是两个人，请由另一位同志核实"

    def not_for(self, actor: Actor) -> models.Q:
        return models.Q(created_by_id=actor.id) | models.Q(reported_by_id=actor.id)


class SendBack(Step):
    name, label = "send_back", "退回"
    source, target = ("reported",), "returned"
    roles = CHECKERS
    needs_reason, tone, in_todo = True, "secondary", False


class Resend(Step):
    name, label = "resend", "重新登记"
    source, target = ("returned",), "reported"
    roles = KEEPERS

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.reported_by_id = actor.id


class Void(Step):
    """It should never have been here; the row stays for the history and frees its number."""

    name, label = "void", "作废"
    source, target = ("reported", "returned", "confirmed"), "void"
    roles = KEEPERS
    needs_reason, tone, in_todo = True, "danger", False
    confirm = "作废后不再计入知识产权数量，确定作废？"

    def objection(self, actor: Actor, record: Any) -> str:
        if record.uses.exists():
            return "这项权利已在高企申报中使用，不能作废"
        if record.state == "confirmed" and not actor.has(*CHECKERS):
            return "已核实的权利由县区或业务科室作废"
        return ""
