"""Programmes and the schemes their proposals are reviewed by."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from keji.kernel.people.models import VisibleQuerySet
from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record, RecordQuerySet
from keji.modules.projects.calls import scheme_flow as steps
from keji.modules.projects.models.access import ANNOUNCED, WORKING_PAPER

#: What a panel concludes unless its scheme says otherwise.
CONCLUSIONS = ("通过", "不通过", "修改后再评")


class Programme(models.Model):
    """One line of the bureau's project funding; its tag gives green and livelihood topics lists of their own."""

    class Kind(models.TextChoices):
        RESEARCH = "research", "科技攻关"
        TRANSFER = "transfer", "成果转化"
        CHALLENGE = "challenge", "揭榜挂帅"
        JOINT = "joint", "联合研发"
        SOFT = "soft", "软科学"

    class Tag(models.TextChoices):
        GENERAL = "general", "一般"
        GREEN = "green", "绿色低碳"
        LIVELIHOOD = "livelihood", "民生科技"

    access = ANNOUNCED
    objects: ClassVar[Any] = VisibleQuerySet.as_manager()

    name = models.CharField("计划名称", max_length=80, unique=True)
    kind = models.CharField("组织方式", max_length=12, choices=Kind.choices, default=Kind.RESEARCH)
    tag = models.CharField("专题", max_length=12, choices=Tag.choices, default=Tag.GENERAL)
    note = models.CharField("说明", max_length=300, blank=True)
    in_use = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "科技计划"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class ReviewScheme(Record):
    """One edition of criteria: how many points for what, how many experts, below what a project is not funded."""

    class State(models.TextChoices):
        DRAFT = "draft", "起草"
        FROZEN = "frozen", "启用"
        RETIRED = "retired", "停用"

    class Mode(models.TextChoices):
        ONLINE = "online", "网络评审"
        MEETING = "meeting", "会议评审"

    class Quorum(models.TextChoices):
        """How many of the panel must have come; the value is the exact share."""

        HALF = "1/2", "二分之一"
        TWO_THIRDS = "2/3", "三分之二"
        THREE_QUARTERS = "3/4", "四分之三"
        ALL = "1/1", "全部"

    prefix = "PF"
    access = WORKING_PAPER
    flow = Flow(steps.Freeze, steps.Retire)
    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    party = None  # type: ignore[assignment]
    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    title = models.CharField("方案名称", max_length=120)
    mode = models.CharField("评审方式", max_length=10, choices=Mode.choices, default=Mode.ONLINE)
    blind = models.BooleanField("隐去申报单位和人员", default=True)
    panel_least = models.PositiveSmallIntegerField("专家人数不少于", default=5)
    pass_line = models.DecimalField("及格线（分）", max_digits=5, decimal_places=2, default=60)
    deviation = models.DecimalField("偏离中位数多少分须说明", max_digits=5, decimal_places=2, default=15)
    drop_from = models.PositiveSmallIntegerField("几位专家起去掉最高最低分", default=5)
    quorum = models.CharField(
        "会议评审到会专家不少于应到的", max_length=4, choices=Quorum.choices, default=Quorum.TWO_THIRDS
    )
    conclusions = models.JSONField("会议评审专家组结论", default=list)  # [str]; the first speaks for the proposal
    drafted_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="起草人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "评审方案"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(pass_line__gte=0, pass_line__lte=100), name="scheme_pass_line"),
            models.CheckConstraint(condition=Q(drop_from__gte=3), name="scheme_drop_from"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def meets(self) -> bool:
        """Does its panel sit together?"""
        return self.mode == self.Mode.MEETING

    @property
    def said(self) -> list[str]:
        """What a panel may conclude."""
        return list(self.conclusions or CONCLUSIONS)

    @property
    def said_plainly(self) -> str:
        return "、".join(self.said) if self.meets else "—"

    said_plainly.fget.label = "会议评审专家组结论"  # type: ignore[attr-defined]


class Criterion(models.Model):
    """One thing experts give points for, with a comment."""

    scheme = models.ForeignKey(ReviewScheme, models.CASCADE, related_name="criteria", verbose_name="评审方案")
    order = models.PositiveSmallIntegerField("序号")
    name = models.CharField("评审指标", max_length=60)
    full = models.PositiveSmallIntegerField("满分")
    guide = models.CharField("评分要点", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "评审指标"
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "name"], name="criterion_once"),
            models.CheckConstraint(condition=Q(full__gt=0), name="criterion_has_points"),
        ]

    def __str__(self) -> str:
        return self.name
