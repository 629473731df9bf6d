"""The way of an application: the firm hands in, the county reviews and may return it once, the bureau recommends."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from keji.kernel.clock import day_of, today
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, Step
from keji.lib.figures import plain_date

OFFICER = frozenset({Role.OFFICER})
REVIEWERS = frozenset({Role.OFFICER, Role.COUNTY})
APPLICANTS = frozenset({Role.ENTERPRISE, Role.COUNTY, Role.OFFICER})


class OpenCampaign(Step):
    name, label = "open", "开始受理"
    source, target = ("draft", "closed"), "open"
    roles = OFFICER
    in_todo = False

    def objection(self, actor: Actor, record: Any) -> str:
        return "" if record.batches.exists() else "还没有录入批次和截止日期，请先录入"


class CloseCampaign(Step):
    name, label = "close", "结束受理"
    source, target = ("open",), "closed"
    roles = OFFICER
    tone, in_todo = "secondary", False
    confirm = "结束后企业不能再提交，确定结束？"


class Submit(Step):
    """The firm hands in; a county or the bureau may do it for a firm that has no account."""

    name, label = "submit", "提交"
    source, target = ("draft", "returned"), "submitted"
    roles = APPLICANTS

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.kernel.parties.standings import blocks  # the models name this flow

        if why := blocks(record.party, "recognise", today()):
            return f"{record.party}{why}"
        if record.campaign.state != "open":
            return f"“{record.campaign.title}”当前{record.campaign.get_state_display()}，不能提交"
        if missing := record.missing_materials:
            return f"还有 {len(missing)} 项材料没有勾选备齐：{'、'.join(missing[:3])}{'等' if len(missing) > 3 else ''}"
        return ""

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        # The last day counts. A returned application was in time once; the county sees to its second deadline.
        if record.state == "draft" and day_of(at) > record.batch.due_on:
            raise Refused(f"{record.batch.name}已于{plain_date(record.batch.due_on)}截止，请改报下一批次")
        record.submitted_at, record.updated_at = at, at


class PassReview(Step):
    name, label = "review", "审核通过"
    source, target = ("submitted",), "reviewed"
    roles = REVIEWERS
    limit = 10

    def objection(self, actor: Actor, record: Any) -> str:
        return _by_another(actor, record, "填报和审核必须是两个人，请由另一位同志审核")

    def not_for(self, actor: Actor) -> models.Q:
        return models.Q(created_by_id=actor.id)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.reviewed_by_id, record.updated_at = actor.id, at


class SendBack(Step):
    """Once, with everything that is wrong: a second return would be a second list of what the first one forgot."""

    name, label = "send_back", "退回补正"
    source, target = ("submitted",), "returned"
    roles = REVIEWERS
    needs_reason, tone, in_todo = True, "secondary", False

    def objection(self, actor: Actor, record: Any) -> str:
        return "已经退回补正过一次，请直接作出审核结论" if record.returned_times else ""

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.returned_times, record.updated_at = record.returned_times + 1, at


class Refuse(Step):
    name, label = "refuse", "审核不通过"
    source, target = ("submitted",), "refused"
    roles = REVIEWERS
    needs_reason, tone, in_todo = True, "danger", False
    reason_most = 300

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.reviewed_by_id, record.result, record.updated_at = actor.id, reason, at


class Recommend(Step):
    name, label = "recommend", "推荐"
    source, target = ("reviewed",), "recommended"
    roles = OFFICER

    def objection(self, actor: Actor, record: Any) -> str:
        if not actor.is_system and actor.id == record.reviewed_by_id:
            return "县区审核和市局推荐必须是两个人，请由另一位同志推荐"
        return ""

    def not_for(self, actor: Actor) -> models.Q:
        return models.Q(reviewed_by_id=actor.id)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.updated_at = at


class TakeBack(Step):
    name, label = "take_back", "撤销推荐"
    source, target = ("recommended",), "reviewed"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "secondary", False

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.updated_at = at


class MarkPassed(Step):
    name, label = "mark_passed", "登记拟认定"
    source, target = ("recommended", "failed"), "passed"
    roles = OFFICER
    tone, in_todo = "secondary", False
    reason_most = 300

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.result, record.updated_at = reason, at


class MarkFailed(Step):
    name, label = "mark_failed", "登记未通过"
    source, target = ("recommended", "passed"), "failed"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "secondary", False
    reason_most = 300

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.result, record.updated_at = reason, at


class Certify(Step):
    """The certificate is out. It comes from the published list, or from the register where somebody reported it."""

    name, label = "certify", "登记发证"
    source, target = ("recommended", "passed"), "certified"
    roles = OFFICER
    tone, in_todo = "secondary", False

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.enterprises.ladder.holders import reported_title

        title = data.get("certification") or reported_title(record.party_id, record.campaign.rung, record.campaign.year)
        if title is None:
            raise Refused("科技资质中还没有这家企业今年的证书，请先填报，或在申报活动中上传发证公告")
        record.certification, record.updated_at = title, at


class Withdraw(Step):
    name, label = "withdraw", "撤回申报"
    source, target = ("draft", "submitted", "returned"), "withdrawn"
    roles = APPLICANTS
    needs_reason, tone, in_todo = True, "secondary", False
    reason_most = 300

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.result, record.updated_at = reason, at


def _by_another(actor: Actor, record: Any, sentence: str) -> str:
    return sentence if not actor.is_system and actor.id == record.created_by_id else ""
