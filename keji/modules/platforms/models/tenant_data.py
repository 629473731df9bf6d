"""What is told of a tenant year by year, what money it raised, and what became of it after it left."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from keji.kernel.people.models import VisibleQuerySet
from keji.kernel.people.roles import Actor
from keji.kernel.records.access import Access
from keji.kernel.records.models import Source
from keji.lib.figures import Period
from keji.modules.platforms.models.incubator import HATCHERIES, OPERATOR_WRITE, Tenant
from keji.modules.platforms.models.platform import HOST_ACCESS, Platform

OF_A_TENANT = Access(HOST_ACCESS.read, OPERATOR_WRITE, region="tenant__region", party="tenant__party")


class OfTenantQuerySet(VisibleQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """As far as the tenant itself is seen: by its house, its county, the bureau and the firm."""
        access: Access = self.model.access  # type: ignore[attr-defined]
        within = access.within(actor, access.read)
        if within is None:
            return self
        return self.filter(within | Q(tenant__firm__in=actor.parties) if actor.parties else within)


class TenantYear(models.Model):
    """One tenant in one year. Blank means not known, never zero."""

    access = OF_A_TENANT
    objects = OfTenantQuerySet.as_manager()

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="years", verbose_name="在孵企业")
    year = models.PositiveSmallIntegerField("年度")
    revenue = models.DecimalField("营业收入（万元）", max_digits=16, decimal_places=4, null=True, blank=True)
    rnd_expense = models.DecimalField("研发投入（万元）", max_digits=16, decimal_places=4, null=True, blank=True)
    employees = models.PositiveIntegerField("从业人员（人）", null=True, blank=True)
    patents_applied = models.PositiveIntegerField("累计申请专利（件）", null=True, blank=True)
    valid_ip = models.PositiveIntegerField("拥有有效知识产权（件）", null=True, blank=True)
    evidence = models.CharField("佐证材料", max_length=300, blank=True)
    source = models.CharField("来源", max_length=10, choices=Source.choices, editable=False)
    updated_by = models.CharField("填报人", max_length=60, editable=False)
    updated_at = models.DateTimeField("更新时间", editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "在孵企业年度数据"
        ordering = ["-year", "-pk"]
        constraints = [models.UniqueConstraint(fields=["tenant", "year"], name="tenant_year_once")]

    def __str__(self) -> str:
        return f"{self.tenant} {self.year}年"


class Financing(models.Model):
    """Money a tenant got from outside, with who gave it and how that is known."""

    class Kind(models.TextChoices):
        ANGEL = "angel", "天使投资"
        VENTURE = "venture", "风险投资"
        LOAN = "loan", "银行贷款"
        OTHER = "other", "其他融资"

    #: Only these count towards graduation.
    EQUITY = ("angel", "venture")

    access = OF_A_TENANT
    objects = OfTenantQuerySet.as_manager()

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="financings", verbose_name="在孵企业")
    on = models.DateField("到账日期")
    kind = models.CharField("融资方式", max_length=10, choices=Kind.choices)
    amount = models.DecimalField("金额（万元）", max_digits=16, decimal_places=4)
    investor = models.CharField("出资方", max_length=120)
    own_fund = models.BooleanField("使用本载体种子（孵化）资金", default=False)
    evidence = models.CharField("佐证材料", max_length=300)
    source = models.CharField("来源", max_length=10, choices=Source.choices, editable=False)
    updated_by = models.CharField("填报人", max_length=60, editable=False)
    updated_at = models.DateTimeField("更新时间", editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "在孵企业融资"
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "on", "investor", "kind"], name="financing_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="financing_is_some_money"),
        ]

    def __str__(self) -> str:
        return f"{self.tenant} {self.get_kind_display()}"


class GraduateVisit(models.Model):
    """跟踪服务: what a graduate is like when somebody asked."""

    access = OF_A_TENANT
    objects = OfTenantQuerySet.as_manager()

    tenant = models.ForeignKey(
        Tenant, models.PROTECT, related_name="visits", verbose_name="毕业企业", limit_choices_to={"state": "graduated"}
    )
    visited_on = models.DateField("回访日期")
    in_city = models.BooleanField("仍在本市", null=True, blank=True)
    hnte = models.BooleanField("已是高新技术企业", null=True, blank=True)
    revenue = models.DecimalField("上年营业收入（万元）", max_digits=16, decimal_places=4, null=True, blank=True)
    employees = models.PositiveIntegerField("从业人员（人）", null=True, blank=True)
    note = models.CharField("需求和服务情况", max_length=500)
    source = models.CharField("来源", max_length=10, choices=Source.choices, editable=False)
    updated_by = models.CharField("回访人", max_length=60, editable=False)
    updated_at = models.DateTimeField("更新时间", editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "毕业企业回访"
        ordering = ["-visited_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["tenant", "visited_on"], name="graduate_visit_once_a_day")]

    def __str__(self) -> str:
        return f"{self.tenant} {self.visited_on:%Y-%m-%d}"


class RosterConfirmation(models.Model):
    """The operator's word that the list of tenants was right at a quarter's end, with the numbers it stood for."""

    access = Access(HOST_ACCESS.read, OPERATOR_WRITE, region="incubator__region", party="incubator__party")
    objects = VisibleQuerySet.as_manager()

    incubator = models.ForeignKey(
        Platform, models.PROTECT, related_name="rosters", verbose_name="载体", limit_choices_to={"kind__in": HATCHERIES}
    )
    quarter = models.CharField("季度", max_length=6)  # 2024Q3
    count = models.PositiveIntegerField("在孵企业（团队）数")
    numbers = models.JSONField("名单", default=list)
    confirmed_by = models.CharField("确认人", max_length=60)
    confirmed_at = models.DateTimeField("确认时间")

    class Meta:
        verbose_name = verbose_name_plural = "在孵名单确认"
        ordering = ["-quarter"]
        constraints = [models.UniqueConstraint(fields=["incubator", "quarter"], name="roster_once_a_quarter")]

    def __str__(self) -> str:
        return f"{self.incubator} {self.quarter}"

    @property
    def quarter_said(self) -> str:
        """2024Q3 as people say it: 2024年三季度."""
        return Period.quarter(int(self.quarter[:4]), int(self.quarter[-1])).label
