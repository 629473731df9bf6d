"""The way of a candidate: named, tutored, recommended to the higher level, recognised or given up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db import models

from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, Step

OFFICER = frozenset({Role.OFFICER})
HELPERS = frozenset({Role.OFFICER, Role.COUNTY})


class Tutor(Step):
    name, label = "tutor", "开始辅导"
    source, target = ("candidate",), "tutoring"
    roles = OFFICER

    def objection(self, actor: Actor, record: Any) -> str:
        if record.tutor_id is None:
            return "还没有确定辅导人，请先修改补上"
        return "" if record.plan_steps.exists() else "还没有培育事项，请先列出要做的事和时限"


class Apply(Step):
    name, label = "apply", "推荐申报"
    source, target = ("tutoring",), "applied"
    roles = HELPERS

    def objection(self, actor: Actor, record: Any) -> str:
        left = record.plan_steps.filter(done_on__isnull=True).count()
        return f"还有 {left} 项培育事项没有完成，请先办结或删去" if left else ""

    def not_for(self, actor: Actor) -> models.Q:
        return models.Q(plan_steps__done_on__isnull=True)  # it waits for its steps first


class NumberForm(forms.Form):
    platform = forms.CharField(
        label="认定的平台编号", max_length=24, help_text="先在“科创平台”登记，再填编号，如 PT-2024-0001"
    )


class Succeed(Step):
    name, label = "succeed", "认定成功"
    source, target = ("applied",), "succeeded"
    roles = OFFICER
    form = NumberForm

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.platforms.models import Platform

        number = str(data.get("platform", "")).strip().upper()
        platform = Platform.objects.filter(number=number, party_id=record.party_id, state="confirmed").first()
        if platform is None:
            raise Refused(f"没有编号为 {number} 的已确认平台，或者它不属于{record.party}")
        if (platform.kind, platform.level) != (record.kind, record.level):
            asked = f"{record.get_level_display()}{record.get_kind_display()}"
            raise Refused(f"{number} 不是{asked}，请核对")
        record.result = f"{platform.name}（{platform.number}）"[:300]


class Fail(Step):
    name, label = "fail", "申报未成功"
    source, target = ("applied",), "tutoring"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "secondary", False


class End(Step):
    name, label = "end", "退出培育"
    source, target = ("candidate", "tutoring", "applied"), "ended"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "danger", False
    reason_most = 290

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.result = f"退出：{reason}"
