"""Targets, reported figures and frozen readings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from keji.kernel.indicators import indicator as catalogue
from keji.kernel.people.roles import Actor, Role, Scope
from keji.kernel.records.access import Access
from keji.kernel.records.flow import Flow, Step
from keji.kernel.records.models import Record


class Target(models.Model):
    """What one region is held to for one indicator in one year, as issued."""

    indicator = models.CharField("指标", max_length=40)
    region = models.ForeignKey("parties.Region", models.PROTECT, verbose_name="县区")
    year = models.PositiveSmallIntegerField("年度")
    op = models.CharField("比较", max_length=20)
    value = models.DecimalField("目标值", max_digits=20, decimal_places=4, null=True)
    value2 = models.DecimalField("目标上限", max_digits=20, decimal_places=4, null=True, blank=True)
    base = models.DecimalField("上年基数", max_digits=20, decimal_places=4, null=True, blank=True)
    due_on = models.DateField("完成时限")
    curve = models.JSONField("进度曲线", default=dict, blank=True)
    source = models.CharField("出处", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "目标值"
        constraints = [models.UniqueConstraint(fields=["indicator", "region", "year"], name="target_once")]

    def __str__(self) -> str:
        return f"{self.region_id} {self.indicator} {self.year}"


class Reading(models.Model):
    """A figure as frozen for one period. Superseded by a newer version, never overwritten."""

    class Empty(models.TextChoices):
        NO = "", "有数"
        NOT_REPORTED = "not_reported", "未报"
        NOT_APPLICABLE = "not_applicable", "不适用"

    indicator = models.CharField("指标", max_length=40)
    region = models.ForeignKey("parties.Region", models.PROTECT, verbose_name="县区")
    period = models.CharField("期间", max_length=7)
    as_of = models.DateField("截止日期")
    value = models.DecimalField("数值", max_digits=20, decimal_places=4, null=True)
    empty = models.CharField("空值含义", max_length=16, choices=Empty.choices, default=Empty.NO, blank=True)
    computed_rate = models.DecimalField("系统计算增速", max_digits=12, decimal_places=4, null=True)
    reported_rate = models.DecimalField("部门填报增速", max_digits=12, decimal_places=4, null=True)
    source = models.CharField("数据来源", max_length=120)
    ids = models.JSONField("记录", default=list)
    version = models.PositiveSmallIntegerField("版本", default=1)
    current = models.BooleanField("现行", default=True)
    frozen_at = models.DateTimeField("定格时间")
    frozen_by = models.CharField("定格人", max_length=60)
    note = models.CharField("更正说明", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "定格数"
        ordering = ["indicator", "region", "period", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "region", "period"], condition=Q(current=True), name="reading_one_current"
            ),
            models.UniqueConstraint(fields=["indicator", "region", "period", "version"], name="reading_version_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | ~Q(empty=""), name="reading_value_or_reason_why_empty"
            ),
        ]
        indexes = [models.Index(fields=["period", "indicator"], name="reading_period")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.region_id} {self.period}"


class Send(Step):
    name, label = "send", "报送"
    source, target = ("draft", "returned"), "sent"
    roles = frozenset({Role.COUNTY, Role.OFFICER})


class Confirm(Step):
    name, label = "confirm", "确认"
    source, target = ("sent",), "confirmed"
    roles = frozenset({Role.OFFICER})

    def objection(self, actor: Actor, record: Any) -> str:
        return "填报和确认必须是两个人" if record.created_by_id == actor.id and not actor.is_system else ""

    def not_for(self, actor: Actor) -> models.Q:
        return models.Q(created_by_id=actor.id)


class SendBack(Step):
    name, label = "send_back", "退回"
    source, target = ("sent",), "returned"
    roles = frozenset({Role.OFFICER})
    needs_reason, tone, in_todo = True, "secondary", False


class ReportedFigure(Record):
    """One filed figure: value, what it grew from, the rate the owner printed, its caliber and evidence."""

    class State(models.TextChoices):
        DRAFT = "draft", "未报送"
        SENT = "sent", "待确认"
        RETURNED = "returned", "已退回"
        CONFIRMED = "confirmed", "已确认"

    prefix = "SB"
    flow = Flow(Send, Confirm, SendBack)
    access = Access(
        read={Role.LEADER: Scope.ALL, Role.OFFICER: Scope.ALL, Role.INSPECTOR: Scope.ALL, Role.COUNTY: Scope.REGION},
        write={Role.OFFICER: Scope.ALL, Role.COUNTY: Scope.REGION},
        party="",
    )

    party = None  # type: ignore[assignment]  # the city or a county, never one unit
    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    indicator = models.CharField("指标", max_length=40)
    period = models.CharField("期间", max_length=7, help_text="如 2024-03；年度数填 2024")
    value = models.DecimalField("数值", max_digits=20, decimal_places=4)
    base_value = models.DecimalField("上年同期数", max_digits=20, decimal_places=4, null=True, blank=True)
    reported_rate = models.DecimalField("部门公布增速（%）", max_digits=12, decimal_places=4, null=True, blank=True)
    caliber = models.CharField("统计口径", max_length=200)
    owner = models.CharField("数据提供部门", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "填报数"
        ordering = ["-period", "indicator", "region"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "region", "period"], condition=~Q(state="returned"), name="figure_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator_name} {self.period}"

    @property
    def indicator_name(self) -> str:
        found = catalogue.catalogue().get(self.indicator)
        return found.name if found else self.indicator

    @property
    def computed_rate(self) -> Any:
        """Growth over the same period last year in per cent; None without a base or with a base of zero or less."""
        if self.base_value is None or self.base_value <= 0:
            return None
        return (self.value / self.base_value - 1) * 100


#: What a list calls these columns: they are no fields, so they carry their labels themselves.
ReportedFigure.indicator_name.fget.label = "指标"  # type: ignore[attr-defined]
ReportedFigure.computed_rate.fget.label = "系统计算增速（%）"  # type: ignore[attr-defined]


def frozen_at(period: str) -> datetime | None:
    return Reading.objects.filter(period=period).aggregate(first=models.Min("frozen_at"))["first"]
