"""The way of a firm on the cultivation list, and of a reason why a firm does not apply."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Step
from keji.modules.enterprises.ladder.visiting import VisitForm

OFFICER = frozenset({Role.OFFICER})
WORKERS = frozenset({Role.OFFICER, Role.COUNTY})


class Call(Step):
    """Call on the firm; it waits on its owner's list until the day agreed for the next time."""

    name, label = "call", "走访"
    source, target = ("cultivating",), "cultivating"
    roles = WORKERS
    form = VisitForm

    def not_for(self, actor: Actor) -> models.Q:
        from keji.kernel import clock

        return ~models.Q(owner_id=actor.account_id) | models.Q(next_on__gt=clock.today())

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.enterprises.ladder.services.cultivation import keep_visit

        keep_visit(record, data, actor=actor, at=at)


class MarkApplied(Step):
    name, label = "mark_applied", "登记已申报"
    source, target = ("cultivating",), "applied"
    roles = WORKERS
    tone, in_todo = "secondary", False

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.updated_at = at


class Achieve(Step):
    """The firm holds the title: there is a confirmed certificate, not only good news."""

    name, label = "achieve", "登记达成"
    source, target = ("cultivating", "applied"), "achieved"
    roles = WORKERS
    tone, in_todo = "secondary", False

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.enterprises.ladder.holders import title_of

        if title_of(record.party_id, record.rung, record.year) is None:
            return "科技资质中还没有这家企业经确认的证书（入库编号），请先填报并确认"
        return ""

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.enterprises.ladder.holders import title_of

        title = title_of(record.party_id, record.rung, record.year)
        record.result, record.next_on, record.updated_at = f"取得{title}" if title else "", None, at


class Drop(Step):
    name, label = "drop", "移出"
    source, target = ("cultivating", "applied"), "dropped"
    roles = WORKERS
    needs_reason, tone, in_todo = True, "danger", False
    reason_most = 300

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.result, record.next_on, record.updated_at = reason, None, at


class Resume(Step):
    name, label = "resume", "重新列入"
    source, target = ("dropped", "applied"), "cultivating"
    roles = WORKERS
    tone, in_todo = "secondary", False

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.result, record.updated_at = "", at


class AcceptWaiver(Step):
    """The second person: whoever wrote the reason down does not accept it."""

    name, label = "accept", "认可"
    source, target = ("proposed",), "accepted"
    roles = OFFICER

    def objection(self, actor: Actor, record: Any) -> str:
        if actor.is_system or actor.id != record.created_by_id:
            return ""
        return "提出和认可必须是两个人，请由另一位同志认可"

    def not_for(self, actor: Actor) -> models.Q:
        return models.Q(created_by_id=actor.id)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.accepted_by, record.updated_at = actor.name, at


class RejectWaiver(Step):
    name, label = "reject", "不认可"
    source, target = ("proposed", "accepted"), "rejected"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "secondary", False

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.accepted_by, record.updated_at = "", at


class ProposeAgain(Step):
    name, label = "propose", "重新提出"
    source, target = ("rejected",), "proposed"
    roles = WORKERS

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.created_by_id, record.updated_at = actor.id, at
