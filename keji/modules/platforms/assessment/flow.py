"""Assessment step by step: self-report → county's check → experts → grade → findings put right → closed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db import models

from keji.kernel import clock
from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Step
from keji.kernel.records.steps import WithinDays
from keji.lib.figures import plain_date

OFFICER = frozenset({Role.OFFICER})
COUNTY = frozenset({Role.COUNTY})
HOST = frozenset({Role.ENTERPRISE, Role.INSTITUTION})


class Launch(Step):
    name, label = "launch", "启动评估"
    source, target = ("draft",), "open"
    roles = OFFICER
    confirm = "启动后向所有在册的同类平台下达自评任务，确定启动？"

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.platforms.assessment.services.assessment import platforms_of

        if record.scheme.state != "frozen":
            return f"评估方案“{record.scheme}”还没有定版"
        return "" if platforms_of(record).exists() else "没有在册的同类同级平台可以评估"

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.platforms.assessment.services.assessment import invite

        invite(record, actor=actor, at=at)


class PublishResults(Step):
    name, label = "publish", "公布结果"
    source, target = ("open",), "published"
    roles = OFFICER
    in_todo = False
    confirm = "公布后单位和县区可以看到等次，不须整改的同时办结。确定公布？"

    def objection(self, actor: Actor, record: Any) -> str:
        waiting = record.assessments.filter(state__in=["invited", "reported", "returned", "checked"]).count()
        if waiting:
            return f"还有 {waiting} 家没有评定等次"
        return "" if record.assessments.exclude(state="exempt").exists() else "没有评定过等次的平台"

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.platforms.assessment.services.assessment import close_sound

        record.published_on = day_of(at)
        close_sound(record, actor=actor, at=at)


class CancelCampaign(Step):
    name, label = "cancel", "取消"
    source, target = ("draft", "open"), "cancelled"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "danger", False

    def objection(self, actor: Actor, record: Any) -> str:
        graded = record.assessments.filter(score__isnull=False).count()
        return f"已有 {graded} 家评定等次，不能取消" if graded else ""


class Report(Step):
    name, label = "report", "提交自评"
    source, target = ("invited", "returned"), "reported"
    roles = HOST
    confirm = "提交后在退回之前不能修改，确定提交？"

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.platforms.assessment.services.assessment import unanswered

        campaign, today = record.campaign, clock.today()
        if campaign.state != "open":
            return f"“{campaign}”{campaign.get_state_display()}，不再接收自评"
        if record.state == "invited" and not campaign.opens_on <= today <= campaign.closes_on:
            return f"自评时间为{plain_date(campaign.opens_on)}至{plain_date(campaign.closes_on)}"
        if left := unanswered(record):
            return f"还有 {len(left)} 项没有填完（{'、'.join(left[:3])}{'等' if len(left) > 3 else ''}）"
        return ""


class PassCheck(WithinDays):
    name, label = "pass_check", "核实通过"
    source, target = ("reported",), "checked"
    roles = COUNTY

    def days(self, record: Any) -> int | None:
        return int(record.campaign.county_days)

    def objection(self, actor: Actor, record: Any) -> str:
        if left := record.reports.filter(agreed__isnull=True).count():
            return f"还有 {left} 项没有核实"
        if wrong := record.reports.filter(agreed=False).count():
            return f"有 {wrong} 项不认可，请退回补充"
        return ""


class SendBackReport(Step):
    name, label = "send_back", "退回补充"
    source, target = ("reported",), "returned"
    roles = COUNTY
    needs_reason, tone, in_todo = True, "secondary", False

    def objection(self, actor: Actor, record: Any) -> str:
        return "" if record.reports.filter(agreed=False).exists() else "请先在县区核实中标明哪一项不认可"


class Grade(Step):
    name, label = "grade", "评定等次"
    source, target = ("checked",), "graded"
    roles = OFFICER

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.platforms.assessment.services.scoring import panel_problem

        return panel_problem(record)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.platforms.assessment.services.scoring import settle_grade

        settle_grade(record)


class NoticeForm(forms.Form):
    document_number = forms.CharField(label="发文字号", max_length=40, help_text="如 六科成〔2024〕15号")


class DraftMending(Step):
    """What binds the host is drafted by one person and signed by another."""

    name, label = "draft_mending", "拟制整改通知"
    source, target = ("graded",), "ordered"
    roles = OFFICER
    form = NoticeForm

    def objection(self, actor: Actor, record: Any) -> str:
        if record.campaign.state != "published":
            return "结果公布后再下达整改通知"
        return "" if record.findings.exists() else "还没有列出问题，请先在“整改问题”中逐条列出"

    def not_for(self, actor: Actor) -> models.Q:
        return ~models.Q(campaign__state="published") | models.Q(failing=False)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.platforms.assessment.services.mending import official_number

        record.notice_number = official_number(str(data.get("document_number", "")))
        record.notice_drafted_by_id, record.notice_drafter = actor.id, actor.name


class OrderMending(Step):
    name, label = "order_mending", "签发整改通知"
    source, target = ("ordered",), "mending"
    roles = OFFICER
    confirm = "签发后通知送达依托单位，整改期限从今天起算。确定签发？"

    def objection(self, actor: Actor, record: Any) -> str:
        own = not actor.is_system and actor.id == record.notice_drafted_by_id
        return "拟稿和签发必须是两个人，请由另一位同志签发" if own else ""

    def not_for(self, actor: Actor) -> models.Q:
        return models.Q(notice_drafted_by_id=actor.id)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.platforms.assessment.services.mending import issue_notice

        issue_notice(record, actor=actor, at=at)


class ReturnNotice(Step):
    name, label = "return_notice", "退回修改通知"
    source, target = ("ordered",), "graded"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "secondary", False

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.notice_number, record.notice_drafter, record.notice_drafted_by_id = "", "", None


class SendMended(WithinDays):
    name, label = "send_mended", "提交整改结果"
    source, target = ("mending",), "mended"
    roles = HOST

    def days(self, record: Any) -> int | None:
        return int(record.campaign.rectify_days)

    def objection(self, actor: Actor, record: Any) -> str:
        left = record.findings.filter(answer="").exclude(settled=True).count()
        return f"还有 {left} 个问题没有填写整改情况" if left else ""


class MendAgain(Step):
    name, label = "mend_again", "退回继续整改"
    source, target = ("mended",), "mending"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "secondary", False

    def objection(self, actor: Actor, record: Any) -> str:
        return "" if record.findings.filter(settled=False).exists() else "请先在复核中标明哪个问题没有改好"


class Close(Step):
    name, label = "close", "办结"
    source, target = ("graded", "mended"), "closed"
    roles = OFFICER

    def not_for(self, actor: Actor) -> models.Q:
        return models.Q(state="graded")  # those are closed together when the results are published

    def objection(self, actor: Actor, record: Any) -> str:
        if record.state == "mended":
            left = record.findings.exclude(settled=True).count()
            return f"还有 {left} 个问题没有复核通过" if left else ""
        from keji.modules.platforms.assessment.services.scoring import must_mend

        if must_mend(record) or record.findings.exists():
            return "须先下达整改通知"
        return "" if record.campaign.state == "published" else "结果公布时一并办结"


class Exempt(Step):
    name, label = "exempt", "不参加本次评估"
    source, target = ("invited", "returned"), "exempt"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "secondary", False
