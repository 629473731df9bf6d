"""The way of an expert: entered by one, admitted by another who sees the entry rules kept; rest and return."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from keji.kernel.clock import day_of, today
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Step

OFFICER = frozenset({Role.OFFICER})


class Admit(Step):
    """Into the pool, when every entry rule is kept; by somebody else than whoever entered the row."""

    name, label = "admit", "审核入库"
    source, target = ("applied",), "active"
    roles = OFFICER

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.experts.services.entry import entry_problems

        if not actor.is_system and actor.id == record.entered_by_id:
            return "录入和审核必须是两个人，请由另一位同志审核"
        return "；".join(entry_problems(record, today()))

    def not_for(self, actor: Actor) -> models.Q:
        return models.Q(entered_by_id=actor.id)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.experts.services.entry import confirmed_from

        record.joined_on = record.joined_on or day_of(at)
        record.confirmed_until = confirmed_from(day_of(at))


class Reject(Step):
    name, label = "reject", "不予入库"
    source, target = ("applied",), "rejected"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "secondary", False


class Pause(Step):
    """Not drawn for a while: long leave, abroad, or at the expert's own wish."""

    name, label = "pause", "暂停抽取"
    source, target = ("active",), "paused"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "secondary", False


class Resume(Step):
    name, label = "resume", "恢复抽取"
    source, target = ("paused",), "active"
    roles = OFFICER
    in_todo = False
