"""与我有关的决定: what a subject may see, and their appeal."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keji.desk.acts import attempt, typed
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.people.roles import Role
from keji.modules.integrity import clocks
from keji.modules.integrity.models import CasePaper
from keji.modules.integrity.services import looking, mine
from keji.modules.integrity.views.case import paper_response

SUBJECTS = (Role.ENTERPRISE, Role.INSTITUTION, Role.EXPERT)


@page(*SUBJECTS)
def listing(request: HttpRequest) -> HttpResponse:
    rows = mine.subjects_of(actor_of(request)).filter(told_on__isnull=False).order_by("-told_on", "-pk")
    context = {"page_title": "与我有关的决定", "rows": [_row(s) for s in rows]}
    return render(request, "integrity/mine.html", context)


def _row(subject: Any) -> dict[str, Any]:
    until = clocks.appeal_until(subject)
    open_now = (
        subject.case.state in ("served", "appealed")
        and subject.case.outcome == "found"
        and subject.appealed_on is None
        and until is not None
        and clock.today() <= until
    )
    return {
        "subject": subject,
        "word": mine.word_of(subject),
        "papers": mine.papers_of(subject),
        "until": until,
        "until_said": clocks.appeal_said(subject),
        "may_appeal": open_now,
        "days": (until - clock.today()).days if until and open_now else 0,
        "sanctions": [s for s in subject.sanctions.all() if s.state in ("in_force", "done")]
        if subject.served_on
        else [],
    }


@page(*SUBJECTS)
@require_POST
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    subject = mine.subjects_of(actor_of(request)).filter(pk=pk, served_on__isnull=False).first()
    if subject is None:
        raise Http404("没有找到这份决定，或者它不是给您的。")
    actor = actor_of(request)
    act = lambda: mine.appeal(subject, typed(request, "text", 5000), actor=actor, at=clock.now())  # noqa: E731
    attempt(request, act, "申诉已提交。")
    return redirect("integrity-mine")


@page(*SUBJECTS)
def paper(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """A paper addressed to the reader, once it has reached them."""
    kept = CasePaper.objects.select_related("case", "subject").filter(pk=pk).first()
    own = kept and mine.subjects_of(actor_of(request)).filter(pk=kept.subject_id).first()
    if kept is None or not own or kept.pk not in [p.pk for p in mine.papers_of(own)]:
        raise Http404("没有找到这份文书，或者它不是给您的。")
    looking.look_at_paper(kept, kind, actor=actor_of(request), at=clock.now())
    return paper_response(kept, kind)
