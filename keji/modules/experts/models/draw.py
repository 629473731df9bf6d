"""A draw: what is reviewed, what panel is wanted, how far it has come. Never deleted, cancelled ones stay."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from keji.kernel.people.roles import BUREAU, Role, Scope
from keji.kernel.records.access import Access
from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record, RecordQuerySet
from keji.modules.experts import flow_draw as steps

#: Everybody here sees that a draw exists and how it stands; who sits on the panel is another question (panel.py).
DRAWS = Access(
    read=dict.fromkeys([*BUREAU, Role.INSPECTOR], Scope.ALL),
    write=dict.fromkeys([*BUREAU, Role.INSPECTOR], Scope.ALL),
    region="",
    party="",
)


class Draw(Record):
    """One request for a panel. `quotas`: [{category, value, least, most}]; `disciplines`: codes, [] for all."""

    class State(models.TextChoices):
        REQUESTED = "requested", "待冻结"
        FROZEN = "frozen", "已冻结，待见证"
        SEALED = "sealed", "已抽取，封存中"
        OPENED = "opened", "已启封"
        CLOSED = "closed", "已办结"
        CANCELLED = "cancelled", "已取消"

    prefix = "ZQ"
    access = DRAWS
    flow = Flow(steps.Freeze, steps.Witness, steps.Open, steps.Close, steps.Cancel)
    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    party = None  # type: ignore[assignment]  # the bureau's own; its region is the city
    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    title = models.CharField("评审事项", max_length=160)
    review_on = models.DateField("评审日期")
    venue = models.CharField("评审地点", max_length=120, blank=True)
    size = models.PositiveSmallIntegerField("评审组人数")
    substitutes = models.PositiveSmallIntegerField("备选人数", default=0)
    employer_cap = models.PositiveSmallIntegerField("同单位人数上限", default=1)
    quotas = models.JSONField("名额要求", default=list, blank=True)
    disciplines = models.JSONField("学科范围", default=list, blank=True)
    requested_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="申请人"
    )
    contact = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="联络人"
    )
    blind = models.BooleanField("匿名评审", default=False)  # whoever is asked must not learn who is under review
    instead_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="again", verbose_name="替代的抽取"
    )
    cancelled_why = models.CharField("取消原因", max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "专家抽取"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(size__gte=1), name="draw_has_seats"),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancelled_why=""), name="draw_cancelled_says_why"
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="draw_state")]

    def __str__(self) -> str:
        return self.title

    @property
    def opened(self) -> bool:
        return self.state in (self.State.OPENED, self.State.CLOSED)

    @property
    def drawn(self) -> bool:
        return self.state == self.State.SEALED or self.opened


class DrawSubject(models.Model):
    """What is under review, as whoever asked for the panel gave it.

    `parties`: keys of units; `people`: [{name, person, unit}]; `avoided`: [{name, unit, reason}], by the applicant.
    """

    draw = models.ForeignKey(Draw, models.CASCADE, related_name="subjects")
    number = models.CharField("编号", max_length=24, blank=True)
    title = models.CharField("名称", max_length=200)
    parties = models.JSONField("单位", default=list)
    people = models.JSONField("人员", default=list)
    avoided = models.JSONField("申请回避", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "评审对象"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title
