"""The tracker: every target of a plan with its figure, light, forecast and counties."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from keji.kernel.audit.unchanged import while_unchanged
from keji.kernel.indicators.indicator import Indicator
from keji.kernel.parties.models import Region
from keji.lib.figures import Period, format_number
from keji.lib.pace import Curve, Light, LightKind
from keji.modules.plan.curves import curve_of
from keji.modules.plan.models import Allocation, Plan, PlanTarget
from keji.modules.plan.phrases import wanted
from keji.modules.plan.services.judging import (
    Question,
    completed,
    is_level,
    is_stock,
    light_of,
    misses,
    question_of,
    rate_of,
    stale,
)
from keji.modules.plan.services.measure import Figure, Measures, measure
from keji.modules.plan.services.outlook import Outlook, Outlooks

#: From the worst: the order in which lights are listed.
ORDER = (
    LightKind.AT_RISK,
    LightKind.BEHIND,
    LightKind.NOT_REPORTED,
    LightKind.ON_PACE,
    LightKind.NOT_STARTED,
    LightKind.DONE,
    LightKind.OVER,
    LightKind.NOT_APPLICABLE,
)


@dataclass
class CountyLine:
    """One county on one target: its share, what it has, its light and its place among the counties."""

    region: Region
    figure: Figure
    share: Decimal | None
    wanted: str
    completion: Decimal | None
    light: Light
    rank: int | None = None
    of: int = 0
    sort_value: Any = None


@dataclass
class TargetLine:
    """One target of the plan as it stands."""

    target: PlanTarget
    indicator: Indicator | None
    figure: Figure
    question: Question
    light: Light
    curve: Curve | None
    wanted: str
    unit: str
    base: Decimal | None
    stock: bool  # the figure tells how many there are, not how many came this year
    completion: Decimal | None  # a ratio; None where dividing would mean nothing
    rate: Decimal | None  # growth in per cent, where the target asks for growth
    outlook: Outlook | None
    will_miss: bool
    stale: bool
    counties: list[CountyLine] = field(default_factory=list)

    @property
    def action(self) -> Any:
        """The action (行动) it stands under; None for targets of the plan as a whole."""
        item = self.target.item
        while item is not None and item.parent is not None:
            item = item.parent
        return item

    @property
    def task(self) -> str:
        """The task it stands under, with its number as a list has it: 5. 提升企业自主创新能力."""
        item = self.target.item
        return numbered(item) if item is not None and item.parent is not None else ""

    @property
    def shown(self) -> str:
        """The figure as printed, or which of the three empties it is."""
        return shown(self.figure, self.unit, self.target.op, self.rate, self.indicator)

    @property
    def threatened(self) -> bool:
        """It is red, or is forecast to miss: what a leader asks about first."""
        return self.light.kind is LightKind.AT_RISK or self.will_miss

    @property
    def url(self) -> str:
        return self.target.get_absolute_url()

    def county(self, code: str) -> CountyLine | None:
        return next((c for c in self.counties if c.region.code == code), None)


def numbered(item: Any) -> str:
    return f"{item.number}. {item.title}" if item.number.isdecimal() else f"{item.number}{item.title}"


def shown(figure: Figure, unit: str, op: str = "", rate: Decimal | None = None, indicator: Any = None) -> str:
    if figure.empty == "not_applicable":
        return "不适用"
    if op == "milestone":
        return {True: "已完成", False: "在办", None: "未报"}[figure.done]
    if figure.value is None:
        return "未报"
    if rate is not None and unit != "%":
        return format_number(rate, "%", places=2)
    unit = "%" if op == "coverage_all" and not unit else unit
    places = indicator.places if indicator and indicator.places else None
    return format_number(figure.value, unit, places=places)


def track(
    plan: Plan, *, on: date, period: Period | None = None, targets: Iterable[PlanTarget] | None = None
) -> list[TargetLine]:
    """Every tracked target of `plan` as of `on`, or as frozen for `period`, in the plan's own order."""
    return _lines(list(targets), plan.year, on, period) if targets is not None else list(_all(plan.pk, on, period))


@while_unchanged(32)
def _all(plan: int, on: date, period: Period | None) -> Sequence[TargetLine]:
    rows = list(tracked(plan))
    return _lines(rows, rows[0].plan.year, on, period) if rows else ()


def _lines(targets: list[PlanTarget], year: int, on: date, period: Period | None) -> list[TargetLine]:
    day = period.end if period and period.end < on else on
    measures = measure(targets, year, on=on, period=period)
    outlooks = Outlooks(measures, year, day, period)
    shares = _shares(targets)
    return [_line(target, measures, outlooks, shares.get(target.pk, {}), day) for target in targets]


def tracked(plan: Plan | int) -> Any:
    found = PlanTarget.objects.filter(plan=plan, dropped=False, merged_into__isnull=True)
    return found.select_related("section", "plan", "item__parent__parent").order_by("order")


def _shares(targets: list[PlanTarget]) -> dict[int, dict[str, Allocation]]:
    found: dict[int, dict[str, Allocation]] = {}
    for share in Allocation.objects.filter(target__in=targets, state=Allocation.State.ISSUED):
        found.setdefault(share.target_id, {})[share.region_id] = share
    return found


def _line(
    target: PlanTarget, measures: Measures, outlooks: Outlooks, shares: dict[str, Allocation], on: date
) -> TargetLine:
    indicator = target.indicator_or_none if target.basis == PlanTarget.Basis.INDICATOR else None
    unit = indicator.unit if indicator else target.unit
    curve = curve_of(target, indicator)
    figure = measures.of(target, measures.city)
    history = measures.history(target, measures.city)
    stock = is_stock(indicator) or is_level(target, history)
    base = _base(target.base, indicator, measures, measures.city, history if stock else [])
    question = question_of(target, indicator, figure, base)
    outlook = None
    if question.op in ("ge", "gt", "eq", "about", "range"):
        outlook = outlooks.of(target, indicator, figure, curve, measures.city, level=stock)
    line = TargetLine(
        target=target,
        indicator=indicator,
        figure=figure,
        question=question,
        light=light_of(question, figure, curve, on, base=base, stock=stock, due=target.due_on),
        curve=curve,
        wanted=wanted(target),
        unit=unit,
        base=base,
        stock=stock,
        completion=completed(question, target.op, base),
        rate=_rate(target, indicator, figure, unit, base),
        outlook=outlook,
        will_miss=misses(question, outlook.forecast.mid if outlook else None),
        stale=stale(figure, on),
    )
    if target.by_county:
        line.counties = [_county(line, measures, region, shares.get(region.code), on) for region in measures.parts]
        rank(line.counties)
    return line


def _base(
    own: Decimal | None, indicator: Any, measures: Measures, region: Region | None, history: Any
) -> Decimal | None:
    """The year's base: as set, as frozen last December, or what was there when the year was first reported on."""
    if own is None and indicator:
        return measures.at_start(indicator.code, region, measures.year)
    return history[0][1] if own is None and history else own


def _rate(target: PlanTarget, indicator: Any, figure: Figure, unit: str, base: Decimal | None) -> Decimal | None:
    if not target.op.startswith(("growth_", "decline_")):
        return None
    rate, _ = rate_of(figure, indicator, unit, base)
    if rate is None:
        return None
    return rate if isinstance(rate, Decimal) else Decimal(rate.numerator) / Decimal(rate.denominator)


def _county(line: TargetLine, measures: Measures, region: Region, share: Allocation | None, on: date) -> CountyLine:
    target, figure = line.target, measures.of(line.target, region)
    if share is None:
        none = Light(LightKind.NOT_APPLICABLE, "没有下达给本地区的任务数，只看完成数，不判断进度。")
        return CountyLine(region, figure, None, "—", None, none)
    base = _base(share.base, line.indicator, measures, region, measures.history(target, region) if line.stock else [])
    question = question_of(target, line.indicator, figure, base, share.value)
    light = light_of(question, figure, line.curve, on, base=base, stock=line.stock, due=target.due_on)
    done = completed(question, target.op, base)
    return CountyLine(
        region=region,
        figure=figure,
        share=share.value,
        wanted=wanted(target, share.value),
        completion=done,
        light=light,
        sort_value=place_value(done, question.value, share.value),
    )


def place_value(completion: Decimal | None, value: Any, share: Decimal | None) -> Any:
    """What places counties: completion, or the rate itself where a rate is asked for; a share of zero has no place."""
    if completion is not None:
        return completion
    return None if share == 0 else value


def rank(counties: list[CountyLine]) -> None:
    """Places by completion (rates by themselves), equal ones sharing one: 1, 2, 2, 4. No figure, no place."""
    ranked = [c for c in counties if c.sort_value is not None and not isinstance(c.sort_value, bool)]
    for county in ranked:
        county.rank = 1 + sum(other.sort_value > county.sort_value for other in ranked)
        county.of = len(ranked)


def counted_by_light(lines: Iterable[TargetLine]) -> list[tuple[LightKind, int]]:
    """How many targets per light, the worst first; lights nobody has are left out."""
    kinds = [line.light.kind for line in lines]
    return [(kind, kinds.count(kind)) for kind in ORDER if kind in kinds]
