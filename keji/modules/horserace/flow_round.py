"""The steps of a month's round and of each indicator in it: 填报 → 复核 → 听取意见 → 审定."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from keji.kernel.clock import day_of
from keji.kernel.people.roles import BUREAU, Actor, Role
from keji.kernel.records.flow import Step

OFFICER = frozenset({Role.OFFICER})


class Check(Step):
    """The second level: figures are there and confirmed, every question has its answer."""

    name, label = "check", "复核通过"
    source, target = ("open",), "checked"
    roles = OFFICER
    reason_most = 300

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.horserace.services.rounds import check_refusal

        return check_refusal(actor, record)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.checked_by_id = actor.id
        record.without = reason


class Uncheck(Step):
    name, label = "uncheck", "退回填报"
    source, target = ("checked",), "open"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "secondary", False

    def objection(self, actor: Actor, record: Any) -> str:
        return "" if record.round.state == "collecting" else "已开始听取意见，请先把整轮退回收集"

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.checked_by = None


class OpenHearing(Step):
    """Every indicator is checked: score provisionally and let each county see its own."""

    name, label = "open_hearing", "预排并听取县区意见"
    source, target = ("collecting",), "hearing"
    roles = OFFICER

    def objection(self, actor: Actor, record: Any) -> str:
        waiting = [item.title for item in record.items.filter(state="open")]
        if waiting:
            named = "、".join(waiting[:3]) + ("等" if len(waiting) > 3 else "")
            return f"还有 {len(waiting)} 项指标没有复核：{named}"
        return ""

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.horserace.services.hearing import last_day
        from keji.modules.horserace.services.runs import make_provisional

        record.hearing_until = last_day(day_of(at))
        record.opened_hearing_by_id = actor.id
        make_provisional(record, actor=actor, at=at)


class BackToCollecting(Step):
    name, label = "back", "退回收集"
    source, target = ("hearing",), "collecting"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "secondary", False
    confirm = "退回后各县区需要重新看数、重新确认。"

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.hearings.all().delete()
        record.hearing_until = None


class Approve(Step):
    """The third level: objections answered, counties heard; figures are frozen and the official run is made."""

    name, label = "approve", "审定定格"
    source, target = ("hearing",), "approved"
    roles = BUREAU
    confirm = "审定后这个月的数定格，正式计分；以后只能以更正的方式改变。"

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.horserace.services.hearing import approval_refusal

        if record.opened_hearing_by_id == actor.id and not actor.is_system:
            return "预排和审定必须是两个人"
        return approval_refusal(record)

    def not_for(self, actor: Actor) -> models.Q:
        return models.Q(opened_hearing_by_id=actor.id)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.horserace.services.runs import make_official

        record.approved_by = actor.name
        make_official(record, actor=actor, at=at)


class Correct(Step):
    """A figure was corrected after approval: freeze it anew beside the old one and score again."""

    name, label = "correct", "更正后重新计分"
    source, target = ("approved",), "approved"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "secondary", False
    confirm = "将按更正后的数重新定格并计分，形成新版；旧版保留，新版公布后两版并列。"

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.horserace.services.runs import correction_refusal

        return correction_refusal(record)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.horserace.services.runs import make_official

        make_official(record, actor=actor, at=at, reason=reason)
