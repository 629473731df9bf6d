"""Weights otherwise: every helper beside the scheme, what places would follow, what people said about it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keji.desk.acts import attempt
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.people.roles import Role
from keji.kernel.records.flow import Refused
from keji.lib.figures import format_percent
from keji.modules.horserace.models import RaceScheme
from keji.modules.horserace.services import weighing as service
from keji.modules.horserace.services.content import title_of
from keji.modules.horserace.views.common import READERS
from keji.modules.horserace.views.schemes import scheme_or_404


@page(*READERS)
def weighing(request: HttpRequest, pk: int) -> HttpResponse:
    scheme, actor = scheme_or_404(request, pk), actor_of(request)
    context: dict[str, Any] = {
        "page_title": "权重参考",
        "page_subtitle": "各种方法只供讨论，不会自动改动方案；要采用，由业务科室写明理由办理。",
        "crumbs": [("考评方案", "/d/race-schemes/"), (str(scheme), f"/d/race-schemes/{scheme.pk}"), ("权重参考", "")],
        "scheme": scheme,
        "may": actor.has(Role.OFFICER) and scheme.state == RaceScheme.State.DRAFT,
    }
    try:
        table = service.table_of(scheme)
    except Refused as problem:
        return render(request, "horserace/weights.html", context | {"problem": str(problem)})
    codes, ballots = list(table.own), scheme.weighing.get("ballots", {})
    found = service.ways(scheme, table)
    bests, told = service.best_cases(table)
    context |= {
        "label": table.label,
        "ways": found,
        "rows": [(title_of(c), format_percent(table.own[c]), [(w.method, _share(w, c)) for w in found]) for c in codes],
        "places": _places(table, found),
        "bests": bests,
        "best_told": told,
        "ballots": list(ballots),
        "ballot_rows": [(title_of(c), [(judge, given.get(c, "0")) for judge, given in ballots.items()]) for c in codes],
        "points": [(c, title_of(c)) for c in codes],
        "pairs": _pairs(scheme, codes),
        "compared": len(service.compared(scheme, codes)),
        "odd": service.contradictions(scheme, codes),
        "scale": service.SCALE.items(),
    }
    return render(request, "horserace/weights.html", context)


def _share(way: service.Way, code: str) -> str:
    return format_percent(way.weights.get(code, Fraction(0))) if way.weights else "—"


def _places(table: service.Table, found: list[service.Way]) -> list[dict[str, Any]]:
    """Per unit: its place by the scheme, and by each helper with how far that is away."""
    if table.run is None:
        return []
    names = {u.code: u.title for u in table.run.data.units}
    groups = {g.code: g.title for g in table.run.scheme.groups}
    return [
        {
            "name": names[s.unit],
            "group": groups.get(s.group, ""),
            "place": s.place,
            "others": [
                {
                    "method": w.method,
                    "place": (place := w.places.get(s.unit)),
                    "gained": s.place - place if s.place and place else 0,
                }
                for w in found
            ],
        }
        for s in table.run.placings
    ]


def _pairs(scheme: RaceScheme, codes: list[str]) -> list[dict[str, str]]:
    said = scheme.weighing.get("pairs", {})
    return [
        {"key": (key := f"{a}|{b}"), "one": title_of(a), "other": title_of(b), "said": said.get(key, "")}
        for a, b in service.pairs_of(codes)
    ]


@page(Role.OFFICER)
@require_POST
def ballot(request: HttpRequest, pk: int) -> HttpResponse:
    scheme = scheme_or_404(request, pk)
    points = {k.removeprefix("p_"): str(v)[:20] for k, v in request.POST.items() if k.startswith("p_")}
    judge = request.POST.get("judge", "")
    attempt(
        request,
        lambda: service.save_ballot(scheme, judge, points, actor=actor_of(request), at=clock.now()),
        "赋分已记录。",
    )
    return redirect("race-scheme-weights", pk=pk)


@page(Role.OFFICER)
@require_POST
def drop_ballot(request: HttpRequest, pk: int) -> HttpResponse:
    scheme, judge = scheme_or_404(request, pk), request.POST.get("judge", "")
    attempt(
        request,
        lambda: service.drop_ballot(scheme, judge, actor=actor_of(request), at=clock.now()),
        "赋分已删去。",
    )
    return redirect("race-scheme-weights", pk=pk)


@page(Role.OFFICER)
@require_POST
def pairs(request: HttpRequest, pk: int) -> HttpResponse:
    scheme = scheme_or_404(request, pk)
    said = {k: str(v) for k, v in request.POST.items() if "|" in k}
    attempt(
        request,
        lambda: service.save_pairs(scheme, said, actor=actor_of(request), at=clock.now()),
        "两两比较已保存。",
    )
    return redirect("race-scheme-weights", pk=pk)
