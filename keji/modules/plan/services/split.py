"""Splitting a city target into the counties' shares: suggest, edit, propose, hear objections, issue together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.indicators.models import Target
from keji.kernel.parties.models import Region
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, take
from keji.kernel.records.models import next_numbers, stamp
from keji.lib.figures import Period, format_number
from keji.lib.split import Split, by_base, by_equal_growth, by_increment, by_share
from keji.modules.plan.flow import issuing_together
from keji.modules.plan.models import Allocation, Plan, PlanTarget
from keji.modules.plan.services.change import counted_of
from keji.modules.plan.services.measure import Measures, count, measure

State = Allocation.State
METHODS = {
    "base": "按上年基数占比",
    "increment": "保基数、增量按占比",
    "growth": "同比例增长",
    "equal": "平均分配",
}
_EDITABLE = (State.DRAFT, State.OBJECTED)
_SHARED_OPS = frozenset({"ge", "gt", "eq", "about"})  # a sum of shares makes sense


@dataclass
class SplitRow:
    """One target with its counties' shares and how far their sum is from the city's target."""

    target: PlanTarget
    shares: dict[str, Allocation]
    units: int

    @property
    def total(self) -> Decimal:
        return sum((s.value for s in self.shares.values()), Decimal(0))

    @property
    def adds_up(self) -> bool:
        """Shares of a rate or a ratio are goals of their own; only amounts have a sum to check."""
        return adds_up(self.target)

    @property
    def gap(self) -> Decimal | None:
        """What the sum still lacks (positive) or has too much (negative); None where there is no sum to check."""
        if not self.adds_up or self.target.value is None:
            return None
        return self.target.value - self.total

    def states(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for share in self.shares.values():
            found[share.state] = found.get(share.state, 0) + 1
        return found

    @property
    def issued(self) -> bool:
        return bool(self.shares) and all(s.state == State.ISSUED for s in self.shares.values())

    def issue_refusal(self, reason: str = "") -> str:
        """Why the shares cannot be issued now; "" when they can."""
        if self.issued:
            return "已经下达"
        if len(self.shares) < self.units:
            return f"还有 {self.units - len(self.shares)} 个县区没有分解数"
        waiting = [s.region.short_name for s in self.shares.values() if s.state != State.CONFIRMED]
        if waiting:
            return f"{'、'.join(waiting)}还没有确认"
        if self.gap and not reason.strip():
            word = "少" if self.gap > 0 else "多"
            return f"合计比全市目标{word} {format_number(abs(self.gap), self.target.unit)}，下达需要写明理由"
        return ""


def adds_up(target: PlanTarget) -> bool:
    return target.op in _SHARED_OPS and target.unit != "%"


def splittable(plan: Plan) -> Any:
    """Targets to be split to counties."""
    found = PlanTarget.objects.filter(plan=plan, by_county=True, dropped=False, merged_into__isnull=True)
    return found.exclude(basis=PlanTarget.Basis.MILESTONE).select_related("section", "plan").order_by("order")


def units() -> list[Region]:
    """Who takes shares: the counties and the development zone."""
    return list(Region.objects.exclude(level=Region.Level.CITY))


def matrix(plan: Plan, actor: Actor) -> list[SplitRow]:
    """Every splittable target with the shares this actor may see."""
    count_of_units = len(units())
    rows = {t.pk: SplitRow(t, {}, count_of_units) for t in splittable(plan)}
    shares = Allocation.objects.visible_to(actor).filter(target__in=rows).select_related("region")
    if not actor.has(Role.OFFICER, Role.LEADER, Role.INSPECTOR):
        shares = shares.exclude(state=State.DRAFT)  # a county sees its share once it is put before it
    for share in shares:
        rows[share.target_id].shares[share.region_id] = share
    return list(rows.values())


def row_of(target: PlanTarget) -> SplitRow:
    shares = {s.region_id: s for s in target.allocations.select_related("region")}
    return SplitRow(target, shares, len(units()))


def bases_of(target: PlanTarget) -> dict[str, Decimal]:
    """Last year's figure of each county: frozen for December, else counted for then; {} where nobody knows it."""
    year = target.plan.year - 1
    last = Period.month(year, 12)
    measures: Measures = measure([target], target.plan.year, on=last.end)
    indicator = counted_of(target)
    code = target.indicator if indicator or target.basis == PlanTarget.Basis.INDICATOR else ""
    frozen = {r.code: measures.at_start(code, r, target.plan.year) for r in measures.parts} if code else {}
    if any(v is not None for v in frozen.values()):
        return {r.code: frozen.get(r.code) or Decimal(0) for r in measures.parts}
    if indicator:
        counted = count(indicator, last)
        return {r.code: counted.get(r.code, Decimal(0)) for r in measures.parts}
    return {}


def suggestion(target: PlanTarget, method: str, bases: Mapping[str, Decimal]) -> Split:
    """Parts that sum exactly to the city's target, by a method. ValueError with a sentence when it cannot be."""
    if target.value is None:
        raise ValueError("这个目标没有数值，不能分解")
    if not adds_up(target):
        return Split(dict.fromkeys(bases, target.value), ("比率类目标各县区同一要求，不求和。",))
    exponent = target.value.normalize().as_tuple().exponent
    step = Decimal(1).scaleb(min(int(exponent), 0))
    if method == "base":
        return by_base(target.value, bases, step=step)
    if method == "increment":
        return by_increment(target.value, bases, bases, step=step)
    if method == "growth":
        return by_equal_growth(target.value, bases, step=step)
    return by_share(target.value, dict.fromkeys(bases, 1), step=step)


def suggest(target: PlanTarget, method: str, *, actor: Actor, at: datetime) -> Split:
    """Put a suggestion into the shares that may still be edited; those a county has before it stay as they are."""
    _officer(actor)
    if method not in METHODS:
        raise Refused("没有这种建议方法")
    bases = bases_of(target)
    try:
        found = suggestion(target, method, {r.code: bases.get(r.code, Decimal(0)) for r in units()})
    except ValueError as why:
        raise Refused(str(why)) from None
    with writing(actor, at):
        fixed = target.allocations.exclude(state__in=_EDITABLE)
        if fixed.exists():
            raise Refused("已有县区在确认或已确认，不能整体重拟；请先收回，或逐个调整")
        _write(target, {k: Decimal(v) for k, v in found.parts.items()}, bases, METHODS[method], actor, at)
        log("拟定分解建议", target, {"方法": [None, METHODS[method]]})
    return found


def save_values(target: PlanTarget, values: Mapping[str, Decimal], *, actor: Actor, at: datetime) -> int:
    """Officers' own figures. Returns how many changed. What a county has confirmed or is looking at is not touched."""
    _officer(actor)
    if any(v < 0 for v in values.values()):
        raise Refused("分解值不能为负数")
    with writing(actor, at):
        known = {s.region_id: s for s in target.allocations.select_for_update()}
        changed = {r: v for r, v in values.items() if r not in known or known[r].value != v}
        stuck = [known[r].region.short_name for r in changed if r in known and known[r].state not in _EDITABLE]
        if stuck:
            raise Refused(f"{'、'.join(stuck)}的分解值已发县区确认，修改前请先收回")
        if changed:
            _write(target, changed, bases_of(target), "人工调整", actor, at)
    return len(changed)


def _write(
    target: PlanTarget,
    values: Mapping[str, Decimal],
    bases: Mapping[str, Decimal],
    method: str,
    actor: Actor,
    at: datetime,
) -> None:
    known = {s.region_id: s for s in target.allocations.all()}
    fresh = [r for r in values if r not in known]
    numbers = next_numbers(Allocation.prefix, target.plan.year, len(fresh)) if fresh else []
    for region, number in zip(fresh, numbers, strict=True):
        share = Allocation(target=target, region_id=region, number=number, value=values[region])
        stamp(share, actor=actor, at=at, state=State.DRAFT, source="bureau")
        share.base, share.method = bases.get(region), method
        share.save()
        log("拟定分解", share, {"分解值": [None, share.value]})
    for region, share in known.items():
        if region in values and share.value != values[region]:
            before, share.value, share.updated_at = share.value, values[region], at
            share.base, share.method = bases.get(region, share.base), method
            share.save(update_fields=["value", "base", "method", "updated_at"])
            log("调整分解值", share, {"分解值": [before, share.value]})


def answer(share: Allocation, text: str, *, value: Decimal | None, actor: Actor, at: datetime) -> Allocation:
    """Answer a county's objection, with a new figure or the old one; then it is proposed again."""
    _officer(actor)
    if share.state != State.OBJECTED:
        raise Refused("这个县区没有待答复的异议")
    if not text.strip():
        raise Refused("请写明答复：采纳了什么，或为什么不能采纳")
    if value is not None and value < 0:
        raise Refused("分解值不能为负数")
    with writing(actor, at):
        row = Allocation.objects.select_for_update().get(pk=share.pk)
        before = row.value
        row.answer, row.value, row.updated_at = text.strip(), row.value if value is None else value, at
        row.save(update_fields=["answer", "value", "updated_at"])
        log("答复分解异议", row, {"分解值": [before, row.value]}, reason=row.answer)
        fresh: Allocation = take("propose", row, actor=actor, at=at)
    return fresh


def propose(target: PlanTarget, *, actor: Actor, at: datetime) -> int:
    """Send every share that is still a draft to its county."""
    _officer(actor)
    row = row_of(target)
    if len(row.shares) < row.units:
        raise Refused(f"还有 {row.units - len(row.shares)} 个县区没有分解数，请先补齐")
    with writing(actor, at):
        drafts = [s for s in row.shares.values() if s.state == State.DRAFT]
        for share in drafts:
            take("propose", share, actor=actor, at=at)
    if not drafts:
        raise Refused("没有待发出的分解数")
    return len(drafts)


def issue_split(target: PlanTarget, *, actor: Actor, at: datetime, reason: str = "") -> int:
    """Issue all shares of a target together and hold the counties to them. Returns how many."""
    _officer(actor)
    with writing(actor, at):
        list(Allocation.objects.select_for_update().filter(target=target))
        row = row_of(target)
        if why := row.issue_refusal(reason):
            raise Refused(why)
        token = issuing_together.set(True)
        try:
            for share in row.shares.values():
                take("issue", share, actor=actor, at=at, reason=reason)
        finally:
            issuing_together.reset(token)
        if target.basis == PlanTarget.Basis.INDICATOR:
            for share in row.shares.values():
                _hold(target, share)
        log("下达目标分解", target, {"合计": [None, row.total], "差额": [None, row.gap]}, reason=reason)
    return len(row.shares)


def _hold(target: PlanTarget, share: Allocation) -> None:
    """The county's share becomes its target in the kernel, where other modules read it."""
    Target.objects.update_or_create(
        indicator=target.indicator,
        region_id=share.region_id,
        year=target.plan.year,
        defaults={
            "op": target.op,
            "value": share.value,
            "base": share.base,
            "due_on": target.due_on,
            "curve": target.curve,
            "source": f"{target.plan.title}目标分解 {share.number}"[:200],
        },
    )


def _officer(actor: Actor) -> None:
    if not actor.has(Role.OFFICER):
        raise Refused("目标分解由业务科室办理")
