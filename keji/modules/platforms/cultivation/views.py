"""Small acts on a cultivation's page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from keji.desk.acts import attempt, tell_errors, to_record, visible_or_404
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.people.roles import Role
from keji.modules.platforms.cultivation import services
from keji.modules.platforms.cultivation.forms import DoneForm, StepForm, VisitForm
from keji.modules.platforms.models import Cultivation, CultivationStep
from keji.modules.platforms.pages import part_or_404

DESK = "platform-cultivation"


@page(Role.OFFICER, Role.COUNTY)
@require_POST
def add_step(request: HttpRequest, pk: int) -> HttpResponse:
    record = visible_or_404(request, Cultivation, pk)
    form = StepForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        attempt(
            request,
            lambda: services.add_step(record, said["title"], said["due_on"], actor=actor_of(request), at=clock.now()),
            "已列入培育事项。",
        )
    else:
        tell_errors(request, form)
    return to_record(DESK, record)


@page(Role.OFFICER, Role.COUNTY)
@require_POST
def finish_step(request: HttpRequest, pk: int) -> HttpResponse:
    step = part_or_404(request, CultivationStep.objects, pk, "cultivation")
    form = DoneForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        attempt(
            request,
            lambda: services.finish_step(step, said["done_on"], said["note"], actor=actor_of(request), at=clock.now()),
            "已办结。",
        )
    else:
        tell_errors(request, form)
    return to_record(DESK, step.cultivation)


@page(Role.OFFICER, Role.COUNTY)
@require_POST
def drop_step(request: HttpRequest, pk: int) -> HttpResponse:
    step = part_or_404(request, CultivationStep.objects, pk, "cultivation")
    attempt(request, lambda: services.drop_step(step, actor=actor_of(request), at=clock.now()), "已删去。")
    return to_record(DESK, step.cultivation)


@page(Role.OFFICER, Role.COUNTY)
@require_POST
def add_visit(request: HttpRequest, pk: int) -> HttpResponse:
    record = visible_or_404(request, Cultivation, pk)
    form = VisitForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        attempt(
            request,
            lambda: services.record_tutor_visit(
                record, said["on"], said["note"], actor=actor_of(request), at=clock.now()
            ),
            "已登记走访。",
        )
    else:
        tell_errors(request, form)
    return to_record(DESK, record)
