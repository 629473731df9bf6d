"""分配评审: the best plan for a batch with its proof, adopting it, and changing it by hand."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keji.desk.acts import attempt, visible_or_404
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.parties.models import Person
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.lib.assignment import FULL_FIT
from keji.lib.figures import format_percent
from keji.modules.projects.models import Review, ReviewBatch
from keji.modules.projects.reviews.services import allocating, fitting, swapping
from keji.modules.projects.reviews.services.allocating import Facts, Options, Plan

CRUMB = ("评审批次", "/d/review-batches/")


class OptionsForm(forms.Form):
    """What the officer may set; the rest follows from the batch."""

    each = forms.IntegerField(label="每个项目几位专家（单数）", min_value=1, max_value=21)
    load = forms.IntegerField(label="每位专家最多几项", min_value=1, max_value=999)
    finance = forms.IntegerField(label="其中财务专家至少", min_value=0, max_value=21)
    fair = forms.BooleanField(label="先顾契合度最低的项目", required=False)

    def options(self) -> Options:
        return Options(**self.cleaned_data)


def told(errors: Any, form: forms.Form) -> str:
    return "；".join(f"{form[name].label}：{found[0]}" for name, found in errors.items())


@page(Role.OFFICER, Role.INSPECTOR)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan for the numbers asked for, beside what stands now; looking writes nothing."""
    actor, batch = actor_of(request), visible_or_404(request, ReviewBatch, pk)
    context: dict[str, Any] = {
        "batch": batch,
        "page_title": "分配评审",
        "page_subtitle": f"{batch.title}（{batch.number}）",
        "crumbs": [CRUMB, (batch.title, f"/d/review-batches/{pk}"), ("分配评审", "")],
        "fit_said": fitting.SAID,
        "columns": [{"label": "项目"}, {"label": "评审专家"}, {"label": "平均契合度", "align": "end"}],
    }
    try:
        facts = allocating.facts_of(batch)
    except Refused as why:
        return render(request, "projects/allocating.html", context | {"refusal": str(why)})
    usual = allocating.usual(batch, facts)
    form = OptionsForm(request.GET if "each" in request.GET else vars(usual))
    plan, problem = None, ""
    try:
        if form.is_valid():
            plan = allocating.plan_for(batch, form.options(), facts)
        else:
            problem = told(form.errors, form)
    except Refused as why:
        problem = str(why)
    context |= {"form": form, "plan": plan, "problem": problem, "people_count": len(facts.people)}
    context |= {"away": _away(facts), "now": _now(actor, batch, facts)}
    if plan is not None and plan.found is not None:
        context |= _shown(plan) | {"may_adopt": actor.has(Role.OFFICER) and batch.state == ReviewBatch.State.DRAFT}
        context["same"] = context["now"] is not None and context["now"]["pairs"] == _pairs(plan)
    return render(request, "projects/allocating.html", context)


def percent(fit: int, of: int) -> str:
    if not of:
        return "—"
    return format_percent(Fraction(fit, FULL_FIT * of), places=1) if fit else "0%"


def _span(least: int, most: int) -> str:
    return f"{least} 项" if least == most else f"{least}—{most} 项"


def _pairs(plan: Plan) -> set[tuple[int, int]]:
    facts = plan.facts
    return {(facts.proposals[at].pk, facts.people[who].pk) for at, panel in enumerate(plan.panels) for who in panel}


def _shown(plan: Plan) -> dict[str, Any]:
    """The plan's figures, its proof in words, and its rows."""
    found, each, seats = plan.found, plan.options.each, plan.options.each * len(plan.panels)
    assert found is not None
    loads = [plan.loads[who] for who in range(len(plan.facts.people))]
    gap = found.bound - found.total
    return {
        "total": percent(found.total, seats),
        "bound": percent(found.bound, seats),
        "gap": percent(gap, seats) if gap else "",
        "worst": percent(found.worst, each),
        "loads": _span(min(loads), max(loads)),
        "cut": len(found.cut),
        "rows": [_row(plan.facts, at, panel) for at, panel in enumerate(plan.panels)],
        "load_columns": [
            {"label": "专家"}, {"label": "单位"}, {"label": "评审项数", "align": "end"},
            {"label": "平均契合度", "align": "end"},
        ],
        "load_rows": [_load(plan.facts, who, plan.panels) for who in range(len(plan.facts.people))],
    }  # fmt: skip


def _row(facts: Facts, at: int, panel: list[int]) -> dict[str, Any]:
    proposal = facts.proposals[at]
    names = "、".join(f"{facts.people[who].name}（{percent(int(facts.fits[at, who]), 1)}）" for who in panel)
    fit = sum(int(facts.fits[at, who]) for who in panel)
    return {
        "cells": [
            {"value": proposal.title, "sub": proposal.number, "url": f"/d/proposals/{proposal.pk}"},
            {"value": names},
            {"value": percent(fit, len(panel)), "align": "end"},
        ]
    }


def _load(facts: Facts, who: int, panels: list[list[int]]) -> dict[str, Any]:
    person, mine = facts.people[who], [at for at, panel in enumerate(panels) if who in panel]
    kind = "财务" if facts.finance[who] else ""
    return {
        "cells": [
            {"value": person.name, "sub": kind},
            {"value": facts.employers[who]},
            {"value": f"{len(mine)} 项", "align": "end"},
            {"value": percent(sum(int(facts.fits[at, who]) for at in mine), len(mine)), "align": "end"},
        ]
    }


def _away(facts: Facts) -> list[str]:
    """Why pairs must not be, each sentence once."""
    counted = Counter(facts.forbidden.values())
    return [f"{why}（{n} 个项目）" if n > 1 else why for why, n in sorted(counted.items())]


def _now(actor: Actor, batch: ReviewBatch, facts: Facts) -> dict[str, Any] | None:
    """The sheets there are, as the same figures; None when there are none."""
    sheets = Review.objects.visible_to(actor).filter(batch=batch).exclude(state=Review.State.RECUSED)
    place = {p.pk: i for i, p in enumerate(facts.proposals)}, {p.pk: i for i, p in enumerate(facts.people)}
    panels: list[list[int]] = [[] for _ in facts.proposals]
    for proposal, person in sheets.order_by("code").values_list("proposal", "person"):
        panels[place[0][proposal]].append(place[1][person])
    seats = sum(map(len, panels))
    if not seats:
        return None
    total = sum(int(facts.fits[at, who]) for at, panel in enumerate(panels) for who in panel)
    draft = batch.state == ReviewBatch.State.DRAFT
    gone = Review.objects.visible_to(actor).filter(batch=batch).select_related("proposal", "person")
    if not draft:
        gone = gone.filter(state=Review.State.RECUSED)
    loads = Counter(who for panel in panels for who in panel)
    return {
        "total": percent(total, seats),
        "seats": seats,
        "loads": _span(min(loads[who] for who in range(len(facts.people))), max(loads.values())),
        "rows": [_row(facts, at, panel) for at, panel in enumerate(panels)],
        "pairs": {(facts.proposals[at].pk, facts.people[who].pk) for at, panel in enumerate(panels) for who in panel},
        "swaps": list(gone.order_by("proposal", "code")) if actor.has(Role.OFFICER) and batch.state != "closed" else [],
        "people": facts.people,
        "draft": draft,
    }


def _back(pk: int, asked: Any) -> HttpResponse:
    kept = {name: asked[name] for name in ("each", "load", "finance", "fair") if asked.get(name)}
    query = f"?{urlencode(kept)}" if kept else ""
    return redirect(f"/projects/batches/{pk}/allocate{query}")


@page(Role.OFFICER)
@require_POST
def adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the plan that was looked at."""
    batch, form = visible_or_404(request, ReviewBatch, pk), OptionsForm(request.POST)

    def act() -> None:
        if not form.is_valid():
            raise Refused(told(form.errors, form))
        digest = request.POST.get("digest", "")[:64]
        allocating.adopt(batch, form.options(), digest, actor=actor_of(request), at=clock.now())

    attempt(request, act, "已按方案安排评审专家。核对后在批次页面点“开始评审”。")
    return _back(pk, request.POST)


@page(Role.OFFICER)
@require_POST
def swap(request: HttpRequest, pk: int) -> HttpResponse:
    """One reviewer of one proposal for another, with a reason."""
    batch = visible_or_404(request, ReviewBatch, pk)

    def act() -> None:
        keys = [request.POST.get(name, "") for name in ("sheet", "person")]
        if not all(k.isdecimal() and len(k) < 12 for k in keys):
            raise Refused("请选择要换下和换上的专家")
        sheet = Review.objects.visible_to(actor_of(request)).filter(batch=batch, pk=int(keys[0])).first()
        person = Person.objects.filter(pk=int(keys[1])).first()
        if sheet is None or person is None:
            raise Refused("这位专家刚刚已被换下，请刷新后再看")
        swapping.swap(sheet, person, request.POST.get("reason", ""), actor=actor_of(request), at=clock.now())

    attempt(request, act, "已换人，理由已记入办理记录。")
    return _back(pk, request.POST)
