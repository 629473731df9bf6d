"""The buttons of the adopt page, each one service call; and the bulk bar."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from keji.desk.guard import actor_of
from keji.kernel import clock
from keji.kernel.people.models import Section
from keji.kernel.records.flow import Refused
from keji.modules.plan.models import Plan, PlanTarget
from keji.modules.plan.services import targets
from keji.modules.plan.services.targets import Assignment
from keji.modules.plan.views.adopt import acting

BULK_MOST = 500


def _by(request: HttpRequest) -> dict[str, Any]:
    return {"actor": actor_of(request), "at": clock.now()}


@acting
def drop(request: HttpRequest, plan: Plan, row: PlanTarget) -> PlanTarget | None:
    targets.drop([row], reason=request.POST.get("reason", ""), **_by(request))
    messages.success(request, f"已把“{row.subject}”移到不跟踪。")
    return None


@acting
def restore(request: HttpRequest, plan: Plan, row: PlanTarget) -> PlanTarget | None:
    targets.restore(row, **_by(request))
    messages.success(request, f"已恢复“{row.subject}”。")
    return row


@acting
def settle(request: HttpRequest, plan: Plan, row: PlanTarget) -> PlanTarget | None:
    chosen = request.POST.get("place", "")
    targets.settle(row, int(chosen) if chosen.isdecimal() and len(chosen) < 4 else -1, **_by(request))
    messages.success(request, f"已选定“{row.subject}”的表述。")
    return row


@acting
def bulk(request: HttpRequest, plan: Plan) -> PlanTarget | None:
    """Many rows at once: section, assisting sections, counties, dropping, merging."""
    ids = [int(i) for i in request.POST.getlist("ids")[:BULK_MOST] if i.isdecimal() and len(i) < 19]
    rows = list(plan.targets.filter(pk__in=ids))
    if not rows:
        raise Refused("还没有选择目标，请先在目标前打勾")
    act = request.POST.get("act", "")
    if act == "drop":
        count = targets.drop(rows, reason=request.POST.get("reason", ""), **_by(request))
        messages.success(request, f"已把 {count} 个目标移到不跟踪。")
        return None
    if act == "merge":
        main = targets.merge(rows, **_by(request))
        messages.success(request, f"已合并到“{main.subject}”。")
        return main
    count = targets.assign(rows, _wanted(request, act), **_by(request))
    messages.success(request, f"已更新 {count} 个目标。")
    return rows[0]


def _wanted(request: HttpRequest, act: str) -> Assignment:
    if act in ("counties", "city"):
        return Assignment(by_county=act == "counties")
    if act not in ("section", "assisting"):
        raise Refused("没有选择要做什么")
    section = Section.objects.filter(pk=request.POST.get("section", "")).first()
    if section is None:
        raise Refused("请先选择科室")
    return Assignment(section=section) if act == "section" else Assignment(helper=section)
