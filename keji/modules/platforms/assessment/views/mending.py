"""Findings and what became of them: listed by the officer, answered by the host, looked at again by the officer."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keji.desk.acts import attempt, to_record, visible_or_404
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.people.roles import Role
from keji.modules.platforms.assessment.services import mending
from keji.modules.platforms.assessment.views.assessment import ANSWERS, DESK, frame
from keji.modules.platforms.files.evidence import files_by_part
from keji.modules.platforms.models import Assessment, Finding
from keji.modules.platforms.pages import part_or_404


@page(Role.OFFICER)
@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    record = visible_or_404(request, Assessment, pk)
    text = request.POST.get("text", "")
    attempt(request, lambda: mending.add_finding(record, text, actor=actor_of(request), at=clock.now()), "已列入。")
    return to_record(DESK, record)


@page(Role.OFFICER)
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    row = part_or_404(request, Finding.objects, pk, "assessment")
    attempt(request, lambda: mending.drop_finding(row, actor=actor_of(request), at=clock.now()), "已删去。")
    return to_record(DESK, row.assessment)


@page(Role.ENTERPRISE, Role.INSTITUTION)
def answers(request: HttpRequest, pk: int) -> HttpResponse:
    record, actor = visible_or_404(request, Assessment, pk), actor_of(request)
    if why := mending.answering_refusal(record, actor):
        raise PermissionDenied(f"{why}。")
    findings = list(record.findings.all())
    if request.method == "POST":
        said = {f.pk: request.POST.get(f"answer_{f.pk}", "") for f in findings}
        if attempt(
            request,
            lambda: mending.answer(record, said, actor=actor, at=clock.now()),
            "已保存。全部填完后在评估页点“提交整改结果”。",
        ):
            return redirect("assessment-answers", pk=record.pk)
        for finding in findings:  # what was typed stands, to be shortened
            finding.answer = finding.answer if finding.settled else said[finding.pk]
    files = files_by_part(findings)
    lines = [{"finding": f, "files": files[f.pk]} for f in findings]
    context = frame(record, "填写整改情况") | {"lines": lines, "late": mending.days_late(record, clock.today())}
    return render(request, "platforms/answers.html", context)


@page(Role.ENTERPRISE, Role.INSTITUTION)
@require_POST
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    row = part_or_404(request, Finding.objects, pk, "assessment")
    attempt(
        request,
        lambda: mending.add_proof(row, request.FILES.get("file"), actor=actor_of(request), at=clock.now()),
        "已上传佐证。",
    )
    return redirect("assessment-answers", pk=row.assessment_id)


@page(Role.OFFICER)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    record = visible_or_404(request, Assessment, pk)
    if record.state != "mended":
        raise PermissionDenied(f"当前状态是“{record.get_state_display()}”，不在复核。")
    findings = list(record.findings.all())
    if request.method == "POST":
        said = {
            f.pk: (ANSWERS.get(request.POST.get(f"settled_{f.pk}", "")), request.POST.get(f"remark_{f.pk}", ""))
            for f in findings
        }
        if attempt(
            request,
            lambda: mending.review(record, said, actor=actor_of(request), at=clock.now()),
            "已保存复核意见，请办理“办结”或“退回继续整改”。",
        ):
            return to_record(DESK, record)
        for f in findings:
            f.settled, f.remark = said[f.pk]
    files = files_by_part(findings)
    context = frame(record, "逐个复核") | {"lines": [{"finding": f, "files": files[f.pk]} for f in findings]}
    return render(request, "platforms/review.html", context, status=422 if request.method == "POST" else 200)
