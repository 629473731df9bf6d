"""The steps of a scheme: proposed by one person, rehearsed, adopted by another."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.db import models

from keji.kernel.people.roles import BUREAU, Actor, Role
from keji.kernel.records.flow import Step


class Adopt(Step):
    name, label = "adopt", "批准执行"
    source, target = ("draft",), "in_force"
    roles = BUREAU
    confirm = "批准后方案不能再改，只能另起新版。确定批准？"

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.horserace.services.schemes import adoption_refusal

        if record.drafted_by_id == actor.id and not actor.is_system:
            return "起草和批准必须是两个人"
        return adoption_refusal(record)

    def not_for(self, actor: Actor) -> models.Q:
        return models.Q(drafted_by_id=actor.id)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        """The edition before ends the day before this one begins; its runs stay as they are."""
        older = type(record).objects.select_for_update().filter(state="in_force", from_on__lt=record.from_on)
        newest = older.order_by("-from_on").first()
        later = type(record).objects.filter(state__in=("in_force", "replaced"), from_on__gt=record.from_on)
        after = later.order_by("from_on").first()
        if newest is not None:
            newest.until_on = record.from_on - timedelta(days=1)
            newest.save(update_fields=["until_on"])
        record.until_on = after.from_on - timedelta(days=1) if after else None
        record.adopted_by = actor.name


class MethodForm(forms.Form):
    """The helpers one may choose from, by the names under which the services know them."""

    METHODS: ClassVar = (
        ("equal", "等权"),
        ("budget", "专家赋分"),
        ("ahp", "层次分析法"),
        ("entropy", "熵权法"),
        ("critic", "CRITIC 法"),
        ("pca", "主成分法"),
    )
    method = forms.ChoiceField(label="方法", choices=METHODS)


class UseWeights(Step):
    """Takes one helper's weights into the draft; whoever does it has drafted it and does not approve it."""

    name, label = "use_weights", "采用推算的权重"
    source, target = ("draft",), "draft"
    roles = frozenset({Role.OFFICER})
    form = MethodForm
    needs_reason, tone, in_todo = True, "secondary", False
    confirm = "方案里现有的权重将被替换，之后仍可修改。"

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.horserace.services.weighing import use

        use(record, data.get("method", ""))
        record.drafted_by_id = actor.id


class Drop(Step):
    name, label = "drop", "不再采用"
    source, target = ("draft",), "dropped"
    roles = frozenset({Role.OFFICER})
    needs_reason, tone, in_todo = True, "secondary", False


class Retire(Step):
    """The last day is over. Nobody does this: the night does."""

    name, label = "retire", "停止执行"
    source, target = ("in_force",), "replaced"
    roles = BUREAU
    in_todo, tone = False, "secondary"

    def objection(self, actor: Actor, record: Any) -> str:
        return "" if actor.is_system else "新版开始执行后由系统办理"
