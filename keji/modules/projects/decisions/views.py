"""What is decided for a whole guideline: the meeting, the notice, the paper that establishes projects."""

from __future__ import annotations

from functools import partial

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from keji.desk.acts import attempt, tell_errors, to_record, visible_or_404
from keji.desk.files import file_answer
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.documents.models import Paper
from keji.kernel.people.roles import Role
from keji.modules.projects.decisions.forms import MeetingForm
from keji.modules.projects.decisions.services import deciding, listing
from keji.modules.projects.meetings.services import opinions
from keji.modules.projects.models import Guideline
from keji.modules.projects.numbers import wan
from keji.modules.projects.reviews.services import scoring

DESK = "guidelines"
ON_ONE_LIST = 100  # the best first; the rest stand on the next list of the same meeting


@page(Role.OFFICER)
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """集体决策: outcome, money and reason of every proposal that waits; what was not on the list goes on waiting."""
    guideline = visible_or_404(request, Guideline, pk)
    listed = Paginator(deciding.waiting(guideline), ON_ONE_LIST).get_page(request.GET.get("page"))
    rows = list(listed)
    form = MeetingForm(request.POST or None, rows=rows, initial={"held_on": clock.today()})
    if request.method == "POST":
        if not form.is_valid():
            tell_errors(request, form)
        else:
            said = form.cleaned_data
            act = partial(
                deciding.record_meeting, guideline, decisions=form.decisions(), actor=actor_of(request), at=clock.now(),
                **{n: said[n] for n in ("kind", "held_on", "minutes", "attendees")},
            )  # fmt: skip
            if attempt(request, act, "已登记会议决定。"):
                return to_record(DESK, guideline)
    together = opinions.told([row.pk for row in rows])
    places = scoring.places_of(guideline)
    context = {
        "guideline": guideline,
        "form": form,
        "page": listed,
        "lines": [
            {
                **line,
                "place": places.get(line["row"].pk),
                "asked": wan(line["row"].asked),
                "said": together.get(line["row"].pk),
            }
            for line in form.lines()
        ],
        "left": wan(guideline.money - deciding.given(guideline)),
        "page_title": "登记集体决策",
        "page_subtitle": guideline.title,
        "crumbs": [("项目指南", f"/d/{DESK}/"), (guideline.title, f"/d/{DESK}/{guideline.pk}"), ("集体决策", "")],
    }
    return render(request, "projects/meeting.html", context, status=422 if request.method == "POST" else 200)


@page(Role.OFFICER)
@require_POST
def publicise(request: HttpRequest, pk: int) -> HttpResponse:
    guideline = visible_or_404(request, Guideline, pk)
    act = partial(
        listing.publicise, guideline, request.POST.get("contact", ""), actor=actor_of(request), at=clock.now()
    )
    attempt(request, act, "已起草公示，请另一人在“公示”中发布。")
    return to_record(DESK, guideline)


@page(Role.OFFICER)
@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    guideline = visible_or_404(request, Guideline, pk)
    act = partial(listing.draft_paper, guideline, actor=actor_of(request), at=clock.now())
    attempt(request, act, "已起草立项文件，请局领导签发。")
    return to_record(DESK, guideline)


@page(Role.LEADER)
@require_POST
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    guideline = visible_or_404(request, Guideline, pk)
    act = partial(
        listing.issue_paper, guideline, request.POST.get("number", ""), actor=actor_of(request), at=clock.now()
    )
    attempt(request, act, "已签发，项目已立项。")
    return to_record(DESK, guideline)


@page(Role.LEADER, Role.OFFICER, Role.INSPECTOR, Role.COUNTY, Role.ENTERPRISE, Role.INSTITUTION)
def paper(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The paper that established a guideline's projects."""
    guideline = visible_or_404(request, Guideline, pk)
    row = listing.papers_of(guideline).filter(state=Paper.State.ISSUED).order_by("-issued_on", "-pk").first()
    blob = getattr(row, kind, None) if row is not None and kind in ("docx", "pdf") else None
    if row is None or blob is None:
        raise Http404("没有这份文件，或者它还没有签发。")
    return file_answer(blob.read(), f"{row.number} {row.title}.{kind}")
