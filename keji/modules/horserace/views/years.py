"""Acts on a year's appraisal that no desk makes: propose it from the year's run, change one grade."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from keji.desk.acts import attempt, made
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.people.roles import Role
from keji.modules.horserace.models import AppraisalLine
from keji.modules.horserace.services import appraisals
from keji.modules.horserace.views.common import run_or_404


@page(Role.OFFICER)
@require_POST
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    run = run_or_404(request, pk)
    found = made(
        request,
        lambda: appraisals.propose(run, actor=actor_of(request), at=clock.now()),
        "已按名次拟定等次。请核对，再点“起草公示”。",
    )
    return redirect(found.get_absolute_url() if found else f"/horserace/runs/{pk}")


@page(Role.OFFICER)
@require_POST
def regrade(request: HttpRequest, pk: int) -> HttpResponse:
    line = AppraisalLine.objects.filter(pk=pk).select_related("appraisal", "region").first()
    if line is None:
        raise Http404("没有这一行。")
    given = {name: request.POST.get(name, "") for name in ("grade", "award", "reason")}
    attempt(
        request,
        lambda: appraisals.regrade(line, **given, actor=actor_of(request), at=clock.now()),
        f"{line.region.name}的等次已保存。",
    )
    return redirect(line.appraisal.get_absolute_url())
