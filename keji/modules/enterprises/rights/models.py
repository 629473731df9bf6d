"""The register of intellectual property: each right once, with everybody who holds it and where it was used."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from keji.kernel.people.roles import BUREAU, Role, Scope
from keji.kernel.records.access import Access
from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record, RecordQuerySet
from keji.modules.enterprises.rights import flow as steps

#: The firm keeps its own rights; the county those of its firms; the bureau and the inspector see all.
OWNER_ACCESS = Access(
    read={
        **dict.fromkeys([*BUREAU, Role.INSPECTOR], Scope.ALL),
        Role.COUNTY: Scope.REGION,
        Role.ENTERPRISE: Scope.PARTY,
    },
    write={Role.OFFICER: Scope.ALL, Role.COUNTY: Scope.REGION, Role.ENTERPRISE: Scope.PARTY},
)
COUNTED = ("reported", "confirmed")


class IpRightQuerySet(RecordQuerySet):
    def valid_on(self, on: date) -> IpRightQuerySet:
        """Granted by the day, not lapsed by then; the last day counts. What was sent back or voided never counts."""
        unlapsed = Q(lapses_on__isnull=True) | Q(lapses_on__gte=on)
        return self.filter(unlapsed, granted_on__lte=on, state__in=COUNTED)


class IpRight(Record):
    """One right under its official number; `party` registered it, further holders stand in `shares`."""

    class Kind(models.TextChoices):
        INVENTION = "invention", "发明专利"
        DEFENCE = "defence", "国防专利"
        PLANT = "plant", "植物新品种"
        CROP = "crop", "国家级农作物品种"
        DRUG = "drug", "国家新药"
        TCM = "tcm", "国家一级中药保护品种"
        LAYOUT = "layout", "集成电路布图设计专有权"
        UTILITY = "utility", "实用新型专利"
        DESIGN = "design", "外观设计专利"
        SOFTWARE = "software", "软件著作权"

    class Obtained(models.TextChoices):
        OWN = "own", "自主研发"
        ASSIGNED = "assigned", "受让"
        GIVEN = "given", "受赠"
        MERGER = "merger", "并购"

    class State(models.TextChoices):
        REPORTED = "reported", "已登记"
        RETURNED = "returned", "已退回"
        CONFIRMED = "confirmed", "已核实"
        VOID = "void", "已作废"

    FIRST_CLASS: ClassVar[frozenset[str]] = frozenset(
        {"invention", "defence", "plant", "crop", "drug", "tcm", "layout"}
    )

    prefix = "CQ"
    access = OWNER_ACCESS
    flow = Flow(steps.Confirm, steps.SendBack, steps.Resend, steps.Void)
    objects: ClassVar[Any] = IpRightQuerySet.as_manager()

    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    kind = models.CharField("类型", max_length=20, choices=Kind.choices)
    code = models.CharField("专利号（登记号）", max_length=60)
    title = models.CharField("名称", max_length=200)
    obtained = models.CharField("获得方式", max_length=10, choices=Obtained.choices)
    granted_on = models.DateField("授权（登记）日期")
    lapses_on = models.DateField("失效日期", null=True, blank=True)
    maintained_until = models.DateField("年费缴至", null=True, blank=True)
    product_related = models.BooleanField("与主要产品（服务）相关", default=True)
    holders = models.ManyToManyField(
        "parties.Party", through="IpShare", related_name="shared_rights", verbose_name="共有人"
    )
    reported_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="登记人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "知识产权"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "code"], condition=~Q(state="void"), name="ip_right_code_once"),
            models.CheckConstraint(
                condition=Q(lapses_on__isnull=True) | Q(lapses_on__gte=F("granted_on")), name="ip_right_dates_in_order"
            ),
        ]
        indexes = [
            models.Index(fields=["party", "state"], name="ip_right_party"),
            models.Index(fields=["region", "-id"], name="ip_right_region"),
            models.Index(fields=["kind", "-id"], name="ip_right_kind"),
            models.Index(fields=["state", "-id"], name="ip_right_state"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.code}"

    @property
    def first_class(self) -> bool:
        return self.kind in self.FIRST_CLASS

    def grade(self) -> str:
        """Ⅰ类 or Ⅱ类; follows from the kind, is never typed."""
        return "Ⅰ类" if self.first_class else "Ⅱ类"

    grade.label = "类别"  # type: ignore[attr-defined]

    def used(self) -> str:
        """In which applications it was used, by whom."""
        return "；".join(f"{u.year}年（{u.party.name}）" for u in self.uses.all()) or "未用过"

    used.label = "高企申报使用"  # type: ignore[attr-defined]

    def held_with(self) -> str:
        return "、".join(s.party.name for s in self.shares.all())

    held_with.label = "共有人"  # type: ignore[attr-defined]


class IpShare(models.Model):
    """A further holder of a right beside the one who registered it."""

    right = models.ForeignKey(IpRight, models.CASCADE, related_name="shares")
    party = models.ForeignKey("parties.Party", models.PROTECT, related_name="ip_shares", verbose_name="共有人")

    class Meta:
        verbose_name = verbose_name_plural = "知识产权共有"
        constraints = [models.UniqueConstraint(fields=["right", "party"], name="ip_share_once")]

    def __str__(self) -> str:
        return f"{self.right} {self.party}"


class IpUse(models.Model):
    """One right used by one holder in the 高企 application of one year: by one holder a year, Ⅱ类 only once at all."""

    right = models.ForeignKey(IpRight, models.CASCADE, related_name="uses")
    party = models.ForeignKey("parties.Party", models.PROTECT, related_name="ip_uses", verbose_name="使用单位")
    year = models.PositiveSmallIntegerField("申报年度")
    at = models.DateTimeField("登记时间")
    by = models.CharField("登记人", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "知识产权使用"
        constraints = [models.UniqueConstraint(fields=["right", "year"], name="ip_use_once_a_year")]

    def __str__(self) -> str:
        return f"{self.right} {self.year}"
