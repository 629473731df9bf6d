"""The race at a glance: who leads, who slips and why, how sure it is, what is being done."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.people.roles import Role
from keji.modules.horserace.models import Appraisal, RaceRound, RaceRun, ReviewTask
from keji.modules.horserace.services import reading
from keji.modules.horserace.services.appraisals import propose_refusal
from keji.modules.horserace.services.content import title_of
from keji.modules.horserace.services.county import trend
from keji.modules.horserace.services.papers import draft_refusal, papers
from keji.modules.horserace.services.runs import may_see_all
from keji.modules.horserace.views import charts
from keji.modules.horserace.views.common import READERS, run_or_404

TASKS_SHOWN = 8


@page(*READERS)
def board(request: HttpRequest) -> HttpResponse:
    """The newest published run, or the one of the period asked for."""
    runs = RaceRun.objects.filter(state="published").select_related("scheme", "round", "supersedes")
    asked = request.GET.get("period", "")
    newest = runs.filter(kind="month").order_by("-period").first()
    run = (runs.filter(period=asked).first() if asked else None) or newest
    return _show(request, run, asked if run is None or run.period != asked else "")


@page(*READERS)
def run_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, run_or_404(request, pk))


def _show(request: HttpRequest, run: RaceRun | None, not_found: str = "") -> HttpResponse:
    actor = actor_of(request)
    insider = may_see_all(actor)
    choices = RaceRun.objects.filter(state="published").order_by("-period").values_list("period", "kind")
    context: dict[str, Any] = {
        "page_title": "县区科技创新赛马",
        "run": run,
        "not_found": not_found,
        "insider": insider,
        "choices": [(p, RaceRun(period=p).span.label) for p, _ in choices],
        "rounds": list(RaceRound.objects.exclude(state="approved").order_by("period")) if insider else [],
        "ready": list(RaceRun.objects.filter(state="ready").order_by("-pk")) if insider else [],
    }
    if run is not None:
        context |= about_run(run, actor)
    return render(request, "horserace/board.html", context)


def about_run(run: RaceRun, actor: Any) -> dict[str, Any]:
    """Everything the overview tells of one run."""
    told = reading.leaders_and_slippers(run)
    before = _before(run)
    rows = trend(run)
    tasks = ReviewTask.objects.visible_to(actor).exclude(state="closed").select_related("region")
    today = clock.today()
    return {
        "page_subtitle": f"{run.span.label}，按{run.scheme}计分。",
        "lines": [
            {
                "line": line,
                "url": f"/horserace/runs/{run.pk}/units/{line.placing.unit}",
                "score": reading.score_text(reading.run_of(run), line.placing.total),
                "own": line.placing.unit in actor.regions,
            }
            for line in reading.lines(run)
        ],
        "leads": told["leads"],
        "slips": [
            (line, reading.why_moved(run, before, line.placing.unit) if before else []) for line in told["slips"]
        ],
        "gains": [
            (line, reading.why_moved(run, before, line.placing.unit) if before else []) for line in told["gains"]
        ],
        "indicators": [
            (i, run.about["indicators"].get(i.code, {}), reading.run_of(run).scheme.weights()[i.code])
            for i in reading.run_of(run).scheme.indicators
        ],
        "left_out": _titled(run),
        "shown": _shown(run),
        "alike": _alike(run),
        "bars": charts.contributions(run),
        "map": charts.place_map(run),
        "trend": charts.trend(rows),
        "tasks": [(t, t.late(today)) for t in tasks[:TASKS_SHOWN]],
        "late": reading.late(run),
        "newer": run.successors.exclude(published_on=None).first(),
        "papers": list(papers(actor).filter(data_digest=run.digest)),
        "draft_refusal": draft_refusal(run, actor),
        "appraisal": Appraisal.objects.visible_to(actor).filter(run=run).exclude(state="dropped").first(),
        "propose_refusal": propose_refusal(run, actor),
        "officer": actor.has(Role.OFFICER),
    }


def _shown(run: RaceRun) -> tuple[list[str], list[tuple[str, list[tuple[str, str]]]]]:
    """(heads, a row a unit: its name, each figure with its head)."""
    heads, rows = reading.shown_lines(run)
    return heads, [(row[0], list(zip(heads, row[1:], strict=True))) for row in rows]


def _before(run: RaceRun) -> RaceRun | None:
    older = RaceRun.objects.filter(kind=run.kind, state="published", period__lt=run.period)
    found: RaceRun | None = older.order_by("-period").first()
    return found


def _titled(run: RaceRun) -> list[tuple[str, str]]:
    return [(title_of(code), why) for code, why in run.about.get("left_out", {}).items()]


def _alike(run: RaceRun) -> list[str]:
    names = {u.code: u.title for u in reading.run_of(run).data.units}
    return ["、".join(names[u] for u in group) for group in run.doubt.get("alike", ()) if len(group) > 1]
