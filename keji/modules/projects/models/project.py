"""A project from its establishment on; money in 元, allocated = paid + remaining at every moment."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record, RecordQuerySet
from keji.modules.projects.models.access import FILED_BY_UNIT
from keji.modules.projects.models.guideline import Guideline
from keji.modules.projects.models.programme import Programme
from keji.modules.projects.models.proposal import Proposal
from keji.modules.projects.running import flow as steps

#: Not ended: counts against its leader's limit, may be paid, must report.
RUNNING = ("established", "signed", "accepting", "mending")


class ProjectQuerySet(RecordQuerySet):
    def running(self) -> ProjectQuerySet:
        return self.filter(state__in=RUNNING)


class Project(Record):
    """One funded project. `party` undertakes it, `region` is the county that looks after it."""

    class State(models.TextChoices):
        ESTABLISHED = "established", "待签任务书"
        SIGNED = "signed", "执行中"
        ACCEPTING = "accepting", "验收中"
        MENDING = "mending", "整改中"
        ACCEPTED = "accepted", "已验收"
        ARCHIVED = "archived", "已归档"
        TERMINATED = "terminated", "已终止"
        REVOKED = "revoked", "已撤销"
        WAIVED = "waived", "视为放弃"

    prefix = "XM"
    access = FILED_BY_UNIT
    flow = Flow(*steps.STEPS)
    objects: ClassVar[Any] = ProjectQuerySet.as_manager()

    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    proposal = models.OneToOneField(
        Proposal, models.PROTECT, null=True, related_name="project", verbose_name="项目申报"
    )
    guideline = models.ForeignKey(
        Guideline, models.PROTECT, null=True, related_name="projects", verbose_name="项目指南"
    )
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="projects", verbose_name="科技计划")
    title = models.CharField("项目名称", max_length=80)
    year = models.PositiveSmallIntegerField("立项年度")
    leader_name = models.CharField("项目负责人", max_length=60)
    leader = models.ForeignKey(
        "parties.Person", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="负责人（建档）"
    )
    abstract = models.TextField("摘要", blank=True)
    document = models.CharField("立项文号", max_length=80, blank=True)
    established_on = models.DateField("立项日期")
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    grant = models.BigIntegerField("核定资助（元）")
    own_money = models.BigIntegerField("自筹经费（元）", default=0)
    paid = models.BigIntegerField("已拨付（元）", default=0, editable=False)
    returned = models.BigIntegerField("已收回（元）", default=0, editable=False)
    signed_on = models.DateField("任务书签订日期", null=True, editable=False)
    grade = models.CharField("绩效等级", max_length=4, blank=True, editable=False)
    conclusion = models.CharField("验收结论", max_length=10, blank=True, editable=False)
    accepted_on = models.DateField("验收日期", null=True, editable=False)
    keep_until = models.DateField("档案保管至", null=True, editable=False)
    # Not an attachment: it names the acceptance panel, which the unit does not read here.
    dossier = models.ForeignKey(
        "documents.Blob", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="项目档案"
    )

    class Meta:
        verbose_name = verbose_name_plural = "科技计划项目"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="project_dates"),
            models.CheckConstraint(condition=Q(paid__gte=0) & Q(paid__lte=F("grant")), name="project_not_overpaid"),
            models.CheckConstraint(
                condition=Q(returned__gte=0) & Q(returned__lte=F("paid")), name="project_not_overreturned"
            ),
            models.CheckConstraint(condition=Q(grant__gt=0), name="project_has_grant"),
        ]
        indexes = [
            models.Index(fields=["party", "state"], name="project_party"),
            models.Index(fields=["region", "-id"], name="project_region"),
            models.Index(fields=["state", "ends_on"], name="project_ends"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def remaining(self) -> int:
        """What is still to be paid."""
        return self.grant - self.paid

    remaining.fget.label = "未拨付（元）"  # type: ignore[attr-defined]
