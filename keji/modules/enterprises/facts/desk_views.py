"""Work on many files: what differs between sources, what nobody has confirmed yet."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.facts.models import FactFile, Statement
from keji.kernel.facts.services import confirm, settle, settle_refusal
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.lib.rules import vocabulary

READERS = (Role.LEADER, Role.OFFICER, Role.COUNTY, Role.INSPECTOR, Role.ENTERPRISE)
A_PAGE = 20
MOST_FIRMS = 200  # confirmed at once


def unsettled(actor: Actor) -> Any:
    """Files some of whose facts have sources that differ, within what the actor sees."""
    return FactFile.objects.visible_to(actor).filter(open_count__gt=0).select_related("party__region").order_by("party")


@page(*READERS)
def conflicts(request: HttpRequest) -> HttpResponse:
    """Sources side by side, each with its evidence and time, to be settled with a reason."""
    actor = actor_of(request)
    files = Paginator(unsettled(actor), A_PAGE).get_page(request.GET.get("page"))
    rows: dict[tuple[int, str, int], list[Statement]] = defaultdict(list)
    live = Statement.objects.live(clock.today()).filter(party__in=[f.party_id for f in files])  # type: ignore[attr-defined]
    for s in live.select_related("party", "filing").order_by("stated_at", "pk"):
        rows[s.party_id, s.name, s.year].append(s)
    cases = []
    for file in files:
        for name in file.unsettled:
            said = rows[file.party_id, name, file.year]
            refusals = {s.pk: settle_refusal(s, actor) for s in said}
            cases.append(
                {
                    "file": file,
                    "fact": vocabulary.fact(name),
                    "rows": [{"s": s, "text": s.fact.text(s.value), "refusal": refusals[s.pk]} for s in said],
                    "may": not all(refusals.values()),
                    "refusal": next(iter(refusals.values()), ""),
                }
            )
    context = {
        "cases": cases,
        "page": files,
        "total": sum(unsettled(actor).values_list("open_count", flat=True)),
        "page_title": "来源不一致",
        "page_subtitle": "同一项资料，几个来源说法不同；裁定以前按“不清楚”对待，不会替任何一方算数。",
        "crumbs": [("一企一档", ""), ("来源不一致", "")],
    }
    return render(request, "enterprises/facts_conflicts.html", context)


@page(Role.OFFICER, Role.COUNTY)
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Say which statement holds, and why."""
    actor, pk = actor_of(request), request.POST.get("chosen", "")
    chosen = Statement.objects.writable_by(actor).filter(pk=pk if pk.isdecimal() else 0).first()
    if chosen is None:
        messages.error(request, "没有选择采用哪个来源，请选择后再裁定。")
        return redirect("facts-conflicts")
    try:
        settle(chosen, request.POST.get("reason", ""), actor=actor, at=clock.now())
        messages.success(
            request, f"已裁定：{chosen.party.name}的“{chosen.fact.label}”采用{chosen.get_origin_display()}。"
        )
    except Refused as why:
        messages.error(request, f"没有裁定：{why}。")
    return redirect("facts-conflicts")


def unconfirmed(actor: Actor) -> Any:
    """Statements that wait for this person: stated by somebody else, within their reach."""
    rows = Statement.objects.writable_by(actor).filter(state=Statement.State.STATED)
    return rows.exclude(stated_by_account_id=actor.id).order_by()


@page(Role.OFFICER, Role.COUNTY)
def unchecked(request: HttpRequest) -> HttpResponse:
    """Firms with statements nobody confirmed; tick firms, look at what they said, confirm."""
    actor = actor_of(request)
    if request.method == "POST":
        return _confirm_firms(request, actor)
    by_firm = (
        unconfirmed(actor)
        .values("party", "party__name", "party__region__name")
        .annotate(count=Count("pk"), latest=Max("stated_at"))
        .order_by("-latest", "party")
    )
    found = Paginator(by_firm, A_PAGE).get_page(request.GET.get("page"))
    said: dict[int, list[Statement]] = defaultdict(list)
    for s in unconfirmed(actor).filter(party__in=[r["party"] for r in found]).order_by("name", "-year"):
        said[s.party_id].append(s)
    context = {
        "firms": [r | {"rows": said[r["party"]][:60], "url": reverse("facts-file", args=[r["party"]])} for r in found],
        "page": found,
        "shown": max((s.pk for rows in said.values() for s in rows), default=0),
        "page_title": "待核实资料",
        "page_subtitle": "填报和核实由两个人办理；核实前的数已经可用，只是标明“待核实”。",
        "crumbs": [("一企一档", ""), ("待核实资料", "")],
    }
    return render(request, "enterprises/facts_unchecked.html", context)


def _confirm_firms(request: HttpRequest, actor: Actor) -> HttpResponse:
    picked = [int(pk) for pk in request.POST.getlist("ids") if pk.isdecimal()][:MOST_FIRMS]
    shown = request.POST.get("shown", "")
    if not picked:
        messages.error(request, "没有勾选单位，请先勾选再核实。")
        return redirect("facts-unchecked")
    if not shown.isdecimal():
        raise Http404
    # Only what stood on the page: what came in since then has not been looked at.
    rows = unconfirmed(actor).filter(party__in=picked, pk__lte=int(shown))
    try:
        done = confirm(rows, actor=actor, at=clock.now())
        if done:
            messages.success(request, f"已核实 {len(picked)} 家单位的 {done} 项资料。")
        else:
            messages.info(request, "勾选的资料刚才已经核实或更正，没有要核实的了。")
    except Refused as why:
        messages.error(request, f"没有核实：{why}。")
    return redirect("facts-unchecked")


def waiting(actor: Actor) -> list[dict[str, Any]]:
    """To-dos of whoever confirms and settles: one line a kind of work, with how much of it there is."""
    found = []
    if actor.has(Role.COUNTY):
        firms = unconfirmed(actor).filter(origin="party").values("party").distinct()[:1000].count()
        if firms:
            found.append(("核实", f"{firms} 家企业填报的资料等待核实", reverse("facts-unchecked")))
    if actor.has(Role.COUNTY, Role.OFFICER) and not actor.is_system:
        count = sum(unsettled(actor).order_by().values_list("open_count", flat=True)[:1000])
        if count:
            found.append(("裁定", f"{count} 项资料来源不一致，等待裁定", reverse("facts-conflicts")))
    shared = {"number": "", "unit": "一企一档", "due_on": None, "days_left": None, "since": None}
    return [{"step": step, "title": title, "url": url, **shared} for step, title, url in found]
