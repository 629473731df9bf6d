"""Statements as they came, and the file of a unit's year as it follows from them."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, cast

from django.db import models
from django.db.models import Q

from keji.kernel.people.models import VisibleQuerySet
from keji.kernel.people.roles import BUREAU, Role, Scope
from keji.kernel.records.access import Access
from keji.lib.rules import vocabulary

STANDING = 0  # the year of a fact that belongs to no year

READERS = {
    **dict.fromkeys([*BUREAU, Role.INSPECTOR], Scope.ALL),
    Role.COUNTY: Scope.REGION,
    **dict.fromkeys([Role.ENTERPRISE, Role.INSTITUTION], Scope.PARTY),
}
#: Whoever may read a unit's file may state facts for it, but for the bureau's head and the inspector.
FILE_ACCESS = Access(
    read=READERS,
    write={
        Role.OFFICER: Scope.ALL,
        Role.COUNTY: Scope.REGION,
        Role.ENTERPRISE: Scope.PARTY,
        Role.INSTITUTION: Scope.PARTY,
    },
    region="party__region",
)


class Origin(models.TextChoices):
    """Who a statement comes from; two of them may differ, and then somebody settles it."""

    PARTY = "party", "单位填报"
    COUNTY = "county", "县区填报"
    BUREAU = "bureau", "市局录入"
    STATISTICS = "statistics", "统计数据"
    DEPARTMENT = "department", "部门交换"


class Filing(models.Model):
    """One act of stating facts: a form that was saved, a sheet that was read. Its attachments are the evidence.

    It also counts what filling in cost: how many facts were shown as known, how many were asked for, how many came new.
    """

    access = FILE_ACCESS
    objects = VisibleQuerySet.as_manager()

    party = models.ForeignKey("parties.Party", models.CASCADE, null=True, related_name="filings", verbose_name="单位")
    purpose = models.CharField("用途", max_length=40, blank=True)  # the rule whose facts were asked for
    title = models.CharField("名称", max_length=120)
    year = models.PositiveSmallIntegerField("年度", default=STANDING)
    known = models.PositiveIntegerField("已有", default=0)  # facts shown as known, not asked for
    asked = models.PositiveIntegerField("询问", default=0)  # facts asked for because nobody had said
    agreed = models.PositiveIntegerField("一键确认", default=0)  # of the known ones, said again with one tap
    stated = models.PositiveIntegerField("新填", default=0)
    origin = models.CharField("来源", max_length=12, choices=Origin.choices)
    note = models.CharField("说明", max_length=300, blank=True)
    at = models.DateTimeField("时间")
    by = models.CharField("填报人", max_length=60)
    by_account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "填报批次"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["party", "-at"], name="filing_of_party")]

    def __str__(self) -> str:
        return self.title


class StatementQuerySet(VisibleQuerySet):
    def live(self, on: date) -> StatementQuerySet:
        """Neither taken back, nor replaced, nor set aside, nor run out by `on`."""
        return self.filter(Q(expires_on__isnull=True) | Q(expires_on__gte=on), state__in=LIVE)


class Statement(models.Model):
    """One fact as one source states it. It never changes: a new statement of the same source replaces it."""

    class State(models.TextChoices):
        STATED = "stated", "待核实"
        CONFIRMED = "confirmed", "已核实"
        SETTLED = "settled", "经裁定采用"
        SET_ASIDE = "set_aside", "未采用"
        REPLACED = "replaced", "已更新"
        WITHDRAWN = "withdrawn", "已撤回"

    access = FILE_ACCESS
    objects: ClassVar[Any] = cast(Any, StatementQuerySet.as_manager())

    party = models.ForeignKey("parties.Party", models.CASCADE, related_name="statements", verbose_name="单位")
    name = models.CharField("事实", max_length=40)
    year = models.PositiveSmallIntegerField("年度", default=STANDING)
    value = models.BigIntegerField("数值")  # in the fact's smallest step: see keji.lib.rules.vocabulary
    origin = models.CharField("来源", max_length=12, choices=Origin.choices)
    evidence = models.CharField("依据", max_length=200, blank=True)
    filing = models.ForeignKey(Filing, models.PROTECT, null=True, related_name="statements", verbose_name="填报批次")
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.STATED)
    stated_at = models.DateTimeField("填报时间")
    stated_by = models.CharField("填报人", max_length=60)
    stated_by_account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField("核实时间", null=True)
    checked_by = models.CharField("核实人", max_length=60, blank=True)
    reason = models.CharField("裁定理由", max_length=300, blank=True)
    expires_on = models.DateField("有效期至", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "资料"
        ordering = ["-stated_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "name", "year", "origin"],
                condition=Q(state__in=["stated", "confirmed", "settled"]),
                name="statement_once_a_source",
            )
        ]
        indexes = [
            models.Index(fields=["party", "year", "name"], name="statement_of_party"),
            models.Index(fields=["state", "-id"], name="statement_state"),
            models.Index(fields=["expires_on"], name="statement_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.fact.label} {self.said}"

    @property
    def said(self) -> str:
        """The value alone, with its unit."""
        return self.fact.text(self.value)

    @property
    def fact(self) -> vocabulary.Fact:
        return vocabulary.fact(self.name)


LIVE = (Statement.State.STATED, Statement.State.CONFIRMED, Statement.State.SETTLED)


class FactFile(models.Model):
    """What is known of one unit for one year (or as it stands), worked out from the live statements."""

    access = FILE_ACCESS
    worked_out = True  # two units that become one get a new file, from the statements of both
    objects = VisibleQuerySet.as_manager()

    party = models.ForeignKey("parties.Party", models.CASCADE, related_name="fact_files", verbose_name="单位")
    year = models.PositiveSmallIntegerField("年度", default=STANDING)
    values = models.JSONField("数值", default=dict)  # fact → integer
    unsettled = models.JSONField("来源不一致", default=list)  # facts whose sources differ: unknown until settled
    open_count = models.PositiveSmallIntegerField("不一致项数", default=0)  # how many are unsettled: found by an index
    changed_at = models.DateTimeField("变动时间")

    class Meta:
        verbose_name = verbose_name_plural = "一企一档"
        constraints = [models.UniqueConstraint(fields=["party", "year"], name="fact_file_once")]
        indexes = [
            models.Index(fields=["year", "party"], name="fact_file_year"),
            models.Index(fields=["party"], condition=Q(open_count__gt=0), name="fact_file_open"),
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.year or '基本'}资料"
