"""Visits on the spot, and handing many firms over at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.people.roles import Role
from keji.kernel.records.flow import Refused
from keji.lib.figures import plain_date
from keji.modules.enterprises.ladder.forms import HandOverForm
from keji.modules.enterprises.ladder.models import CultivationEntry
from keji.modules.enterprises.ladder.services.cultivation import hand_over, visit
from keji.modules.enterprises.ladder.views import common
from keji.modules.enterprises.ladder.views.near import verdict_url
from keji.modules.enterprises.ladder.visiting import VisitForm

FINDING_TONES = {
    "preparing": "green", "coaching": "blue", "unsure": "amber", "unwilling": "red", "unreached": "gray"
}  # fmt: skip


def entry_or_404(request: HttpRequest, pk: int) -> CultivationEntry:
    actor = actor_of(request)
    rows = CultivationEntry.objects.visible_to(actor).select_related("party", "region", "owner")  # type: ignore[attr-defined]
    found: CultivationEntry | None = rows.filter(pk=pk).first()
    if found is None:
        raise Http404("没有找到这家培育企业，或者它不在您的县区范围内。")
    return found


@page(Role.OFFICER, Role.COUNTY)
def log_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """One hand, three taps: how does it stand, save. What more there is to tell stands below."""
    entry = entry_or_404(request, pk)
    form = VisitForm(request.POST or None, initial={"on": clock.today(), "again": "14"})
    if request.method == "POST" and form.is_valid():
        try:
            made = visit(entry, form.cleaned_data, actor=actor_of(request), at=clock.now())
            again = f"，{plain_date(made.next_on)}再跟进" if made.next_on else ""
            messages.success(request, f"已登记走访：{made.get_finding_display()}{again}。")
            return redirect(f"/d/cultivation/{entry.pk}")
        except Refused as why:
            form.add_error(None, f"没有保存：{why}。")
    context = {
        "entry": entry,
        "form": form,
        "last": entry.visits.first(),
        "verdict_url": verdict_url(entry.party_id, entry.rung),
        "page_title": "登记走访",
        "page_subtitle": f"{entry.party.name}　{entry.get_rung_display()}",
        "crumbs": [("培育清单", "/d/cultivation/"), (entry.party.name, f"/d/cultivation/{entry.pk}"), ("登记走访", "")],
    }
    return common.show(request, "visit.html", "", context)


@page(Role.OFFICER, Role.COUNTY)
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand one firm to somebody else."""
    actor, entry = actor_of(request), entry_or_404(request, pk)
    form = HandOverForm(request.POST or None, actor=actor, initial={"owner": entry.owner_id})
    del form.fields["plan"]
    if request.method == "POST" and form.is_valid():
        try:
            owner = form.cleaned_data["owner"]
            hand_over([entry], owner, actor=actor, at=clock.now())
            messages.success(request, f"已交给{owner.name}。")
            return redirect(f"/d/cultivation/{entry.pk}")
        except Refused as why:
            form.add_error(None, f"没有办成：{why}。")
    context = {
        "form": form,
        "entry": entry,
        "page_title": "交办",
        "page_subtitle": f"{entry.party.name}　{entry.get_rung_display()}",
        "crumbs": [("培育清单", "/d/cultivation/"), (entry.party.name, f"/d/cultivation/{entry.pk}"), ("交办", "")],
    }
    return common.show(request, "give.html", "", context)


def visits_panel(request: HttpRequest, entry: CultivationEntry) -> dict[str, Any]:
    """What was found so far, newest first, and the ways on."""
    actor = actor_of(request)
    rows = [
        {
            "cells": [
                {"value": plain_date(v.on)},
                {"value": v.get_finding_display(), "badge": FINDING_TONES[v.finding]},
                {"value": v.note or "—", "sub": f"企业承诺：{v.promised}" if v.promised else ""},
                {"value": v.next_step or "—", "sub": f"{plain_date(v.next_on)}前" if v.next_on else ""},
                {"value": v.by},
            ]
        }
        for v in entry.visits.all()[:100]
    ]
    may = actor.has(Role.OFFICER, Role.COUNTY) and entry.state in ("cultivating", "applied")
    return {
        "columns": common.columns("走访日期", "企业情况", "发现的问题", "下一步", "走访人"),
        "rows": rows,
        "visit_url": reverse("ladder-visit", args=[entry.pk]) if may else "",
        "give_url": reverse("ladder-give", args=[entry.pk]) if may and entry.state == "cultivating" else "",
    }


def standing_panel(request: HttpRequest, entry: CultivationEntry) -> dict[str, Any]:
    """What the rule says of the firm now, beside what it said when the firm was listed."""
    from keji.kernel.rules.models import Assessment

    found = Assessment.objects.filter(party=entry.party_id, rule=entry.rung).select_related("prospect").first()
    near = getattr(found, "prospect", None) if found else None
    words = {True: ("符合", "green"), False: ("不符合", "red"), None: ("资料不足或待评审", "amber")}
    word, tone = words[found.passed] if found else ("还没有评判", "gray")
    return {
        "word": word,
        "tone": tone,
        "near": near,
        "failing": found.failing_count if found else 0,
        "at": found.at if found else None,
        "verdict_url": verdict_url(entry.party_id, entry.rung),
        "then": entry.gap or entry.condition,
    }
