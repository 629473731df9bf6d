"""The steps of a run: published by a leader, superseded by its correction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Step, take


class Publish(Step):
    name, label = "publish", "公布"
    source, target = ("ready",), "published"
    roles = frozenset({Role.LEADER})
    confirm = "公布后各县区都能看到，公开页面同步更新；有误只能以更正版代替。确定公布？"

    def objection(self, actor: Actor, record: Any) -> str:
        newer = type(record).objects.filter(period=record.period, kind=record.kind, version__gt=record.version)
        if newer.exclude(state__in=("provisional", "rehearsal")).exists():
            return "这一期已有更新的版本，请公布新版"
        return ""

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        for old in type(record).objects.filter(period=record.period, state="published"):
            take("supersede", old, actor=Actor.system("赛马更正"), at=at, reason=f"由{record.number}代替")
        record.published_on, record.published_by = day_of(at), actor.name


class Supersede(Step):
    """Only by publishing the version that takes its place."""

    name, label = "supersede", "以新版代替"
    source, target = ("ready", "published"), "superseded"
    roles = frozenset({Role.LEADER})
    in_todo, tone = False, "secondary"

    def objection(self, actor: Actor, record: Any) -> str:
        return "" if actor.is_system else "公布更正版时由系统办理"
