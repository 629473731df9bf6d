"""Splitting targets to counties: the matrix, one target's shares, a county's own, and the breakdown paper."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keji.desk.acts import attempt
from keji.desk.files import paper_answer
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.documents.models import Paper
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import take
from keji.lib.figures import format_number
from keji.modules.plan.forms_track import AnswerForm
from keji.modules.plan.models import Allocation, PlanTarget
from keji.modules.plan.phrases import wanted
from keji.modules.plan.services import breakdown, split
from keji.modules.plan.services.split import METHODS, SplitRow
from keji.modules.plan.views.common import READERS, current_plan, sees_all_counties, tracked_or_404, years

TONES = {"draft": "gray", "proposed": "blue", "confirmed": "green", "objected": "amber", "issued": "teal"}
OWN_STEPS = ("confirm", "object", "revise")


@page(*READERS)
def overview(request: HttpRequest) -> HttpResponse:
    """Officers and leaders see the matrix, a county its own shares."""
    actor = actor_of(request)
    plan = current_plan(clock.today(), request.GET.get("year", ""))
    if plan is None:
        return render(request, "plan/tracker_empty.html", {"page_title": "目标分解", "years": years()})
    rows = split.matrix(plan, actor)
    context: dict[str, Any] = {
        "page_title": "目标分解",
        "page_subtitle": plan.title,
        "crumbs": [("目标跟踪", "/plan/"), ("目标分解", "")],
        "plan": plan,
        "years": years(),
    }
    if not sees_all_counties(actor):
        context["cards"] = [card_of(row, share, actor) for row in rows for share in row.shares.values()]
        return render(request, "plan/split_county.html", context)
    regions = split.units()
    context |= {
        "regions": regions,
        "rows": [matrix_row(row, regions) for row in rows],
        "papers": papers_of(plan, actor),
        "may_edit": actor.has(Role.OFFICER),
        "may_draft": actor.has(Role.OFFICER) and any(r.issued for r in rows),
        "counts": stages(rows),
    }
    return render(request, "plan/split.html", context)


def stages(rows: list[SplitRow]) -> list[dict[str, Any]]:
    """How far the splitting has come, for the strip on top."""
    shares = [s for r in rows for s in r.shares.values()]
    counted = {state: sum(s.state == state for s in shares) for state in Allocation.State.values}
    return [
        {"label": label, "count": counted[value], "tone": TONES[value]} for value, label in Allocation.State.choices
    ]


def matrix_row(row: SplitRow, regions: list[Any]) -> dict[str, Any]:
    cells = []
    for region in regions:
        share = row.shares.get(region.code)
        cells.append(
            {
                "region": region,
                "share": share,
                "value": format_number(share.value) if share else "",
                "tone": TONES[share.state] if share else "",
            }
        )
    return {
        "row": row,
        "wanted": wanted(row.target),
        "cells": cells,
        "total": format_number(row.total) if row.shares else "—",
        "gap": row.gap,
        "gap_text": gap_text(row),
        "state": state_of(row),
    }


def gap_text(row: SplitRow) -> str:
    if not row.shares:
        return ""
    if row.gap is None:
        return "不求和"
    if not row.gap:
        return "合计一致"
    return f"{'少' if row.gap > 0 else '多'} {format_number(abs(row.gap), row.target.unit)}"


def state_of(row: SplitRow) -> dict[str, str]:
    """The one word for a whole row: what it waits for."""
    states = row.states()
    if not states:
        return {"label": "未分解", "tone": "gray"}
    if row.issued:
        return {"label": "已下达", "tone": "teal"}
    if count := states.get("objected"):
        return {"label": f"{count} 个异议", "tone": "amber"}
    if count := states.get("proposed"):
        return {"label": f"待 {count} 个县区确认", "tone": "blue"}
    if states.get("draft"):
        return {"label": "拟分解", "tone": "gray"}
    return {"label": "可以下达", "tone": "green"}


def card_of(row: SplitRow, share: Allocation, actor: Actor) -> dict[str, Any]:
    """One share as its county reads it, with what it can do."""
    growth = None
    if share.base and share.base > 0 and split.adds_up(row.target):
        growth = (share.value / share.base - 1) * 100
    return {
        "share": share,
        "target": row.target,
        "city": wanted(row.target),
        "own": wanted(row.target, share.value),
        "base": format_number(share.base, row.target.unit),
        "growth": growth,
        "tone": TONES[share.state],
        "steps": steps_of(share, actor),
    }


def steps_of(share: Allocation, actor: Actor) -> list[dict[str, Any]]:
    return [
        {
            "code": f"{step.name}-{share.pk}",
            "label": step.label,
            "url": f"/plan/split/shares/{share.pk}/{step.name}",
            "allowed": True,
            "tone": "" if step.tone == "secondary" else step.tone,
            "needs_reason": step.needs_reason,
            "reason_most": step.reason_most,
            "reason_hint": "会记入办理记录，市局据此答复。",
            "confirm": "确认后按这个数分解下达，确定吗？" if step.name == "confirm" else "",
        }
        for step, why in share.flow.offered(actor, share)
        if step.name in OWN_STEPS and not why
    ]


@page(Role.OFFICER, Role.LEADER, Role.INSPECTOR)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """One target's shares: bases, values, sum against the city's target, objections and answers."""
    actor = actor_of(request)
    target = splittable_or_404(pk)
    if request.method == "POST":
        if not actor.has(Role.OFFICER):
            raise PermissionDenied("目标分解由业务科室办理。")
        values, problems = values_posted(request, target)
        if problems:
            messages.error(request, "；".join(problems) + "。没有保存。")
        else:
            attempt(
                request,
                lambda: split.save_values(target, values, actor=actor, at=clock.now()),
                lambda n: f"已保存，改动 {n} 个县区。" if n else "没有改动。",
            )
        return redirect("plan-split-target", pk=target.pk)
    row = split.row_of(target)
    bases = split.bases_of(target)
    lines = [share_line(region, row, bases, actor) for region in split.units()]
    context = {
        "page_title": target.subject,
        "page_subtitle": f"全市目标 {wanted(target)} · 分解到 {row.units} 个县区",
        "crumbs": [("目标跟踪", "/plan/"), ("目标分解", "/plan/split"), (target.subject, "")],
        "target": target,
        "row": row,
        "lines": lines,
        "base_total": format_number(sum(bases.values(), Decimal(0)) if bases else None, target.unit),
        "gap_text": gap_text(row),
        "state": state_of(row),
        "methods": METHODS if row.adds_up else {"equal": "各县区同一要求"},
        "may_edit": actor.has(Role.OFFICER) and not row.issued,
        "editable": any(line["editable"] for line in lines),
        "may_revise": any(line["steps"] for line in lines),
        "drafts": row.states().get("draft", 0),
        "issue_refusal": row.issue_refusal("有理由"),
        "issue_needs_reason": bool(row.gap),
    }
    return render(request, "plan/split_target.html", context)


def splittable_or_404(pk: int) -> PlanTarget:
    target = tracked_or_404(pk)
    if not target.by_county:
        raise Http404("这个目标不分解到县区。")
    return target


def share_line(region: Any, row: SplitRow, bases: dict[str, Decimal], actor: Actor) -> dict[str, Any]:
    share = row.shares.get(region.code)
    base = bases.get(region.code)
    growth = (share.value / base - 1) * 100 if share and base and base > 0 and row.adds_up else None
    editable = actor.has(Role.OFFICER) and (share is None or share.state in ("draft", "objected"))
    return {
        "region": region,
        "share": share,
        "base": format_number(base, row.target.unit),
        "input": format(share.value.normalize(), "f") if share else "",
        "value": format_number(share.value, row.target.unit) if share else "—",
        "growth": growth,
        "tone": TONES[share.state] if share else "gray",
        "state": share.get_state_display() if share else "未分解",
        "editable": editable,
        "steps": steps_of(share, actor) if share else [],
    }


def values_posted(request: HttpRequest, target: PlanTarget) -> tuple[dict[str, Decimal], list[str]]:
    """Figures typed into the table; an empty box leaves its county alone."""
    values, problems = {}, []
    for region in split.units():
        text = request.POST.get(f"value-{region.code}", "").replace(",", "").replace("，", "").strip()
        if not text:
            continue
        try:
            value = Decimal(text)
            if not value.is_finite() or value < 0 or abs(value) >= Decimal(10) ** 14:
                raise InvalidOperation
            values[region.code] = value.quantize(Decimal("0.0001"))
        except InvalidOperation:
            problems.append(f"{region.short_name}的“{text[:20]}”不是不小于零的数")
    return values, problems


def _act(request: HttpRequest, pk: int, act: Any, said: Any) -> HttpResponse:
    target = splittable_or_404(pk)
    attempt(request, lambda: act(target), said)
    return redirect("plan-split-target", pk=target.pk)


@page(Role.OFFICER)
@require_POST
def suggest(request: HttpRequest, pk: int) -> HttpResponse:
    actor, at, method = actor_of(request), clock.now(), request.POST.get("method", "")
    return _act(
        request,
        pk,
        lambda t: split.suggest(t, method, actor=actor, at=at),
        lambda found: f"已按“{METHODS[method]}”拟出建议，请核对调整。" + "".join(found.notes),
    )


@page(Role.OFFICER)
@require_POST
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    return _act(request, pk, lambda t: split.propose(t, actor=actor, at=at), lambda n: f"已发 {n} 个县区确认。")


@page(Role.OFFICER)
@require_POST
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    actor, at, reason = actor_of(request), clock.now(), request.POST.get("reason", "")
    return _act(
        request,
        pk,
        lambda t: split.issue_split(t, actor=actor, at=at, reason=reason),
        lambda n: f"已下达 {n} 个县区，从现在起按此跟踪。",
    )


def share_or_404(request: HttpRequest, pk: int) -> Allocation:
    share = Allocation.objects.visible_to(actor_of(request)).filter(pk=pk).select_related("target", "region").first()
    if share is None:
        raise Http404("没有这条分解，或者它不在您的查看范围内。")
    return share  # type: ignore[no-any-return]


@page(Role.OFFICER, Role.COUNTY)
@require_POST
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """A county confirms or objects; an officer takes a share back."""
    actor, share = actor_of(request), share_or_404(request, pk)
    if step not in OWN_STEPS:
        raise Http404("没有这个步骤。")
    label = share.flow[step].label
    reason = request.POST.get("reason", "")
    attempt(
        request, lambda: take(step, share, actor=actor, at=clock.now(), reason=reason), f"已{label}：{share.target}。"
    )
    if sees_all_counties(actor):
        return redirect("plan-split-target", pk=share.target_id)
    return redirect("plan-split")


@page(Role.OFFICER)
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    actor, share = actor_of(request), share_or_404(request, pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请写明答复（500 字以内），分解值填不小于零的数。没有保存。")
    else:
        values = form.cleaned_data
        attempt(
            request,
            lambda: split.answer(share, values["text"], value=values["value"], actor=actor, at=clock.now()),
            f"已答复{share.region.short_name}，重新发其确认。",
        )
    return redirect("plan-split-target", pk=share.target_id)


def papers_of(plan: Any, actor: Actor) -> list[dict[str, Any]]:
    return [
        {
            "paper": paper,
            "may_issue": paper.state == Paper.State.DRAFT and paper.content.get("drafter") != actor.id,
        }
        for paper in breakdown.breakdown_papers(plan).select_related("corrects")
    ]


@page(Role.OFFICER)
@require_POST
def draft_paper(request: HttpRequest) -> HttpResponse:
    actor, plan = actor_of(request), plan_or_404(request)
    attempt(
        request,
        lambda: breakdown.draft_breakdown_paper(plan, actor=actor, at=clock.now()),
        "已起草，请另一人核对后编号印发。",
    )
    return redirect(f"/plan/split?year={plan.year}#paper")


@page(Role.OFFICER, Role.LEADER)
@require_POST
def issue_paper(request: HttpRequest) -> HttpResponse:
    actor, plan = actor_of(request), plan_or_404(request)
    attempt(
        request,
        lambda: breakdown.issue_breakdown_paper(
            plan, document_number=request.POST.get("number", ""), actor=actor, at=clock.now()
        ),
        lambda paper: f"已印发{paper.number}。",
    )
    return redirect(f"/plan/split?year={plan.year}#paper")


def plan_or_404(request: HttpRequest) -> Any:
    plan = current_plan(clock.today(), request.POST.get("year", ""))
    if plan is None:
        raise Http404("没有这一年执行中的工作要点。")
    return plan


@page(*READERS)
def paper_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """An issued paper as Word or PDF."""
    paper = Paper.objects.filter(pk=pk, kind=breakdown.KIND, state=Paper.State.ISSUED).first()
    if paper is None:
        raise Http404("没有这份公文，或者它还没有印发。")
    return paper_answer(paper, kind)
