"""What a platform achieved in one year, as its host or its county reports it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record, RecordQuerySet
from keji.modules.platforms.models.access import FILED_BY_HOST
from keji.modules.platforms.models.platform import Platform
from keji.modules.platforms.register import year_flow as steps


class PlatformYear(Record):
    """One platform's figures of one year; money in 万元. Blank means not known, never zero."""

    class State(models.TextChoices):
        REPORTED = "reported", "待确认"
        RETURNED = "returned", "已退回"
        CONFIRMED = "confirmed", "已确认"

    prefix = "PN"
    access = FILED_BY_HOST
    flow = Flow(steps.ConfirmYear, steps.SendBackYear, steps.ResendYear)
    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    platform = models.ForeignKey(Platform, models.PROTECT, related_name="years", verbose_name="平台")
    year = models.PositiveSmallIntegerField("年度")
    rnd_spend = models.DecimalField("研发投入（万元）", max_digits=14, decimal_places=2, null=True, blank=True)
    staff = models.PositiveIntegerField("研发人员（人）", null=True, blank=True)
    equipment_value = models.DecimalField(
        "仪器设备原值（万元）", max_digits=14, decimal_places=2, null=True, blank=True
    )
    projects = models.PositiveIntegerField("在研项目（项）", null=True, blank=True)
    patents = models.PositiveIntegerField("授权专利（件）", null=True, blank=True)
    services = models.PositiveIntegerField("服务企业（家次）", null=True, blank=True)
    income = models.DecimalField("成果转化与服务收入（万元）", max_digits=14, decimal_places=2, null=True, blank=True)
    remark = models.CharField("说明", max_length=300, blank=True)
    reported_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="填报人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "平台年报"
        ordering = ["-year", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["platform", "year"], name="platform_year_once"),
            models.CheckConstraint(
                condition=Q(rnd_spend__isnull=True) | Q(rnd_spend__gte=0), name="platform_year_spend_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["region", "-id"], name="platform_year_region"),
            models.Index(fields=["state", "-id"], name="platform_year_state"),
        ]

    def __str__(self) -> str:
        return f"{self.platform} {self.year}年度"


#: The figures of one year, in the order people fill them in.
YEAR_FIGURES = ("rnd_spend", "staff", "equipment_value", "projects", "patents", "services", "income")
