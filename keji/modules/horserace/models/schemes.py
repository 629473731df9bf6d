"""The scheme (考评方案) as dated data: a draft is edited, one in force never changes; a change is a new edition."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models

from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record
from keji.modules.horserace import flow as steps
from keji.modules.horserace.models.access import COMMON, SchemeQuerySet


class RaceScheme(Record):
    """One edition: units and groups, indicators with weight and scoring function, bonuses, and the paper behind it.

    `content` is described in `services/content.py`; numbers in it are text, so none loses a digit.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "起草"
        IN_FORCE = "in_force", "执行"
        REPLACED = "replaced", "已被新版代替"
        DROPPED = "dropped", "不再采用"

    prefix = "MF"
    access = COMMON
    flow = Flow(steps.Adopt, steps.UseWeights, steps.Drop, steps.Retire)
    objects: ClassVar[Any] = SchemeQuerySet.as_manager()

    party = None  # type: ignore[assignment]
    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    title = models.CharField("方案名称", max_length=80)
    edition = models.CharField("版本", max_length=40)
    from_on = models.DateField("自", help_text="从这一天所在的月份起使用")
    until_on = models.DateField("至", null=True, blank=True, editable=False)
    cites = models.CharField("依据文件", max_length=200)
    certain = models.BooleanField("已核对", default=False)
    content = models.JSONField("内容", default=dict, editable=False)
    weighing = models.JSONField("权重讨论", default=dict, editable=False)
    drafted_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="起草人"
    )
    adopted_by = models.CharField("批准人", max_length=60, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "考评方案"
        ordering = ["-from_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["title", "edition"], condition=~models.Q(state="dropped"), name="race_scheme_once"
            ),
            models.UniqueConstraint(
                fields=["from_on"], condition=models.Q(state="in_force"), name="race_scheme_one_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.edition}）"

    @property
    def checked(self) -> str:
        return "已核对" if self.certain else "待核"

    checked.fget.label = "是否核对"  # type: ignore[attr-defined]


def scheme_on(day: date) -> RaceScheme | None:
    """The edition in force on a day: the newest that had begun, even if a later one has replaced it since."""
    found = RaceScheme.objects.filter(state__in=("in_force", "replaced"), from_on__lte=day)
    scheme: RaceScheme | None = found.order_by("-from_on").first()
    return scheme
