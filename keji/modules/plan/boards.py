"""The workbench of each role: what will be missed and why, what is mine, what my county owes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from keji.kernel import clock
from keji.kernel.parties.models import Region
from keji.kernel.people.roles import Actor
from keji.lib.figures import Period
from keji.lib.pace import LightKind
from keji.modules.plan.models import Allocation, FollowUp, Item, Plan, ProgressNote, TargetProgress
from keji.modules.plan.services.periods import last_full_month
from keji.modules.plan.services.progress import confirming_refusal
from keji.modules.plan.services.track import ORDER, TargetLine, counted_by_light, shown, track
from keji.modules.plan.views.common import current_plan

Board = tuple[str, dict[str, Any]]
SOON_DAYS = 45
LISTED = 12
_POOR = (LightKind.AT_RISK, LightKind.BEHIND)


def leader_board(actor: Actor) -> Board:
    """One page: which targets will be missed, by whom, why; lights by action; counties; deadlines; who owes what."""
    on = clock.today()
    plan = current_plan(on)
    if plan is None:
        return "plan/board_leader.html", {"plan": None}
    lines = track(plan, on=on)
    threatened = sorted((line for line in lines if line.threatened), key=urgency)
    return "plan/board_leader.html", {
        "plan": plan,
        "lights": light_cells(lines),
        "threatened": threatened[:LISTED],
        "threatened_more": max(len(threatened) - LISTED, 0),
        "actions": by_action(lines),
        "kinds": [kind for kind, _ in counted_by_light(lines)],
        "county_map": county_map(lines),
        "sections": by_section(plan, lines, on),
        "deadlines": deadlines(plan, lines, on),
        "counties": waiting_counties(plan),
    }


def officer_board(actor: Actor) -> Board:
    """My section's targets from the worst light, what waits for me, what is due."""
    on = clock.today()
    plan = current_plan(on)
    if plan is None:
        return "plan/board_officer.html", {"plan": None}
    everything = track(plan, on=on)
    mine = [line for line in everything if line.target.section_id in actor.sections] if actor.sections else everything
    return "plan/board_officer.html", {
        "plan": plan,
        "lights": light_cells(mine, actor.sections),
        "lines": sorted(mine, key=urgency)[:LISTED],
        "more": max(len(mine) - LISTED, 0),
        "own": bool(actor.sections),
        "confirmations": confirmations(plan, actor),
        "objections": list(
            Allocation.objects.filter(target__plan=plan, state=Allocation.State.OBJECTED).select_related(
                "target", "region"
            )
        ),
        "deadlines": deadlines(plan, mine, on, actor.sections),
        "notes": missing_notes(plan, on, actor.sections),
        "month": last_full_month(on),
    }


def county_board(actor: Actor) -> Board:
    """Own share against what there is, own place among the counties, shares to confirm and objections answered."""
    on = clock.today()
    plan = current_plan(on)
    region = Region.objects.filter(pk__in=actor.regions).first()
    if plan is None or region is None:
        return "plan/board_county.html", {"plan": None}
    lines = track(plan, on=on)
    own: list[dict[str, Any]] = []
    for line in lines:
        county = line.county(region.code)
        if county is not None:
            value = shown(county.figure, line.unit, line.target.op, None, line.indicator)
            own.append({"line": line, "county": county, "value": value})
    own.sort(key=lambda row: (ORDER.index(row["county"].light.kind), row["line"].target.order))
    shares = Allocation.objects.visible_to(actor).filter(target__plan=plan).select_related("target", "region")
    return "plan/board_county.html", {
        "plan": plan,
        "region": region,
        "own": own,
        "lights": county_cells(own),
        "waiting": [s for s in shares if s.state == Allocation.State.PROPOSED],
        "objections": [s for s in shares if s.objection],
        "deadlines": deadlines(plan, [row["line"] for row in own], on, frozenset({""})),
    }


def urgency(line: TargetLine) -> tuple[int, int, int]:
    """From the worst light; of equal ones those forecast to miss first."""
    return (ORDER.index(line.light.kind), 0 if line.will_miss else 1, line.target.order)


def light_cells(lines: list[TargetLine], sections: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Counts per light, each leading to the tracker filtered by it."""
    one = next(iter(sorted(sections)), "")
    also = f"&section={one}" if one else ""
    found = [{"code": "", "word": "全部目标", "count": len(lines), "url": f"/plan/?{also.lstrip('&')}"}]
    for kind, count in counted_by_light(lines):
        found.append({"code": str(kind), "word": "", "count": count, "url": f"/plan/?light={kind}{also}"})
    if missing := sum(line.will_miss for line in lines):
        found.append({"code": "miss", "word": "预计完不成", "count": missing, "url": f"/plan/?light=miss{also}"})
    return found


def county_cells(own: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kinds = [row["county"].light.kind for row in own if row["county"].share is not None]
    return [{"code": str(k), "word": "", "count": kinds.count(k), "url": "/plan/split"} for k in ORDER if k in kinds]


def by_action(lines: list[TargetLine]) -> list[dict[str, Any]]:
    """Lights of each action, in the plan's order."""
    kinds = [kind for kind, _ in counted_by_light(lines)]
    groups: dict[Any, list[TargetLine]] = {}
    for line in lines:
        groups.setdefault(line.action, []).append(line)
    ordered = sorted(groups.items(), key=lambda g: g[0].order if g[0] else -1)
    return [
        {
            "title": f"{action.number}{action.title}" if action else "主要目标",
            "url": f"/plan/?action={action.pk}" if action else "/plan/",
            "total": len(found),
            "cells": [
                {
                    "kind": kind,
                    "count": sum(line.light.kind is kind for line in found),
                    "url": f"/plan/?action={action.pk if action else ''}&light={kind}",
                }
                for kind in kinds
            ],
        }
        for action, found in ordered
    ]


def county_map(lines: list[TargetLine]) -> dict[str, Any] | None:
    """How many of its shares each county is behind on."""
    counted: dict[Region, int] = {}
    for line in lines:
        for county in line.counties:
            if county.share is not None:
                counted[county.region] = counted.get(county.region, 0) + (county.light.kind in _POOR)
    if not counted:
        return None
    items = [
        {"code": r.code, "name": r.short_name if r.level == Region.Level.ZONE else r.name, "value": n}
        for r, n in counted.items()
    ]
    return {"kind": "map", "items": items, "unit": "项", "value_label": "滞后和偏慢的任务"}


def by_section(plan: Plan, lines: list[TargetLine], on: date) -> list[dict[str, Any]]:
    """What is stuck with whom: per lead section its poor lights, what it has not reported, notes it owes."""
    owed: dict[str, int] = {}
    for follow_up in missing_notes(plan, on):
        owed[follow_up.section_id] = owed.get(follow_up.section_id, 0) + 1
    groups: dict[Any, list[TargetLine]] = {}
    for line in lines:
        if line.target.section is not None:
            groups.setdefault(line.target.section, []).append(line)
    rows = [
        {
            "section": section,
            "url": f"/plan/?section={section.pk}",
            "total": len(found),
            "red": sum(line.light.kind is LightKind.AT_RISK for line in found),
            "amber": sum(line.light.kind is LightKind.BEHIND for line in found),
            "silent": sum(line.light.kind is LightKind.NOT_REPORTED for line in found),
            "waiting": sum(line.figure.waiting for line in found),
            "notes": owed.get(section.pk, 0),
        }
        for section, found in groups.items()
    ]
    return sorted(rows, key=lambda r: (-r["red"], -r["silent"], r["section"].order))


def missing_notes(plan: Plan, on: date, sections: Iterable[str] = ()) -> list[FollowUp]:
    """Tasks under supervision without a note for the month that has ended last."""
    period: Period = last_full_month(on)
    if period.year < plan.year:
        return []
    filed = ProgressNote.objects.filter(period=str(period)).values("follow_up_id")
    found = FollowUp.objects.filter(item__plan=plan, state=FollowUp.State.OPEN).exclude(pk__in=filed)
    wanted = list(sections)
    found = found.filter(section__in=wanted) if wanted else found
    return list(found.select_related("section").order_by("item__order"))


def deadlines(plan: Plan, lines: list[TargetLine], on: date, sections: Iterable[str] = ()) -> list[dict[str, Any]]:
    """What falls due within weeks, or is overdue and not done: targets one by one, tasks with their own day."""
    until = on + timedelta(days=SOON_DAYS)
    done = (LightKind.DONE, LightKind.OVER)
    groups: dict[date, list[TargetLine]] = {}
    for line in lines:
        if line.target.due_on <= until and line.light.kind not in done:
            groups.setdefault(line.target.due_on, []).append(line)
    tasks = Item.objects.filter(plan=plan, due_on__lte=until, follow_up__isnull=False)
    tasks = tasks.exclude(follow_up__state=FollowUp.State.CLOSED)
    if wanted := list(sections):
        tasks = tasks.filter(section__in=wanted)
    by_day: dict[date, list[Item]] = {}
    for task in tasks:
        if task.due_on is not None:
            groups.setdefault(task.due_on, [])
            by_day.setdefault(task.due_on, []).append(task)
    return [
        {"on": day, "days": (day - on).days, "lines": found, "tasks": by_day.get(day, [])}
        for day, found in sorted(groups.items())
    ]


def confirmations(plan: Plan, actor: Actor) -> list[TargetProgress]:
    """Progress that waits and that this person may confirm."""
    rows = TargetProgress.objects.filter(target__plan=plan, confirmed_at__isnull=True).select_related(
        "target", "region"
    )
    return [row for row in rows if not confirming_refusal(row, actor)]


def waiting_counties(plan: Plan) -> list[dict[str, Any]]:
    """Counties that have shares before them they have neither confirmed nor objected to."""
    counted: dict[Region, int] = {}
    for share in Allocation.objects.filter(target__plan=plan, state=Allocation.State.PROPOSED).select_related("region"):
        counted[share.region] = counted.get(share.region, 0) + 1
    return [{"region": region, "count": count} for region, count in counted.items()]
