"""A year's appraisal: what grade each unit gets for the year, shown to the public before it holds."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record, RecordQuerySet
from keji.lib.figures import Period, parse_period
from keji.modules.horserace import flow_appraisal as steps
from keji.modules.horserace.models.access import COMMON, SEEN


class AppraisalQuerySet(RecordQuerySet):
    """A county reads an appraisal once it has been shown to everybody."""

    def visible_to(self, actor: Actor) -> AppraisalQuerySet:
        found: AppraisalQuerySet = super().visible_to(actor)  # type: ignore[assignment]
        if actor.is_system or actor.has(*SEEN):
            return found
        return found.filter(state__in=("final", "superseded"))


class Appraisal(Record):
    """Grades and awards of one published year. The places are the run's; a grade may differ, with its reason."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "拟定"
        ANNOUNCED = "announced", "公示"
        FINAL = "final", "已确定"
        SUPERSEDED = "superseded", "已被新版代替"
        DROPPED = "dropped", "作废"

    prefix = "MP"
    access = COMMON
    flow = Flow(steps.Announce, steps.Reopen, steps.Finish, steps.Supersede, steps.Drop)
    objects: ClassVar[Any] = AppraisalQuerySet.as_manager()

    party = None  # type: ignore[assignment]
    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    period = models.CharField("年度", max_length=7)
    run = models.ForeignKey("horserace.RaceRun", models.PROTECT, related_name="appraisals", verbose_name="赛马计分")
    notice = models.ForeignKey(
        "records.PublicNotice", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="公示"
    )
    drafted_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="拟定人"
    )
    finished_on = models.DateField("确定日期", null=True, editable=False)
    finished_by = models.CharField("确定人", max_length=60, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "赛马年度评价"
        ordering = ["-period", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["run"], condition=~models.Q(state="dropped"), name="race_appraisal_one_a_run"
            ),
            models.UniqueConstraint(
                fields=["period"], condition=models.Q(state="final"), name="race_appraisal_one_final"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.span.label}度赛马评价"

    @property
    def span(self) -> Period:
        return parse_period(self.period)

    @property
    def period_label(self) -> str:
        return self.span.label

    period_label.fget.label = "年度"  # type: ignore[attr-defined]


class AppraisalLine(models.Model):
    """One unit's grade. `due`: what its place gives; `reason`: why `grade` is another, printed wherever it stands."""

    class Grade(models.TextChoices):
        EXCELLENT = "优秀", "优秀"
        GOOD = "良好", "良好"
        PASSED = "达标", "达标"
        NONE = "不评等次", "不评等次"

    appraisal = models.ForeignKey(Appraisal, models.CASCADE, related_name="lines", verbose_name="年度评价")
    region = models.ForeignKey("parties.Region", models.PROTECT, related_name="+", verbose_name="县区")
    place = models.PositiveSmallIntegerField("名次", null=True)
    total = models.DecimalField("得分", max_digits=12, decimal_places=4, null=True)
    due = models.CharField("按名次应评", max_length=10, choices=Grade.choices)
    grade = models.CharField("等次", max_length=10, choices=Grade.choices)
    award = models.CharField("激励", max_length=100, blank=True)
    reason = models.CharField("调整原因", max_length=300, blank=True)
    order = models.PositiveSmallIntegerField("排序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "年度评价等次"
        ordering = ["appraisal", "order"]
        constraints = [models.UniqueConstraint(fields=["appraisal", "region"], name="race_appraisal_line_once")]

    def __str__(self) -> str:
        return f"{self.appraisal} {self.region}"

    @property
    def changed(self) -> bool:
        return self.grade != self.due
