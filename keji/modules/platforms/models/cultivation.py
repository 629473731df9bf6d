"""Cultivation (平台培育): candidates for a higher level, tutored step by step."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from keji.kernel.people.roles import Role, Scope
from keji.kernel.records.access import Access
from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record, RecordQuerySet
from keji.modules.platforms.cultivation import flow as steps
from keji.modules.platforms.models.access import HOSTS, OVERSEERS
from keji.modules.platforms.models.platform import Platform

#: The officer tutors; the county helps its own; the host sees what is expected of it.
TUTORED = Access(
    read={**dict.fromkeys(OVERSEERS, Scope.ALL), Role.COUNTY: Scope.REGION, **dict.fromkeys(HOSTS, Scope.PARTY)},
    write={Role.OFFICER: Scope.ALL, Role.COUNTY: Scope.REGION},
)


class Cultivation(Record):
    """One unit on its way to one kind of platform at one level, with its tutor."""

    class State(models.TextChoices):
        CANDIDATE = "candidate", "候选"
        TUTORING = "tutoring", "辅导中"
        APPLIED = "applied", "已推荐申报"
        SUCCEEDED = "succeeded", "已认定"
        ENDED = "ended", "已退出"

    prefix = "TD"
    access = TUTORED
    flow = Flow(steps.Tutor, steps.Apply, steps.Succeed, steps.Fail, steps.End)
    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    platform = models.ForeignKey(
        Platform, models.PROTECT, null=True, blank=True, related_name="cultivations", verbose_name="现有平台"
    )
    kind = models.CharField("培育方向", max_length=30, choices=Platform.Kind.choices)
    level = models.CharField("目标级别", max_length=20, choices=Platform.Level.choices)
    goal_on = models.DateField("计划申报日期", null=True, blank=True)
    gaps = models.TextField("其他差距", max_length=2000, blank=True)
    tutor = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="辅导人"
    )
    result = models.CharField("结果", max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "平台培育"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "kind", "level"],
                condition=~Q(state__in=["succeeded", "ended"]),
                name="platform_cultivation_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.party} 培育{self.get_level_display()}{self.get_kind_display()}"


class CultivationStep(models.Model):
    """One thing to be done on the way, by a day."""

    cultivation = models.ForeignKey(Cultivation, models.CASCADE, related_name="plan_steps")
    title = models.CharField("事项", max_length=200)
    due_on = models.DateField("完成时限")
    done_on = models.DateField("完成日期", null=True)
    note = models.CharField("完成情况", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "培育事项"
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.title


class TutorVisit(models.Model):
    """One visit of the tutor, and what came of it."""

    cultivation = models.ForeignKey(Cultivation, models.CASCADE, related_name="visits")
    on = models.DateField("走访日期")
    note = models.TextField("情况", max_length=1000)
    by = models.CharField("走访人", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "辅导走访"
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.cultivation} {self.on}"
