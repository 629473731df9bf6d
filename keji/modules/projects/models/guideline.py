"""指南: what may be applied for, by when, for how much, with which limits, and how it is judged."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record
from keji.modules.projects.calls import guideline_flow as steps
from keji.modules.projects.models.access import ANNOUNCED, AnnouncedQuerySet
from keji.modules.projects.models.programme import Programme, ReviewScheme


class Guideline(Record):
    """One call of one programme. Money in 元; limits in days stay as they were when it was published."""

    class State(models.TextChoices):
        DRAFT = "draft", "起草"
        OPEN = "open", "办理中"
        DONE = "done", "已立项"
        CANCELLED = "cancelled", "已取消"

    prefix = "ZN"
    access = ANNOUNCED
    flow = Flow(steps.Publish, steps.Conclude, steps.Cancel)
    objects: ClassVar[Any] = AnnouncedQuerySet.as_manager()

    party = None  # type: ignore[assignment]  # the bureau's own; its region is the city
    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    title = models.CharField("标题", max_length=160)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="guidelines", verbose_name="科技计划")
    scheme = models.ForeignKey(ReviewScheme, models.PROTECT, related_name="guidelines", verbose_name="评审方案")
    year = models.PositiveSmallIntegerField("年度")
    document = models.CharField("通知文号", max_length=80, blank=True)
    opens_on = models.DateField("申报开始")
    closes_on = models.DateField("申报截止")
    themes = models.JSONField("支持方向", default=list)  # [str]
    conditions = models.TextField("申报条件", blank=True)
    money = models.BigIntegerField("经费总额（元）")
    grant_most = models.BigIntegerField("单项资助上限（元）")
    own_percent = models.PositiveSmallIntegerField("自筹不低于总投入的百分之", default=0)
    months_most = models.PositiveSmallIntegerField("执行期上限（月）", default=24)
    unit_quota = models.PositiveSmallIntegerField("每个单位限报（项）", default=1)
    leader_most = models.PositiveSmallIntegerField("负责人在研和申报合计上限（项）", default=1)
    sections = models.JSONField("申报书栏目", default=list)  # [{code, title, most}]
    materials = models.JSONField("材料清单", default=list)  # [{code, name, required, shown}]
    form_items = models.JSONField("形式审查要点", default=list)  # [str]
    county_days = models.PositiveSmallIntegerField("推荐单位审核时限（工作日）")
    form_days = models.PositiveSmallIntegerField("形式审查时限（工作日）")
    resubmit_days = models.PositiveSmallIntegerField("补正时限（工作日）")
    publicity_days = models.PositiveSmallIntegerField("公示期（工作日）")
    contact = models.CharField("联系方式", max_length=200, blank=True)
    drafted_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="起草人"
    )
    paper = models.ForeignKey(
        "documents.Paper", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="立项文件"
    )

    class Meta:
        verbose_name = verbose_name_plural = "项目指南"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="guideline_window"),
            models.CheckConstraint(condition=Q(money__gte=F("grant_most")), name="guideline_money"),
            models.CheckConstraint(condition=Q(own_percent__lte=95), name="guideline_own_percent"),
        ]

    def __str__(self) -> str:
        return self.title
