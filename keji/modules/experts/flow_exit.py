"""Leaving the pool: proposed with evidence, told to the expert, answered by them, decided by a second person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db import models

from keji.kernel.calendar.models import work_calendar
from keji.kernel.clock import day_of, today
from keji.kernel.people.models import Notice
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, Step
from keji.kernel.records.saving import whole
from keji.lib.figures import plain_date

OFFICER = frozenset({Role.OFFICER})


class Notify(Step):
    """The expert is told, and has some working days to answer."""

    name, label = "notify", "告知专家"
    source, target = ("proposed",), "notified"
    roles = OFFICER
    confirm = "告知后专家可以在期限内申辩；期满或申辩后才能决定。"

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.experts.services.numbers import number

        record.notified_on = day_of(at)
        record.appeal_until = work_calendar().add(record.notified_on, number("experts.appeal_workdays", day_of(at)))
        if account := record.expert.person.account_id:
            Notice.objects.create(
                account_id=account,
                text=f"拟将您调整出评审专家库（{record.get_ground_display()}），"
                f"可在{plain_date(record.appeal_until)}前申辩",
                url="/experts/mine",
                at=at,
            )


class AppealForm(forms.Form):
    appeal = forms.CharField(label="申辩意见", max_length=1000, widget=forms.Textarea(attrs={"rows": 5}))


class Appeal(Step):
    name, label = "appeal", "申辩"
    source, target = ("notified",), "appealed"
    roles = frozenset({Role.EXPERT})
    form = AppealForm

    def objection(self, actor: Actor, record: Any) -> str:
        if not actor.is_system and record.expert.person.account_id != actor.id:
            return "申辩由专家本人提出"
        if record.appeal_until and today() > record.appeal_until:
            return f"申辩期限{plain_date(record.appeal_until)}已过"
        return ""

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        said = str(data.get("appeal", "")).strip()
        if not said:
            raise Refused("请写明申辩意见")
        record.appeal = whole(said, 1000, "申辩意见")


class LetGo(Step):
    """Out of the pool: by somebody else than whoever proposed it, after the days for an answer."""

    name, label = "let_go", "决定出库"
    source, target = ("notified", "appealed"), "exited"
    roles = OFFICER
    needs_reason, tone = True, "danger"
    confirm = "出库后不再参加抽取；已经承担的评审不受影响。"
    reason_most = 300

    def objection(self, actor: Actor, record: Any) -> str:
        if not actor.is_system and actor.id == record.proposed_by_id:
            return "提出和决定必须是两个人，请由另一位同志办理"
        if record.state == "notified" and record.appeal_until and today() <= record.appeal_until:
            return f"申辩期到{plain_date(record.appeal_until)}，期满后再决定"
        return ""

    def not_for(self, actor: Actor) -> models.Q:
        return models.Q(proposed_by_id=actor.id)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.experts.services.credit import leave

        record.answer = reason
        leave(record.expert, f"{record.get_ground_display()}（{record.number}）", at)


class Drop(Step):
    name, label = "drop", "不予出库"
    source, target = ("proposed", "notified", "appealed"), "dropped"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "secondary", False
    reason_most = 300

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.answer = reason
