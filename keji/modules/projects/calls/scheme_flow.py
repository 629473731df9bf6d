"""Review schemes: drafted by one, put in use by another, taken out of use."""

from __future__ import annotations

from typing import Any

from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Step

OFFICER = frozenset({Role.OFFICER})


class Freeze(Step):
    name, label = "freeze", "启用"
    source, target = ("draft",), "frozen"
    roles = OFFICER
    confirm = "启用后指标和分值不能再改。确定启用？"

    def objection(self, actor: Actor, record: Any) -> str:
        total = sum(record.criteria.values_list("full", flat=True))
        if total != 100:
            return f"各指标满分合计是 {total} 分，应为 100 分"
        if record.panel_least % 2 == 0:
            return f"专家人数应为单数，现在是 {record.panel_least}"
        return "起草和启用必须是两个人" if actor.id == record.drafted_by_id and not actor.is_system else ""


class Retire(Step):
    name, label = "retire", "停用"
    source, target = ("frozen",), "retired"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "danger", False
