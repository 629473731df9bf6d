"""The rules as data: editions with their days, and what each names.

Seeded from regulations/catalogue.toml, kept by the bureau.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from keji.kernel.people.models import VisibleQuerySet
from keji.kernel.people.roles import BUREAU, Role, Scope
from keji.kernel.records.access import Access

CATALOGUE = Access(
    read=dict.fromkeys([*BUREAU, Role.INSPECTOR, Role.COUNTY], Scope.ALL),
    write={Role.OFFICER: Scope.ALL},
    region="",
    party="",
)
ANY = "*"  # an item of every edition


class Line(models.TextChoices):
    """Two bodies of rules stand side by side; a case is handled on one of them."""

    MISCONDUCT = "misconduct", "科研失信行为"
    BREACH = "breach", "科技活动违规行为"


class Edition(models.Model):
    """One edition of one line, in force from–to, both days included."""

    access = CATALOGUE
    objects = VisibleQuerySet.as_manager()

    code = models.SlugField("代码", primary_key=True, max_length=20)
    line = models.CharField("类别", max_length=12, choices=Line.choices)
    number = models.CharField("文号", max_length=60)
    from_on = models.DateField("施行日期")
    until_on = models.DateField("有效至", null=True, blank=True)
    certain = models.BooleanField("已核对", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "诚信规则版本"
        ordering = ["line", "from_on"]

    def __str__(self) -> str:
        return f"{self.number}{'' if self.certain else '（待核）'}"

    def in_force_on(self, on: date) -> bool:
        return self.from_on <= on and (self.until_on is None or on <= self.until_on)


class CatalogueItemQuerySet(VisibleQuerySet):
    def of(self, edition: str | None, kind: str) -> CatalogueItemQuerySet:
        """What an edition names of one kind, in the order of the document."""
        return self.filter(Q(edition=edition) | Q(edition=ANY), kind=kind).order_by("order", "pk")


class CatalogueItem(models.Model):
    """One violation, measure, severity, factor or ground of an edition."""

    class Kind(models.TextChoices):
        VIOLATION = "violation", "失信和违规行为"
        MEASURE = "measure", "处理措施"
        SEVERITY = "severity", "情节"
        LIGHTER = "lighter", "从轻因素"
        HEAVIER = "heavier", "从重因素"
        REFUSAL = "refusal", "不予受理情形"

    access = CATALOGUE
    objects: Any = CatalogueItemQuerySet.as_manager()

    edition = models.CharField("版本", max_length=20)
    kind = models.CharField("种类", max_length=12, choices=Kind.choices)
    code = models.CharField("序号", max_length=12)
    label = models.CharField("内容", max_length=300)
    restricts = models.JSONField("限制事项", default=list, blank=True)
    timed = models.BooleanField("有期限", default=False)
    least_months = models.PositiveSmallIntegerField("期限下限（月）", null=True, blank=True)
    most_months = models.PositiveSmallIntegerField("期限上限（月）", null=True, blank=True)
    cites = models.CharField("依据", max_length=100, blank=True)
    certain = models.BooleanField("已核对", default=False)
    order = models.PositiveSmallIntegerField("排序", default=0)

    class Meta:
        verbose_name, verbose_name_plural = "诚信规则条目", "诚信规则目录"
        ordering = ["edition", "kind", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["edition", "kind", "code"], name="integrity_item_once")]

    def __str__(self) -> str:
        return self.label

    def said(self) -> str:
        return f"{self.label}{'' if self.certain else '（待核）'}"

    def restricted(self) -> str:
        from keji.kernel.parties.models import Standing

        return "、".join(Standing.Verb(v).label for v in self.restricts)

    restricted.label = "限制事项"  # type: ignore[attr-defined]
