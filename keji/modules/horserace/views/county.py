"""A county's own page: what it owes, its provisional place to look over, where it stands and what would move it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from keji.desk.acts import attempt
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.parties.models import Region
from keji.kernel.people.roles import Role
from keji.lib.figures import plain_date
from keji.lib.race.checks import Kind
from keji.modules.horserace.models import RaceRound, RaceRun, ReviewTask
from keji.modules.horserace.services import county, hearing, reading
from keji.modules.horserace.services.rounds import dues
from keji.modules.horserace.views import charts


def _own(request: HttpRequest) -> Region:
    region = Region.objects.filter(pk__in=actor_of(request).regions).exclude(level=Region.Level.CITY).first()
    if region is None:
        raise Http404("您的账号没有对应的县区。")
    return region


@page(Role.COUNTY)
def mine(request: HttpRequest) -> HttpResponse:
    region = _own(request)
    own = county.own_hearing(region)
    published = RaceRun.objects.filter(state="published", kind="month").order_by("-period").first()
    context: dict[str, Any] = {
        "page_title": f"{region.name}：科技创新赛马",
        "region": region,
        "own": own,
        "own_score": reading.score_text(reading.run_of(own.run), own.line.placing.total) if own else "",
        "until": plain_date(own.round.hearing_until) if own else "",
        "questions": [
            (q, Kind(q.kind).word, reverse("race-answer", args=[q.pk])) for q in county.own_questions(region)
        ],
        "due": _due(region),
        "tasks": [
            (t, t.late(clock.today()))
            for t in ReviewTask.objects.filter(region=region).exclude(state="closed").select_related("section")
        ],
    }
    if published is not None and any(u.code == region.pk for u in reading.run_of(published).data.units):
        rows = county.trend(published)
        line = next(x for x in reading.lines(published) if x.placing.unit == region.pk)
        context |= {
            "run": published,
            "line": line,
            "score": reading.score_text(reading.run_of(published), line.placing.total),
            "moves": reading.moves(published, region.pk)[:4],
            "weak": reading.weakest(published, region.pk),
            "trend": charts.trend(rows, region.pk),
            "places": charts.places_trend(rows, region.pk),
        }
    return render(request, "horserace/mine.html", context)


def _due(region: Region) -> list[dict[str, Any]]:
    """What this county's figures lack in the rounds being collected."""
    found = []
    for record in RaceRound.objects.filter(state="collecting").order_by("period").select_related("scheme"):
        for due in dues(record):
            arrival = due.arrivals.get(region.pk)
            if arrival is not None and not arrival.arrived:
                found.append(
                    {
                        "round": record,
                        "item": due.item,
                        "word": arrival.word,
                        "late": due.item.due_on < clock.today(),
                        "url": f"/d/figures/new?indicator={due.item.indicator}"
                        f"&period={due.key or record.period}&region={region.pk}",
                    }
                )
    return found


@page(Role.COUNTY)
@require_POST
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    region, record = _own(request), RaceRound.objects.filter(pk=pk).first()
    if record is None:
        raise Http404("没有这一轮。")
    attempt(
        request,
        lambda: hearing.agree(record, region, actor=actor_of(request), at=clock.now()),
        f"已确认{record.month.label}数据无异议。",
    )
    return redirect("race-mine")
