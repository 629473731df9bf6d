"""An objection by anybody to a notice that is open: received without log-in, answered by two people in time."""

from __future__ import annotations

import hmac
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.db import models

from keji.kernel.clock import day_of
from keji.kernel.people.crypto import SealedField, fingerprint
from keji.kernel.people.roles import BUREAU, Actor, Role, Scope
from keji.kernel.records.access import Access
from keji.kernel.records.flow import Flow, Step
from keji.kernel.records.models import Record
from keji.kernel.records.notices.period import ANSWER_WORKDAYS, is_certain

OFFICER = frozenset({Role.OFFICER})
CODE_SIGNS = "ABCDEFGHJKMNPQRTUVWXYZ2346789"  # none that is read as another: no I, O, S, L, 0, 1, 5
CODE_LENGTH = 8


class Decision(models.TextChoices):
    UPHELD = "upheld", "采纳"
    DISMISSED = "dismissed", "不采纳"
    INADMISSIBLE = "inadmissible", "不予受理"


class AnswerForm(forms.Form):
    decision = forms.ChoiceField(label="处理意见", choices=[("", "请选择"), *Decision.choices])
    answer = forms.CharField(
        label="答复",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="复核后异议人凭回执可以看到，不要写第三人的个人信息",
    )


class Answering(Step):
    """The clock runs from the day the objection was raised; sending a draft back does not start it anew."""

    roles = OFFICER

    def due(self, record: Any, calendar: Any) -> date | None:
        found: date = calendar.add(day_of(record.raised_at), record.answer_workdays)
        return found


class Propose(Answering):
    name, label = "propose", "拟答复"
    source, target = ("raised",), "proposed"
    form = AnswerForm

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.decision, record.answer = data["decision"], data["answer"].strip()
        record.proposed_by_id, record.updated_at = actor.id, at


class Approve(Answering):
    name, label = "approve", "复核答复"
    source, target = ("proposed",), "answered"
    confirm = "答复将对异议人公开，不能再改。确定？"

    def objection(self, actor: Actor, record: Any) -> str:
        if not actor.is_system and actor.id == record.proposed_by_id:
            return "拟答复和复核必须是两个人，请由另一位同志复核"
        return ""

    def not_for(self, actor: Actor) -> models.Q:
        return models.Q(state="proposed", proposed_by_id=actor.id)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.answered_at, record.answered_by_id, record.updated_at = at, actor.id, at


class SendBack(Step):
    name, label = "send_back", "退回重拟"
    source, target = ("proposed",), "raised"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "secondary", False

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.updated_at = at


class Objection(Record):
    """What somebody holds against a public notice. Name and contact are sealed; who gives none is anonymous."""

    class State(models.TextChoices):
        RAISED = "raised", "待处理"
        PROPOSED = "proposed", "待复核"
        ANSWERED = "answered", "已答复"

    prefix = "GY"
    access = Access(
        read=dict.fromkeys([*BUREAU, Role.INSPECTOR], Scope.ALL),
        write={Role.OFFICER: Scope.ALL},
        region="",
        party="",
    )
    flow = Flow(Propose, Approve, SendBack)

    region = None  # type: ignore[assignment]
    party = None  # type: ignore[assignment]
    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    notice = models.ForeignKey("records.PublicNotice", models.PROTECT, related_name="objections", verbose_name="公示")
    named = models.BooleanField("实名", editable=False)
    name = SealedField("异议人", blank=True, default="")
    contact = SealedField("联系方式", blank=True, default="")
    reason = models.TextField("异议理由和依据")
    raised_at = models.DateTimeField("提出时间", editable=False)
    answer_workdays = models.PositiveSmallIntegerField("答复时限（工作日）", editable=False)
    token = models.UUIDField("回执标识", unique=True, default=uuid4, editable=False)
    decision = models.CharField("处理意见", max_length=20, choices=Decision.choices, blank=True, editable=False)
    answer = models.TextField("答复", blank=True, editable=False)
    proposed_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="拟答复人"
    )
    answered_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="复核人"
    )
    answered_at = models.DateTimeField("答复时间", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "公示异议"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="answered") | (models.Q(answered_at__isnull=False) & ~models.Q(decision="")),
                name="notice_objection_answered",
            )
        ]
        indexes = [models.Index(fields=["notice", "state"], name="notice_objection_open")]

    def __str__(self) -> str:
        return f"{self.number}（{'实名' if self.named else '匿名'}）"

    def limit_said(self) -> str:
        """15 个工作日（待核）: the number as it was when the objection came in, and whether anybody read its source."""
        certain = is_certain(ANSWER_WORKDAYS, day_of(self.raised_at))
        return f"{self.answer_workdays} 个工作日{'' if certain else '（待核）'}"

    limit_said.label = "答复时限"  # type: ignore[attr-defined]

    @property
    def code(self) -> str:
        """The eight signs on the receipt. Made from the row's token under the house's key: never stored."""
        value = int(fingerprint(f"receipt:{self.token}"), 16)
        signs = []
        for _ in range(CODE_LENGTH):
            value, place = divmod(value, len(CODE_SIGNS))
            signs.append(CODE_SIGNS[place])
        return "".join(signs)

    def is_code(self, typed: str) -> bool:
        return hmac.compare_digest(self.code.encode(), typed.strip().upper().encode())


class PublicAct(models.Model):
    """One act of a visitor, kept for a day under a digest of their address, so that nobody floods the house."""

    kind = models.CharField(max_length=20)
    address = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "公开页面访问次数"
        indexes = [models.Index(fields=["kind", "address", "at"], name="public_act_recent")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"
