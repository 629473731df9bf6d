"""What goes with a race: points for evidence, and what a review asks somebody to do."""

from __future__ import annotations

from typing import Any

from django.db import models

from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record
from keji.modules.horserace import flow_extras as steps
from keji.modules.horserace.models.access import OWN


class RaceAward(Record):
    """A bonus or penalty claimed for a county, with its evidence; counted once another person has confirmed it."""

    class State(models.TextChoices):
        CLAIMED = "claimed", "待核定"
        CONFIRMED = "confirmed", "已核定"
        REFUSED = "refused", "未核定"

    prefix = "MJ"
    access = OWN
    flow = Flow(steps.ConfirmAward, steps.RefuseAward)

    party = None  # type: ignore[assignment]
    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    bonus = models.CharField("加减分项", max_length=40)
    on = models.DateField("发生日期")
    count = models.PositiveSmallIntegerField("次数", default=1)
    evidence = models.CharField("依据材料", max_length=200, help_text="文件名称和文号；原件上传为附件")
    answer = models.CharField("核定意见", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "赛马加减分"
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.region} {self.bonus_title}"

    @property
    def bonus_title(self) -> str:
        from keji.modules.horserace.services.content import bonus_titles

        return bonus_titles().get(self.bonus, self.bonus)

    bonus_title.fget.label = "加减分项"  # type: ignore[attr-defined]


class ReviewTask(Record):
    """Something a review left with one county: what, by when, what came of it."""

    class State(models.TextChoices):
        OPEN = "open", "办理中"
        REPORTED = "reported", "已报办结"
        CLOSED = "closed", "已销号"

    prefix = "MD"
    access = OWN
    flow = Flow(steps.ReportDone, steps.CloseTask, steps.ReturnTask)

    party = None  # type: ignore[assignment]
    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    run = models.ForeignKey("horserace.RaceRun", models.PROTECT, related_name="tasks", verbose_name="赛马计分")
    indicator = models.CharField("指标", max_length=40, blank=True)
    title = models.CharField("事项", max_length=200)
    owner = models.CharField("责任人", max_length=60)
    section = models.ForeignKey("people.Section", models.PROTECT, null=True, blank=True, verbose_name="督促科室")
    due_on = models.DateField("办结期限")
    result = models.CharField("办理情况", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "调度事项"
        ordering = ["state", "due_on", "pk"]

    def __str__(self) -> str:
        return self.title

    def late(self, on: Any) -> bool:
        return self.state == self.State.OPEN and self.due_on < on
