"""Pages of one project: task book, money, reports, changes, acceptance; and everything that is due."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from keji.desk.acts import attempt, tell_errors, to_record, visible_or_404
from keji.desk.files import file_answer
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.documents.setting import typeset
from keji.kernel.people.roles import BUREAU, Role
from keji.lib.figures import plain_date
from keji.modules.projects.models import Milestone, Project, TaskBook
from keji.modules.projects.models.access import OVERSEERS
from keji.modules.projects.pages import form_page, laid_out, refuse
from keji.modules.projects.results.services import results
from keji.modules.projects.running import forms
from keji.modules.projects.running.papers.closing import acceptance_paper
from keji.modules.projects.running.services import accepting, changes, due, payments, reports, taskbook
from keji.modules.projects.running.services.rebudgeting import money_of

DESK = "projects"
UNITS = (Role.ENTERPRISE, Role.INSTITUTION)
READERS = (*BUREAU, Role.INSPECTOR, Role.COUNTY, *UNITS)
PER_PAGE = 50

_page = partial(form_page, desk=DESK, list_title="科技计划项目")


@page(*UNITS)
def task_book(request: HttpRequest, pk: int) -> HttpResponse:
    project, actor = visible_or_404(request, Project, pk), actor_of(request)
    refuse(taskbook.writing_refusal(project, actor))
    form = forms.TaskBookForm(request.POST or None, project=project)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        act = partial(
            taskbook.save_task_book, project, said, said["milestones"], form.budget(), actor=actor, at=clock.now()
        )
        if attempt(request, act, "已保存任务书，请核对后签订。"):
            return to_record(DESK, project)
    return _page(request, project, form, "填写任务书", fieldsets=laid_out(form), note="节点和预算合计都应等于核定资助")


@page(*UNITS, Role.COUNTY)
@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    project = visible_or_404(request, Project, pk)
    attempt(request, partial(taskbook.sign_as, project, actor=actor_of(request), at=clock.now()), "已签订任务书。")
    return to_record(DESK, project)


@page(*READERS)
def task_book_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    project = visible_or_404(request, Project, pk)
    book = TaskBook.objects.filter(project=project).first()
    blob = getattr(book, kind, None) if book and kind in ("docx", "pdf") else None
    if blob is None:
        raise Http404("任务书还没有签订完毕。")
    return file_answer(blob.read(), f"{project.number} 任务书.{kind}")


@page(Role.OFFICER)
@require_POST
def pay(request: HttpRequest, pk: int) -> HttpResponse:
    """Money out, or back: the order's code makes pressing twice the same as once."""
    project = visible_or_404(request, Project, pk)
    form = forms.PaymentForm(request.POST, project=project)
    if not form.is_valid():
        tell_errors(request, form)
        return to_record(DESK, project)
    said = form.cleaned_data
    shared: dict[str, Any] = {n: said[n] for n in ("order_code", "amount", "paid_on", "note")}
    if request.POST.get("direction") == "back":
        act = partial(payments.give_back, project, **shared, actor=actor_of(request), at=clock.now())
        attempt(request, act, "已登记收回。")
    else:
        act = partial(
            payments.pay, project, **shared, milestone=said["milestone"], actor=actor_of(request), at=clock.now()
        )
        attempt(request, act, "已登记拨付。")
    return to_record(DESK, project)


@page(*UNITS)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    project, actor = visible_or_404(request, Project, pk), actor_of(request)
    refuse(reports.writing_refusal(project, actor))
    form = forms.ReportForm(request.POST or None, project=project, initial={"year": clock.today().year})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        act = partial(
            reports.file_report, project, said["year"], progress=said["progress"], problems=said["problems"],
            spent=form.spent(), actor=actor, at=clock.now(),
        )  # fmt: skip
        if attempt(request, act, "已报送年度执行报告。"):
            return to_record(DESK, project)
    return _page(request, project, form, "年度执行报告", fieldsets=form.laid_out())


@page(*UNITS)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    project, actor = visible_or_404(request, Project, pk), actor_of(request)
    refuse(changes.asking_refusal(project, "members", None, actor, clock.today()))
    form = forms.ChangeForm(request.POST or None, initial=money_of(project))
    if request.method == "POST" and form.is_valid():
        act = partial(changes.ask, project, **form.told(), actor=actor, at=clock.now())
        if attempt(request, act, "已提交变更。"):
            return to_record(DESK, project)
    return _page(request, project, form, "申请变更", fieldsets=laid_out(form))


@page(*UNITS)
@require_POST
def milestone(request: HttpRequest, pk: int) -> HttpResponse:
    """A node is reached."""
    row = Milestone.objects.filter(pk=pk).first()
    if row is None:
        raise Http404("没有这个节点。")
    project = visible_or_404(request, Project, row.project_id)
    act = partial(taskbook.reach, row, actor=actor_of(request), at=clock.now())
    attempt(request, act, "已登记节点完成，请在附件里上传证明。")
    return to_record(DESK, project)


@page(*UNITS)
def ask_acceptance(request: HttpRequest, pk: int) -> HttpResponse:
    project, actor = visible_or_404(request, Project, pk), actor_of(request)
    refuse(accepting.asking_refusal(project, actor, clock.today()))
    form = forms.SummaryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = partial(accepting.ask, project, form.cleaned_data["summary"], actor=actor, at=clock.now())
        if attempt(request, act, "已申请验收。"):
            return to_record(DESK, project)
    return _page(request, project, form, "申请验收", note="证明材料请先在项目页的附件里上传")


@page(Role.OFFICER)
def record_result(request: HttpRequest, pk: int) -> HttpResponse:
    project, actor = visible_or_404(request, Project, pk), actor_of(request)
    if project.state != "accepting":
        raise PermissionDenied(f"项目{project.get_state_display()}，不在验收。")
    spent = sum(project.budget.values_list("spent", flat=True))
    usual = {"held_on": clock.today(), "execution": accepting.execution_points(spent, project.grant)}
    form = forms.ResultForm(request.POST or None, initial=usual)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        act = partial(
            accepting.record_result, project, marks={n: said[n] for n in accepting.MARKS},
            **{n: said[n] for n in ("held_on", "panel", "conclusion", "opinion", "finance_opinion")},
            actor=actor, at=clock.now(),
        )  # fmt: skip
        if attempt(request, act, "已登记验收结论，请办理“验收结束”或“限期整改”。"):
            return to_record(DESK, project)
    return _page(request, project, form, "登记验收", fieldsets=laid_out(form), note="登记后不能再改")


@page(*READERS)
def acceptance_file(request: HttpRequest, pk: int, round: int, kind: str) -> HttpResponse:
    """What one round of acceptance found, as a document; the panel's names for those who oversee it."""
    project = visible_or_404(request, Project, pk)
    row = project.acceptances.exclude(conclusion="").filter(round=round).first()
    if row is None or kind not in ("docx", "pdf"):
        raise Http404("没有这份验收意见书，或者验收结论还没有登记。")
    set_as = acceptance_paper(row, named=actor_of(request).has(*OVERSEERS))
    return file_answer(typeset(set_as, kind), f"{project.number} 第{round}次验收意见书.{kind}")


@page(*OVERSEERS)
def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    project = visible_or_404(request, Project, pk)
    if project.dossier is None:
        raise Http404("项目还没有归档。")
    return file_answer(project.dossier.read(), f"{project.number} 项目档案.zip")


@page(*READERS)
def due_board(request: HttpRequest) -> HttpResponse:
    """What is due, not only what came: the most overdue first, within the reader's scope."""
    today = clock.today()
    mine = Project.objects.visible_to(actor_of(request))
    found = sorted([*due.dues(mine, today), *results.result_dues(mine, today)], key=lambda d: (d.on, d.project))
    part = request.GET.get("show", "")
    shown = [d for d in found if (part != "late" or d.on < today) and (part != "soon" or d.on >= today)]
    number = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    projects = mine.select_related("party", "region").in_bulk([row.project for row in number])
    rows = []
    for row in number:
        project = projects[row.project]
        late = row.days_late(today)
        word = (f"逾期 {late} 天", "red") if late > 0 else (f"还有 {-late} 天", "amber" if late > -15 else "gray")
        cells = [
            {"value": project.title, "sub": project.number},
            *({"value": str(v)} for v in (project.party, project.region, row.what, row.who)),
            {"value": plain_date(row.on)},
            {"value": word[0], "badge": word[1]},
        ]
        rows.append({"url": f"/d/{DESK}/{row.project}", "cells": cells})
    late_count = sum(d.on < today for d in found)
    labels = ("项目", "承担单位", "县区", "事项", "由谁办", "期限", "情况")
    context = {
        "columns": [{"label": w} for w in labels],
        "rows": rows,
        "page": number,
        "stats": [
            {"label": "已逾期", "value": late_count, "unit": "件", "url": "?show=late"},
            {"label": f"{due.AHEAD} 天内到期", "value": len(found) - late_count, "unit": "件", "url": "?show=soon"},
        ],
        "shown": {"late": "已逾期", "soon": f"{due.AHEAD} 天内到期"}.get(part, ""),
        "page_title": "到期事项",
        "page_subtitle": "任务书、首期拨付、节点、年度报告、验收、资金收回、成果跟踪：应当办而还没有办的",
    }
    return render(request, "projects/due_board.html", context)
