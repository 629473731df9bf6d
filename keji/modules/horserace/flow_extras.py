"""The steps of bonuses and of tasks left by a review."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from keji.kernel.people.roles import BUREAU, Actor, Role
from keji.kernel.records.flow import Step
from keji.kernel.records.saving import whole
from keji.kernel.records.steps import ConfirmByAnother


class ConfirmAward(ConfirmByAnother):
    name, label = "confirm", "核定"
    source, target = ("claimed",), "confirmed"
    makers = ("created_by_id",)
    two_people = "申报和核定必须是两个人，请由另一位同志核定"

    def objection(self, actor: Actor, record: Any) -> str:
        return super().objection(actor, record) or (
            "" if record.evidence.strip() else "没有依据材料，不能核定；请先补充文件名称和文号"
        )


class RefuseAward(Step):
    name, label = "refuse", "不予核定"
    source, target = ("claimed",), "refused"
    roles = frozenset({Role.OFFICER})
    needs_reason, tone, in_todo = True, "secondary", False
    reason_most = 300

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.answer = reason


class DoneForm(forms.Form):
    result = forms.CharField(label="办理情况", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class ReportDone(Step):
    name, label = "report", "报办结"
    source, target = ("open",), "reported"
    roles = frozenset({Role.COUNTY, Role.OFFICER})
    form = DoneForm

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.result = whole(data.get("result", ""), 500, "办理情况")


class CloseTask(Step):
    name, label = "close", "销号"
    source, target = ("reported",), "closed"
    roles = BUREAU


class ReturnTask(Step):
    name, label = "return", "退回继续办理"
    source, target = ("reported",), "open"
    roles = BUREAU
    needs_reason, tone, in_todo = True, "secondary", False
