"""The way of a project from the firm to the bureau, and of a yearly statement to its confirmation."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.db import models

from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, Step
from keji.lib.figures import plain_date

WRITERS = frozenset({Role.ENTERPRISE, Role.COUNTY, Role.OFFICER})
CHECKERS = frozenset({Role.COUNTY, Role.OFFICER})
OFFICER = frozenset({Role.OFFICER})


def same(actor: Actor, *ids: Any) -> bool:
    return not actor.is_system and actor.id in ids


class Touch(Step):
    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.updated_at = at


# --- projects --------------------------------------------------------------------------------------------------------


class File(Step):
    """Every filing is a version; what changed against the one before is kept with it."""

    name, label = "file", "报送备案"
    source, target = ("draft", "returned", "revising"), "filed"
    roles = WRITERS

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.rnd.checks import filing_problems

        found = filing_problems(record)
        return f"还有 {len(found)} 处没有通过校验：{'；'.join(f.sentence for f in found[:3])}" if found else ""

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.rnd.services.versions import keep_version

        keep_version(record, actor=actor, at=at)
        record.filed_on = record.filed_on or day_of(at)
        record.filed_by_id, record.updated_at = actor.id, at


class Check(Step):
    name, label = "check", "核对通过"
    source, target = ("filed",), "checked"
    roles = CHECKERS

    def objection(self, actor: Actor, record: Any) -> str:
        return "报送和核对必须是两个人，请由另一位同志核对" if same(actor, record.filed_by_id) else ""

    def not_for(self, actor: Actor) -> models.Q:
        return models.Q(filed_by_id=actor.id)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.checked_by_id, record.updated_at = actor.id, at


class NoteIt(Step):
    name, label = "note", "予以备案"
    source, target = ("checked",), "noted"
    roles = OFFICER

    def objection(self, actor: Actor, record: Any) -> str:
        return (
            "核对和备案必须是两个人，请由另一位同志办理"
            if same(actor, record.checked_by_id, record.filed_by_id)
            else ""
        )

    def not_for(self, actor: Actor) -> models.Q:
        return models.Q(checked_by_id=actor.id) | models.Q(filed_by_id=actor.id)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.noted_on, record.updated_at = day_of(at), at


class SendBack(Touch):
    name, label = "send_back", "退回"
    source, target = ("filed", "checked"), "returned"
    roles = CHECKERS
    needs_reason, tone, in_todo = True, "secondary", False


class Revise(Touch):
    """What was filed stays as it was; the changed project is filed again as the next version."""

    name, label = "revise", "申请变更"
    source, target = ("filed", "checked", "noted"), "revising"
    roles = WRITERS
    needs_reason, tone, in_todo = True, "secondary", False


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(
        label="结题结果",
        choices=(
            ("done", "达到预期目标"),
            ("partly", "部分达到"),
            ("failed", "未达到（已如实归集）"),
            ("stopped", "中止"),
        ),
    )
    accepted_on = forms.DateField(
        label="验收（结题）日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    acceptance = forms.CharField(label="验收（鉴定）意见", max_length=300, required=False)


class Close(Step):
    name, label = "close", "结题"
    source, target = ("noted",), "closed"
    roles = WRITERS
    form = CloseForm
    in_todo = False
    confirm = "结题后不能再填支出，确定结题？"

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        day: date | None = data.get("accepted_on")
        if day is None or not data.get("outcome"):
            raise Refused("结题需要填写结果和验收日期")
        if day > day_of(at):
            raise Refused(f"验收日期{plain_date(day)}在今天之后，请核对")
        if f"{day:%Y%m}" < record.starts:
            raise Refused("验收日期早于项目起始年月，请核对")
        record.outcome, record.accepted_on = data["outcome"], day
        record.acceptance, record.updated_at = data.get("acceptance", "")[:300], at
        record.ends = record.ends or f"{day:%Y%m}"


class Withdraw(Touch):
    name, label = "withdraw", "撤销"
    source, target = ("draft", "filed", "returned", "checked", "noted", "revising"), "withdrawn"
    roles = WRITERS
    needs_reason, tone, in_todo = True, "danger", False
    confirm = "撤销后不再计入研发活动，已填支出不再汇总，确定撤销？"

    def objection(self, actor: Actor, record: Any) -> str:
        if record.noted_on and not actor.has(Role.OFFICER):
            return "已备案过的项目由市局撤销"
        return ""


# --- yearly statements -----------------------------------------------------------------------------------------------


class ConfirmStatement(Step):
    name, label = "confirm", "确认"
    source, target = ("reported",), "confirmed"
    roles = CHECKERS

    def objection(self, actor: Actor, record: Any) -> str:
        if same(actor, record.reported_by_id, record.created_by_id):
            return "填报和确认必须是两个人，请由另一位同志确认"
        return ""

    def not_for(self, actor: Actor) -> models.Q:
        return models.Q(created_by_id=actor.id) | models.Q(reported_by_id=actor.id)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.confirmed_at, record.updated_at = at, at


class SendBackStatement(Touch):
    name, label = "send_back", "退回"
    source, target = ("reported",), "returned"
    roles = CHECKERS
    needs_reason, tone, in_todo = True, "secondary", False


class ResendStatement(Step):
    name, label = "resend", "重新报送"
    source, target = ("returned",), "reported"
    roles = WRITERS

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.reported_by_id, record.updated_at = actor.id, at


class ReopenStatement(Touch):
    name, label = "reopen", "退回更正"
    source, target = ("confirmed",), "returned"
    roles = CHECKERS
    needs_reason, tone, in_todo = True, "secondary", False
    confirm = "退回更正期间不作为判断依据，确定退回？"


class Void(Touch):
    name, label = "void", "作废"
    source, target = ("reported", "returned"), "void"
    roles = CHECKERS
    needs_reason, tone, in_todo = True, "danger", False
    confirm = "作废后不能恢复，只能重新填报，确定作废？"
