"""Focus industries as chains: what stands upstream, in the middle and downstream, and which firms do it here."""

from __future__ import annotations

from django.db import models

from keji.kernel.people.models import VisibleQuerySet
from keji.kernel.people.roles import BUREAU, Role, Scope
from keji.kernel.records.access import Access
from keji.modules.enterprises.ladder.models import WORKERS

#: The bureau draws the chains; counties place their firms on them.
CHAINS = Access(
    read=dict.fromkeys([*BUREAU, Role.INSPECTOR, Role.COUNTY], Scope.ALL),
    write={Role.OFFICER: Scope.ALL},
    region="",
    party="",
)


class FocusIndustry(models.Model):
    """One of the industries the city concentrates on. `certain`: somebody has compared it with the city's paper."""

    class Kind(models.TextChoices):
        LEADING = "leading", "“5”大主导产业"
        EMERGING = "emerging", "“1”个战略性新兴产业"
        FOCUS = "focus", "重点细分产业"

    access = CHAINS
    objects = VisibleQuerySet.as_manager()

    name = models.CharField("产业", max_length=60, unique=True)
    kind = models.CharField("归类", max_length=10, choices=Kind.choices)
    place = models.CharField("主要承载地", max_length=120, blank=True)
    order = models.PositiveSmallIntegerField("排序", default=0)
    certain = models.BooleanField("已核对", default=False)
    note = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "重点产业"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class Segment(models.Model):
    """One link of a chain: what is made there, and what the city looks for where nobody makes it."""

    class Position(models.TextChoices):
        UP = "up", "上游"
        MIDDLE = "middle", "中游"
        DOWN = "down", "下游"

    access = CHAINS
    objects = VisibleQuerySet.as_manager()

    industry = models.ForeignKey(FocusIndustry, models.CASCADE, related_name="segments", verbose_name="产业")
    position = models.CharField("位置", max_length=6, choices=Position.choices)
    name = models.CharField("环节", max_length=60)
    wanted = models.CharField("要补什么", max_length=200, blank=True)
    order = models.PositiveSmallIntegerField("排序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "产业链环节"
        ordering = ["industry", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["industry", "name"], name="segment_once_a_chain")]

    def __str__(self) -> str:
        return f"{self.industry.name}·{self.name}"


class SegmentFirm(models.Model):
    """A firm at one link of a chain, with what it makes there."""

    access = Access(read=WORKERS.read, write=WORKERS.write, region="party__region")
    objects = VisibleQuerySet.as_manager()

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="firms", verbose_name="环节")
    party = models.ForeignKey("parties.Party", models.CASCADE, related_name="+", verbose_name="企业")
    product = models.CharField("主要产品", max_length=120, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "链上企业"
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["segment", "party"], name="segment_firm_once")]

    def __str__(self) -> str:
        return f"{self.party.name}（{self.segment.name}）"
