"""A county's objection to one of its own figures: raised before freezing, answered by the bureau, both kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import models

from keji.kernel.audit.log import log, writing
from keji.kernel.indicators import indicator as catalogue
from keji.kernel.people.roles import Actor, Role, Scope
from keji.kernel.records.access import Access
from keji.kernel.records.flow import Flow, Step
from keji.kernel.records.models import Record, Source, next_numbers, stamp
from keji.lib.figures import parse_period


class Answer(Step):
    """The reason given is the answer the county reads."""

    source = ("raised",)
    roles = frozenset({Role.OFFICER})
    needs_reason = True

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.answer, record.updated_at = reason, at


class Uphold(Answer):
    name, label, target = "uphold", "采纳", "upheld"
    confirm = "采纳后请更正相应台账，数据会随之变化。答复会告知县区。"


class Dismiss(Answer):
    name, label, target = "dismiss", "不采纳", "dismissed"
    tone = "secondary"


class Withdraw(Step):
    name, label = "withdraw", "撤回"
    source, target = ("raised",), "withdrawn"
    roles = frozenset({Role.COUNTY})
    tone, in_todo = "secondary", False


class FigureObjection(Record):
    """What a county holds against its figure of one indicator for one month."""

    class State(models.TextChoices):
        RAISED = "raised", "待答复"
        UPHELD = "upheld", "已采纳"
        DISMISSED = "dismissed", "未采纳"
        WITHDRAWN = "withdrawn", "已撤回"

    prefix = "YY"
    flow = Flow(Uphold, Dismiss, Withdraw)
    access = Access(
        read={Role.LEADER: Scope.ALL, Role.OFFICER: Scope.ALL, Role.INSPECTOR: Scope.ALL, Role.COUNTY: Scope.REGION},
        write={Role.OFFICER: Scope.ALL, Role.COUNTY: Scope.REGION},
        party="",
    )

    party = None  # type: ignore[assignment]  # a county objects, not one unit
    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    indicator = models.CharField("指标代码", max_length=40)
    period = models.CharField("月份", max_length=7)
    shown = models.DecimalField("系统数", max_digits=20, decimal_places=4, null=True)
    claimed = models.DecimalField("县区认为应为", max_digits=20, decimal_places=4, null=True, blank=True)
    grounds = models.TextField("异议理由和依据")
    answer = models.TextField("答复", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "数据异议"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "region", "period"], condition=models.Q(state="raised"), name="objection_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.indicator_name} {self.period}"

    @property
    def indicator_name(self) -> str:
        found = catalogue.catalogue().get(self.indicator)
        return found.name if found else self.indicator

    indicator_name.fget.label = "指标"  # type: ignore[attr-defined]


def raise_objections(
    rows: Sequence[dict[str, Any]], *, actor: Actor, at: datetime, source: str
) -> list[FigureObjection]:
    """Put objections before the bureau: {indicator, region, period, claimed, grounds} each."""
    from keji.kernel.indicators.freeze import live

    made = []
    with writing(actor, at):
        for row, number in zip(rows, next_numbers(FigureObjection.prefix, at.year, len(rows)), strict=True):
            record = FigureObjection(number=number, **row)
            now = live(catalogue.get(record.indicator), parse_period(record.period)).get(record.region_id)
            record.shown = now.value if now else None
            stamp(record, actor=actor, at=at, state=FigureObjection.State.RAISED, source=Source.COUNTY)
            record.save()
            log(
                "提出异议",
                record,
                {"shown": [None, record.shown], "claimed": [None, record.claimed]},
                reason=record.grounds,
            )
            made.append(record)
    return made


def open_objections(period: str) -> models.QuerySet[FigureObjection]:
    """Those that still wait for an answer: a month is not frozen over them."""
    return FigureObjection.objects.filter(period=period, state=FigureObjection.State.RAISED)
