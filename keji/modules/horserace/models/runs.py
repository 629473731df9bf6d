"""A run: one scoring of one period, kept as the very file anybody can recompute. Superseded, never overwritten."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record
from keji.lib.figures import Period, parse_period
from keji.modules.horserace import flow_run as steps
from keji.modules.horserace.models.access import COMMON, RunQuerySet


class RaceRun(Record):
    """`file` is the published JSON; `doubt`: how sure the places are; `about`: where each figure is from."""

    class State(models.TextChoices):
        PROVISIONAL = "provisional", "预排"
        REHEARSAL = "rehearsal", "预演"
        READY = "ready", "待公布"
        PUBLISHED = "published", "已公布"
        SUPERSEDED = "superseded", "已被新版代替"

    class Kind(models.TextChoices):
        MONTH = "month", "月度"
        QUARTER = "quarter", "季度"
        YEAR = "year", "年度"

    prefix = "MC"
    access = COMMON
    flow = Flow(steps.Publish, steps.Supersede)
    objects: ClassVar[Any] = RunQuerySet.as_manager()

    party = None  # type: ignore[assignment]
    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    period = models.CharField("期间", max_length=7)
    version = models.PositiveSmallIntegerField("版本", default=1)
    round = models.ForeignKey(
        "horserace.RaceRound", models.PROTECT, null=True, related_name="runs", verbose_name="赛马轮次"
    )
    scheme = models.ForeignKey("horserace.RaceScheme", models.PROTECT, related_name="runs", verbose_name="考评方案")
    file = models.ForeignKey("documents.Blob", models.PROTECT, related_name="+", verbose_name="计分文件")
    digest = models.CharField("内容摘要", max_length=64)
    doubt = models.JSONField("名次把握", default=dict)
    about = models.JSONField("数据来源", default=dict)
    reason = models.CharField("更正原因", max_length=300, blank=True)
    supersedes = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="successors", verbose_name="代替"
    )
    made_by = models.CharField("计分人", max_length=60)
    published_on = models.DateField("公布日期", null=True, blank=True)
    published_by = models.CharField("公布人", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "赛马计分"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["period"], condition=models.Q(state="published"), name="race_run_one_published"
            )
        ]
        indexes = [models.Index(fields=["period", "state"], name="race_run_period")]

    def __str__(self) -> str:
        return f"{self.span.label}赛马第{self.version}版"

    @property
    def span(self) -> Period:
        return parse_period(self.period)

    @property
    def period_label(self) -> str:
        return self.span.label

    period_label.fget.label = "期间"  # type: ignore[attr-defined]


class RunPlace(models.Model):
    """One unit's line of a run, for lists and trends; the run's file is what counts."""

    run = models.ForeignKey(RaceRun, models.CASCADE, related_name="places", verbose_name="赛马计分")
    region = models.ForeignKey("parties.Region", models.PROTECT, related_name="+", verbose_name="县区")
    group = models.CharField("分组", max_length=40, blank=True)
    place = models.PositiveSmallIntegerField("名次", null=True)
    total = models.DecimalField("得分", max_digits=12, decimal_places=4, null=True)
    change = models.SmallIntegerField("名次变化", null=True)
    low = models.PositiveSmallIntegerField("名次区间自", null=True)
    high = models.PositiveSmallIntegerField("名次区间至", null=True)
    note = models.CharField("说明", max_length=200, blank=True)
    order = models.PositiveSmallIntegerField("排序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "赛马名次"
        ordering = ["run", "order"]
        constraints = [models.UniqueConstraint(fields=["run", "region"], name="race_place_once")]

    def __str__(self) -> str:
        return f"{self.run} {self.region}"

    @property
    def period_label(self) -> str:
        return self.run.span.label

    period_label.fget.label = "期间"  # type: ignore[attr-defined]
