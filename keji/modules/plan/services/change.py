"""Why a figure changed between two months, and which records stand behind a figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from keji.kernel.audit.unchanged import while_unchanged
from keji.kernel.indicators.freeze import members_of
from keji.kernel.indicators.indicator import Counted
from keji.kernel.indicators.models import Reading
from keji.kernel.parties.models import Region
from keji.kernel.people.roles import Actor, Role
from keji.lib.bridge import CORRECTED, Bridge, Part, bridge
from keji.lib.figures import Period
from keji.modules.plan.models import PlanTarget
from keji.modules.plan.services.periods import so_far

BATCH = 2000  # ids asked for in one statement


@dataclass(frozen=True)
class Members:
    """The records behind one figure: their ids, the figure itself, and what it is as of."""

    ids: list[int]
    value: Decimal
    period: Period
    live: bool
    version: int = 0


@dataclass(frozen=True)
class Change:
    """A bridge between two figures of one target, and what it stands between."""

    before: Members
    after: Members
    bridge: Bridge


def counted_of(target: PlanTarget) -> Counted | None:
    """The target's indicator, if its records are in this house."""
    found = target.indicator_or_none if target.basis == PlanTarget.Basis.INDICATOR else None
    return found if isinstance(found, Counted) else None


def members(target: PlanTarget, region: Region, period: Period | None, *, on: date) -> Members | None:
    """The records behind a target's figure: as frozen for `period`, or as they stand today; None for what none feed."""
    indicator = counted_of(target)
    if indicator is None:
        return None
    if period is not None:
        reading = _reading(indicator.code, region, period)
        if reading is None or reading.value is None:
            return None
        return Members(members_of(reading), reading.value, period, live=False, version=reading.version)
    now = so_far(on)
    by_region = indicator.members(now)
    amounts = indicator.amounts(now, by_region)
    if region.level == Region.Level.CITY:
        ids = sorted(pk for pks in by_region.values() for pk in pks)
        return Members(ids, sum(amounts.values(), Decimal(0)), now, live=True)
    return Members(by_region.get(region.code, []), amounts.get(region.code, Decimal(0)), now, live=True)


def _reading(code: str, region: Region, period: Period) -> Reading | None:
    found = Reading.objects.filter(indicator=code, region=region, period=str(period), current=True)
    return found.select_related("region").first()


@while_unchanged(32)
def why_changed(target: PlanTarget, region: Region, period: Period | None, *, on: date) -> Change | None:
    """The bridge from the month before to `period` (None: from the last frozen month to now).

    None when one of the two was never frozen, or when no records feed the figure.
    """
    indicator = counted_of(target)
    if indicator is None:
        return None
    after = members(target, region, period, on=on)
    earlier = period.previous() if period else last_frozen(indicator.code, Period.of(on))
    before = members(target, region, earlier, on=on) if earlier else None
    if before is None or after is None:
        return None
    return Change(before, after, between(indicator, before, after))


def last_frozen(code: str, until: Period) -> Period | None:
    """The latest month up to `until` that has a reading."""
    rows = Reading.objects.filter(indicator=code, current=True, period__lte=str(until), value__isnull=False)
    found = rows.order_by("-period").values_list("period", flat=True).first()
    return Period.month(int(found[:4]), int(found[5:])) if found else None


def between(indicator: Counted, before: Members, after: Members) -> Bridge:
    """Parts by reason that sum exactly. What the records alone do not explain (an amount corrected since) is 更正."""
    was, now = set(before.ids), set(after.ids)
    came, went = sorted(now - was), sorted(was - now)
    entered = _asked(indicator.why_entered, came, after.period)
    left = _asked(indicator.why_left, went, after.period)
    amounts = _amounts(indicator, [*came, *went])
    found = bridge(
        {pk: amounts[pk] for pk in went},
        {pk: amounts[pk] for pk in came},
        lambda pk: entered.get(int(str(pk)), "新增"),
        lambda pk: left.get(int(str(pk)), "退出"),
    )
    parts = found.parts
    rest = after.value - before.value - sum((Decimal(p.change) for p in parts), Decimal(0))
    if rest:
        parts = (*parts, Part(CORRECTED, tuple(sorted(was & now)) if indicator.amount else (), rest))
    return Bridge(before.value, after.value, parts)


def _asked(why: Any, ids: list[int], period: Period) -> dict[int, str]:
    found: dict[int, str] = {}
    for batch in _batches(ids):
        found |= why(batch, period)
    return found


def _batches(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def _amounts(indicator: Counted, ids: list[int]) -> dict[int, Decimal]:
    """By how much each record moves the figure; one that is gone from the database moves it by nothing known."""
    if not indicator.amount:
        return dict.fromkeys(ids, Decimal(1))
    found = dict.fromkeys(ids, Decimal(0))
    model = _model(indicator)
    for batch in _batches(ids):
        rows = model._default_manager.filter(pk__in=batch).values_list("pk", indicator.amount)
        found |= {pk: Decimal(amount or 0) for pk, amount in rows}
    return found


def _model(indicator: Counted) -> Any:
    return indicator.records(so_far(date(2000, 1, 31))).model


def records_of(indicator: Counted, ids: Sequence[int], actor: Actor) -> QuerySet[Any]:
    """These records as far as the actor may read them, newest last."""
    model = _model(indicator)
    rows = model._default_manager.all()
    if hasattr(model, "access") and hasattr(rows, "visible_to"):
        rows = rows.visible_to(actor)
    elif not actor.has(Role.LEADER, Role.OFFICER, Role.INSPECTOR):
        rows = rows.filter(**{f"{indicator.region}__in": list(actor.regions)})
    wanted = Q(pk__in=[])
    for batch in _batches(ids):
        wanted |= Q(pk__in=list(batch))
    known = {f.name for f in model._meta.get_fields()}
    joined = [name for name in ("party__region", "region") if name.split("__")[0] in known]
    return rows.filter(wanted).select_related(*joined).order_by("pk")  # type: ignore[no-any-return]
