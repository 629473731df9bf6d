"""The way of a public notice: drafted, published by a second person, closed when its days are over."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db import models

from keji.kernel.clock import day_of
from keji.kernel.documents.models import attachments_of
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, Step
from keji.kernel.records.notices.period import notice_until

PUBLISHERS = frozenset({Role.OFFICER, Role.LEADER})


class Publish(Step):
    """From this moment the words, the table and the files are what was shown, whatever changes behind them."""

    name, label = "publish", "发布"
    source, target = ("draft",), "published"
    roles = PUBLISHERS
    confirm = "发布后内容锁定、不能修改，有误只能撤回或发布更正公示。确定发布？"

    def objection(self, actor: Actor, record: Any) -> str:
        if not actor.is_system and actor.id in (record.created_by_id, record.drafted_by_id):
            return "起草和发布必须是两个人，请由另一位同志发布"
        if not actor.is_system and attachments_of(record).filter(uploaded_by=actor.name).exists():
            return "附件是您添加的，请由另一位同志发布"
        return ""

    def not_for(self, actor: Actor) -> models.Q:
        return models.Q(created_by_id=actor.id) | models.Q(drafted_by_id=actor.id)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.from_on = day_of(at)
        try:
            record.until_on = notice_until(record.from_on, record.workdays) if record.workdays else None
        except (ValueError, LookupError) as problem:
            raise Refused(str(problem)) from None
        record.files = [
            {"name": a.name, "sha256": a.blob_id, "size": a.blob.size} for a in attachments_of(record).order_by("pk")
        ]
        record.published_at, record.published_by_id, record.updated_at = at, actor.id, at
        record.digest = record.content_digest()


class Close(Step):
    """The last day is over. Nobody does this: the clock does."""

    name, label = "close", "期满结束"
    source, target = ("published",), "closed"
    roles: ClassVar[frozenset[Role]] = frozenset()
    in_todo, tone = False, "secondary"

    def refusal(self, actor: Actor, record: Any) -> str:
        if record.state in self.source and not actor.is_system:
            return "公示期满后由系统自动结束" if record.until_on else "没有期限，长期公开"
        return super().refusal(actor, record)

    def objection(self, actor: Actor, record: Any) -> str:
        return "" if record.until_on else "没有期限的公告不会期满"

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        if day_of(at) <= record.until_on:
            raise Refused("公示期还没有结束")
        record.updated_at = at


class Withdraw(Step):
    """Taken from the public pages; its number, title and the reason stay there."""

    name, label = "withdraw", "撤回"
    source, target = ("published", "closed"), "withdrawn"
    roles = PUBLISHERS
    needs_reason, tone, in_todo = True, "danger", False
    confirm = "撤回后公众只能看到标题和撤回原因。"
    reason_most = 300

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.withdrawn_reason, record.updated_at = reason, at


class Discard(Step):
    name, label = "discard", "弃用草稿"
    source, target = ("draft",), "discarded"
    roles = PUBLISHERS
    tone, in_todo = "secondary", False
    confirm = "弃用后不能恢复，确定弃用这份草稿？"

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.updated_at = at
