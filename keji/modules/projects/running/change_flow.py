"""Changes the bureau decides: the county looks first, the bureau approves or refuses."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Step


class Agree(Step):
    name, label = "agree", "同意上报"
    source, target = ("requested",), "agreed"
    roles = frozenset({Role.COUNTY})


class Approve(Step):
    name, label = "approve", "批准"
    source, target = ("agreed",), "approved"
    roles = frozenset({Role.OFFICER})
    confirm = "批准后变更即生效。确定批准？"

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.projects.running.services.changes import approving_problem

        return approving_problem(record)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.projects.running.services.changes import put_in_force

        record.answer = reason
        put_in_force(record, actor=actor, at=at)


class Refuse(Step):
    name, label = "refuse", "不批准"
    source, target = ("requested", "agreed"), "refused"
    roles = frozenset({Role.OFFICER, Role.COUNTY})
    needs_reason, tone, in_todo = True, "danger", False

    def objection(self, actor: Actor, record: Any) -> str:
        if record.state == "agreed" and not actor.has(Role.OFFICER):
            return "已上报的由市局审批"
        return ""

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.answer = reason
