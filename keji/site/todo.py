"""To-dos are derived, never stored: records whose state offers a step this actor may take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from keji.desk.desk import Desk, desks
from keji.kernel.audit.unchanged import while_unchanged
from keji.kernel.calendar.models import work_calendar
from keji.kernel.clock import today
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import deadline
from keji.modules.enterprises import api as enterprises
from keji.modules.horserace import api as horserace
from keji.modules.plan import api as plan
from keji.modules.platforms import api as platforms

SHOWN_PER_DESK = 50

# What waits without being a record with a flow.
OTHERS = (plan.waiting_papers, horserace.waiting_papers, enterprises.waiting_facts, platforms.waiting_tenants)
Waiting = tuple[Desk, QuerySet[Any], dict[str, list[str]]]


def waiting(actor: Actor, at: Iterable[Desk] | None = None) -> Iterator[Waiting]:
    """Each desk (of those asked about) with the records that wait for this actor and, per state, what they could do."""
    for desk in desks().values() if at is None else at:
        if desk.flow is None or not actor.has(*desk.writers):
            continue
        states: dict[str, list[str]] = {}
        mine = Q(pk__in=[])
        for step in desk.flow:
            if step.in_todo and actor.has(*step.roles):
                mine |= Q(state__in=step.source) & ~step.not_for(actor)
                for state in step.source:
                    states.setdefault(state, []).append(step.label)
        if states:
            yield desk, desk.model._default_manager.writable_by(actor).filter(mine), states  # type: ignore[attr-defined]


def todo_count(actor: Actor) -> int:
    """How much waits for this actor: on every page, so it is counted once until somebody does something."""
    return _counted(actor, today())


@while_unchanged(512)
def _counted(actor: Actor, on: date) -> int:
    return sum(_waiting_at(desk, actor, on) for desk in desks().values()) + sum(len(found(actor)) for found in OTHERS)


@while_unchanged(8192)  # by desk: what is done at one puts nothing out of date at the others
def _waiting_at(desk: Desk, actor: Actor, on: date) -> int:
    """`on` is asked for nowhere below and yet decides: what rests until a day waits again when the day has come."""
    return sum(rows.order_by()[:1000].count() for _, rows, _ in waiting(actor, [desk]))


def todo_items(actor: Actor) -> list[dict[str, Any]]:
    """What waits, the most urgent first."""
    on = today()
    items = [item for found in OTHERS for item in found(actor)]
    items += [item for desk in desks().values() if _waiting_at(desk, actor, on) for item in _items_at(desk, actor, on)]
    return sorted(items, key=lambda i: (i["days_left"] is None, i["days_left"] or 0, i["number"]))


@while_unchanged(512)
def _items_at(desk: Desk, actor: Actor, on: date) -> Sequence[dict[str, Any]]:
    """The first that wait at one desk, in the order they came."""
    calendar = work_calendar()
    items = []
    for _, rows, states in waiting(actor, [desk]):
        for record in _with_names(rows, desk).order_by("pk")[:SHOWN_PER_DESK]:
            due = deadline(record, calendar)
            items.append(
                {
                    "title": f"{desk.noun} {record}",
                    "url": desk.record_url(record),
                    "number": getattr(record, "number", ""),
                    "unit": str(getattr(record, "party", None) or getattr(record, "region", "") or ""),
                    "step": states[record.state][0],
                    "due_on": due,
                    "days_left": None if due is None else days_left(calendar, on, due),
                    "since": record.state_since,
                }
            )
    return items


def _with_names(rows: QuerySet[Any], desk: Desk) -> QuerySet[Any]:
    """The records with what their lines name, in one question."""
    named = {f.name for f in desk.model._meta.concrete_fields if f.name in ("party", "region") and f.is_relation}
    return rows.select_related(*named.union(desk.related)) if named or desk.related else rows


def days_left(calendar: Any, on: Any, due: Any) -> int:
    return int(calendar.between(on, due)) if due >= on else -int(calendar.between(due, on))
