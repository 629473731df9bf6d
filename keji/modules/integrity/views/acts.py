"""What is written in the sealed file, one act a view. All take only POST and go back to the file."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from keji.desk.acts import attempt, tell_errors, typed
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.audit.log import writing
from keji.kernel.people.models import Account
from keji.kernel.people.roles import BUREAU, Role
from keji.modules.integrity import forms_case as asks
from keji.modules.integrity.models import Case, Observation, Report, Sanction, Subject
from keji.modules.integrity.services import cases, findings, reports, watching
from keji.modules.integrity.views.common import INSIDE, case_or_404, part_or_404, to_file


@page(Role.OFFICER)
@require_POST
def add_subject(request: HttpRequest, pk: int) -> HttpResponse:
    case, form = case_or_404(request, pk), asks.SubjectForm(request.POST)
    if not form.is_valid():
        tell_errors(request, form)
        return to_file(case, "#subjects")
    actor, now, unit, name = actor_of(request), clock.now(), form.cleaned_data["uscc"], form.cleaned_data["name"]

    def act() -> None:
        with writing(actor, now):
            over = {"person": cases.find_person(name, unit, at=now)} if name.strip() else {"party": unit}
            cases.add_subject(case, **over, actor=actor, at=now)

    attempt(request, act, "已登记当事人。")
    if not Case.objects.visible_to(actor).filter(pk=case.pk).exists():
        return redirect("/d/integrity-cases/")  # the new subject concerns the reader: the file is shut to them now
    return to_file(case, "#subjects")


@page(Role.OFFICER)
@require_POST
def set_basis(request: HttpRequest, pk: int) -> HttpResponse:
    case, form = case_or_404(request, pk), asks.BasisForm(request.POST)
    if form.is_valid():
        attempt(
            request,
            lambda: cases.set_basis(case, **form.cleaned_data, actor=actor_of(request), at=clock.now()),
            "已确定适用版本。",
        )
    else:
        tell_errors(request, form)
    return to_file(case, "#basis")


def subject_or_404(request: HttpRequest, pk: int) -> Any:
    return part_or_404(request, Subject.objects.select_related("case__edition", "party", "person"), pk)


@page(Role.OFFICER)
@require_POST
def save_finding(request: HttpRequest, pk: int) -> HttpResponse:
    subject = subject_or_404(request, pk)
    form = asks.FindingForm(request.POST, case=subject.case, prefix=f"s{subject.pk}")
    if form.is_valid():
        given = {n: form.cleaned_data[n] for n in ("violations", "clause", "severity")}
        attempt(
            request,
            lambda: findings.save_finding(
                subject, **given, answers=form.answers(), actor=actor_of(request), at=clock.now()
            ),
            "已保存认定情况。",
        )
    else:
        tell_errors(request, form)
    return to_file(subject.case, f"#subject-{subject.pk}")


@page(Role.OFFICER)
@require_POST
def add_sanction(request: HttpRequest, pk: int) -> HttpResponse:
    subject = subject_or_404(request, pk)
    form = asks.SanctionForm(request.POST, case=subject.case, prefix=f"m{subject.pk}")
    if form.is_valid():
        attempt(
            request,
            lambda: findings.add_sanction(subject, **form.cleaned_data, actor=actor_of(request), at=clock.now()),
            "已登记拟定措施。",
        )
    else:
        tell_errors(request, form)
    return to_file(subject.case, f"#subject-{subject.pk}")


def sanction_or_404(request: HttpRequest, pk: int) -> Any:
    found = Sanction.objects.select_related("subject__case", "item").filter(pk=pk).first()
    if found is None:
        raise Http404("没有找到这项措施，可能已经删去。")
    case_or_404(request, found.subject.case_id)
    return found


@page(Role.OFFICER)
@require_POST
def drop_sanction(request: HttpRequest, pk: int) -> HttpResponse:
    found = sanction_or_404(request, pk)
    attempt(request, lambda: findings.drop_sanction(found, actor=actor_of(request), at=clock.now()), "已删去。")
    return to_file(found.subject.case, f"#subject-{found.subject_id}")


@page(Role.OFFICER)
@require_POST
def mark_done(request: HttpRequest, pk: int) -> HttpResponse:
    found, actor = sanction_or_404(request, pk), actor_of(request)
    act = lambda: findings.mark_done(found, typed(request, "note", 500), actor=actor, at=clock.now())  # noqa: E731
    attempt(request, act, "已登记执行。")
    return to_file(found.subject.case, f"#subject-{found.subject_id}")


@page(Role.OFFICER)
@require_POST
def serve(request: HttpRequest, pk: int) -> HttpResponse:
    subject = subject_or_404(request, pk)
    form = asks.ServeForm(request.POST, prefix=f"v{subject.pk}")
    if form.is_valid():
        attempt(
            request,
            lambda: cases.serve_subject(subject, **form.cleaned_data, actor=actor_of(request), at=clock.now()),
            "已登记送达，并制作送达回证。",
        )
    else:
        tell_errors(request, form)
    return to_file(subject.case, f"#subject-{subject.pk}")


@page(*BUREAU)
@require_POST
def add_member(request: HttpRequest, pk: int) -> HttpResponse:
    case, actor = case_or_404(request, pk), actor_of(request)
    form = asks.MemberForm(request.POST, head=actor.has(Role.LEADER))
    if form.is_valid():
        attempt(
            request,
            lambda: cases.add_member(case, **form.cleaned_data, actor=actor, at=clock.now()),
            "已增加办案人员。",
        )
    else:
        tell_errors(request, form)
    return to_file(case, "#members")


@page(*BUREAU)
@require_POST
def recuse(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own word, or a head's for somebody named."""
    case, actor = case_or_404(request, pk), actor_of(request)
    whom = request.POST.get("account", "") if actor.has(Role.LEADER) else ""
    account = Account.objects.filter(pk=int(whom) if whom.isdecimal() else actor.account_id).first()
    if account is None:
        raise Http404("没有这个账号。")
    attempt(
        request, lambda: cases.recuse(case, account, actor=actor, at=clock.now()), "已登记回避，案卷不再向该同志开放。"
    )
    if not Case.objects.visible_to(actor).filter(pk=case.pk).exists():
        return redirect("/d/integrity-cases/")
    return to_file(case, "#members")


@page(Role.OFFICER)
@require_POST
def join(request: HttpRequest, pk: int) -> HttpResponse:
    report = part_or_404(request, Report.objects.select_related("case"), pk)
    actor, wanted = actor_of(request), request.POST.get("number", "").strip().upper()[:24]
    into = Case.objects.visible_to(actor).filter(number=wanted).first()
    if into is None:
        raise Http404(f"没有编号为“{wanted}”的案件，或者它不在您的查看范围内。")
    done = attempt(request, lambda: reports.join(report, into, actor=actor, at=clock.now()), f"已并入 {into.number}。")
    return to_file(into if done else report.case, "#reports")


@page(*INSIDE)
@require_POST
def observe(request: HttpRequest, pk: int) -> HttpResponse:
    case, actor = case_or_404(request, pk), actor_of(request)
    act = lambda: watching.observe(case, typed(request, "text", 2000), actor=actor, at=clock.now())  # noqa: E731
    attempt(request, act, "已提出监督意见。")
    return to_file(case, "#observations")


@page(Role.OFFICER)
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    found = part_or_404(request, Observation.objects.select_related("case"), pk)
    actor = actor_of(request)
    attempt(
        request, lambda: watching.answer(found, typed(request, "text", 2000), actor=actor, at=clock.now()), "已答复。"
    )
    return to_file(found.case, "#observations")
