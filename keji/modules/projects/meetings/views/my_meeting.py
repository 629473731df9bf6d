"""评审会议 on an expert's phone: sign in, elect the chair, score in the order of the agenda, agree to what is said."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keji.desk.acts import attempt
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.people.roles import Role
from keji.modules.projects.meetings.services import attending, calling, minutes, opinions
from keji.modules.projects.models import AgendaItem, Attendee, PanelMeeting, Review
from keji.modules.projects.reviews.services import blinding


def _seat_or_404(request: HttpRequest, pk: int) -> Attendee:
    found = attending.own_seat(actor_of(request), pk)
    if found is None:
        raise Http404("没有这次评审会议，或者您不在参会专家之列。")
    return found


@page(Role.EXPERT)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One screen for the whole meeting: what waits for this expert comes first."""
    mine = _seat_or_404(request, pk)
    meeting = mine.meeting
    scheme = meeting.batch.guideline.scheme
    sheets = {r.proposal_id: r for r in Review.objects.filter(batch=meeting.batch_id, person=mine.person_id)}
    standings = {s.item.pk: s for s in opinions.standings(meeting)}
    begun = meeting.batch.state == "running" and clock.today() >= meeting.held_on
    lines = [
        _line(mine, item, begins, standings[item.pk], sheets.get(item.proposal_id), scheme.blind)
        for item, begins in calling.timetable(meeting)
    ]
    present = mine.state == Attendee.State.PRESENT
    context = {
        "mine": mine,
        "meeting": meeting,
        "known": attending.attendance(meeting),
        "lines": lines,
        "begun": begun,
        "going": attending.going_problem(meeting),
        "may_sign": begun and mine.state == Attendee.State.EXPECTED,
        "may_vote": begun and present and meeting.chair_id is None and attending.attendance(meeting).enough,
        "others": _others(meeting),
        "chairs": meeting.chair_id == mine.pk,
        "said_words": scheme.said,
        "page_title": "评审会议",
        "page_subtitle": f"{meeting.batch.title}",
        "crumbs": [("我的评审", "/projects/reviews"), ("评审会议", "")],
    }
    return render(request, "projects/my_meeting.html", context)


def _others(meeting: PanelMeeting) -> list[Any]:
    """Those present, with where they work, to choose a chair from."""
    rows = list(meeting.attendees.filter(state=Attendee.State.PRESENT).select_related("person__party"))
    units = attending.units_of(rows)
    return [{"pk": a.pk, "person": a.person, "unit": units[a.pk]} for a in rows]


def _line(mine: Attendee, item: AgendaItem, begins: Any, standing: Any, sheet: Review | None, blind: bool) -> Any:
    names = blinding.names_in(item.proposal) if blind else {}
    votes = any(v.pk == mine.pk for v in standing.voters)
    free = mine.meeting.agreed_at is None and mine.meeting.batch.state == "running"
    return {
        "item": item,
        "begins": begins,
        "title": blinding.blinded(item.proposal.title, names),
        "unit": None if blind else item.proposal.party,
        "sheet": sheet,
        "standing": standing,
        "own": standing.said.get(mine.pk),
        "may_draft": free and votes and not standing.waiting and opinions.may_draft(mine.meeting, standing, mine),
        "may_answer": free and votes and bool(item.opinion) and not standing.waiting,
    }


def _done(request: HttpRequest, pk: int, act: Callable[[], Any], said: str, anchor: str = "") -> HttpResponse:
    attempt(request, act, said)
    return redirect(f"/projects/meetings/{pk}{anchor}")


@page(Role.EXPERT)
@require_POST
def sign_in(request: HttpRequest, pk: int) -> HttpResponse:
    mine = _seat_or_404(request, pk)
    act = partial(attending.sign_in, mine, actor=actor_of(request), at=clock.now())
    return _done(request, pk, act, "已签到。")


@page(Role.EXPERT)
@require_POST
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    mine, chosen = _seat_or_404(request, pk), request.POST.get("chosen", "")
    other = mine.meeting.attendees.filter(pk=int(chosen)).first() if chosen.isdecimal() and len(chosen) < 12 else None
    if other is None:
        raise Http404("没有这位参会专家。")
    act = partial(attending.vote, mine, other, actor=actor_of(request), at=clock.now())
    return _done(request, pk, act, "已推选。")


def _item_or_404(mine: Attendee, pk: int) -> AgendaItem:
    rows = AgendaItem.objects.select_related("meeting__batch", "proposal")
    found: AgendaItem | None = rows.filter(meeting=mine.meeting, pk=pk).first()
    if found is None:
        raise Http404("议程里没有这个项目。")
    return found


@page(Role.EXPERT)
@require_POST
def opinion(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """The chair's draft."""
    mine = _seat_or_404(request, pk)
    said = (request.POST.get("conclusion", ""), request.POST.get("opinion", ""))
    act = partial(
        opinions.draft_opinion, _item_or_404(mine, item), mine, *said, actor=actor_of(request), at=clock.now()
    )
    return _done(request, pk, act, "已起草专家组意见，请各位专家表态。", f"#item-{item}")


@page(Role.EXPERT)
@require_POST
def answer(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Agreeing, or saying why not."""
    mine = _seat_or_404(request, pk)
    agrees, words = request.POST.get("agrees") == "yes", request.POST.get("words", "")
    act = partial(
        opinions.answer, _item_or_404(mine, item), mine, agrees, words, seen=request.POST.get("seen", "")[:40],
        actor=actor_of(request), at=clock.now(),
    )  # fmt: skip
    return _done(request, pk, act, "已表态。", f"#item-{item}")


@page(Role.EXPERT)
@require_POST
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """The chair agrees to the minutes."""
    mine = _seat_or_404(request, pk)
    act = partial(minutes.agree, mine, request.POST.get("digest", ""), actor=actor_of(request), at=clock.now())
    return _done(request, pk, act, "已确认会议记录。")
