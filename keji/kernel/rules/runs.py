"""Judging everybody: one row a run, with what it came to and whose outcome changed."""

from __future__ import annotations

from django.db import models

from keji.kernel.people.models import VisibleQuerySet
from keji.kernel.people.roles import Role, Scope
from keji.kernel.records.access import Access

ALL = dict.fromkeys([Role.LEADER, Role.OFFICER, Role.INSPECTOR], Scope.ALL)


class AssessmentRun(models.Model):
    """One time everybody was judged: when, why, how many were looked at, judged again, and changed."""

    access = Access(read=ALL, region="", party="")
    objects = VisibleQuerySet.as_manager()

    on = models.DateField("评判日期")
    reason = models.CharField("起因", max_length=60)
    by = models.CharField("发起人", max_length=60)
    started_at = models.DateTimeField("开始时间")
    ended_at = models.DateTimeField("完成时间", null=True)
    units = models.PositiveIntegerField("企业数", default=0)
    judged = models.PositiveIntegerField("重新评判", default=0)  # of units × rules; the others had nothing new
    changed = models.PositiveIntegerField("结论变化", default=0)
    counts = models.JSONField("各项结果", default=dict)  # rule → {"passed", "failed", "open"}: how many stand there

    class Meta:
        verbose_name = verbose_name_plural = "评判批次"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.on} {self.reason}"


class OutcomeChange(models.Model):
    """A firm whose outcome with a rule changed in a run. A first judging is no change."""

    access = Access(
        read={**ALL, Role.COUNTY: Scope.REGION, Role.ENTERPRISE: Scope.PARTY},
        region="party__region",
    )
    objects = VisibleQuerySet.as_manager()

    run = models.ForeignKey(AssessmentRun, models.CASCADE, related_name="changes", verbose_name="评判批次")
    party = models.ForeignKey("parties.Party", models.CASCADE, related_name="outcome_changes", verbose_name="单位")
    rule = models.CharField("规则", max_length=40)
    before = models.BooleanField("原结论", null=True)
    after = models.BooleanField("新结论", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "结论变化"
        ordering = ["pk"]
        indexes = [models.Index(fields=["party", "-id"], name="outcome_change_party")]

    def __str__(self) -> str:
        return f"{self.party} {self.rule}"
