"""Pages of one assessment: self-report, the county's check, the experts' sheets."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keji.desk.acts import attempt, tell_errors, to_record, visible_or_404
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.people.roles import Role
from keji.modules.platforms.assessment.forms import MarksForm, SelfReportForm
from keji.modules.platforms.assessment.services import assessment as services
from keji.modules.platforms.assessment.services import scoring
from keji.modules.platforms.files.evidence import files_by_part
from keji.modules.platforms.models import Assessment, Panelist
from keji.modules.platforms.pages import part_or_404

DESK = "assessments"
ANSWERS = {"yes": True, "no": False}


def frame(record: Assessment, title: str) -> dict[str, Any]:
    return {
        "record": record,
        "page_title": title,
        "page_subtitle": str(record),
        "crumbs": [("平台评估", f"/d/{DESK}/"), (str(record), f"/d/{DESK}/{record.pk}"), (title, "")],
    }


@page(Role.ENTERPRISE, Role.INSTITUTION)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The host's self-report, item by item, with its evidence."""
    record, actor = visible_or_404(request, Assessment, pk), actor_of(request)
    if why := services.writing_refusal(record, actor):
        raise PermissionDenied(f"{why}。")
    form = SelfReportForm(request.POST or None, record=record)
    if request.method == "POST":
        if not form.is_valid():
            tell_errors(request, form)
        elif attempt(
            request,
            lambda: services.save_self_report(record, form.answers(), actor=actor, at=clock.now()),
            "已保存。全部填完后在评估页点“提交自评”。",
        ):
            return redirect("assessment-report", pk=record.pk)
    files = files_by_part(form.reports)
    lines = [
        {"report": r, "text": form[f"text_{r.pk}"], "points": form[f"points_{r.pk}"], "files": files[r.pk]}
        for r in form.reports
    ]
    context = frame(record, "填写自评") | {"form": form, "lines": lines, "left": services.unanswered(record)}
    return render(request, "platforms/report.html", context, status=422 if form.is_bound else 200)


@page(Role.ENTERPRISE, Role.INSTITUTION)
@require_POST
def evidence(request: HttpRequest, pk: int, report: int) -> HttpResponse:
    record = visible_or_404(request, Assessment, pk)
    attempt(
        request,
        lambda: services.add_evidence(
            record, report, request.FILES.get("file"), actor=actor_of(request), at=clock.now()
        ),
        "已上传佐证。",
    )
    return redirect(f"/platforms/assessments/{record.pk}/report#item-{report}")


@page(Role.COUNTY)
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """The county's check, item by item: agree, or say why not."""
    record = visible_or_404(request, Assessment, pk)
    if record.state != "reported":
        raise PermissionDenied(f"当前状态是“{record.get_state_display()}”，不在县区核实。")
    reports = list(record.reports.select_related("item"))
    if request.method == "POST":
        answers = {
            r.pk: (ANSWERS.get(request.POST.get(f"agreed_{r.pk}", "")), request.POST.get(f"remark_{r.pk}", ""))
            for r in reports
        }
        if attempt(
            request,
            lambda: services.save_checks(record, answers, actor=actor_of(request), at=clock.now()),
            "已保存核实意见，请办理“核实通过”或“退回补充”。",
        ):
            return to_record(DESK, record)
        for r in reports:
            r.agreed, r.remark = answers[r.pk]
    files = files_by_part(reports)
    context = frame(record, "逐项核实") | {"lines": [{"report": r, "files": files[r.pk]} for r in reports]}
    return render(request, "platforms/county_check.html", context, status=422 if request.method == "POST" else 200)


@page(Role.OFFICER)
def marks(request: HttpRequest, pk: int, panelist: int | None = None) -> HttpResponse:
    """One expert's sheet, new or corrected."""
    record = visible_or_404(request, Assessment, pk)
    if record.state != "checked":
        raise PermissionDenied(f"当前状态是“{record.get_state_display()}”，不在专家评审。")
    row = part_or_404(request, record.panel, panelist, "assessment") if panelist else None
    form = MarksForm(request.POST or None, record=record, panelist=row)
    if request.method == "POST":
        if not form.is_valid():
            tell_errors(request, form)
        else:
            said = form.cleaned_data
            act = partial(
                scoring.save_panelist,
                record,
                name=said["name"],
                unit=said["unit"],
                visited_on=said["visited_on"],
                marks=form.marks(),
                actor=actor_of(request),
                at=clock.now(),
                panelist=row,
            )
            if attempt(request, act, "已保存专家评分。"):
                return to_record(DESK, record)
    context = frame(record, "登记专家评分") | {"form": form, "lines": form.lines(), "panelist": row}
    return render(request, "platforms/marks.html", context, status=422 if form.is_bound else 200)


@page(Role.OFFICER)
@require_POST
def drop_panelist(request: HttpRequest, pk: int) -> HttpResponse:
    row = part_or_404(request, Panelist.objects, pk, "assessment")
    attempt(request, lambda: scoring.drop_panelist(row, actor=actor_of(request), at=clock.now()), "已删去。")
    return to_record(DESK, row.assessment)
