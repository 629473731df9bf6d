"""What every business record shares: a number that is its address, a party, a region, a state and a source."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.db import models

from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.access import Access
from keji.kernel.records.flow import Flow


class Numbering(models.Model):
    """The last serial given out per prefix and year."""

    prefix = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "编号"
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="numbering_once")]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}-{self.last}"


def next_numbers(prefix: str, year: int, count: int = 1) -> list[str]:
    """The next `count` numbers, e.g. ["XM-2026-0031"]; must run inside a transaction, which holds the serial."""
    row, _ = Numbering.objects.get_or_create(prefix=prefix, year=year)
    row = Numbering.objects.select_for_update().get(pk=row.pk)
    first = row.last + 1
    row.last += count
    row.save(update_fields=["last"])
    return [f"{prefix}-{year}-{serial:04d}" for serial in range(first, first + count)]


class RecordQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> RecordQuerySet:
        """Only what the actor may read; nothing for roles the record's access does not name."""
        access: Access = self.model.access
        within = access.within(actor, access.read)
        return self if within is None else self.filter(within)

    def writable_by(self, actor: Actor) -> RecordQuerySet:
        access: Access = self.model.access
        within = access.within(actor, access.write)
        return self if within is None else self.filter(within)


class Source(models.TextChoices):
    """Where a record came from: it decides how far it is trusted and whom to ask."""

    BUREAU = "bureau", "市局录入"
    COUNTY = "county", "县区填报"
    PARTY = "party", "单位填报"
    IMPORT = "import", "表格导入"
    EXCHANGE = "exchange", "部门交换"


class Record(models.Model):
    """The base of every record with a number. A subclass sets `prefix`, `access`, `flow` and its `State`."""

    prefix: ClassVar[str]
    access: ClassVar[Access]
    flow: ClassVar[Flow] = Flow()

    number = models.CharField("编号", max_length=24, unique=True, editable=False)
    region = models.ForeignKey("parties.Region", models.PROTECT, verbose_name="县区", related_name="+")
    party = models.ForeignKey("parties.Party", models.PROTECT, verbose_name="单位", related_name="+")
    state = models.CharField("状态", max_length=20)
    state_since = models.DateTimeField("进入状态时间", null=True, editable=False)
    source = models.CharField("来源", max_length=10, choices=Source.choices, default=Source.BUREAU, editable=False)
    created_at = models.DateTimeField("建立时间", editable=False)
    created_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="建立人"
    )
    updated_at = models.DateTimeField("更新时间", editable=False)

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return f"/r/{self.number}"


class Link(models.Model):
    """One record pointing at another by number: modules never import each other's cases."""

    source_number = models.CharField("起点", max_length=24, db_index=True)
    target_number = models.CharField("终点", max_length=24, db_index=True)
    relation = models.CharField("关系", max_length=40)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "关联"
        constraints = [models.UniqueConstraint(fields=["source_number", "target_number", "relation"], name="link_once")]

    def __str__(self) -> str:
        return f"{self.source_number} → {self.target_number}"


def source_of(actor: Actor, source: str) -> str:
    """Where a row came from, from how it arrived ("sheet", "page", or a Source) and who brought it."""
    if source in Source.values:
        return source
    if source == "sheet" and not actor.has(Role.COUNTY):
        return Source.IMPORT
    if actor.is_system or actor.has(Role.OFFICER):
        return Source.BUREAU
    return Source.COUNTY if actor.has(Role.COUNTY) else Source.PARTY


def changed_fields(before: models.Model, after: models.Model, names: Sequence[str]) -> dict[str, list[Any]]:
    """{field: [before, after]} for the named columns that differ."""
    pairs = {n: [getattr(before, n), getattr(after, n)] for n in names}
    return {n: pair for n, pair in pairs.items() if pair[0] != pair[1]}


def stamp(record: Any, *, actor: Actor, at: datetime, state: str, source: str) -> None:
    """Fill the columns that say who made a new record, when and from what."""
    record.created_by_id, record.created_at, record.updated_at = actor.id, at, at
    record.state, record.state_since, record.source = state, at, source


def find_by_number(number: str) -> Any | None:
    """The record a number belongs to, whichever module keeps it; None when there is none."""
    from django.apps import apps

    prefix = number.split("-", 1)[0]
    for model in apps.get_models():
        if issubclass(model, Record) and getattr(model, "prefix", "") == prefix:
            return model._default_manager.filter(number=number).first()
    return None
