"""Monthly bulletins: the list, the paper as it looks, editing its words, review, issue, correction, downloads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keji.desk.files import paper_answer
from keji.desk.guard import actor_of, page
from keji.desk.pages import history_of
from keji.kernel import clock
from keji.kernel.documents.letterhead import letterhead
from keji.kernel.documents.models import Paper
from keji.kernel.documents.numbering import next_number
from keji.kernel.indicators.models import Reading
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.lib.figures import Period, plain_date
from keji.modules.plan.models import Plan
from keji.modules.plan.services import bulletin, bulletin_paper
from keji.modules.plan.services.bulletin_blocks import renumbered_headings
from keji.modules.plan.services.follow import month_key, month_of

READERS = (Role.LEADER, Role.OFFICER, Role.INSPECTOR, Role.COUNTY)
MONTHS_OFFERED = 3
TONES = {"draft": "gray", "reviewed": "amber", "issued": "green"}


class NumberForm(forms.Form):
    number = forms.CharField(label="发文字号", max_length=40, help_text="已填本年下一个号；别处用过的请改")


def number_form() -> NumberForm:
    return NumberForm(initial={"number": next_number(clock.today().year)})


def found_or_404(request: HttpRequest, pk: int) -> Paper:
    paper = bulletin.bulletins(actor_of(request)).filter(pk=pk).select_related("corrects").first()
    if paper is None:
        raise Http404("没有这份通报，或者它还没有印发。")
    return paper


@page(*READERS)
def index(request: HttpRequest) -> HttpResponse:
    """Every bulletin the reader may see, and for officers the months that wait for one."""
    actor = actor_of(request)
    papers = list(bulletin.bulletins(actor).select_related("corrects").defer("content"))
    context = {
        "page_title": "月通报",
        "page_subtitle": "用定格数起草，另一人核稿，局领导签发；印发后不再改动，有误另发更正。",
        "crumbs": [("公文", ""), ("月通报", "")],
        "columns": [{"label": n} for n in ("标题", "月份", "发文字号", "状态", "起草", "核稿", "签发", "印发日期")],
        "rows": [row_of(p) for p in papers],
        "months": months_without(actor, papers) if actor.has(Role.OFFICER) else [],
    }
    return render(request, "plan/bulletins.html", context)


def row_of(paper: Paper) -> dict[str, Any]:
    return {
        "url": f"/plan/bulletins/{paper.pk}",
        "cells": [
            {"value": paper.title, "sub": f"更正{paper.corrects.number}" if paper.corrects else ""},
            {"value": month_of(paper.period).label},
            {"value": paper.number or "—"},
            {"value": paper.get_state_display(), "badge": TONES[paper.state]},
            {"value": paper.drafted_by},
            {"value": paper.reviewed_by or "—"},
            {"value": paper.issued_by or "—"},
            {"value": plain_date(paper.issued_on)},
        ],
    }


def months_without(actor: Actor, papers: list[Paper]) -> list[dict[str, Any]]:
    """Months of the running plan that are over and have no bulletin: draft it, or freeze first."""
    on = clock.today()
    plan = Plan.objects.filter(state="adopted", year__lte=on.year).order_by("-year").first()
    if plan is None:
        return []
    have = {p.period for p in papers}
    since = plan.adopted_on or date(plan.year, 1, 1)
    months = [Period.month(plan.year, n) for n in range(12, 0, -1)]
    over = [m for m in months if since <= m.end < on and month_key(m) not in have]
    keys = [month_key(m) for m in over]
    frozen = set(Reading.objects.filter(period__in=keys, current=True).values_list("period", flat=True).distinct())
    # Of the months nobody froze only the last few are worth offering.
    shown = [m for m in over if month_key(m) in frozen] + [m for m in over if month_key(m) not in frozen][
        :MONTHS_OFFERED
    ]
    return [
        {"label": m.label, "key": month_key(m), "frozen": month_key(m) in frozen}
        for m in sorted(shown, key=lambda m: m.start, reverse=True)
    ]


def tried(request: HttpRequest, act: Callable[[], Any], done: str) -> Any:
    """Do it and say so, or say why not; returns what was made, None when refused."""
    try:
        made = act()
        messages.success(request, done)
        return made
    except Refused as why:
        messages.error(request, f"没有办成：{why}。")
        return None


def posted_month(request: HttpRequest) -> Period:
    try:
        return month_of(request.POST.get("month", ""))
    except ValueError:
        raise Http404("没有这个月份。") from None


@page(Role.OFFICER)
@require_POST
def new(request: HttpRequest) -> HttpResponse:
    period, actor = posted_month(request), actor_of(request)
    plan = Plan.objects.filter(state="adopted", year=period.year).first()
    if plan is None:
        messages.error(request, f"没有办成：{period.year} 年没有执行中的工作要点，请先采用工作要点。")
        return redirect("bulletins")
    made = tried(
        request,
        lambda: bulletin.draft_bulletin(plan, period, actor=actor, at=clock.now()),
        f"已起草{period.label}通报。请核对文字，表格中的数字来自定格数，不能修改。",
    )
    return redirect("bulletin-edit", pk=made.pk) if made else redirect("bulletins")


@page(*READERS)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper as it will look, what can be done with it, what the format checker says."""
    actor, paper = actor_of(request), found_or_404(request, pk)
    corrections = bulletin.bulletins(actor).filter(corrects=paper).only("pk", "title", "number", "state")
    context = {
        "page_title": paper.title,
        "crumbs": [("月通报", "/plan/bulletins"), (paper.title, "")],
        "paper": paper,
        "tone": TONES[paper.state],
        "period": month_of(paper.period),
        "blocks": renumbered_headings(paper.content["blocks"]),
        "footnotes": bulletin_paper.footnotes(paper),
        "head": letterhead(),
        "findings": paper.content.get("findings", []),
        "corrections": corrections,
        "edit_refusal": bulletin.edit_refusal(paper, actor),
        "steps": steps_of(paper, actor),
        "history": history_of(paper) if actor.has(Role.OFFICER, Role.LEADER, Role.INSPECTOR) else [],
    }
    return render(request, "plan/bulletin.html", context)


def steps_of(paper: Paper, actor: Actor) -> list[dict[str, Any]]:
    """The steps from this state, each with why it is refused."""
    state, base = paper.state, f"/plan/bulletins/{paper.pk}"
    found = []
    if state == Paper.State.DRAFT:
        found.append(("review", "核稿通过", bulletin.review_refusal(paper, actor), "primary"))
    if state == Paper.State.REVIEWED:
        found.append(("issue", "签发印发", bulletin.issue_refusal(paper, actor), "primary"))
        found.append(("return", "退回修改", bulletin.return_refusal(paper, actor), ""))
    if state == Paper.State.ISSUED:
        why = "" if actor.has(Role.OFFICER) else "更正通报由业务科室起草"
        found.append(("correct", "起草更正通报", why, ""))
    return [
        {
            "code": code, "label": label, "url": f"{base}/{code}", "allowed": not why, "refusal": why, "tone": tone,
            "needs_reason": code in ("return", "correct"),
            "reason_label": "更正原因" if code == "correct" else "退回理由",
            "reason_hint": "会写入更正通报的正文，请写成完整的句子。" if code == "correct" else "会记入办理记录。",
            "confirm": "您已对照定格数核对全文，核稿通过吗？" if code == "review" else "",
            "fields": number_form() if code == "issue" and not why else None,
        }
        for code, label, why, tone in found
    ]  # fmt: skip


@page(*READERS)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Paragraphs as text boxes between tables that stay as they are."""
    actor, paper = actor_of(request), found_or_404(request, pk)
    if why := bulletin.edit_refusal(paper, actor):
        raise PermissionDenied(why + "。")
    if request.method == "POST":
        texts = {k.removeprefix("text-"): str(v) for k, v in request.POST.items() if k.startswith("text-")}
        given = {n: request.POST.get(n) for n in ("title", "addressee", "copies_to")}
        if tried(
            request,
            lambda: bulletin.edit_bulletin(paper, texts, actor=actor, at=clock.now(), **given),
            "已保存。",
        ):
            return redirect("bulletin", pk=paper.pk)
        for block in paper.content["blocks"]:
            block["text"] = texts.get(block.get("key", ""), block.get("text", ""))
    context = {
        "page_title": "修改通报",
        "page_subtitle": "可以修改文字；表格中的数字来自定格数，不能修改。清空一段表示删去这一段。",
        "crumbs": [("月通报", "/plan/bulletins"), (paper.title, f"/plan/bulletins/{paper.pk}"), ("修改", "")],
        "paper": paper,
        "blocks": renumbered_headings(paper.content["blocks"]),
    }
    return render(request, "plan/bulletin_edit.html", context)


def stepping(act: Callable[..., Paper], done: str, *roles: Role) -> Callable[..., HttpResponse]:
    """A view that takes one step and returns to the paper the step leads to."""

    @page(*roles)
    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        paper, actor = found_or_404(request, pk), actor_of(request)
        made = tried(request, lambda: act(paper, request.POST, actor=actor, at=clock.now()), done)
        return redirect("bulletin", pk=made.pk if made else pk)

    return view


review = stepping(
    lambda paper, post, **who: bulletin.review_bulletin(paper, **who),
    "核稿通过，等待局领导签发。",
    Role.OFFICER,
)
send_back = stepping(
    lambda paper, post, **who: bulletin.return_bulletin(paper, post.get("reason", "")[:500], **who),
    "已退回起草人修改。",
    Role.OFFICER,
    Role.LEADER,
)
issue = stepping(
    lambda paper, post, **who: bulletin.issue_bulletin(paper, number=post.get("number", "")[:40], **who),
    "已印发。Word 和 PDF 已存档，今后不能再改。",
    Role.LEADER,
)
correct = stepping(
    lambda paper, post, **who: bulletin.draft_correction(paper, post.get("reason", "")[:500], **who),
    "已起草更正通报，请核对文字。",
    Role.OFFICER,
)


@page(*READERS)
def download(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The stored file of an issued paper; a draft is set anew and says so in its name."""
    paper = found_or_404(request, pk)
    return paper_answer(paper, kind, lambda: bulletin.LIFE.file(paper, kind, on=clock.today()))
