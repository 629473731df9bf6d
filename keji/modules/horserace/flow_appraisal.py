"""The steps of a year's appraisal: proposed from the year's run, shown to the public, final once nobody objects."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db import models

from keji.kernel import clock
from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Step, take
from keji.kernel.records.notices import passing_refusal

OFFICER = frozenset({Role.OFFICER})


class ContactForm(forms.Form):
    contact = forms.CharField(label="异议受理方式", max_length=200, help_text="科室、电话、地址，印在公示上")


def stale(record: Any) -> str:
    """Why the appraisal rests on figures that hold no longer; "" when its run is the one that counts."""
    return "" if record.run.state == "published" else "年度结果已有更正版，请作废后按新版重新拟定"


class Announce(Step):
    """Drafts the public notice; another person publishes it where all notices are published."""

    name, label = "announce", "起草公示"
    source, target = ("proposed",), "announced"
    roles = OFFICER
    form = ContactForm
    confirm = "将按现在的等次起草公示，由另一人发布。"

    def objection(self, actor: Actor, record: Any) -> str:
        return stale(record)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.horserace.services.appraisals import draft_publicity

        record.notice = draft_publicity(record, data.get("contact", ""), actor=actor, at=at)


class Reopen(Step):
    """Objections were right: grade anew, then show it again."""

    name, label = "reopen", "重新拟定"
    source, target = ("announced",), "proposed"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "secondary", False

    def objection(self, actor: Actor, record: Any) -> str:
        return {
            "draft": "公示草稿还没有发布，要改等次请先在公示公告里弃用草稿",
            "published": "公示还在进行，要改等次请先在公示公告里撤回公示",
        }.get(record.notice.state, "")

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.notice = None


class Finish(Step):
    name, label = "finish", "确定评价结果"
    source, target = ("announced",), "final"
    roles = frozenset({Role.LEADER})
    confirm = "确定后等次不能再改，对外公开，可以起草评价通报。"

    def objection(self, actor: Actor, record: Any) -> str:
        if record.drafted_by_id == actor.id and not actor.is_system:
            return "拟定和确定必须是两个人"
        return stale(record) or passing_refusal(record.notice, clock.today())

    def not_for(self, actor: Actor) -> models.Q:
        return models.Q(drafted_by_id=actor.id)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        for old in type(record).objects.filter(period=record.period, state="final"):
            take("supersede", old, actor=Actor.system("赛马评价更正"), at=at, reason=f"由{record.number}代替")
        record.finished_on, record.finished_by = day_of(at), actor.name


class Supersede(Step):
    """Only by the appraisal of the corrected year."""

    name, label = "supersede", "以新版代替"
    source, target = ("final",), "superseded"
    roles = frozenset({Role.LEADER})
    in_todo, tone = False, "secondary"

    def objection(self, actor: Actor, record: Any) -> str:
        return "" if actor.is_system else "确定更正后的评价时由系统办理"


class Drop(Step):
    name, label = "drop", "作废"
    source, target = ("proposed",), "dropped"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "secondary", False
