"""What is done for a whole batch: the meeting, the public notice, the paper that publishes the list."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from keji.desk.acts import attempt, tell_errors, to_record, visible_or_404
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.people.roles import Role
from keji.modules.platforms.models import Call
from keji.modules.platforms.recognition.forms import MeetingForm
from keji.modules.platforms.recognition.services import listing
from keji.modules.platforms.recognition.services import meeting as meetings

DESK = "platform-calls"


@page(Role.OFFICER)
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """局党组会审议: the decision on every application that waits; what was not on the list goes on waiting."""
    call = visible_or_404(request, Call, pk)
    rows = list(meetings.waiting(call))
    form = MeetingForm(request.POST or None, rows=rows, initial={"held_on": clock.today()})
    if request.method == "POST":
        if not form.is_valid():
            tell_errors(request, form)
        else:
            said = form.cleaned_data
            act = partial(
                meetings.record_meeting,
                call,
                held_on=said["held_on"],
                minutes=said["minutes"],
                attendees=said["attendees"],
                decisions=form.decisions(),
                actor=actor_of(request),
                at=clock.now(),
            )
            if attempt(request, act, "已登记审议决定。"):
                return to_record(DESK, call)
    context = {
        "call": call,
        "form": form,
        "lines": form.lines(),
        "page_title": "登记党组会审议",
        "page_subtitle": call.title,
        "crumbs": [("认定批次", f"/d/{DESK}/"), (call.title, f"/d/{DESK}/{call.pk}"), ("党组会审议", "")],
    }
    return render(request, "platforms/meeting.html", context, status=422 if request.method == "POST" else 200)


@page(Role.OFFICER)
@require_POST
def publicise(request: HttpRequest, pk: int) -> HttpResponse:
    call = visible_or_404(request, Call, pk)
    attempt(
        request,
        lambda: listing.publicise(call, request.POST.get("contact", ""), actor=actor_of(request), at=clock.now()),
        "已起草公示，请另一位同志发布。",
    )
    return to_record(DESK, call)


@page(Role.OFFICER)
@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    call = visible_or_404(request, Call, pk)
    attempt(
        request,
        lambda: listing.draft_list(call, actor=actor_of(request), at=clock.now()),
        "已起草公布文件，请另一位同志或局领导签发。",
    )
    return to_record(DESK, call)


@page(Role.OFFICER, Role.LEADER)
@require_POST
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    call = visible_or_404(request, Call, pk)
    number = request.POST.get("number", "")
    attempt(
        request,
        lambda: listing.issue_list(call, number, actor=actor_of(request), at=clock.now()),
        "已印发公布文件，名单中的平台已登记入册。",
    )
    return to_record(DESK, call)
