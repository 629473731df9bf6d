"""Regions and parties: who exists, under which names and codes at which time."""

from __future__ import annotations

from datetime import date

from django.db import models

from keji.kernel.people.crypto import SealedField
from keji.kernel.people.models import SYSTEM, DatedQuerySet, VisibleQuerySet
from keji.kernel.people.roles import BUREAU, Role, Scope
from keji.kernel.records.access import Access
from keji.lib.codes import check_uscc


class Region(models.Model):
    """A place that reports: the city, its counties, and zones, which have no six-digit code of their own."""

    access = SYSTEM
    objects = VisibleQuerySet.as_manager()

    class Level(models.TextChoices):
        CITY = "city", "市"
        COUNTY = "county", "县区"
        ZONE = "zone", "开发区"

    code = models.CharField("代码", max_length=20, primary_key=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    level = models.CharField("层级", max_length=10, choices=Level.choices)
    name = models.CharField("名称", max_length=60)
    short_name = models.CharField("简称", max_length=20)
    order = models.PositiveSmallIntegerField("排序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "县区"
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name

    def name_on(self, on: date) -> str:
        """What it was called on a day: names change, what was printed then stays true."""
        past = self.names.filter(until_on__gte=on).order_by("until_on").first()
        return past.name if past else self.name


class RegionName(models.Model):
    """A name a region once had, up to and including `until_on`."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="names")
    name = models.CharField("曾用名", max_length=60)
    until_on = models.DateField("至")

    class Meta:
        verbose_name = verbose_name_plural = "县区曾用名"

    def __str__(self) -> str:
        return self.name


class PartyQuerySet(VisibleQuerySet):
    def alive(self) -> PartyQuerySet:
        """Without those merged into another."""
        return self.filter(merged_into__isnull=True)


class Party(models.Model):
    """A unit with a 统一社会信用代码: enterprise, institution, bank, department."""

    access = Access(
        read={
            **dict.fromkeys([*BUREAU, Role.INSPECTOR], Scope.ALL),
            Role.COUNTY: Scope.REGION,
            **dict.fromkeys([Role.ENTERPRISE, Role.INSTITUTION, Role.FINANCIER], Scope.PARTY),
        },
        write={Role.OFFICER: Scope.ALL, Role.COUNTY: Scope.REGION},
        party="pk",
    )

    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise", "企业"
        INSTITUTION = "institution", "高校院所"
        BANK = "bank", "金融机构"
        GOVERNMENT = "government", "机关单位"
        OTHER = "other", "其他"

    uscc = models.CharField("统一社会信用代码", max_length=18, unique=True)
    name = models.CharField("单位名称", max_length=120, db_index=True)
    kind = models.CharField("单位类型", max_length=20, choices=Kind.choices, default=Kind.ENTERPRISE)
    region = models.ForeignKey(Region, models.PROTECT, related_name="parties", verbose_name="统计归属")
    division = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="行政区划"
    )
    address = models.CharField("地址", max_length=200, blank=True)
    industry_code = models.CharField("国民经济行业代码", max_length=6, blank=True)
    established_on = models.DateField("成立日期", null=True, blank=True)
    contact_name = models.CharField("联系人", max_length=60, blank=True)
    contact_phone = SealedField("联系电话", blank=True, default="")
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name="已并入"
    )
    created_at = models.DateTimeField("建档时间")

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单位"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["region", "name"], name="party_region_name"),
            models.Index(fields=["kind", "region"], name="party_kind_region"),
            models.Index(fields=["established_on", "id"], name="party_by_age"),
            models.Index(fields=["industry_code", "id"], name="party_by_industry"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if problem := check_uscc(self.uscc):
            from django.core.exceptions import ValidationError

            raise ValidationError({"uscc": problem})

    def name_on(self, on: date) -> str:
        past = self.names.filter(until_on__gte=on).order_by("until_on").first()
        return past.name if past else self.name


class PartyName(models.Model):
    """A name a party once had, up to and including `until_on`."""

    party = models.ForeignKey(Party, models.CASCADE, related_name="names")
    name = models.CharField("曾用名", max_length=120, db_index=True)
    until_on = models.DateField("至")

    class Meta:
        verbose_name = verbose_name_plural = "单位曾用名"

    def __str__(self) -> str:
        return self.name


class Standing(models.Model):
    """A sanction or honour in force over a party, both days included; no end means for good."""

    class Kind(models.TextChoices):
        SANCTION = "sanction", "惩戒"
        HONOUR = "honour", "守信激励"

    party = models.ForeignKey(Party, models.CASCADE, related_name="standings", verbose_name="单位")
    kind = models.CharField("性质", max_length=10, choices=Kind.choices)
    measure = models.CharField("措施", max_length=200)
    basis = models.CharField("依据文书", max_length=200)
    from_on = models.DateField("自")
    until_on = models.DateField("至", null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "信用状态"

    def __str__(self) -> str:
        return self.measure


class DuplicatePair(models.Model):
    """Two parties that look like one, waiting for a person to say."""

    access = Access(
        read=dict.fromkeys([*BUREAU, Role.INSPECTOR], Scope.ALL),
        write={Role.OFFICER: Scope.ALL},
        region="",
        party="",
    )
    objects = VisibleQuerySet.as_manager()

    class State(models.TextChoices):
        OPEN = "open", "待判定"
        MERGED = "merged", "已合并"
        DISTINCT = "distinct", "不是同一单位"

    first = models.ForeignKey(Party, models.CASCADE, related_name="+", verbose_name="单位一")
    second = models.ForeignKey(Party, models.CASCADE, related_name="+", verbose_name="单位二")
    reason = models.CharField("疑似原因", max_length=200)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)

    class Meta:
        verbose_name = verbose_name_plural = "疑似重复单位"
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="duplicate_pair_once")]

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"


class Merge(models.Model):
    """One party folded into another, with what it takes to undo: which rows were moved."""

    kept = models.ForeignKey(Party, models.CASCADE, related_name="merges", verbose_name="保留")
    folded = models.ForeignKey(Party, models.CASCADE, related_name="+", verbose_name="并入")
    moved = models.JSONField("移动的记录", default=dict)
    at = models.DateTimeField("时间")
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "单位合并"

    def __str__(self) -> str:
        return f"{self.folded} 并入 {self.kept}"


def party_references(*, worked_out: bool = False) -> list[tuple[type[models.Model], str]]:
    """Every (model, column) that points at a party, so that a merge forgets none; found from the models themselves.

    A model with `worked_out = True` holds what follows from other rows: it does not move, it is worked out anew.
    """
    from django.apps import apps

    own = {Party, PartyName, DuplicatePair, Merge}
    return [
        (model, f.name)
        for model in apps.get_models()
        if model not in own and getattr(model, "worked_out", False) is worked_out
        for f in model._meta.concrete_fields
        if isinstance(f, models.ForeignKey) and f.related_model is Party
    ]
