"""What the pages of the race share."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from keji.desk.guard import actor_of
from keji.kernel.people.roles import BUREAU, Role
from keji.modules.horserace.models import RaceRun
from keji.modules.horserace.services import reading

READERS = (*sorted(BUREAU), Role.INSPECTOR, Role.COUNTY)
INSIDERS = (*sorted(BUREAU), Role.INSPECTOR)
HOME = ("赛马总览", "/horserace/")


def run_or_404(request: HttpRequest, pk: int) -> RaceRun:
    found = RaceRun.objects.visible_to(actor_of(request)).select_related("scheme", "round", "supersedes")
    run = found.filter(pk=pk).first()
    if run is None:
        raise Http404("没有这次计分，或者它还没有公布。")
    return run


def unit_or_404(run: RaceRun, code: str) -> str:
    """The unit's name in this run."""
    for unit in reading.run_of(run).data.units:
        if unit.code == code:
            return unit.title
    raise Http404("这个单位不在这次计分里。")
