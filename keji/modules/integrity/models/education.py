"""The ledger of publicity and education: what was held, where, for how many people."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models

from keji.kernel.people.roles import BUREAU, Role, Scope
from keji.kernel.records.access import Access
from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record, RecordQuerySet
from keji.kernel.records.steps import ConfirmByAnother, Resend, SendBack, Void


class ConfirmActivity(ConfirmByAnother):
    makers = ("reported_by_id",)


class ActivityQuerySet(RecordQuerySet):
    def held(self, start: date, end: date) -> ActivityQuerySet:
        """Confirmed and held within these days, both included."""
        return self.filter(state="confirmed", held_on__range=(start, end))


class Activity(Record):
    """One activity, reported by a county or the bureau, confirmed by another officer."""

    class Kind(models.TextChoices):
        LECTURE = "lecture", "专题讲座"
        TRAINING = "training", "业务培训"
        MATERIAL = "material", "发放宣传材料"
        PLEDGE = "pledge", "签订诚信承诺书"
        WARNING = "warning", "典型案例警示"
        ONLINE = "online", "线上宣传"

    class State(models.TextChoices):
        REPORTED = "reported", "待确认"
        RETURNED = "returned", "已退回"
        CONFIRMED = "confirmed", "已确认"
        VOID = "void", "已作废"

    prefix = "XJ"
    access = Access(
        read={**dict.fromkeys([*BUREAU, Role.INSPECTOR], Scope.ALL), Role.COUNTY: Scope.REGION},
        write={Role.OFFICER: Scope.ALL, Role.COUNTY: Scope.REGION},
        party="",
    )
    flow = Flow(ConfirmActivity, SendBack, Resend, Void)
    objects: ClassVar[Any] = ActivityQuerySet.as_manager()

    party = None  # type: ignore[assignment]
    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    title = models.CharField("活动名称", max_length=120)
    kind = models.CharField("形式", max_length=10, choices=Kind.choices)
    held_on = models.DateField("日期")
    year = models.PositiveSmallIntegerField("年度", editable=False, db_index=True)
    place = models.CharField("地点或平台", max_length=120)
    organiser = models.CharField("主办单位", max_length=120)
    people = models.PositiveIntegerField("参加人数")
    copies = models.PositiveIntegerField("发放材料（份）", default=0)
    audience = models.CharField("对象", max_length=120, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    reported_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="填报人"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = "诚信宣传教育活动", "诚信宣传教育台账"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "title", "held_on"], condition=~models.Q(state="void"), name="integrity_activity_once"
            )
        ]
        indexes = [models.Index(fields=["state", "held_on"], name="integrity_activity_held")]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.year = self.held_on.year
        super().save(*args, **kwargs)
