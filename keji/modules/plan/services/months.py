"""Freezing months: what would be frozen, what changed since the last time, what is still missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Min, Q

from keji.kernel.clock import day_of
from keji.kernel.indicators.freeze import freeze, live
from keji.kernel.indicators.indicator import Counted, Indicator, catalogue
from keji.kernel.indicators.models import Reading, ReportedFigure
from keji.kernel.indicators.objections import open_objections
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.lib.figures import Period

_COMPARED = ("value", "empty", "computed_rate", "reported_rate")


@dataclass(frozen=True)
class Difference:
    """One figure that would be written: new, or another than the one frozen before."""

    indicator: Indicator
    region: Any
    before: Reading | None
    after: Reading
    came: int = 0  # records counted now and not then
    went: int = 0


@dataclass(frozen=True)
class Preview:
    """What freezing a month would do."""

    period: Period
    differences: list[Difference]
    unchanged: int
    missing: list[tuple[Indicator, list[Any]]]  # reported indicators and the regions without a figure
    waiting: int  # filed figures that nobody has confirmed

    @property
    def corrections(self) -> list[Difference]:
        """Those that replace a frozen figure: they need a note."""
        return [d for d in self.differences if d.before is not None]

    @property
    def first_time(self) -> bool:
        return not self.unchanged and not self.corrections


@dataclass(frozen=True)
class FrozenMonth:
    """A month that has readings."""

    period: Period
    figures: int
    versions: int
    frozen_at: datetime
    last_at: datetime
    corrections: int


def month_refusal(period: Period, on: date) -> str:
    """Why a month cannot be frozen yet; "" when it can."""
    if period.end >= on:
        return f"{period.label}还没有结束，不能定格"
    waiting = open_objections(str(period)).select_related("region")
    if names := "、".join(dict.fromkeys(o.region.short_name for o in waiting)):
        return f"{names}对{period.label}的数据有异议还没有答复，请先在“数据异议”中答复"
    return ""


def preview(period: Period) -> Preview:
    """Count everything for `period` now and set it against what is frozen."""
    frozen = {(r.indicator, r.region_id): r for r in Reading.objects.filter(period=str(period), current=True)}
    differences, unchanged, missing = [], 0, []
    for indicator in catalogue().values():
        absent = []
        for reading in live(indicator, period).values():
            before = frozen.get((indicator.code, reading.region_id))
            if reading.empty == Reading.Empty.NOT_REPORTED and indicator.frozen_monthly:
                absent.append(reading.region)
            if _same(before, reading):
                unchanged += 1
                continue
            was, now = set(before.ids) if before else set(), set(reading.ids)
            counts = isinstance(indicator, Counted)
            differences.append(
                Difference(
                    indicator,
                    reading.region,
                    before,
                    reading,
                    len(now - was) if counts else 0,
                    len(was - now) if counts else 0,
                )  # fmt: skip
            )
        if absent:
            missing.append((indicator, absent))
    waiting = ReportedFigure.objects.filter(period=str(period), state=ReportedFigure.State.SENT).count()
    return Preview(period, differences, unchanged, missing, waiting)


def _same(before: Reading | None, after: Reading) -> bool:
    return (
        before is not None
        and all(_plain(getattr(before, f)) == _plain(getattr(after, f)) for f in _COMPARED)
        and before.ids == after.ids
    )


def _plain(value: Any) -> Any:
    return value.normalize() if isinstance(value, Decimal) else value


def freeze_month(period: Period, *, actor: Actor, at: datetime, note: str = "") -> int:
    """Freeze a month that has ended. Replacing a frozen figure needs a note, and only what differs is written."""
    if not actor.has(Role.OFFICER):
        raise Refused("定格由业务科室办理")
    if why := month_refusal(period, day_of(at)):
        raise Refused(why)
    if not note.strip() and Reading.objects.filter(period=str(period)).exists() and preview(period).corrections:
        raise Refused("这个月已经定格过，更正已定格的数需要写明更正说明")
    return freeze(period, actor=actor, at=at, note=note.strip())


def frozen_months() -> list[FrozenMonth]:
    """Every month with readings, the latest first."""
    rows = (
        Reading.objects.values("period")
        .annotate(
            figures=Count("pk", filter=Q(current=True)),
            versions=Max("version"),
            first=Min("frozen_at"),
            last=Max("frozen_at"),
            corrections=Count("pk", filter=Q(version__gt=1)),
        )
        .order_by("-period")
    )
    return [
        FrozenMonth(
            Period.month(int(r["period"][:4]), int(r["period"][5:7])),
            r["figures"],
            r["versions"],
            r["first"],
            r["last"],
            r["corrections"],
        )
        for r in rows
        if len(r["period"]) == 7
    ]


def corrected(period: Period) -> Any:
    """Readings of a month that replaced an earlier one."""
    found = Reading.objects.filter(period=str(period), version__gt=1).select_related("region")
    return found.order_by("indicator", "region__order", "-version").defer("ids")
