"""The very records behind a figure, or behind one part of why it changed, within what the reader may see."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from keji.desk.desk import desk_of
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.parties.models import Region
from keji.kernel.people.roles import Actor
from keji.modules.plan.models import PlanTarget
from keji.modules.plan.services.change import counted_of, members, records_of, why_changed
from keji.modules.plan.views.common import READERS, month_asked, sees_all_counties, tracked_or_404
from keji.modules.plan.views.target import own_region

PAGE_SIZE = 25


@page(*READERS)
def records(request: HttpRequest, pk: int) -> HttpResponse:
    actor, on = actor_of(request), clock.today()
    target = tracked_or_404(pk)
    indicator = counted_of(target)
    if indicator is None:
        raise Http404("这个目标不由系统台账计数，没有记录清单。")
    period = month_asked(request, target.plan)
    region = region_asked(request, actor)
    reason, way = request.GET.get("reason", ""), request.GET.get("way", "")
    found = members(target, region, period, on=on)
    if found is None:
        raise Http404(f"{region.name}{period.label if period else ''}没有定格数。")
    ids = part_ids(target, region, period, on, reason, way) if reason else found.ids
    # Pages are cut from the ids: a figure of ten thousand records asks the database for one page of them.
    page_of = Paginator(ids, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = list(records_of(indicator, list(page_of.object_list), actor))
    when = f"{period.label}定格（第 {found.version} 版）" if period else "现在"
    context = {
        "page_title": f"{indicator.name}：{reason or '记录清单'}",
        "page_subtitle": f"{region.name} · {when} · {len(ids)} 条" + (f"（{reason}）" if reason else ""),
        "crumbs": [("目标跟踪", "/plan/"), (target.subject, target.get_absolute_url()), ("记录清单", "")],
        "columns": [{"label": "记录"}, {"label": "单位"}, {"label": "县区"}, {"label": "编号"}, {"label": "状态"}],
        "rows": [row_of(r) for r in rows],
        "page": page_of,
        "numbers": page_of.paginator.get_elided_page_range(page_of.number, on_each_side=1, on_ends=1),
        "hidden": len(page_of.object_list) - len(rows),
        "caliber": indicator.caliber(),
        "target": target,
        "regions": Region.objects.all() if sees_all_counties(actor) else [],
        "region": region,
        "period": period,
        "reason": reason,
    }
    return render(request, "plan/records.html", context)


def region_asked(request: HttpRequest, actor: Actor) -> Region:
    """The county asked for, if the reader may look into it; without one, their own or the city."""
    code = request.GET.get("region", "")
    if not code:
        return own_region(actor)
    region = Region.objects.filter(pk=code).first()
    if region is None or not (sees_all_counties(actor) or code in actor.regions):
        raise Http404("没有这个县区，或者它不在您的查看范围内。")
    return region


def part_ids(target: PlanTarget, region: Region, period: Any, on: Any, reason: str, way: str) -> list[int]:
    """The records of one part of the bridge."""
    change = why_changed(target, region, period, on=on)
    for part in change.bridge.parts if change else ():
        if part.reason == reason and (not way or (part.change > 0) == (way == "in")):
            return [int(str(pk)) for pk in part.ids]
    raise Http404("这个变动原因已经没有对应的记录。")


def row_of(record: Any) -> dict[str, Any]:
    desk = desk_of(type(record))
    url = desk.record_url(record) if desk else record.get_absolute_url() if hasattr(record, "get_absolute_url") else ""
    party = getattr(record, "party", None)
    region = getattr(record, "region", None) or getattr(party, "region", None)
    state = getattr(record, "get_state_display", None)
    values = [
        str(record),
        str(party or "—"),
        str(region or "—"),
        getattr(record, "number", "—"),
        state() if state else "—",
    ]
    return {"url": url, "cells": [{"value": v} for v in values]}
