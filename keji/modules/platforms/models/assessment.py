"""Yearly assessment: a campaign on one scheme; per platform the self-report, the check, the experts, the findings."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record, RecordQuerySet
from keji.modules.platforms.assessment import flow as steps
from keji.modules.platforms.models.access import ANNOUNCED, FILED_BY_HOST, AnnouncedQuerySet
from keji.modules.platforms.models.platform import Platform
from keji.modules.platforms.models.scheme import Scheme, SchemeItem


class Campaign(Record):
    """One year's assessment of one kind of platform at one level."""

    class State(models.TextChoices):
        DRAFT = "draft", "起草"
        OPEN = "open", "进行中"
        PUBLISHED = "published", "结果已公布"
        CANCELLED = "cancelled", "已取消"

    prefix = "PP"
    access = ANNOUNCED
    flow = Flow(steps.Launch, steps.PublishResults, steps.CancelCampaign)
    objects: ClassVar[Any] = AnnouncedQuerySet.as_manager()

    party = None  # type: ignore[assignment]
    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    title = models.CharField("标题", max_length=160)
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="campaigns", verbose_name="评估方案")
    level = models.CharField("级别", max_length=20, choices=Platform.Level.choices)
    year = models.PositiveSmallIntegerField("年度")
    document = models.CharField("通知文号", max_length=80, blank=True)
    opens_on = models.DateField("自评开始")
    closes_on = models.DateField("自评截止")
    county_days = models.PositiveSmallIntegerField("县区核实时限（工作日）")
    rectify_days = models.PositiveSmallIntegerField("整改时限（工作日）")
    published_on = models.DateField("公布日期", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "评估批次"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "level", "year"], condition=~Q(state="cancelled"), name="platform_campaign_once"
            ),
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="platform_campaign_window"),
        ]

    def __str__(self) -> str:
        return self.title


class Assessment(Record):
    """One platform in one campaign. The grade is computed from what the experts marked, never typed."""

    class State(models.TextChoices):
        INVITED = "invited", "待自评"
        REPORTED = "reported", "待县区核实"
        RETURNED = "returned", "退回补充"
        CHECKED = "checked", "待专家评审"
        GRADED = "graded", "已评定"
        ORDERED = "ordered", "整改通知待签发"
        MENDING = "mending", "整改中"
        MENDED = "mended", "待复核"
        CLOSED = "closed", "已办结"
        EXEMPT = "exempt", "不参加"

    prefix = "PG"
    access = FILED_BY_HOST
    flow = Flow(
        *(steps.Report, steps.PassCheck, steps.SendBackReport, steps.Grade, steps.DraftMending, steps.OrderMending),
        *(steps.ReturnNotice, steps.SendMended, steps.MendAgain, steps.Close, steps.Exempt),
    )
    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="assessments", verbose_name="评估批次")
    platform = models.ForeignKey(Platform, models.PROTECT, related_name="assessments", verbose_name="平台")
    # Shown to four places; the grade was decided on the exact fraction before rounding.
    score = models.DecimalField("得分", max_digits=8, decimal_places=4, null=True, editable=False)
    grade = models.CharField("等次", max_length=20, blank=True, editable=False)
    failing = models.BooleanField("不合格", default=False, editable=False)
    due_on = models.DateField("整改期限", null=True, editable=False)
    notice_number = models.CharField("整改通知文号", max_length=40, blank=True, editable=False)
    notice_drafter = models.CharField("整改通知拟稿人", max_length=60, blank=True, editable=False)
    notice_drafted_by = models.ForeignKey("people.Account", models.PROTECT, null=True, editable=False, related_name="+")
    paper = models.ForeignKey(
        "documents.Paper", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="整改通知"
    )

    class Meta:
        verbose_name = verbose_name_plural = "平台评估"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "platform"], name="platform_assessment_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["graded", "ordered", "mending", "mended", "closed"]) | Q(score__isnull=False),
                name="platform_assessment_graded_has_score",
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "state"], name="platform_assessment_campaign"),
            models.Index(fields=["region", "-id"], name="platform_assessment_region"),
        ]

    def __str__(self) -> str:
        return f"{self.platform} {self.campaign.year}年度评估"

    def shown_grade(self) -> str:
        """The grade for lists and pages everybody concerned reads: not before the results are published."""
        if self.campaign.state == Campaign.State.PUBLISHED:
            return self.grade
        return "未公布" if self.grade else ""

    shown_grade.label = "等次"  # type: ignore[attr-defined]


class SelfReport(models.Model):
    """What the host says of one item, and whether its county agrees; evidence hangs on it as attachments."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="reports")
    item = models.ForeignKey(SchemeItem, models.PROTECT, related_name="+")
    text = models.TextField("自评情况", max_length=1000, blank=True)
    points = models.DecimalField("自评分", max_digits=6, decimal_places=2, null=True, blank=True)
    agreed = models.BooleanField("县区核实", null=True, blank=True)
    remark = models.CharField("核实意见", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "自评"
        ordering = ["item__order"]
        constraints = [models.UniqueConstraint(fields=["assessment", "item"], name="platform_self_report_once")]

    def __str__(self) -> str:
        return str(self.item)


class Panelist(models.Model):
    """One expert on the spot, named by the officer; never one of the host's own."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="panel")
    name = models.CharField("专家姓名", max_length=60)
    unit = models.CharField("工作单位", max_length=120)
    visited_on = models.DateField("评审日期")

    class Meta:
        verbose_name = verbose_name_plural = "评审专家"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["assessment", "name", "unit"], name="platform_panelist_once")]

    def __str__(self) -> str:
        return self.name


class Mark(models.Model):
    """What one expert gave one item."""

    panelist = models.ForeignKey(Panelist, models.CASCADE, related_name="marks")
    item = models.ForeignKey(SchemeItem, models.PROTECT, related_name="+")
    points = models.DecimalField("得分", max_digits=6, decimal_places=2)
    comment = models.CharField("评语", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "专家评分"
        ordering = ["item__order"]
        constraints = [
            models.UniqueConstraint(fields=["panelist", "item"], name="platform_mark_once"),
            models.CheckConstraint(condition=Q(points__gte=0), name="platform_mark_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.panelist} {self.item}"


class Finding(models.Model):
    """One thing to be put right; only findings are followed up, not the whole assessment again."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="findings")
    text = models.CharField("问题", max_length=300)
    answer = models.TextField("整改情况", max_length=1000, blank=True)
    answered_on = models.DateField("整改日期", null=True)
    settled = models.BooleanField("复核", null=True)
    remark = models.CharField("复核意见", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "整改问题"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text
