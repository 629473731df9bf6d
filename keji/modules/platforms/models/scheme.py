"""Evaluation schemes as data: a draft is edited, a scheme that was used never changes; a change is a new edition."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record
from keji.modules.platforms.assessment import scheme_flow as steps
from keji.modules.platforms.models.access import WORKING_PAPER, AnnouncedQuerySet
from keji.modules.platforms.models.platform import Platform


class Scheme(Record):
    """One edition of one scheme: what is looked at, what each item weighs, which score makes which grade."""

    class State(models.TextChoices):
        DRAFT = "draft", "起草"
        FROZEN = "frozen", "已定版"
        RETIRED = "retired", "已停用"

    prefix = "FA"
    access = WORKING_PAPER
    flow = Flow(steps.Freeze, steps.Retire)
    objects: ClassVar[Any] = AnnouncedQuerySet.as_manager()

    party = None  # type: ignore[assignment]
    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    name = models.CharField("方案名称", max_length=120)
    kind = models.CharField("平台类型", max_length=30, choices=Platform.Kind.choices)
    edition = models.CharField("版本", max_length=40)
    from_on = models.DateField("施行日期")
    cites = models.CharField("依据", max_length=200)
    certain = models.BooleanField("已核对", default=False)
    drafted_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="起草人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "评估方案"
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["name", "edition"], name="platform_scheme_edition_once")]

    def __str__(self) -> str:
        return f"{self.name}（{self.edition}）"


class SchemeItem(models.Model):
    """One item: scored out of `full` points by each expert, worth `weight` of the hundred."""

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="items")
    order = models.PositiveSmallIntegerField("序号")
    group = models.CharField("一级指标", max_length=60)
    name = models.CharField("二级指标", max_length=100)
    weight = models.DecimalField("权重", max_digits=6, decimal_places=2)
    full = models.PositiveSmallIntegerField("满分", default=10)
    method = models.CharField("评分办法", max_length=300)
    evidence = models.CharField("佐证材料", max_length=200, blank=True)  # "" asks for none

    class Meta:
        verbose_name = verbose_name_plural = "评估指标"
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "order"], name="platform_scheme_item_once"),
            models.CheckConstraint(condition=Q(weight__gt=0) & Q(full__gt=0), name="platform_scheme_item_positive"),
        ]

    def __str__(self) -> str:
        return self.name


class Band(models.Model):
    """From which score on which grade is given; the lowest band starts at nought."""

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="bands")
    grade = models.CharField("等次", max_length=20)
    at_least = models.DecimalField("不低于", max_digits=6, decimal_places=2)
    failing = models.BooleanField("不合格", default=False)
    must_mend = models.BooleanField("须整改", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "等次"
        ordering = ["-at_least"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "at_least"], name="platform_band_once"),
            models.UniqueConstraint(fields=["scheme", "grade"], name="platform_band_grade_once"),
        ]

    def __str__(self) -> str:
        return f"{self.grade}（{self.at_least.normalize():f}分以上）"
