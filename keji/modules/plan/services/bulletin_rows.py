"""What a bulletin prints, row by row, from frozen readings and confirmed progress only."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from keji.kernel.indicators.freeze import members_of
from keji.kernel.indicators.indicator import Counted, Indicator, Reported
from keji.kernel.indicators.models import Reading
from keji.kernel.parties.models import Region
from keji.lib.figures import Period, parse_period, to_decimal
from keji.lib.merkle import canonical
from keji.lib.pace import Light, LightKind, expected
from keji.modules.plan.curves import curve_of
from keji.modules.plan.models import Allocation, Plan, PlanTarget, TargetProgress
from keji.modules.plan.services.judging import Question, completed, is_stock, light_of, question_of
from keji.modules.plan.services.measure import UNREPORTED, Figure
from keji.modules.plan.services.track import CountyLine, place_value, rank, tracked

#: Judged by a rate, not by the level: these are printed in per cent.
RATES = ("growth_", "decline_")


@dataclass(frozen=True)
class BulletinRow:
    """One target of the plan in one month."""

    target: PlanTarget
    indicator: Indicator | None
    figure: Figure
    value: Decimal | None  # as the target asks for it: a rate of growth where it asks for growth
    before: Decimal | None  # the same a month ago
    light: Light
    completion: Decimal | None  # a ratio; None where dividing would mean nothing
    base: Decimal | None = None  # where a stock began the year
    pace: Fraction | None = None  # how much of the whole is expected by now
    moved: tuple[tuple[str, int], ...] = ()  # (新增, +15), (到期, -3): why a counted figure changed
    counties: tuple[CountyLine, ...] = ()

    @property
    def milestone(self) -> bool:
        """Done or not done: it has no figure to print."""
        return self.target.op == "milestone" or self.target.basis == PlanTarget.Basis.MILESTONE

    @property
    def met(self) -> bool:
        return self.light.kind in (LightKind.DONE, LightKind.OVER)

    @property
    def behind(self) -> bool:
        return self.light.kind in (LightKind.BEHIND, LightKind.AT_RISK)

    @property
    def empty(self) -> str:
        """Which of the empties it is, "" for a figure; what nobody filed is never called not applicable."""
        if self.light.kind is LightKind.NOT_APPLICABLE and self.figure.empty:
            return self.figure.empty
        return self.figure.empty or ("not_reported" if self.value is None and self.figure.done is None else "")

    @property
    def change(self) -> Decimal | None:
        return None if self.value is None or self.before is None else self.value - self.before

    @property
    def unit(self) -> str:
        if self.target.op.startswith(RATES):
            return "%"
        return self.indicator.unit if self.indicator else self.target.unit


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
    return list(tracked(plan))


def rows_of(targets: Sequence[PlanTarget], period: Period, used: Used | None = None) -> list[BulletinRow]:
    """The rows of these targets. A handful of queries, however many there are."""
    facts = _Facts(targets, period, used if used is not None else Used())
    return [_row(target, facts) for target in targets]


class _Facts:
    """Everything asked of the database, once for all targets."""

    def __init__(self, targets: Sequence[PlanTarget], period: Period, used: Used) -> None:
        self.period = period
        self.this, self.last = str(period), str(period.previous())
        self.regions = {r.code: r for r in Region.objects.all()}
        self.city = next((r.code for r in self.regions.values() if r.level == Region.Level.CITY), "")
        self.readings = _readings(targets, [self.this, self.last], used)
        self.starts = _starts(targets, period.year)
        self.progress = _progress(targets, [self.this, self.last], used)
        self.shares = _shares(targets, used)

    def reading(self, target: PlanTarget, region: str, key: str) -> Reading | None:
        return self.readings.get((target.indicator, region, key))

    def figure(self, target: PlanTarget, region: str, key: str) -> Figure:
        if target.basis == PlanTarget.Basis.INDICATOR:
            reading = self.reading(target, region, key)
            return UNREPORTED if _of_another_year(target, key) else _of_reading(reading)
        return _of_progress(target, self.progress.get((target.pk, region, key)))

    def base(self, target: PlanTarget, region: str, own: Decimal | None) -> Decimal | None:
        return own if own is not None else self.starts.get((target.indicator, region))


def _row(target: PlanTarget, facts: _Facts) -> BulletinRow:
    indicator = target.indicator_or_none if target.basis == PlanTarget.Basis.INDICATOR else None
    now, before = (facts.figure(target, facts.city, key) for key in (facts.this, facts.last))
    base = facts.base(target, facts.city, target.base)
    question = question_of(target, indicator, now, base)
    curve, stock, on = curve_of(target, indicator), is_stock(indicator), facts.period.end
    light = light_of(question, now, curve, on, base=base, stock=stock, due=target.due_on)
    readings = [facts.reading(target, facts.city, key) for key in (facts.this, facts.last)]
    return BulletinRow(
        target=target,
        indicator=indicator,
        figure=now,
        value=asked_for(question, now),
        before=asked_for(question_of(target, indicator, before, base), before),
        light=light,
        completion=completed(question, target.op, base),
        base=base if stock else None,
        pace=expected(curve, on),
        moved=_moved(indicator, readings[0], readings[1], facts.period),
        counties=_counties(target, indicator, facts),
    )


def asked_for(question: Question, figure: Figure) -> Decimal | None:
    """The figure in the target's own terms: its growth where growth is asked for, else the level."""
    if not question.op.startswith("growth_") or question.unit != "%":
        return figure.value
    value = question.value
    return None if value is None or isinstance(value, bool) else to_decimal(Fraction(value), 2)


def _counties(target: PlanTarget, indicator: Indicator | None, facts: _Facts) -> tuple[CountyLine, ...]:
    """The counties that were given a share, in the order of the map, with their places (1, 2, 2, 4)."""
    lines = []
    for share in facts.shares.get(target.pk, ()):
        figure = facts.figure(target, share.region_id, facts.this)
        base = facts.base(target, share.region_id, share.base)
        question = question_of(target, indicator, figure, base, share.value)
        light = light_of(
            question, figure, curve_of(target, indicator), facts.period.end,
            base=base, stock=is_stock(indicator), due=target.due_on,
        )  # fmt: skip
        done = completed(question, target.op, base)
        value = asked_for(question, figure)
        lines.append(
            CountyLine(
                region=facts.regions[share.region_id], figure=replace(figure, value=value), share=share.value,
                wanted="", completion=done, light=light, sort_value=place_value(done, value, share.value),
            )
        )  # fmt: skip
    rank(lines)
    return tuple(sorted(lines, key=lambda c: (c.region.order, c.region.code)))


def shown_rate(ratio: Decimal | None) -> Decimal | None:
    """A ratio in per cent with one decimal, half up; what is short of 100 never reads as 100."""
    if ratio is None:
        return None
    shown = to_decimal(ratio * 100, 1)
    return Decimal("99.9") if ratio < 1 and shown >= 100 else shown


def shown_share(share: Fraction | None) -> str:
    """A part of the whole in per cent with one decimal."""
    return "" if share is None else f"{to_decimal(share * 100, 1):f}"


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


def _starts(targets: Iterable[PlanTarget], year: int) -> dict[tuple[str, str], Decimal]:
    """What was frozen for December of the year before: where a stock began."""
    codes = {t.indicator for t in targets if t.basis == PlanTarget.Basis.INDICATOR}
    rows = Reading.objects.filter(indicator__in=codes, period=f"{year - 1}-12", current=True, value__isnull=False)
    found = rows.values_list("indicator", "region_id", "value")
    return {(code, region): value for code, region, value in found if value is not None}


def _progress(
    targets: Sequence[PlanTarget], keys: list[str], used: Used
) -> Mapping[tuple[int, str, str], TargetProgress]:
    """Confirmed progress of the month and the one before; a milestone once reached stays reached."""
    wanted = [t.pk for t in targets if t.basis != PlanTarget.Basis.INDICATOR]
    rows = TargetProgress.objects.filter(target__in=wanted, period__lte=keys[0], confirmed_at__isnull=False)
    found: dict[tuple[int, str, str], TargetProgress] = {}
    for row in rows.order_by("period"):
        if row.period in keys:
            found[row.target_id, row.region_id, row.period] = row
        if row.done:
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


def _of_another_year(target: PlanTarget, key: str) -> bool:
    """A yearly series comes out months late: last year's figure says nothing of this year's target."""
    indicator, period = target.indicator_or_none, parse_period(key)
    if not isinstance(indicator, Reported) or indicator.figure_kind != "year":
        return False
    own = indicator.period_of(period)
    return own is None or own.year != target.plan.year


def _of_reading(reading: Reading | None) -> Figure:
    if reading is None:
        return UNREPORTED
    return Figure(
        value=reading.value, as_of=reading.as_of, source=reading.source, empty=reading.empty,
        computed_rate=reading.computed_rate, reported_rate=reading.reported_rate, version=reading.version,
    )  # fmt: skip


def _of_progress(target: PlanTarget, row: TargetProgress | None) -> Figure:
    source = target.section.name if target.section else ""
    if row is None:
        return replace(UNREPORTED, source=source)
    day = row.done_on if row.done and row.done_on else parse_period(row.period).end
    milestone = target.op == "milestone" or target.basis == PlanTarget.Basis.MILESTONE
    return Figure(value=row.value, as_of=day, source=source, done=row.done if milestone else None)


def _moved(
    indicator: Indicator | None, now: Reading | None, before: Reading | None, period: Period
) -> tuple[tuple[str, int], ...]:
    """Why a count changed, reason by reason; only for what counts rows, where the parts sum exactly."""
    if not isinstance(indicator, Counted) or indicator.amount or now is None or before is None:
        return ()
    if now.value is None or before.value is None:
        return ()
    new, old = set(members_of(now)), set(members_of(before))
    came = indicator.why_entered(sorted(new - old), period)
    went = indicator.why_left(sorted(old - new), period)
    # A record since deleted has no reason any more; it is counted all the same, or the parts would not sum.
    reasons = [came.get(pk, "新增") for pk in sorted(new - old)], [went.get(pk, "退出") for pk in sorted(old - new)]
    return (*_tally(reasons[0], 1), *_tally(reasons[1], -1))


def _tally(reasons: Iterable[str], sign: int) -> list[tuple[str, int]]:
    parts: dict[str, int] = {}
    for reason in reasons:
        parts[reason] = parts.get(reason, 0) + sign
    return list(parts.items())
