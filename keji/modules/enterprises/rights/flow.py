"""The way of a right's entry: registered by its holder or county, confirmed by somebody else."""

from __future__ import annotations

from typing import Any

from keji.kernel.people.roles import Actor, Role
from keji.kernel.records import steps

CHECKERS = steps.REPORTERS
KEEPERS = CHECKERS | {Role.ENTERPRISE}


class Confirm(steps.ConfirmByAnother):
    label = "核实"
    roles = CHECKERS
    in_todo = False  # a right counts from its registration; checking is done list by list
    two_people = "登记和核实必须是两个人，请由另一位同志核实"


class SendBack(steps.SendBack):
    roles = CHECKERS


class Resend(steps.Resend):
    label = "重新登记"
    roles = KEEPERS


class Void(steps.Void):
    roles = KEEPERS
    confirm = "作废后不再计入知识产权数量，确定作废？"

    def objection(self, actor: Actor, record: Any) -> str:
        if record.uses.exists():
            return "这项权利已在高企申报中使用，不能作废"
        if record.state == "confirmed" and not actor.has(*CHECKERS):
            return "已核实的权利由县区或业务科室作废"
        return ""
