"""The published race for everybody: places, and the file from which anybody can compute them again."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse

from keji.kernel import clock
from keji.kernel.rules.models import parameter
from keji.modules.horserace import api as race
from keji.site.public.frame import open_page, show


def scores_open() -> bool:
    """Has the bureau opened scores and figures, or the places only (赛马得分 on 规则参数)?"""
    return parameter("race.public_scores", clock.today()) != 0


@open_page
def listing(request: HttpRequest) -> HttpResponse:
    """Every published run with its lines; a corrected one beside the version it replaced."""
    context = {
        "page_title": "县区科技创新赛马",
        "runs": race.public_runs(),
        "years": race.public_appraisals(),
        "scores": scores_open(),
    }
    return show(request, "public/race.html", context)


@open_page
def file(request: HttpRequest, number: str) -> FileResponse:
    """The run's file, the very bytes its digest is over."""
    run = next((r for r in race.public_runs() if r.number == number), None)
    if run is None or not scores_open():
        raise Http404("没有这份计分文件，或者它没有对外公开。")
    response = FileResponse(run.file.path.open("rb"), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{run.number}-{run.period}.json"'
    return response
