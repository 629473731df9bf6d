"""The way of a zeroing case: found, handed to somebody, cleared by evidence that a second person confirms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db import models

from keji.desk.fields import DATE
from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, Step
from keji.kernel.records.saving import whole

OFFICER = frozenset({Role.OFFICER})
FIELD = frozenset({Role.OFFICER, Role.COUNTY})


def staff_choices() -> list[tuple[str, str]]:
    """Who a case can be handed to: officers of the bureau and county clerks."""
    from keji.modules.rnd.services.zeroing import who_may_take

    return [("", "请选择"), *((str(a.pk), text) for a, text in who_may_take())]


class AssignForm(forms.Form):
    officer = forms.ChoiceField(label="责任人", choices=staff_choices)
    due_on = forms.DateField(label="要求完成日期", widget=DATE, required=False)


class Assign(Step):
    name, label = "assign", "交办"
    source, target = ("open", "assigned"), "assigned"
    roles = FIELD
    form = AssignForm
    in_todo = False

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.rnd.services.zeroing import taker

        due = data.get("due_on")
        if due and due < day_of(at):
            raise Refused("要求完成日期早于今天，请核对")
        record.officer = taker(data.get("officer"), record.region_id)
        record.due_on, record.updated_at = due, at


class ClaimForm(forms.Form):
    evidence = forms.ChoiceField(
        label="清零依据",
        choices=(("project", "已备案的研发项目"), ("statement", "年度研发情况"), ("platform", "研发机构（平台）")),
    )
    evidence_number = forms.CharField(
        label="依据编号", max_length=24, help_text="本系统中的记录编号，如 YF-2024-0012、YT-2024-0003、PT-2024-0005"
    )
    evidence_note = forms.CharField(label="说明", max_length=300, required=False)


class Claim(Step):
    """Whoever works on the case says it is settled and by which record; the record is looked at here and now."""

    name, label = "claim", "提请清零"
    source, target = ("open", "assigned"), "claimed"
    roles = FIELD
    form = ClaimForm
    in_todo = False

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.rnd.services.evidence import evidence_problem

        kind, number = data.get("evidence", ""), str(data.get("evidence_number", "")).strip().upper()
        if problem := evidence_problem(record, kind, number):
            raise Refused(problem)
        record.evidence, record.evidence_number = kind, number
        record.evidence_note = whole(str(data.get("evidence_note", "")), 300, "说明")
        record.claimed_by_id, record.updated_at = actor.id, at


class ConfirmCleared(Step):
    name, label = "confirm", "确认清零"
    source, target = ("claimed",), "cleared"
    roles = OFFICER

    def objection(self, actor: Actor, record: Any) -> str:
        if not actor.is_system and actor.id == record.claimed_by_id:
            return "提请和确认必须是两个人，请由另一位同志确认"
        from keji.modules.rnd.services.evidence import evidence_problem

        return evidence_problem(record, record.evidence, record.evidence_number)

    def not_for(self, actor: Actor) -> models.Q:
        return models.Q(claimed_by_id=actor.id)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.settled_on, record.open, record.updated_at = day_of(at), False, at


class Decline(Step):
    name, label = "decline", "依据不足，退回"
    source, target = ("claimed",), "assigned"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "secondary", False

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.evidence = record.evidence_number = ""
        record.claimed_by, record.updated_at = None, at


class Leave(Step):
    """The firm is no longer in scope: turnover below the line, or no longer 规上."""

    name, label = "leave", "退出范围"
    source, target = ("open", "assigned", "claimed"), "left"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "secondary", False

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.rnd.services.scope import still_in_scope

        return still_in_scope(record) if not actor.is_system else ""

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.settled_on, record.open, record.updated_at = day_of(at), False, at
