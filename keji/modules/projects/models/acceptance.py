"""Acceptance: technical and financial at once, by a panel with somebody who knows finance."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from keji.modules.projects.models.project import Project


class Acceptance(models.Model):
    """One round of acceptance of one project; a second one comes after rectification."""

    class Conclusion(models.TextChoices):
        PASSED = "passed", "通过"
        CLOSED = "closed", "结题"
        FAILED = "failed", "不通过"

    project = models.ForeignKey(Project, models.PROTECT, related_name="acceptances", verbose_name="项目")
    round = models.PositiveSmallIntegerField("次数")
    summary = models.TextField("完成情况", max_length=3000)
    applied_at = models.DateTimeField("申请时间")
    applied_by = models.CharField("申请人", max_length=60)
    held_on = models.DateField("验收日期", null=True)
    panel = models.JSONField("验收专家", default=list)  # [{name, unit, finance}]
    conclusion = models.CharField("结论", max_length=8, choices=Conclusion.choices, blank=True)
    opinion = models.TextField("验收意见", max_length=3000, blank=True)
    finance_opinion = models.TextField("财务意见", max_length=1000, blank=True)
    execution = models.DecimalField("预算执行（10 分）", max_digits=4, decimal_places=1, null=True)
    output = models.DecimalField("产出（50 分）", max_digits=4, decimal_places=1, null=True)
    benefit = models.DecimalField("效益（30 分）", max_digits=4, decimal_places=1, null=True)
    satisfaction = models.DecimalField("满意度（10 分）", max_digits=4, decimal_places=1, null=True)
    recorded_by = models.CharField("登记人", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "项目验收"
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(fields=["project", "round"], name="acceptance_round_once"),
            models.CheckConstraint(condition=Q(round__gte=1, round__lte=2), name="acceptance_at_most_twice"),
        ]

    def __str__(self) -> str:
        return f"{self.project.number} 第{self.round}次验收"
