"""One month's round: what is due from whom, what was asked about it, whom was heard."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from keji.kernel.people.models import VisibleQuerySet
from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record
from keji.lib.figures import Period, parse_period
from keji.modules.horserace import flow_round as steps
from keji.modules.horserace.models.access import COMMON, OWN


class RaceRound(Record):
    """One month from collecting to approval. The figures themselves are the catalogue's: filed once, read here."""

    class State(models.TextChoices):
        COLLECTING = "collecting", "收集复核"
        HEARING = "hearing", "听取县区意见"
        APPROVED = "approved", "已审定"

    prefix = "ML"
    access = COMMON
    flow = Flow(steps.OpenHearing, steps.BackToCollecting, steps.Approve, steps.Correct)

    party = None  # type: ignore[assignment]
    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    period = models.CharField("月份", max_length=7, unique=True)
    scheme = models.ForeignKey("horserace.RaceScheme", models.PROTECT, related_name="rounds", verbose_name="考评方案")
    cutoff_on = models.DateField("数据截止日期")
    hearing_until = models.DateField("听取意见至", null=True, blank=True, editable=False)
    opened_hearing_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="开始听取意见的人"
    )
    approved_by = models.CharField("审定人", max_length=60, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "赛马轮次"
        ordering = ["-period"]

    def __str__(self) -> str:
        return f"{self.month.label}赛马"

    @property
    def month(self) -> Period:
        return parse_period(self.period)

    @property
    def month_label(self) -> str:
        return self.month.label

    month_label.fget.label = "月份"  # type: ignore[attr-defined]


class RoundItem(models.Model):
    """One indicator of one round, through its three levels: filed, checked by the bureau, approved and locked."""

    class State(models.TextChoices):
        OPEN = "open", "填报中"
        CHECKED = "checked", "已复核"
        APPROVED = "approved", "已审定锁定"

    access = COMMON
    flow = Flow(steps.Check, steps.Uncheck)
    objects: ClassVar[Any] = VisibleQuerySet.as_manager()

    round = models.ForeignKey(RaceRound, models.CASCADE, related_name="items", verbose_name="轮次")
    indicator = models.CharField("指标", max_length=40)
    title = models.CharField("指标名称", max_length=80)
    owner = models.CharField("数据提供部门", max_length=60)
    due_on = models.DateField("应报日期")
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.OPEN, editable=False)
    state_since = models.DateTimeField("进入状态时间", null=True, editable=False)
    checked_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="复核人"
    )
    without = models.CharField("缺数说明", max_length=300, blank=True)
    order = models.PositiveSmallIntegerField("排序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "赛马指标收集"
        ordering = ["round", "order"]
        constraints = [models.UniqueConstraint(fields=["round", "indicator"], name="race_item_once")]

    def __str__(self) -> str:
        return f"{self.round} {self.title}"


class FigureQuestion(models.Model):
    """Something asked about one figure before it counts. It stays as it was filed until somebody corrects it."""

    access = OWN
    objects: ClassVar[Any] = VisibleQuerySet.as_manager()

    round = models.ForeignKey(RaceRound, models.CASCADE, related_name="questions", verbose_name="轮次")
    indicator = models.CharField("指标", max_length=40)
    region = models.ForeignKey("parties.Region", models.PROTECT, related_name="+", verbose_name="县区")
    kind = models.CharField("类型", max_length=20)
    sentence = models.CharField("疑问", max_length=300)
    asked_at = models.DateTimeField("提出时间")
    answer = models.CharField("答复", max_length=500, blank=True)
    answered_by = models.CharField("答复人", max_length=60, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    settled_at = models.DateTimeField("数据更正后消除", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "数据疑问"
        ordering = ["round", "region", "indicator"]
        constraints = [
            models.UniqueConstraint(fields=["round", "indicator", "region", "sentence"], name="race_question_once")
        ]

    def __str__(self) -> str:
        return self.sentence

    @property
    def open(self) -> bool:
        return self.answered_at is None and self.settled_at is None


class Hearing(models.Model):
    """That one county has seen its figures and provisional place and holds nothing against them."""

    round = models.ForeignKey(RaceRound, models.CASCADE, related_name="hearings", verbose_name="轮次")
    region = models.ForeignKey("parties.Region", models.PROTECT, related_name="+", verbose_name="县区")
    digest = models.CharField("所见预排摘要", max_length=64)
    agreed_by = models.CharField("确认人", max_length=60)
    agreed_at = models.DateTimeField("确认时间")

    class Meta:
        verbose_name = verbose_name_plural = "县区意见"
        constraints = [models.UniqueConstraint(fields=["round", "region"], name="race_hearing_once")]

    def __str__(self) -> str:
        return f"{self.round} {self.region}"
