"""Changes of a running project: some the bureau approves, others the unit decides and files."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record, RecordQuerySet
from keji.modules.projects.models.access import FILED_BY_UNIT
from keji.modules.projects.models.project import Project
from keji.modules.projects.running import change_flow as steps


class Change(Record):
    """One change asked for, or made and filed. `party` and `region` are the project's."""

    class Kind(models.TextChoices):
        LEADER = "leader", "变更项目负责人"
        UNIT = "unit", "变更承担单位"
        TARGETS = "targets", "调整主要考核指标"
        TOTAL = "total", "调整总预算"
        EXTENSION = "extension", "延期"
        MEMBERS = "members", "调整项目组成员"
        ROUTE = "route", "不降低指标的技术路线调整"
        TRANSFER = "transfer", "直接费用科目调剂"

    class State(models.TextChoices):
        REQUESTED = "requested", "待归口单位审核"
        AGREED = "agreed", "待市局审批"
        APPROVED = "approved", "已批准"
        REFUSED = "refused", "未批准"
        FILED = "filed", "单位已备案"

    prefix = "BG"
    access = FILED_BY_UNIT
    flow = Flow(steps.Agree, steps.Approve, steps.Refuse)
    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="changes", verbose_name="项目")
    kind = models.CharField("变更事项", max_length=12, choices=Kind.choices)
    before = models.TextField("变更前", max_length=1000)
    after = models.TextField("变更后", max_length=1000)
    reason = models.TextField("理由", max_length=1000)
    until_on = models.DateField("延期至", null=True, blank=True)
    to_party = models.ForeignKey(
        "parties.Party", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="新承担单位"
    )
    # What the money is to be, in 元: {own_money, equipment, business, labour, indirect}; {} when it stays.
    money = models.JSONField("变更后经费", default=dict, blank=True)
    effect = models.JSONField("生效情况", default=dict, editable=False)  # {what: [before, after]} in force
    answer = models.CharField("审批意见", max_length=500, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "项目变更"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(kind="extension", state="approved"), name="change_one_extension"
            ),
            models.CheckConstraint(
                condition=~Q(kind="extension") | Q(until_on__isnull=False), name="change_extension_has_day"
            ),
        ]
        indexes = [models.Index(fields=["region", "-id"], name="change_region")]

    def __str__(self) -> str:
        return f"{self.project}：{self.get_kind_display()}"


#: Who may decide: the bureau, for what a project was chosen for; everything else the unit decides and files.
BY_BUREAU = ("leader", "unit", "targets", "total", "extension")
