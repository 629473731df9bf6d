"""Pages of one application: starting it, its materials, the form check, the site visit."""

from __future__ import annotations

from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from keji.desk.acts import attempt, tell_errors, to_record, visible_or_404
from keji.desk.checklist import checklist_page
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Role
from keji.modules.platforms.models import Application, Call
from keji.modules.platforms.recognition.forms import VisitForm
from keji.modules.platforms.recognition.services import meeting, recognition

DESK = "platform-applications"
ANSWERS = {"yes": True, "no": False}


@page(Role.ENTERPRISE, Role.INSTITUTION)
@require_POST
def start(request: HttpRequest, pk: int, party: int) -> HttpResponse:
    """Start an application; pressing twice leads to the one that is there."""
    actor, call = actor_of(request), visible_or_404(request, Call, pk)
    host = Party.objects.filter(pk=party, pk__in=actor.parties).select_related("region").first()
    if host is None:
        raise Http404("您的账号不代表这个单位。")
    made: list[Application] = []
    attempt(
        request,
        lambda: made.append(recognition.apply(call, host, actor=actor, at=clock.now())),
        "已开始申报；带来源说明的数据取自已有资料，请核对后补齐其余各项。",
    )
    running = made or call.applications.filter(party=host).exclude(state="withdrawn")[:1]
    return to_record(DESK, running[0]) if running else to_record("platform-calls", call)


@page(Role.ENTERPRISE, Role.INSTITUTION)
@require_POST
def material(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    record = visible_or_404(request, Application, pk)
    attempt(
        request,
        lambda: recognition.add_material(
            record, code, request.FILES.get("file"), actor=actor_of(request), at=clock.now()
        ),
        "已上传。",
    )
    return to_record(DESK, record, "#materials")


@page(Role.OFFICER)
def check(request: HttpRequest, pk: int) -> HttpResponse:
    return checklist_page(
        request,
        visible_or_404(request, Application, pk),
        desk=DESK,
        list_title="认定申请",
        said="已保存形式审查情况，请办理“形式审查通过”或“不通过”。",
    )


@page(Role.OFFICER)
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """现场审查: who went, when, what they saw, and their conclusion."""
    record = visible_or_404(request, Application, pk)
    if record.state != "form_passed":
        raise PermissionDenied(f"当前状态是“{record.get_state_display()}”，不在现场审查。")
    form = VisitForm(request.POST or None, initial={"visited_on": clock.today()})
    if request.method == "POST":
        if not form.is_valid():
            tell_errors(request, form)
        else:
            said = form.cleaned_data
            act = partial(
                meeting.record_visit,
                record,
                visited_on=said["visited_on"],
                people=said["people"],
                findings=said["findings"],
                passed=said["passed"] == "yes",
                actor=actor_of(request),
                at=clock.now(),
                photos=request.FILES.getlist("photos"),
            )
            if attempt(request, act, "已登记现场审查。"):
                return to_record(DESK, record)
    context = {
        "record": record,
        "form": form,
        "page_title": "登记现场审查",
        "page_subtitle": record.name,
        "crumbs": [("认定申请", f"/d/{DESK}/"), (record.name, f"/d/{DESK}/{record.pk}"), ("现场审查", "")],
    }
    return render(request, "platforms/visit.html", context, status=422 if request.method == "POST" else 200)
