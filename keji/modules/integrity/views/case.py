"""The sealed file of a case. Opening it, a paper or evidence is an entry in the log before anything is shown."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from keji.desk.acts import attempt, typed
from keji.desk.files import blob_answer, file_answer
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.audit.log import log, writing
from keji.kernel.documents.models import Attachment, attach, attachments_of
from keji.kernel.people.roles import BUREAU, Actor, Role
from keji.kernel.records.notices.receiving import clean_name, file_problem
from keji.lib.figures import plain_date
from keji.modules.integrity import clocks, editions
from keji.modules.integrity import forms_case as asks
from keji.modules.integrity.desks import TONES
from keji.modules.integrity.models import Case, CasePaper, CatalogueItem, Report
from keji.modules.integrity.services import looking, papers
from keji.modules.integrity.services.findings import FINDING
from keji.modules.integrity.views.common import INSIDE, case_or_404, part_or_404, to_file

MARK = {"proposed": "amber", "decided": "blue", "in_force": "green", "done": "green", "ended": "gray"}


@page(*INSIDE)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole file on one page: clue, basis, subjects, people, evidence, papers, observations."""
    case, actor = case_or_404(request, pk), actor_of(request)
    looking.look(case, "案卷", actor=actor, at=clock.now())
    handles = case.has_member(actor.id, "handler")
    works = handles or case.has_member(actor.id, "investigator")
    reviews = case.has_member(actor.id, "reviewer") and case.state == Case.State.REVIEWING
    head = actor.has(Role.LEADER)
    context = {
        "case": case,
        "page_title": f"案卷 {case.number}",
        "state_tone": TONES[case.state],
        "crumbs": [("科研诚信案件", "/d/integrity-cases/"), (case.number, f"/d/integrity-cases/{pk}"), ("案卷", "")],
        "next": [{"label": step.label, "why": why} for step, why in case.flow.offered(actor, case) if step.in_todo],
        "due": clocks.due_sentence(case),
        "reports": [_report(r, actor) for r in case.reports.all()],
        "basis": _basis(case, handles),
        "subjects": [
            _subject(s, case, works, handles or reviews) for s in case.subjects.select_related("party", "person")
        ],
        "subject_form": asks.SubjectForm()
        if works and case.state in ("checking", "investigating", "reported")
        else None,
        "members": case.members.select_related("account").order_by("joined_at"),
        "member_form": asks.MemberForm(head=head) if handles or head else None,
        "may_recuse": case.has_member(actor.id, "handler", "investigator", "reviewer") or head,
        "files": _files(case),
        "may_attach": works or case.has_member(actor.id, "reviewer"),
        "papers": case.papers.select_related("subject__party", "subject__person"),
        "texts": _texts(case),
        "observations": case.observations.all(),
        "may_observe": actor.has(Role.INSPECTOR),
        "may_answer": handles or case.has_member(actor.id, "reviewer"),
    }
    return render(request, "integrity/file.html", context)


def _report(report: Report, actor: Actor) -> dict[str, Any]:
    return {
        "row": report,
        "files": _files(report),
        "may_reveal": not looking.reveal_refusal(report, actor),
        "may_join": report.case.has_member(actor.id, "handler") and report.case.state == "checking",
    }


def _basis(case: Case, handles: bool) -> dict[str, Any]:
    choice = editions.edition_for(case.line, case.conduct_on, clock.today()) if case.conduct_on else None
    given = {
        "line": case.line,
        "conduct_on": case.conduct_on,
        "edition": case.edition_id,
        "reason": case.edition_reason,
    }
    editable = handles and case.state in ("checking", "investigating", "reported")
    return {
        "choice": choice,
        "form": asks.BasisForm(initial=given) if editable else None,
        "editions": [
            f"{e.number}：{plain_date(e.from_on)}至{plain_date(e.until_on) if e.until_on else '今'}"
            for e in asks.Edition.objects.all()
        ],
    }


def _subject(subject: Any, case: Case, works: bool, sanctions: bool) -> dict[str, Any]:
    named = {i.code: i for i in CatalogueItem.objects.of(case.edition_id or "", "violation")}
    bands = {i.code: i.said() for i in CatalogueItem.objects.of(case.edition_id or "", "severity")}
    finding = works and case.edition_id and case.state in FINDING
    serving = case.state == "decided" and not subject.served_on
    serving_review = case.state == "reviewed" and case.review and not subject.review_served_on
    initial = {"violations": subject.violations, "clause": subject.clause, "severity": subject.severity}
    initial |= {f"factor_{c}": asks.YES if there else asks.NO for c, there in subject.factors.items()}
    return {
        "row": subject,
        "violations": [named[c].said() for c in subject.violations if c in named],
        "severity": bands.get(subject.severity, ""),
        "factors": _factors(case, subject),
        "sanctions": [{"row": s, "tone": MARK[s.state]} for s in subject.sanctions.select_related("item", "standing")],
        "appeal_until": clocks.appeal_until(subject),
        "appeal_said": clocks.appeal_said(subject),
        "finding_form": asks.FindingForm(case=case, initial=initial, prefix=f"s{subject.pk}") if finding else None,
        "sanction_form": (
            asks.SanctionForm(case=case, prefix=f"m{subject.pk}")
            if sanctions and subject.in_breach and case.state in (*FINDING, "reviewing")
            else None
        ),
        "serve_form": (
            asks.ServeForm(prefix=f"v{subject.pk}", initial={"on": clock.today()})
            if works and (serving or serving_review)
            else None
        ),
        "may_drop": sanctions and case.state in (*FINDING, "reviewing"),
        "may_do": sanctions and case.state == "in_force",
    }


def _factors(case: Case, subject: Any) -> list[dict[str, Any]]:
    rows = [
        *CatalogueItem.objects.of(case.edition_id or "", "lighter"),
        *CatalogueItem.objects.of(case.edition_id or "", "heavier"),
    ]
    return [
        {"label": r.label, "side": "从轻" if r.kind == "lighter" else "从重", "there": subject.factors[r.code]}
        for r in rows
        if r.code in subject.factors
    ]


def _texts(case: Case) -> list[tuple[str, str]]:
    told = (
        ("反映的主要问题", case.gist),
        ("适用版本的理由", case.edition_reason),
        ("延长调查的理由", case.extended_for),
        ("调查报告", case.report_text),
        ("拟处理意见", case.proposed_text),
        ("复查意见", case.review_text),
        ("办理说明", case.close_note),
    )
    return [(title, text) for title, text in told if text]


def _files(record: Any) -> list[dict[str, Any]]:
    return [
        {
            "name": a.name,
            "url": f"/integrity/files/{a.pk}",
            "size": a.blob.size,
            "digest": a.blob_id,
            "uploaded_by": a.uploaded_by,
            "uploaded_at": a.uploaded_at,
            "version": a.version,
        }
        for a in attachments_of(record)
    ]


@page(*BUREAU)
@require_POST
def add_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A piece of evidence, by whoever investigates or reviews."""
    case, actor, given = case_or_404(request, pk), actor_of(request), request.FILES.get("file")
    why = ""
    if not case.has_member(actor.id, "handler", "investigator", "reviewer"):
        why = "证据由承办、调查和复查人员上传"
    elif given is None:
        why = "没有选择文件"
    elif (given.size or 0) > settings.UPLOAD_MAX_BYTES:
        why = f"超过 {settings.UPLOAD_MAX_BYTES // 1024 // 1024} MB，请压缩或拆分"
    else:
        why = file_problem(given)
    if why or given is None:
        messages.error(request, f"没有上传：{why}。")
        return to_file(case, "#evidence")
    with writing(actor, clock.now()):
        made = attach(case, given, name=clean_name(given.name or "附件"), by=actor.name, at=clock.now(), purpose="证据")
        log("添加证据", case, {"指纹": [None, made.blob_id[:12]]})
    messages.success(request, "已上传证据。")
    return to_file(case, "#evidence")


@page(*INSIDE)
def get_file(request: HttpRequest, pk: int) -> FileResponse:
    """One piece of evidence or of a report, noted in the log."""
    row = Attachment.objects.filter(pk=pk, removed_at__isnull=True).select_related("blob").first()
    owners = {Case._meta.label_lower: Case.objects.all(), Report._meta.label_lower: Report.objects.all()}
    owner = owners[row.subject_type].filter(pk=row.subject_id).first() if row and row.subject_type in owners else None
    if row is None or owner is None:
        raise Http404("没有这个文件，或者它不在您的查看范围内。")
    case = case_or_404(request, owner.case_id if isinstance(owner, Report) else owner.pk)
    looking.look(case, "举报材料" if isinstance(owner, Report) else "证据", actor=actor_of(request), at=clock.now())
    return blob_answer(row.blob, row.name)


def paper_response(kept: CasePaper, kind: str) -> HttpResponse:
    name = f"{kept.get_kind_display()} {kept.case.number} {plain_date(kept.issued_on)}.{kind}"
    try:
        return file_answer(papers.file_of(kept, kind), name)
    except LookupError:
        raise Http404("没有这种格式的文件。") from None


@page(*INSIDE)
def paper(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    kept = part_or_404(request, CasePaper.objects.select_related("case"), pk)
    looking.look_at_paper(kept, kind, actor=actor_of(request), at=clock.now())
    return paper_response(kept, kind)


@page(*INSIDE)
@require_POST
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """Who reported, once, with the reason on the log."""
    report = part_or_404(request, Report.objects.select_related("case"), pk)
    actor = actor_of(request)
    attempt(
        request,
        lambda: looking.reveal_reporter(report, typed(request, "reason", 300), actor=actor, at=clock.now()),
        lambda told: f"举报人：{told[0]}；联系方式：{told[1]}（本次查看已记录）",
    )
    return to_file(report.case, "#reports")
