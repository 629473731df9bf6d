"""The expert's pages, phone friendly: my sheets, one sheet; and what the officer does with a batch's panel."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keji.desk.acts import attempt, to_record, typed, visible_or_404
from keji.desk.files import blob_answer
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.documents.models import Attachment
from keji.kernel.parties.models import Person
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, take
from keji.lib.figures import plain_date
from keji.modules.projects.meetings.forms import marks_of
from keji.modules.projects.models import Attendee, Review, ReviewBatch
from keji.modules.projects.numbers import wan
from keji.modules.projects.reviews.services import blinding, panel, reviewing, scoring

DESK = "review-batches"


def own_sheets(actor: Actor) -> Any:
    """The expert's sheets of batches that have begun."""
    rows = Review.objects.visible_to(actor).filter(person__account=actor.id).exclude(batch__state="draft")
    rows = rows.select_related("batch", "proposal__guideline__scheme", "proposal__party", "person")
    return rows.prefetch_related("proposal__party__names", "proposal__members", "proposal__partners")


@page(Role.EXPERT)
def mine(request: HttpRequest) -> HttpResponse:
    """What waits for this expert first, then what they did."""
    rows = list(own_sheets(actor_of(request)).order_by("batch__due_on", "batch", "proposal"))
    places = blinding.city_places() if rows else ()
    for row in rows:
        row.shown_title = _title(row, places)
    waiting = [r for r in rows if r.state == "assigned" and r.batch.state == "running"]
    explain = [r for r in rows if r.flagged and not r.explanation and r.batch.state == "running"]
    done = [r for r in rows if r not in waiting and r not in explain]
    today = clock.today()
    context = {
        "waiting": [{"row": r, "late": r.batch.due_on < today} for r in waiting],
        "explain": explain,
        "done": done,
        "meetings": own_meetings(actor_of(request)),
        "page_title": "我的评审",
        "page_subtitle": f"待评 {len(waiting)} 项，已评 {sum(r.state == 'submitted' for r in rows)} 项",
    }
    return render(request, "projects/my_reviews.html", context)


def own_meetings(actor: Actor) -> list[Attendee]:
    """Meetings this expert is expected at or sits in."""
    rows = Attendee.objects.filter(person__account=actor.id, meeting__batch__state="running")
    rows = rows.exclude(state=Attendee.State.ABSENT).select_related("meeting__batch")
    return list(rows.order_by("meeting__held_on", "meeting"))


def _title(row: Review, places: tuple[str, ...]) -> str:
    """The proposal's title as its reviewer may read it."""
    proposal = row.proposal
    blind = proposal.guideline.scheme.blind
    return blinding.blinded(proposal.title, blinding.names_in(proposal, places)) if blind else str(proposal.title)


def sheet_or_404(request: HttpRequest, pk: int) -> Review:
    row: Review | None = own_sheets(actor_of(request)).filter(pk=pk).first()
    if row is None:
        raise Http404("没有这份评审表，或者它不是您的。")
    return row


@page(Role.EXPERT)
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal as this expert may read it, and their marks."""
    row, actor = sheet_or_404(request, pk), actor_of(request)
    bad: dict[int, str] = {}
    sent = request.method == "POST"
    if sent:
        marks, bad = marks_of(row, request.POST)
        comment = request.POST.get("comment", "")
        if not bad and attempt(
            request, partial(reviewing.save_marks, row, marks, comment, actor=actor, at=clock.now()), ""
        ):
            if request.POST.get("then") != "submit":
                return redirect("my-review", row.pk)
            if attempt(request, partial(reviewing.submit, row, actor=actor, at=clock.now()), "已提交。谢谢您的评审。"):
                return redirect("my-reviews")
            return redirect("my-review", row.pk)
        row = sheet_or_404(request, pk)
    context = _sheet_context(request, row, actor, bad)
    return render(request, "projects/sheet.html", context, status=422 if sent else 200)


def _sheet_context(request: HttpRequest, row: Review, actor: Actor, bad: dict[int, str]) -> dict[str, Any]:
    proposal, scheme = row.proposal, row.batch.guideline.scheme
    names = blinding.names_in(proposal) if scheme.blind else {}
    given: dict[int, Any] = {m.criterion_id: m for m in row.marks.all()}
    refusal = reviewing.writing_refusal(row, actor)
    typed = request.method == "POST" and not refusal  # not taken: what was typed stands there again
    lines = []
    for criterion in scheme.criteria.all():
        mark = given.get(criterion.pk)
        points = "" if mark is None or mark.points is None else f"{mark.points.normalize():f}"
        line = {"criterion": criterion, "points": points, "comment": mark.comment if mark else "", "bad": ""}
        if typed:
            line |= {
                "points": request.POST.get(f"points_{criterion.pk}", ""),
                "comment": request.POST.get(f"comment_{criterion.pk}", ""),
                "bad": bad.get(criterion.pk, ""),
            }
        lines.append(line)
    sections = [
        {"title": s["title"], "text": blinding.blinded(proposal.contents.get(s["code"], ""), names)}
        for s in proposal.guideline.sections
    ]
    money = [(f.replace("申请经费：", "").replace("（元）", ""), wan(v)) for f, v in _budget(proposal)]
    return {
        "row": row,
        "title": blinding.blinded(proposal.title, names),
        "abstract": blinding.blinded(proposal.abstract, names),
        "sections": sections,
        "money": money,
        "blind": scheme.blind,
        "proposal": None if scheme.blind else proposal,
        "files": shown_files(row),
        "lines": lines,
        "comment": request.POST.get("comment", "") if typed else row.comment,
        "may_write": not refusal,
        "refusal": refusal,
        "problem": "" if refusal else reviewing.sheet_problem(row),
        "wants_word": row.flagged and not row.explanation and row.batch.state == "running",
        "page_title": "评审表",
        "page_subtitle": f"{row.batch.title}　{plain_date(row.batch.due_on)}前提交",
        "crumbs": [("我的评审", "/projects/reviews"), ("评审表", "")],
    }


def _budget(proposal: Any) -> list[tuple[str, int]]:
    names = ("equipment", "business", "labour", "indirect", "own_money")
    return [(str(proposal._meta.get_field(n).verbose_name), getattr(proposal, n)) for n in names]


def shown_files(row: Review) -> list[dict[str, Any]]:
    """Materials an expert may open, under the checklist's own names: a file's name may tell whose it is."""
    files = blinding.shown_files(row.proposal, blind=row.batch.guideline.scheme.blind)
    return [{"name": name, "pk": file.pk, "suffix": file.name.rpartition(".")[2]} for name, file in files]


@page(Role.EXPERT)
def sheet_file(request: HttpRequest, pk: int, attachment: int) -> FileResponse:
    row = sheet_or_404(request, pk)
    named = next((f for f in shown_files(row) if f["pk"] == attachment), None)
    if named is None:
        raise Http404("没有这个文件，或者它不给评审专家看。")
    blob = Attachment.objects.select_related("blob").get(pk=attachment).blob
    return blob_answer(blob, f"{named['name']}.{named['suffix']}")


@page(Role.EXPERT)
@require_POST
def recuse(request: HttpRequest, pk: int) -> HttpResponse:
    row = sheet_or_404(request, pk)
    attempt(
        request,
        lambda: reviewing.recuse(row, typed(request, "reason", 300), actor=actor_of(request), at=clock.now()),
        "已登记回避，这个项目不再需要您评审。",
    )
    return redirect("my-reviews")


@page(Role.EXPERT, Role.OFFICER)
@require_POST
def explain(request: HttpRequest, pk: int) -> HttpResponse:
    """Why a score is far from the others: by the expert on their page, or noted by the officer."""
    actor = actor_of(request)
    row: Review = visible_or_404(request, Review, pk)
    attempt(
        request,
        lambda: reviewing.explain(row, typed(request, "text", 500), actor=actor, at=clock.now()),
        "已记录说明。",
    )
    own = row.person.account_id == actor.id
    return redirect("my-reviews") if own else to_record(DESK, row.batch)


@page(Role.OFFICER)
@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an expert go who does not answer; a substitute can be added."""
    row: Review = visible_or_404(request, Review, pk)
    attempt(
        request,
        lambda: take("release", row, actor=actor_of(request), at=clock.now(), reason=typed(request, "reason", 300)),
        "已解除安排，请按需要安排替补专家。",
    )
    return to_record(DESK, row.batch)


@page(Role.OFFICER)
@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Put people on the panel: by the names the draw gave, a line each."""
    batch = visible_or_404(request, ReviewBatch, pk)
    attempt(
        request,
        lambda: panel.assign_panel(
            batch,
            _named(request.POST.get("people", "")),
            request.POST.get("draw_number", "").strip(),
            actor=actor_of(request),
            at=clock.now(),
        ),
        "已安排评审专家。",
    )
    return to_record(DESK, batch)


def _named(text: str) -> list[Person]:
    """The people of these lines “姓名，单位”; each must be exactly one who may log in as an expert."""
    found: list[Person] = []
    for line in (raw.strip() for raw in text.splitlines()):
        if not line:
            continue
        name, _, unit = line.replace(",", "，").replace("\t", "，").partition("，")
        rows = Person.objects.filter(name=name.strip(), account__grants__role=Role.EXPERT)
        if unit.strip():
            rows = rows.filter(party__name=unit.strip())
        matches = list(rows.distinct()[:2])
        if not matches:
            raise Refused(f"没有找到有专家账号的“{line}”，请核对姓名和单位")
        if len(matches) > 1:
            raise Refused(f"“{name}”不止一位，请写上单位")
        if matches[0] in found:
            raise Refused(f"“{name}”写了两次")
        found.append(matches[0])
    if not found:
        raise Refused("请填写专家，每行一位")
    return found


@page(Role.OFFICER)
@require_POST
def drop_panel(request: HttpRequest, pk: int) -> HttpResponse:
    batch = visible_or_404(request, ReviewBatch, pk)
    attempt(request, partial(panel.drop_panel, batch, actor=actor_of(request), at=clock.now()), "已撤去全部专家。")
    return to_record(DESK, batch)


@page(Role.OFFICER, Role.LEADER, Role.INSPECTOR)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the panel is, asked again and again by the open page."""
    batch = visible_or_404(request, ReviewBatch, pk)
    return render(request, "projects/progress_live.html", {"panel": {"batch": batch, **scoring.progress(batch)}})


@page(Role.OFFICER)
@require_POST
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """The officer has looked at what may tell whose a proposal is."""
    batch = visible_or_404(request, ReviewBatch, pk)
    act = partial(blinding.look, batch, request.POST.get("seen", ""), actor=actor_of(request), at=clock.now())
    attempt(request, act, "已核对，可以开始评审。")
    return to_record(DESK, batch)
