"""The race's papers: list, the paper as it looks, its words, review, issue, downloads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keji.desk.acts import attempt, made
from keji.desk.files import paper_answer
from keji.desk.guard import actor_of, page
from keji.desk.pages import history_of
from keji.kernel import clock
from keji.kernel.documents.letterhead import letterhead
from keji.kernel.documents.models import Paper
from keji.kernel.documents.numbering import next_number
from keji.kernel.people.roles import Actor, Role
from keji.lib.figures import parse_period, plain_date
from keji.lib.paper.model import heading_mark
from keji.modules.horserace.models import RaceRun
from keji.modules.horserace.services import papers
from keji.modules.horserace.views.common import READERS, run_or_404

TONES = {"draft": "gray", "reviewed": "amber", "issued": "green"}


class NumberForm(forms.Form):
    number = forms.CharField(label="发文字号", max_length=40, help_text="已填本年下一个号；别处用过的请改")


def paper_or_404(request: HttpRequest, pk: int) -> Paper:
    paper = papers.papers(actor_of(request)).filter(pk=pk).select_related("corrects").first()
    if paper is None:
        raise Http404("没有这份通报，或者它还没有印发。")
    return paper


@page(*READERS)
def index(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    found = list(papers.papers(actor).select_related("corrects").defer("content"))
    have = {p.data_digest for p in found}
    runs = RaceRun.objects.filter(state="published").order_by("-period") if actor.has(Role.OFFICER) else []
    context = {
        "page_title": "赛马通报",
        "page_subtitle": "月通报、季调度、年评价：从已公布的结果起草，另一人核稿，局领导签发，印发后不再改动。",
        "waiting": [run for run in runs if run.digest not in have],
        "columns": [{"label": n} for n in ("标题", "类别", "期间", "发文字号", "状态", "印发日期")],
        "rows": [
            {
                "url": f"/horserace/papers/{p.pk}",
                "cells": [
                    {"value": p.title, "sub": f"更正{p.corrects.number}" if p.corrects else ""},
                    {"value": papers.KINDS[p.kind]},
                    {"value": parse_period(p.period).label},
                    {"value": p.number or "—"},
                    {"value": p.get_state_display(), "badge": TONES[p.state]},
                    {"value": plain_date(p.issued_on)},
                ],
            }
            for p in found
        ],
    }
    return render(request, "horserace/papers.html", context)


@page(Role.OFFICER)
@require_POST
def new(request: HttpRequest, pk: int) -> HttpResponse:
    run = run_or_404(request, pk)
    found = made(
        request,
        lambda: papers.draft(run, actor=actor_of(request), at=clock.now()),
        "已起草。请核对文字；表格和图来自计分文件，不能修改。",
    )
    return redirect("race-paper", pk=found.pk) if found else redirect("race-papers")


def shown_blocks(paper: Paper) -> list[dict[str, Any]]:
    """Headings numbered as on paper, tables with their cells beside their columns' alignment."""
    found, counters = [], {1: 0, 2: 0}
    for raw in paper.content["blocks"]:
        block = dict(raw)
        if raw["kind"] == "heading":
            counters[raw["level"]] += 1
            block["text"] = heading_mark(raw["level"], counters[raw["level"]]) + raw["text"]
        if raw["kind"] == "table":
            aligns = [align for _, align in raw["columns"]]
            block["lines"] = [list(zip(row, aligns, strict=True)) for row in raw["rows"]]
        found.append(block)
    return found


@page(*READERS)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    actor, paper = actor_of(request), paper_or_404(request, pk)
    context = {
        "page_title": paper.title,
        "crumbs": [("赛马通报", "/horserace/papers"), (paper.title, "")],
        "paper": paper,
        "tone": TONES[paper.state],
        "head": letterhead(),
        "blocks": shown_blocks(paper),
        "footnotes": papers.footnotes(paper),
        "run": RaceRun.objects.get(pk=paper.content["run"]),
        "edit_refusal": papers.edit_refusal(paper, actor),
        "steps": _steps(paper, actor),
        "history": history_of(paper) if actor.has(Role.OFFICER, Role.LEADER, Role.INSPECTOR) else [],
        "corrections": papers.papers(actor).filter(corrects=paper),
    }
    return render(request, "horserace/paper.html", context)


def _steps(paper: Paper, actor: Actor) -> list[dict[str, Any]]:
    base, found = f"/horserace/papers/{paper.pk}", []
    if paper.state == Paper.State.DRAFT:
        found.append(("review", "核稿通过", papers.review_refusal(paper, actor), "primary"))
    if paper.state == Paper.State.REVIEWED:
        found.append(("issue", "签发印发", papers.issue_refusal(paper, actor), "primary"))
        found.append(("return", "退回修改", papers.return_refusal(paper, actor), ""))
    number = NumberForm(initial={"number": next_number(clock.today().year)})
    return [
        {
            "code": code, "label": label, "url": f"{base}/{code}", "allowed": not why, "refusal": why, "tone": tone,
            "needs_reason": code == "return", "reason_label": "退回理由", "reason_hint": "会记入办理记录。",
            "confirm": "您已对照计分结果核对全文，核稿通过吗？" if code == "review" else "",
            "fields": number if code == "issue" and not why else None,
        }
        for code, label, why, tone in found
    ]  # fmt: skip


@page(Role.OFFICER)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Paragraphs as text boxes between tables that stay as they are."""
    actor, paper = actor_of(request), paper_or_404(request, pk)
    if why := papers.edit_refusal(paper, actor):
        raise PermissionDenied(why + "。")
    if request.method == "POST":
        texts = {k.removeprefix("text-"): str(v) for k, v in request.POST.items() if k.startswith("text-")}
        if attempt(request, lambda: papers.edit(paper, texts, actor=actor, at=clock.now()), "已保存。"):
            return redirect("race-paper", pk=paper.pk)
    context = {
        "page_title": "修改通报",
        "page_subtitle": "可以修改文字；表格和图来自计分文件，不能修改。清空一段表示删去这一段。",
        "crumbs": [("赛马通报", "/horserace/papers"), (paper.title, f"/horserace/papers/{paper.pk}"), ("修改", "")],
        "paper": paper,
        "blocks": shown_blocks(paper),
    }
    return render(request, "horserace/paper_edit.html", context)


def _stepping(act: Callable[..., Paper], done: str, *roles: Role) -> Callable[..., HttpResponse]:
    @page(*roles)
    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        paper, actor = paper_or_404(request, pk), actor_of(request)
        attempt(request, lambda: act(paper, request.POST, actor=actor, at=clock.now()), done)
        return redirect("race-paper", pk=pk)

    return view


review = _stepping(lambda p, post, **who: papers.review(p, **who), "核稿通过，等待局领导签发。", Role.OFFICER)
send_back = _stepping(
    lambda p, post, **who: papers.send_back(p, post.get("reason", "")[:500], **who),
    "已退回修改。",
    Role.OFFICER,
    Role.LEADER,
)
issue = _stepping(
    lambda p, post, **who: papers.issue(p, number=post.get("number", "")[:40], **who),
    "已印发。Word 和 PDF 已存档，今后不能再改。",
    Role.LEADER,
)


@page(*READERS)
def download(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The stored file of an issued paper; a draft is set anew and says so in its name."""
    paper = paper_or_404(request, pk)
    return paper_answer(paper, kind, lambda: papers.LIFE.file(paper, kind, on=clock.today()))
