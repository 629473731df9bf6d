"""How experts did each time, and what follows: leaving the pool, with notice and appeal."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from keji.kernel.people.roles import BUREAU, Role, Scope
from keji.kernel.records.access import Access
from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record, RecordQuerySet
from keji.modules.experts import flow_exit as steps
from keji.modules.experts.models.expert import Expert

BEST = 5
MARKS = ("timeliness", "independence", "quality", "confidentiality")


def _mark(label: str) -> models.PositiveSmallIntegerField[Any, Any]:
    return models.PositiveSmallIntegerField(
        label, null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(BEST)]
    )


class Use(models.Model):
    """One time an expert served: the day, for what, and four marks from 1 to 5."""

    expert = models.ForeignKey(Expert, models.PROTECT, related_name="uses")
    draw = models.ForeignKey("experts.Draw", models.PROTECT, null=True, blank=True, related_name="uses")
    on = models.DateField("评审日期")
    task = models.CharField("评审事项", max_length=160)
    days = models.DecimalField("评审天数", max_digits=4, decimal_places=1, null=True, blank=True)
    timeliness = _mark("及时")
    independence = _mark("独立")
    quality = _mark("质量")
    confidentiality = _mark("保密")
    note = models.CharField("评价说明", max_length=300, blank=True)
    marked_by = models.CharField("评价人", max_length=60, blank=True)
    marked_at = models.DateTimeField("评价时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "使用评价"
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "expert"], condition=Q(draw__isnull=False), name="expert_use_once"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{m}__isnull": True}) | Q(**{f"{m}__gte": 1, f"{m}__lte": BEST}),
                    name=f"expert_use_{m}",
                )
                for m in MARKS
            ),
        ]
        indexes = [models.Index(fields=["expert", "on"], name="expert_use_on")]

    def __str__(self) -> str:
        return f"{self.expert} {self.task}"

    @property
    def marks(self) -> list[int | None]:
        return [getattr(self, name) for name in MARKS]

    @property
    def marked(self) -> bool:
        return None not in self.marks


class ExitCase(Record):
    """Why an expert is to leave the pool: told to them, answered by them, decided by a second person."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "拟出库"
        NOTIFIED = "notified", "已告知"
        APPEALED = "appealed", "已申辩"
        EXITED = "exited", "已出库"
        DROPPED = "dropped", "不予出库"

    class Ground(models.TextChoices):
        AGE = "age", "超过年龄上限"
        CONFIDENTIALITY = "confidentiality", "违反保密要求"
        LOW_MARKS = "low_marks", "评价偏低"
        DECLINES = "declines", "多次不参加"
        UNCONFIRMED = "unconfirmed", "长期未确认信息"
        SANCTION = "sanction", "科研失信或限制评审"
        OWN_WISH = "own_wish", "本人申请"
        OTHER = "other", "其他"

    prefix = "CK"
    access = Access(
        read={**dict.fromkeys([*BUREAU, Role.INSPECTOR], Scope.ALL), Role.EXPERT: Scope.OWN},
        write={Role.OFFICER: Scope.ALL, Role.EXPERT: Scope.OWN},
        region="",
        party="",
        account="expert__person__account",
    )
    flow = Flow(steps.Notify, steps.Appeal, steps.LetGo, steps.Drop)
    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    party = None  # type: ignore[assignment]
    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="exits", verbose_name="专家")
    ground = models.CharField("出库事由", max_length=16, choices=Ground.choices)
    evidence = models.CharField("依据", max_length=300)
    notified_on = models.DateField("告知日期", null=True, editable=False)
    appeal_until = models.DateField("申辩截止", null=True, editable=False)
    appeal = models.TextField("申辩意见", max_length=1000, blank=True, editable=False)
    answer = models.CharField("处理意见", max_length=300, blank=True, editable=False)
    proposed_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="提出人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "专家出库"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["expert"], condition=Q(state__in=["proposed", "notified", "appealed"]), name="expert_exit_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.expert}：{self.get_ground_display()}"
