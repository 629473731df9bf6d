"""双清零: a firm in scope without R&D activity or an institute, from the day it was found until it was settled."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from keji.kernel.people.models import VisibleQuerySet
from keji.kernel.people.roles import BUREAU, Role, Scope
from keji.kernel.records.access import Access
from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record, RecordQuerySet
from keji.modules.rnd import flow_zeroing as steps
from keji.modules.rnd.models.project import money

ZEROING = Access(
    read={
        **dict.fromkeys([*BUREAU, Role.INSPECTOR], Scope.ALL),
        Role.COUNTY: Scope.REGION,
        Role.ENTERPRISE: Scope.PARTY,
    },
    write={Role.OFFICER: Scope.ALL, Role.COUNTY: Scope.REGION},
)


class ZeroingQuerySet(RecordQuerySet):
    def open_on(self, on: date) -> ZeroingQuerySet:
        """Found by that day and not settled by its end: what is left to clear."""
        return self.filter(entered_on__lte=on).filter(Q(settled_on__isnull=True) | Q(settled_on__gt=on))


class ZeroingCase(Record):
    """One firm on the list, for one reason, until evidence clears it or it leaves the scope."""

    class State(models.TextChoices):
        OPEN = "open", "未清零"
        ASSIGNED = "assigned", "已交办"
        CLAIMED = "claimed", "已提请，待确认"
        CLEARED = "cleared", "已清零"
        LEFT = "left", "已退出范围"

    class Reason(models.TextChoices):
        NO_ACTIVITY = "no_activity", "无研发活动"
        NO_INSTITUTE = "no_institute", "无研发机构"
        BOTH = "both", "无研发活动且无研发机构"

    class Evidence(models.TextChoices):
        PROJECT = "project", "已备案的研发项目"
        STATEMENT = "statement", "年度研发情况"
        PLATFORM = "platform", "研发机构（平台）"

    prefix = "QL"
    access = ZEROING
    flow = Flow(steps.Assign, steps.Claim, steps.ConfirmCleared, steps.Decline, steps.Leave)
    objects: ClassVar[ZeroingQuerySet] = ZeroingQuerySet.as_manager()  # type: ignore[assignment,misc]

    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    reason = models.CharField("未清零原因", max_length=20, choices=Reason.choices, editable=False)
    basis = models.CharField("判断依据", max_length=300, editable=False)
    revenue = money("上年营业收入", null=True, editable=False)
    entered_on = models.DateField("列入日期", editable=False)
    open = models.BooleanField("仍在清单上", default=True, editable=False)
    newly = models.BooleanField("新进入范围", default=False, editable=False)
    officer = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="责任人"
    )
    due_on = models.DateField("要求完成日期", null=True, editable=False)
    seen = models.CharField("系统已查到的证据", max_length=300, blank=True, editable=False)
    evidence = models.CharField("清零依据", max_length=20, choices=Evidence.choices, blank=True, editable=False)
    evidence_number = models.CharField("依据编号", max_length=24, blank=True, editable=False)
    evidence_note = models.CharField("说明", max_length=300, blank=True, editable=False)
    claimed_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="提请人"
    )
    settled_on = models.DateField("清零（退出）日期", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "清零对象"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["party"], condition=Q(settled_on__isnull=True), name="zeroing_one_open_case_a_firm"
            ),
            models.CheckConstraint(
                condition=Q(open=True, settled_on__isnull=True) | Q(open=False, settled_on__isnull=False),
                name="zeroing_open_until_settled",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["cleared", "left"]) | Q(settled_on__isnull=False),
                name="zeroing_settled_has_day",
            ),
        ]
        indexes = [
            models.Index(fields=["region", "state", "-id"], name="zeroing_region_state"),
            models.Index(fields=["entered_on", "settled_on"], name="zeroing_open"),
            models.Index(fields=["officer", "state"], name="zeroing_officer"),
        ]

    def __str__(self) -> str:
        return str(self.party)


class Visit(models.Model):
    """Somebody went there or called; what they found and what is agreed."""

    class Way(models.TextChoices):
        VISIT = "visit", "上门"
        CALL = "call", "电话"
        MEETING = "meeting", "集中辅导"

    access = Access(read=ZEROING.read, write=ZEROING.write, region="case__region", party="case__party")
    objects = VisibleQuerySet.as_manager()

    case = models.ForeignKey(ZeroingCase, models.CASCADE, related_name="visits", verbose_name="清零对象")
    on = models.DateField("日期")
    way = models.CharField("方式", max_length=10, choices=Way.choices)
    found = models.TextField("了解到的情况")
    agreed = models.CharField("商定的下一步", max_length=300, blank=True)
    by = models.CharField("走访人", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "走访记录"
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.case} {self.on}"
