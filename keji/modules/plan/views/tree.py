"""The plan's tree, with who answers for what; and two editions side by side."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.people.models import Section
from keji.kernel.people.roles import Role
from keji.kernel.records.flow import Refused
from keji.modules.plan.forms_adopt import leaders
from keji.modules.plan.models import Item, Plan
from keji.modules.plan.services import revision, targets
from keji.modules.plan.services.targets import Assignment
from keji.modules.plan.views.adopt import READERS, crumbs, plan_or_404
from keji.modules.plan.views.adopt_page import rows_of
from keji.modules.plan.wording import said_of


@page(*READERS)
def tree(request: HttpRequest, pk: int) -> HttpResponse:
    plan, actor = plan_or_404(request, pk), actor_of(request)
    may_assign = actor.has(Role.OFFICER) and plan.state in ("draft", "adopted")
    found, loose = branches(plan)
    tasks = [t for b in found for t in (b["children"] if b["item"].kind == "action" else [b])]
    context = {
        "plan": plan,
        "branches": found,
        "loose": loose,
        "may_assign": may_assign,
        "sections": list(Section.objects.all()) if may_assign else [],
        "leaders": list(leaders(clock.today())) if may_assign else [],
        "page_title": plan.title,
        "page_subtitle": f"{sum(b['item'].kind == 'action' for b in found)} 项行动、{len(tasks)} 项任务、"
        f"{sum(b['total'] for b in found) + len(loose)} 个目标",
        "unassigned": sum(t["item"].section_id is None for t in tasks),
        "crumbs": crumbs(plan, ("任务树", "")),
    }
    return render(request, "plan/tree.html", context)


def branches(plan: Plan) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The tree in three queries, and the targets that belong to no item."""
    rows = plan.items.select_related("section", "leader", "follow_up").prefetch_related("assisting").order_by("order")
    nodes: dict[int, dict[str, Any]] = {}
    roots: list[dict[str, Any]] = []
    for item in rows:
        node: dict[str, Any] = {"item": item, "children": [], "measures": [], "targets": [], "total": 0}
        node["assisting"] = list(item.assisting.all())
        node["follow_up"] = getattr(item, "follow_up", None)
        nodes[item.pk] = node
        parent = nodes.get(item.parent_id or 0)
        if parent is None:
            roots.append(node)
        else:
            parent["measures" if item.kind == Item.Kind.MEASURE else "children"].append(node)
    loose: list[dict[str, Any]] = []
    for target in rows_of(plan):
        if not target.tracked:
            continue
        row = {"target": target, "said": said_of(target), "assisting": list(target.assisting.all())}
        node_of = nodes.get(target.item_id or 0)
        (node_of["targets"] if node_of else loose).append(row)
    for root in roots:
        root["total"] = len(root["targets"]) + sum(len(child["targets"]) for child in root["children"])
    return roots, loose


@page(Role.OFFICER)
@require_POST
def assign(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Leader, section, assisting sections and deadline of one action or task."""
    plan = plan_or_404(request, pk)
    row = plan.items.filter(pk=item).select_related("plan").first()
    if row is None:
        raise Http404("这份工作要点里没有这项任务。")
    back = reverse("plan-adopt" if request.POST.get("back") == "adopt" else "plan-tree", args=[plan.pk])
    try:
        wanted = _wanted(request)
        with_targets = request.POST.get("with_targets") == "on"
        targets.assign_item(row, wanted, with_targets=with_targets, actor=actor_of(request), at=clock.now())
        messages.success(request, f"已更新“{row.title}”的责任。")
    except Refused as why:
        messages.error(request, f"没有办成：{why}。")
    return redirect(f"{back}#i{row.pk}")


def _wanted(request: HttpRequest) -> Assignment:
    post = request.POST
    section = Section.objects.filter(pk=post["section"]).first() if post.get("section") else None
    leader_id = post.get("leader", "")
    leader = leaders(clock.today()).filter(pk=leader_id).first() if leader_id.isdecimal() else None
    if leader_id.isdecimal() and leader is None:
        raise Refused("选择的责任领导不在任，请重新选择")
    due_on = None
    if post.get("due_on"):
        try:
            due_on = date.fromisoformat(post["due_on"])
        except ValueError:
            raise Refused("完成时限不是有效的日期") from None
    assisting = None
    if post.get("assisting_sent"):
        assisting = list(Section.objects.filter(pk__in=post.getlist("assisting")))
        if section and section in assisting:
            assisting.remove(section)
    cleared = post.get("leader") == "none"
    return Assignment(section=section, assisting=assisting, leader=leader, due_on=due_on, clear_leader=cleared)


@page(*READERS)
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_or_404(request, pk)
    old = plan.supersedes
    context: dict[str, Any] = {
        "plan": plan,
        "old": old,
        "page_title": "与上一版对照",
        "page_subtitle": plan.title,
        "crumbs": crumbs(plan, ("版本对照", "")),
    }
    if old is not None:
        before = [t for t in rows_of(old) if t.merged_into_id is None]
        after = [t for t in rows_of(plan) if t.merged_into_id is None]
        rows = revision.differences(before, after)
        lines = revision.text_changes(old.lines, plan.lines)
        by_kind = {k: [r for r in rows if r.kind == k] for k in ("changed", "added", "removed", "same")}
        context |= by_kind | {
            "lines": [pair for pair in lines if not pair.same],
            "same_lines": sum(pair.same for pair in lines),
            "page_subtitle": f"{old.title}（第 {old.edition} 版）→ 第 {plan.edition} 版",
        }
    return render(request, "plan/compare.html", context)
