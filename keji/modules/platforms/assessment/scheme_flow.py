"""A scheme is edited as a draft, frozen before it is used, retired when another takes its place."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Sum

from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Step

OFFICER = frozenset({Role.OFFICER})
WHOLE = Decimal(100)


class Freeze(Step):
    name, label = "freeze", "定版"
    source, target = ("draft",), "frozen"
    roles = OFFICER
    confirm = "定版后不能再改，要改须另起一版。确定定版？"

    def objection(self, actor: Actor, record: Any) -> str:
        total = record.items.aggregate(total=Sum("weight"))["total"] or Decimal(0)
        if total != WHOLE:
            return f"各项权重合计 {total.normalize():f}，应为 100"
        bands = list(record.bands.all())
        if len(bands) < 2 or bands[-1].at_least != 0:
            return "等次至少两档，最低一档从 0 分起"
        return "起草和定版必须是两个人" if actor.id == record.drafted_by_id and not actor.is_system else ""


class Retire(Step):
    name, label = "retire", "停用"
    source, target = ("frozen",), "retired"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "secondary", False

    def objection(self, actor: Actor, record: Any) -> str:
        running = record.campaigns.filter(state__in=["draft", "open"]).first()
        return f"“{running}”正在使用这个方案" if running else ""
