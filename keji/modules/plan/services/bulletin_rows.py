"""What a bulletin prints, row by row, from frozen readings and confirmed progress only."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from keji.kernel.indicators.freeze import members_of
from keji.kernel.indicators.indicator import Counted, Indicator
from keji.kernel.indicators.models import Reading
from keji.kernel.parties.models import Region
from keji.lib.figures import Period, to_decimal
from keji.lib.merkle import canonical
from keji.modules.plan.models import Allocation, Plan, PlanTarget, TargetProgress
from keji.modules.plan.services.assess import Assessment, assess

GROWTH = ("growth_", "decline_")


@dataclass(frozen=True)
class Figure:
    """One figure as it stood when frozen or confirmed; `empty` says why there is none."""

    value: Decimal | None
    empty: str = ""
    source: str = ""
    reading: Reading | None = None
    done: bool | None = None  # a milestone's answer


NOT_REPORTED = Figure(None, "not_reported")


@dataclass(frozen=True)
class CountyRow:
    region: Region
    target: Decimal
    figure: Figure
    rate: Fraction | None  # per cent, exact
    rank: int | None = None  # 1, 2, 2, 4; None for who cannot be ranked


@dataclass(frozen=True)
class BulletinRow:
    """One target of the plan in one month."""

    target: PlanTarget
    indicator: Indicator | None
    figure: Figure
    previous: Figure
    assessment: Assessment
    moved: tuple[tuple[str, int], ...] = ()  # (新增, +15), (到期, -3): why a counted figure changed
    counties: tuple[CountyRow, ...] = ()

    @property
    def met(self) -> bool:
        return bool(self.assessment.met)

    @property
    def change(self) -> Decimal | None:
        if self.figure.value is None or self.previous.value is None:
            return None
        return self.figure.value - self.previous.value

    @property
    def unit(self) -> str:
        return "%" if self.target.op.startswith(GROWTH) else self.target.unit


@dataclass
class Used:
    """Everything a bulletin's figures came from: what its digest commits to."""

    readings: list[Reading] = field(default_factory=list)
    progress: list[TargetProgress] = field(default_factory=list)
    allocations: list[Allocation] = field(default_factory=list)

    def digest(self) -> str:
        """SHA-256 of the canonical JSON of the figures used; anybody with the same readings gets the same."""
        return hashlib.sha256(canonical(self.content())).hexdigest()

    def content(self) -> dict[str, Any]:
        readings = sorted(self.readings, key=lambda r: (r.indicator, r.region_id, r.period, r.version))
        progress = sorted(self.progress, key=lambda p: (p.target_id, p.region_id, p.period))
        shares = sorted(self.allocations, key=lambda a: (a.target_id, a.region_id))
        return {
            "readings": [
                [r.indicator, r.region_id, r.period, r.version, _text(r.value), r.empty,
                 _text(r.computed_rate), _text(r.reported_rate)]
                for r in readings
            ],
            "progress": [[p.target_id, p.region_id, p.period, _text(p.value), p.done] for p in progress],
            "allocations": [[a.target_id, a.region_id, _text(a.value)] for a in shares],
        }  # fmt: skip


def _text(value: Decimal | None) -> str | None:
    """A figure as text that does not depend on trailing zeros."""
    return None if value is None else format(value.normalize(), "f")


def targets_of(plan: Plan) -> list[PlanTarget]:
    found = plan.targets.filter(dropped=False, merged_into__isnull=True).select_related("section", "item")
    return list(found.order_by("order", "pk"))


def rows_of(targets: Sequence[PlanTarget], period: Period, used: Used | None = None) -> list[BulletinRow]:
    """The rows of these targets. A handful of queries, however many there are."""
    used = used if used is not None else Used()
    keys = [str(period), str(period.previous())]
    readings = _readings(targets, keys, used)
    progress = _progress(targets, keys, used)
    shares = _shares(targets, used)
    regions = {r.code: r for r in Region.objects.all()}
    city = next((r.code for r in regions.values() if r.level == Region.Level.CITY), "")

    def figure(target: PlanTarget, region: str, key: str) -> Figure:
        if target.basis == PlanTarget.Basis.INDICATOR:
            return _of_reading(target, readings.get((target.indicator, region, key)))
        return _of_progress(target, progress.get((target.pk, region, key)))

    rows = []
    for target in targets:
        now, before = figure(target, city, keys[0]), figure(target, city, keys[1])
        counties = [
            (regions[a.region_id], a.value, figure(target, a.region_id, keys[0])) for a in shares.get(target.pk, ())
        ]
        rows.append(
            BulletinRow(
                target=target, indicator=target.indicator_or_none, figure=now, previous=before,
                assessment=assess(target, now.value if now.done is None else now.done, now.empty, period.end),
                moved=_moved(target.indicator_or_none, now, before, period),
                counties=ranked(target, counties),
            )
        )  # fmt: skip
    return rows


def ranked(target: PlanTarget, counties: Iterable[tuple[Region, Decimal, Figure]]) -> tuple[CountyRow, ...]:
    """Counties by their exact rate of completion, equal rates sharing a rank (1, 2, 2, 4); in the order of the map."""
    rows = []
    for region, share, figure in sorted(counties, key=lambda c: (c[0].order, c[0].code)):
        value = figure.value
        rate = Fraction(value) / Fraction(share) * 100 if value is not None and share > 0 else None
        rows.append(CountyRow(region, share, figure, rate))
    rates = [r.rate for r in rows if r.rate is not None]
    return tuple(
        CountyRow(r.region, r.target, r.figure, r.rate, None if r.rate is None else 1 + sum(o > r.rate for o in rates))
        for r in rows
    )


def shown_rate(rate: Fraction | None) -> Decimal | None:
    """One decimal, half up; what is short of 100 never reads as 100."""
    if rate is None:
        return None
    shown = to_decimal(rate, 1)
    return Decimal("99.9") if rate < 100 <= shown else shown


def shown_value(value: Decimal | None) -> Decimal | None:
    """Two decimals at most; whole numbers without any."""
    if value is None:
        return None
    value = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _readings(targets: Sequence[PlanTarget], keys: list[str], used: Used) -> Mapping[tuple[str, str, str], Reading]:
    codes = {t.indicator for t in targets if t.basis == PlanTarget.Basis.INDICATOR}
    found = Reading.objects.filter(indicator__in=codes, period__in=keys, current=True).select_related("region")
    used.readings = list(found)
    return {(r.indicator, r.region_id, r.period): r for r in used.readings}


def _progress(
    targets: Sequence[PlanTarget], keys: list[str], used: Used
) -> Mapping[tuple[int, str, str], TargetProgress]:
    """Confirmed progress of the month and the one before; a milestone once reached stays reached."""
    wanted = [t.pk for t in targets if t.basis != PlanTarget.Basis.INDICATOR]
    rows = TargetProgress.objects.filter(target__in=wanted, period__lte=keys[0], confirmed_at__isnull=False)
    done = {t.pk for t in targets if t.basis == PlanTarget.Basis.MILESTONE}
    found: dict[tuple[int, str, str], TargetProgress] = {}
    for row in rows.order_by("period"):
        if row.period in keys:
            found[row.target_id, row.region_id, row.period] = row
        if row.target_id in done and row.done:
            for key in (k for k in keys if k >= row.period):
                found[row.target_id, row.region_id, key] = row
    used.progress = list({p.pk: p for p in found.values()}.values())
    return found


def _shares(targets: Sequence[PlanTarget], used: Used) -> dict[int, list[Allocation]]:
    """The counties' issued shares; a share still under discussion is not held against anybody."""
    found = Allocation.objects.filter(target__in=[t for t in targets if t.by_county], state=Allocation.State.ISSUED)
    used.allocations = list(found)
    shares: dict[int, list[Allocation]] = {}
    for row in used.allocations:
        shares.setdefault(row.target_id, []).append(row)
    return shares


def _of_reading(target: PlanTarget, reading: Reading | None) -> Figure:
    if reading is None:
        return NOT_REPORTED
    value = reading.value
    if target.op.startswith(GROWTH) and value is not None:
        # The rate its owner published counts; the one computed here stands beside it in the register.
        value = reading.reported_rate if reading.reported_rate is not None else reading.computed_rate
        if value is not None and target.op.startswith("decline_"):
            value = -value
        if value is None:
            return Figure(None, "not_reported", reading.source, reading)
    return Figure(value, reading.empty, reading.source, reading)


def _of_progress(target: PlanTarget, row: TargetProgress | None) -> Figure:
    source = target.section.name if target.section else ""
    if target.basis == PlanTarget.Basis.MILESTONE:
        return Figure(None, "", source, done=bool(row and row.done))
    if row is None or row.value is None:
        return Figure(None, "not_reported", source)
    return Figure(row.value, "", source)


def _moved(indicator: Indicator | None, now: Figure, before: Figure, period: Period) -> tuple[tuple[str, int], ...]:
    """Why a count changed, reason by reason; only for what counts rows, where the parts sum exactly."""
    if not isinstance(indicator, Counted) or indicator.amount or not now.reading or not before.reading:
        return ()
    if now.value is None or before.value is None:
        return ()
    new, old = set(members_of(now.reading)), set(members_of(before.reading))
    came = indicator.why_entered(sorted(new - old), period)
    went = indicator.why_left(sorted(old - new), period)
    parts: dict[str, int] = {}
    for reason in came.values():
        parts[reason] = parts.get(reason, 0) + 1
    left: dict[str, int] = {}
    for reason in went.values():
        left[reason] = left.get(reason, 0) - 1
    return (*parts.items(), *left.items())
