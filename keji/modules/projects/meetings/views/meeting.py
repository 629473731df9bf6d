"""评审会议 for whoever runs it: calling it, the room on the day, paper sheets and opinions, the minutes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keji.desk.acts import attempt, to_record, visible_or_404
from keji.desk.files import blob_answer, file_answer
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.people.roles import Role
from keji.kernel.records.flow import Refused
from keji.modules.projects.meetings.forms import CallForm, OpinionForm, PaperSheetForm
from keji.modules.projects.meetings.panels import room
from keji.modules.projects.meetings.services import attending, calling, minutes, opinions, paper_sheets
from keji.modules.projects.models import AgendaItem, PanelMeeting, Review, ReviewBatch
from keji.modules.projects.pages import form_page, laid_out, refuse

DESK = "review-batches"
NAMERS = (Role.OFFICER, Role.INSPECTOR)

_form_page = partial(form_page, desk=DESK, list_title="评审批次")


def meeting_or_404(request: HttpRequest, pk: int) -> tuple[ReviewBatch, PanelMeeting]:
    """The batch the reader may see, and its meeting."""
    batch = visible_or_404(request, ReviewBatch, pk)
    found = calling.meeting_of(batch)
    if found is None:
        raise Http404("这一批次还没有召集评审会议。")
    found.batch = batch
    return batch, found


@page(Role.OFFICER)
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """When, where, who keeps the record, in which order."""
    batch = visible_or_404(request, ReviewBatch, pk)
    refuse("" if batch.guideline.scheme.meets else "这一指南的评审方案是网络评审，不召集会议")
    refuse("" if batch.state == "draft" else "评审已经开始，会议安排不能整体重来")
    form = CallForm(request.POST or None, batch=batch)
    if request.method == "POST" and form.is_valid():
        act = partial(calling.call_meeting, batch, **form.cleaned_data, actor=actor_of(request), at=clock.now())
        if attempt(request, act, "已召集评审会议，次序已按抽签数字排定。"):
            return to_record(DESK, batch)
    return _form_page(request, batch, form, "召集评审会议", fieldsets=laid_out(form), note="开始评审前可以重新召集")


@page(Role.OFFICER, Role.LEADER, Role.INSPECTOR)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The room: who is there, what is on, how far each proposal is."""
    batch, meeting = meeting_or_404(request, pk)
    context = {
        **room(actor_of(request), meeting),
        "page_title": "评审会议",
        "page_subtitle": f"{batch.number}　{batch}",
        "crumbs": [("评审批次", f"/d/{DESK}/"), (str(batch), f"/d/{DESK}/{batch.pk}"), ("评审会议", "")],
    }
    return render(request, "projects/panel_meeting.html", context)


def _done(
    request: HttpRequest, batch: ReviewBatch, act: Callable[[], Any], said: str, anchor: str = ""
) -> HttpResponse:
    attempt(request, act, said)
    return redirect(f"/projects/batches/{batch.pk}/meeting{anchor}")


@page(Role.OFFICER)
@require_POST
def agenda(request: HttpRequest, pk: int) -> HttpResponse:
    batch, meeting = meeting_or_404(request, pk)

    def act() -> None:
        try:
            wanted = {
                item.pk: (int(request.POST[f"order_{item.pk}"]), int(request.POST[f"minutes_{item.pk}"]))
                for item in meeting.items.all()
            }
        except (KeyError, ValueError):
            raise Refused("次序和时长应是整数") from None
        reason = request.POST.get("reason", "")
        calling.arrange_agenda(meeting, wanted, reason, actor=actor_of(request), at=clock.now())

    return _done(request, batch, act, "已调整议程。", "#agenda")


@page(Role.OFFICER)
@require_POST
def attend(request: HttpRequest, pk: int, attendee: int) -> HttpResponse:
    """One expert came, did not come, is replaced, or was elected in the room: `act` says which."""
    batch, meeting = meeting_or_404(request, pk)
    row = meeting.attendees.select_related("meeting__batch", "person").filter(pk=attendee).first()
    if row is None:
        raise Http404("没有这位参会专家。")
    given: dict[str, Any] = {"actor": actor_of(request), "at": clock.now()}
    told = request.POST.get("told", "").strip()
    acts: dict[str, tuple[Callable[[], Any], str]] = {
        "present": (partial(attending.record_present, row, **given), "已登记到会。"),
        "absent": (partial(attending.record_absent, row, told, **given), "已登记未到会，没有评完的项目已解除安排。"),
        "substitute": (partial(attending.call_substitute, row, **given), "已按抽取次序递补，请通知替补专家到会。"),
        "chair": (partial(attending.record_chair, row, told, **given), "已登记评审组长。"),
    }
    if (name := request.POST.get("act", "")) not in acts:
        raise Http404("没有这个操作。")
    return _done(request, batch, *acts[name], "#attendance")


def _review_or_404(request: HttpRequest, batch: ReviewBatch, pk: int) -> Review:
    rows = Review.objects.visible_to(actor_of(request)).filter(batch=batch, pk=pk)
    found = rows.select_related("batch__guideline__scheme", "proposal", "person", "on_paper").first()
    if found is None:
        raise Http404("没有这份评审表。")
    return found  # type: ignore[no-any-return]


@page(Role.OFFICER)
def type_sheet(request: HttpRequest, pk: int, review: int) -> HttpResponse:
    """Typing what stands on a signed paper sheet."""
    batch, _ = meeting_or_404(request, pk)
    row = _review_or_404(request, batch, review)
    refuse(paper_sheets.typing_refusal(row))
    form = PaperSheetForm(request.POST or None, request.FILES or None, review=row)
    back = f"/projects/batches/{batch.pk}/meeting#sheets"
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        act = partial(
            paper_sheets.type_sheet, row, form.marks(), said["comment"], said["page"], actor=actor_of(request),
            at=clock.now(),
        )  # fmt: skip
        if attempt(request, act, "已录入，请另一位同志对照纸质件核对。"):
            return redirect(back)
    title = f"录入纸质评分表：{row.code}　{row.proposal.title}"
    note = "录入后由另一位同志对照扫描件核对，核对后才计入"
    return _form_page(request, batch, form, title, fieldsets=form.laid_out(), note=note, back=back)


@page(*NAMERS)
def paper_sheet(request: HttpRequest, pk: int, review: int) -> HttpResponse:
    """What was typed, to be held against the paper; POST by another officer confirms or returns it."""
    batch, meeting = meeting_or_404(request, pk)
    row = _review_or_404(request, batch, review)
    paper = getattr(row, "on_paper", None)
    if paper is None:
        raise Http404("这份评审表没有纸质件。")
    actor = actor_of(request)
    if request.method == "POST":
        if not actor.has(Role.OFFICER):
            raise PermissionDenied("纸质评分表由业务科室核对。")
        given: dict[str, Any] = {"actor": actor, "at": clock.now()}
        if request.POST.get("act") == "return":
            wrong = request.POST.get("wrong", "")
            return _done(
                request, batch, partial(paper_sheets.return_sheet, row, wrong, **given), "已退回改正。", "#sheets"
            )
        said = "已核对，计入专家评分。"
        return _done(request, batch, partial(paper_sheets.confirm_sheet, row, **given), said, "#sheets")
    context = {
        "batch": batch, "meeting": meeting, "row": row, "paper": paper, "lines": paper_sheets.lines_of(row),
        "may_check": paper.state == "typed" and actor.has(Role.OFFICER) and paper.typed_by_id != actor.id,
        "page_title": "核对纸质评分表",
        "page_subtitle": f"{row.code}　{row.proposal.title}",
        "crumbs": [(str(batch), f"/d/{DESK}/{batch.pk}"), ("评审会议", f"/projects/batches/{batch.pk}/meeting"),
                   ("纸质评分表", "")],
    }  # fmt: skip
    return render(request, "projects/paper_sheet.html", context)


@page(*NAMERS)
def scan(request: HttpRequest, pk: int, kind: str, key: int) -> FileResponse:
    """A signed page as it was scanned: of a sheet, an opinion, or the minutes."""
    batch, meeting = meeting_or_404(request, pk)
    blob, name = None, ""
    if kind == "sheet" and (paper := getattr(_review_or_404(request, batch, key), "on_paper", None)):
        blob, name = paper.page, paper.page_name
    elif kind == "opinion" and (item := meeting.items.select_related("page").filter(pk=key).first()):
        blob, name = item.page, item.page_name
    elif kind == "minutes":
        blob, name = meeting.signed_page, "会议记录签名页"
    if blob is None:
        raise Http404("没有这个扫描件。")
    return blob_answer(blob, name)


@page(Role.OFFICER)
def opinion(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """The common opinion as signed on paper."""
    batch, meeting = meeting_or_404(request, pk)
    row = AgendaItem.objects.select_related("proposal", "meeting__batch").filter(meeting=meeting, pk=item).first()
    if row is None:
        raise Http404("议程里没有这个项目。")
    standing = opinions.standing_of(meeting, row)
    refuse(standing.problem() if standing.waiting else "" if standing.voters else "还没有专家评审这个项目")
    form = OpinionForm(request.POST or None, request.FILES or None, standing=standing, said=batch.guideline.scheme.said)
    back = f"/projects/batches/{batch.pk}/meeting#opinions"
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        act = partial(
            opinions.record_on_paper, row, said["conclusion"], said["opinion"], form.answers(), said["page"],
            actor=actor_of(request), at=clock.now(),
        )  # fmt: skip
        if attempt(request, act, "已登记专家组意见。"):
            return redirect(back)
    title = f"登记专家组意见：{row.proposal.title}"
    return _form_page(request, batch, form, title, fieldsets=form.laid_out(), note="按签名的纸质件登记", back=back)


@page(Role.OFFICER)
@require_POST
def draw_up(request: HttpRequest, pk: int) -> HttpResponse:
    batch, _ = meeting_or_404(request, pk)
    act = partial(minutes.draw_up, batch, actor=actor_of(request), at=clock.now())
    return _done(request, batch, act, "已生成会议记录，请组长确认。", "#minutes")


@page(Role.OFFICER)
@require_POST
def agree_on_paper(request: HttpRequest, pk: int) -> HttpResponse:
    batch, _ = meeting_or_404(request, pk)
    act = partial(minutes.agree_on_paper, batch, request.FILES.get("file"), actor=actor_of(request), at=clock.now())
    return _done(request, batch, act, "已登记组长签名，可以结束评审。", "#minutes")


@page(*NAMERS, Role.EXPERT)
def minutes_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The minutes for those who know the panel: whoever runs and verifies the review, and the panel itself."""
    actor = actor_of(request)
    meeting = PanelMeeting.objects.select_related("batch").filter(pk=pk).first()
    seen = meeting is not None and (actor.has(*NAMERS) or attending.own_seat(actor, meeting) is not None)
    blob = getattr(meeting, kind, None) if seen and kind in ("docx", "pdf") else None
    if meeting is None or blob is None:
        raise Http404("没有这份会议记录，或者它还没有生成。")
    return file_answer(blob.read(), f"{meeting.batch.number} 评审会议记录.{kind}")
