"""Incubators and makerspaces from the inside: the house itself as of a day, and who lives in it from when to when."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from keji.kernel.people.models import VisibleQuerySet
from keji.kernel.people.roles import Actor, Role, Scope
from keji.kernel.records.access import Access
from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record, RecordQuerySet, Source
from keji.lib.months import whole_months
from keji.modules.platforms.incubators import flow as steps
from keji.modules.platforms.models.platform import HOST_ACCESS, Platform

HATCHERIES = (Platform.Kind.INCUBATOR, Platform.Kind.MAKERSPACE)

#: Whoever runs the house keeps its books; the county and the bureau may write for it.
OPERATOR_WRITE = {
    Role.OFFICER: Scope.ALL,
    Role.COUNTY: Scope.REGION,
    Role.ENTERPRISE: Scope.PARTY,
    Role.INSTITUTION: Scope.PARTY,
}


class Field(models.TextChoices):
    """What a tenant works on; three of them may stay longer."""

    ELECTRONICS = "electronics", "电子信息"
    CIRCUITS = "circuits", "集成电路"
    BIOMEDICINE = "biomedicine", "生物医药"
    AGRICULTURE = "agriculture", "现代农业"
    MATERIALS = "materials", "新材料"
    MANUFACTURING = "manufacturing", "先进制造与自动化"
    VEHICLES = "vehicles", "新能源汽车零部件"
    ENERGY = "energy", "新能源与节能"
    ENVIRONMENT = "environment", "资源与环境"
    SERVICES = "services", "高技术服务"
    OTHER = "other", "其他"


class FacilityFacts(models.Model):
    """What is known of one house as of a day. Blank means not known; a later row need not repeat an earlier one."""

    class Type(models.TextChoices):
        GENERAL = "general", "综合"
        SPECIAL = "special", "专业"

    access = Access(HOST_ACCESS.read, OPERATOR_WRITE, region="incubator__region", party="incubator__party")
    objects = VisibleQuerySet.as_manager()

    incubator = models.ForeignKey(
        Platform,
        models.PROTECT,
        related_name="facility_facts",
        verbose_name="载体",
        limit_choices_to={"kind__in": HATCHERIES},
    )
    as_of = models.DateField("截至日期")
    type = models.CharField("孵化器类型", max_length=10, choices=Type.choices, blank=True)
    industry = models.CharField("专业方向", max_length=20, choices=Field.choices, blank=True)
    legal_person = models.BooleanField("运营主体为独立法人", null=True, blank=True)
    operating_since = models.DateField("注册并实际运营起始日期", null=True, blank=True)
    statistics_years = models.PositiveSmallIntegerField("连续真实上报统计数据年数", null=True, blank=True)
    site_area = models.DecimalField("可自主支配场地面积（㎡）", max_digits=12, decimal_places=2, null=True, blank=True)
    public_area = models.DecimalField("公共服务面积（㎡）", max_digits=12, decimal_places=2, null=True, blank=True)
    seats = models.PositiveIntegerField("创业工位数（个）", null=True, blank=True)
    fund = models.DecimalField("种子（孵化）资金规模（万元）", max_digits=16, decimal_places=4, null=True, blank=True)
    staff = models.PositiveIntegerField("孵化管理人员（人）", null=True, blank=True)
    professional_staff = models.PositiveIntegerField("其中：专业孵化服务人员（人）", null=True, blank=True)
    mentors = models.PositiveIntegerField("创业导师（人）", null=True, blank=True)
    own_platform = models.BooleanField("自建公共技术服务平台", null=True, blank=True)
    events = models.PositiveIntegerField("近一年创业活动（场）", null=True, blank=True)
    income = models.DecimalField("上年总收入（万元）", max_digits=16, decimal_places=4, null=True, blank=True)
    service_income = models.DecimalField(
        "其中：房租、物业以外收入（万元）", max_digits=16, decimal_places=4, null=True, blank=True
    )
    remote_area = models.BooleanField("位于艰苦边远地区", null=True, blank=True)
    evidence = models.CharField("佐证材料", max_length=300, blank=True)
    source = models.CharField("来源", max_length=10, choices=Source.choices, editable=False)
    updated_by = models.CharField("填报人", max_length=60, editable=False)
    updated_at = models.DateTimeField("更新时间", editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "场地与服务"
        ordering = ["-as_of", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["incubator", "as_of"], name="facility_facts_once_a_day"),
            models.CheckConstraint(
                condition=Q(professional_staff__isnull=True)
                | Q(staff__isnull=True)
                | Q(professional_staff__lte=F("staff")),
                name="facility_professionals_within_staff",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incubator} {self.as_of:%Y-%m-%d}"


#: What a row of facility facts may say, in the order people are asked.
FACILITY_NAMES = (
    *("type", "industry", "legal_person", "operating_since", "statistics_years", "site_area", "public_area", "seats"),
    *("fund", "staff", "professional_staff", "mentors", "own_platform", "events", "income", "service_income"),
    "remote_area",
)


class TenantQuerySet(RecordQuerySet):
    def visible_to(self, actor: Actor) -> TenantQuerySet:
        """Its house's people see a tenant, and so does the firm itself."""
        within = self.model.access.within(actor, self.model.access.read)
        if within is None:
            return self
        return self.filter(within | Q(firm__in=actor.parties) if actor.parties else within)

    def inside_on(self, on: date) -> TenantQuerySet:
        """Confirmed, entered by `on` and not gone by then; the day of leaving no longer counts."""
        return self.filter(Q(left_on__isnull=True) | Q(left_on__gt=on), entered_on__lte=on, state__in=Tenant.COUNTED)

    def incubated_on(self, on: date) -> TenantQuerySet:
        """在孵企业: registered firms inside whose time is not up; the last day counts."""
        return self.inside_on(on).filter(firm__isnull=False, due_on__gte=on)

    def graduated_by(self, on: date) -> TenantQuerySet:
        return self.filter(state=Tenant.State.GRADUATED, left_on__lte=on)


class Tenant(Record):
    """A firm, or a team not yet registered, in one incubator or makerspace. `party` is who runs the house."""

    class State(models.TextChoices):
        REPORTED = "reported", "待确认"
        RETURNED = "returned", "已退回"
        INCUBATING = "incubating", "在孵"
        GRADUATING = "graduating", "毕业待确认"
        GRADUATED = "graduated", "已毕业"
        LEFT = "left", "已退出"
        VOID = "void", "已作废"

    class Leaving(models.TextChoices):
        GRADUATED = "graduated", "毕业"
        MOVED = "moved", "迁出"
        ENDED = "ended", "终止孵化"
        CLEARED = "cleared", "到期清退"

    class Deal(models.TextChoices):
        NONE = "", "无"
        MERGED = "merged", "被兼并、收购"
        LISTED = "listed", "挂牌、上市"

    #: States of a tenant that was once confirmed; the dates say when it was inside.
    COUNTED = ("incubating", "graduating", "graduated", "left")
    LIVE = ("reported", "returned", "incubating", "graduating")

    prefix = "ZF"
    access = Access(HOST_ACCESS.read, OPERATOR_WRITE)
    flow = Flow(
        *(steps.ConfirmEntry, steps.SendBackEntry, steps.ResendEntry, steps.ProposeGraduation, steps.ConfirmGraduation),
        *(steps.RefuseGraduation, steps.MoveOut, steps.EndIncubation, steps.ClearOut, steps.VoidEntry),
    )
    objects: ClassVar[Any] = TenantQuerySet.as_manager()

    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    incubator = models.ForeignKey(
        Platform, models.PROTECT, related_name="tenants", verbose_name="载体", limit_choices_to={"kind__in": HATCHERIES}
    )
    firm = models.ForeignKey("parties.Party", models.PROTECT, null=True, related_name="+", verbose_name="企业")
    name = models.CharField("企业（团队）名称", max_length=120)
    field = models.CharField("技术领域", max_length=20, choices=Field.choices)
    established_on = models.DateField("成立日期", null=True, blank=True)
    entered_on = models.DateField("入驻日期")
    due_on = models.DateField("孵化期满日", editable=False)
    area = models.DecimalField("使用面积（㎡）", max_digits=10, decimal_places=2, default=0)
    seats = models.PositiveIntegerField("使用工位（个）", default=0)
    inside = models.BooleanField("注册地和主要研发、办公场所均在本载体", null=True, blank=True)
    technology = models.BooleanField("从事新技术、新产品研发生产和服务", null=True, blank=True)
    deal = models.CharField("并购上市情况", max_length=10, choices=Deal.choices, blank=True)
    deal_on = models.DateField("并购上市日期", null=True, blank=True)
    deal_evidence = models.CharField("并购上市依据", max_length=200, blank=True)
    reported_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="填报人"
    )
    confirmed_at = models.DateTimeField("首次确认时间", null=True, editable=False)
    left_on = models.DateField("离开日期", null=True, editable=False)
    leaving = models.CharField("离开方式", max_length=10, choices=Leaving.choices, blank=True, editable=False)
    left_reason = models.CharField("离开说明", max_length=300, blank=True, editable=False)
    graduation_route = models.CharField("毕业依据", max_length=60, blank=True, editable=False)
    graduation_evidence = models.CharField("毕业佐证", max_length=300, blank=True, editable=False)
    graduating_on = models.DateField("拟毕业日期", null=True, editable=False)
    proposed_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="毕业申请人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "在孵企业"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["firm"],
                condition=Q(firm__isnull=False, state__in=("reported", "returned", "incubating", "graduating")),
                name="tenant_in_one_place_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("entered_on")), name="tenant_leaves_after_entering"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("graduated", "left")) | Q(left_on__isnull=False), name="tenant_left_has_date"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("incubating", "graduating", "graduated", "left"))
                | Q(confirmed_at__isnull=False),
                name="tenant_counted_was_confirmed",
            ),
        ]
        indexes = [
            models.Index(fields=["region", "-id"], name="tenant_region"),
            models.Index(fields=["party", "-id"], name="tenant_party"),
            models.Index(fields=["state", "-id"], name="tenant_state"),
            models.Index(fields=["incubator", "state", "due_on"], name="tenant_incubator"),
            models.Index(fields=["due_on", "id"], name="tenant_due"),
            models.Index(fields=["left_on", "id"], name="tenant_left"),
        ]

    def __str__(self) -> str:
        return self.name

    def is_overdue(self, on: date) -> bool:
        """Still inside though its time is up; the last day is within it."""
        return self.state in ("incubating", "graduating") and self.due_on < on

    @property
    def clock(self) -> str:
        """已孵 and 还有, in words, for lists."""
        from keji.kernel import clock

        if self.state not in ("incubating", "graduating"):
            end = self.left_on or self.entered_on
            return f"共 {whole_months(self.entered_on, end)} 个月" if self.left_on else "—"
        today = clock.today()
        spent = f"已孵 {max(0, whole_months(self.entered_on, today))} 个月"
        if self.due_on < today:
            return f"{spent}，超期 {(today - self.due_on).days} 天"
        left = whole_months(today, self.due_on)
        return f"{spent}，还有 {left} 个月" if left else f"{spent}，还有 {(self.due_on - today).days} 天"

    clock.fget.label = "孵化时钟"  # type: ignore[attr-defined]
