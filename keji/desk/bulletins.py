"""The pages of papers that are drafted from figures, looked over by another and signed: one set for all modules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from keji.desk.acts import attempt, made
from keji.desk.files import paper_answer
from keji.desk.guard import actor_of, page
from keji.desk.pages import history_of
from keji.kernel import clock
from keji.kernel.documents.bulletins import FRAME, LONGEST, Bulletins
from keji.kernel.documents.letterhead import letterhead
from keji.kernel.documents.models import Paper
from keji.kernel.documents.numbering import next_number
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.saving import whole
from keji.lib.figures import plain_date
from keji.lib.paper.model import heading_mark

READERS = (Role.LEADER, Role.OFFICER, Role.INSPECTOR, Role.COUNTY)
TONES = {"draft": "gray", "reviewed": "amber", "issued": "green"}
REASON_MOST = 500
Block = dict[str, Any]
View = Callable[..., HttpResponse]


class NumberForm(forms.Form):
    number = forms.CharField(label="发文字号", max_length=40, help_text="已填本年下一个号；别处用过的请改")


@dataclass(frozen=True)
class MoreStep:
    """One step beyond 核稿、退回 and 签发. `refusal` is asked of (paper, actor); None hides the step."""

    code: str
    label: str
    refusal: Callable[[Paper, Actor], str | None]
    reason_label: str
    reason_hint: str


@dataclass(frozen=True)
class BulletinPages:
    """What a module says of its bulletins; the views are made from it.

    `route` is the name of the paper's page: `<route>-edit`, `-file`, `-review`, `-return` and `-issue` are those of the
    others. `checked_against` is what the figures are compared with before they go on. `data` are the facts about the
    figures ({label, value, url, digest}), `blocks` the content's blocks as the sheet shows them: a table's columns as
    {title, unit, align}, a picture with its url.
    """

    life: Bulletins
    route: str
    home: tuple[str, str]
    checked_against: str
    footnotes: Callable[[Paper], list[str]]
    data: Callable[[Paper], list[dict[str, str]]]
    blocks: Callable[[Paper], list[Block]] = lambda paper: list(paper.content["blocks"])
    more: Sequence[MoreStep] = ()

    def found(self, request: HttpRequest, pk: int) -> Paper:
        paper = self.life.seen_by(actor_of(request)).filter(pk=pk).select_related("corrects").first()
        if paper is None:
            raise Http404("没有这份通报，或者它还没有印发。")
        return paper

    def row(self, paper: Paper, *, kind: str, span: str) -> dict[str, Any]:
        """A line of the module's list: 标题、(类别)、期间、发文字号、状态、起草、核稿、签发、印发日期."""
        return {
            "url": reverse(self.route, args=[paper.pk]),
            "cells": [
                {"value": paper.title, "sub": f"更正{paper.corrects.number}" if paper.corrects else ""},
                *([{"value": kind}] if kind else []),
                {"value": span},
                {"value": paper.number or "—"},
                {"value": paper.get_state_display(), "badge": TONES[paper.state]},
                {"value": paper.drafted_by},
                {"value": paper.reviewed_by or "—"},
                {"value": paper.issued_by or "—"},
                {"value": plain_date(paper.issued_on)},
            ],
        }

    def steps(self, paper: Paper, actor: Actor) -> list[dict[str, Any]]:
        """The steps from this state, each with why it is refused."""
        life, found = self.life, []
        if paper.state == Paper.State.DRAFT:
            confirm = f"您已对照{self.checked_against}核对全文，核稿通过吗？"
            found.append(self._step(paper, "review", "核稿通过", life.review_refusal(paper, actor), confirm=confirm))
        if paper.state == Paper.State.REVIEWED:
            why = life.issue_refusal(paper, actor)
            number = None if why else NumberForm(initial={"number": next_number(clock.today().year)})
            found.append(self._step(paper, "issue", "签发印发", why, fields=number))
            reason = {"reason_label": "退回理由", "reason_hint": "会记入办理记录。"}
            found.append(self._step(paper, "return", "退回修改", life.return_refusal(paper, actor), tone="", **reason))
        for more in self.more:
            if (refusal := more.refusal(paper, actor)) is not None:
                reason = {"reason_label": more.reason_label, "reason_hint": more.reason_hint}
                found.append(self._step(paper, more.code, more.label, refusal, tone="", **reason))
        return found

    def _step(
        self, paper: Paper, code: str, label: str, why: str, tone: str = "primary", **more: Any
    ) -> dict[str, Any]:
        url = reverse(f"{self.route}-{code}", args=[paper.pk])
        told = {"code": code, "label": label, "url": url, "allowed": not why, "refusal": why, "tone": tone}
        return told | {"needs_reason": "reason_label" in more, "reason_most": REASON_MOST} | more

    @property
    def show(self) -> View:
        """The paper as it will look, what can be done with it, what the format checker says."""

        @page(*READERS)
        def show(request: HttpRequest, pk: int) -> HttpResponse:
            actor, paper = actor_of(request), self.found(request, pk)
            context = {
                "page_title": paper.title,
                "crumbs": [self.home, (paper.title, "")],
                "tone": TONES[paper.state],
                "footnotes": self.footnotes(paper),
                "head": letterhead(),
                "findings": paper.content.get("findings", []),
                "corrections": self.life.seen_by(actor).filter(corrects=paper).only("pk", "title", "number", "state"),
                "edit_refusal": self.life.edit_refusal(paper, actor),
                "steps": self.steps(paper, actor),
                "data": self.data(paper),
                "history": history_of(paper) if actor.has(Role.OFFICER, Role.LEADER, Role.INSPECTOR) else [],
            }
            return render(request, "desk/bulletin.html", context | self._shown(paper))

        return show

    @property
    def edit(self) -> View:
        """Paragraphs as text boxes between tables that stay as they are; what was typed outlives a refusal."""

        @page(Role.OFFICER)
        def edit(request: HttpRequest, pk: int) -> HttpResponse:
            actor, paper = actor_of(request), self.found(request, pk)
            if why := self.life.edit_refusal(paper, actor):
                raise PermissionDenied(why + "。")
            if request.method == "POST":
                texts = {k.removeprefix("text-"): str(v) for k, v in request.POST.items() if k.startswith("text-")}
                frame = {name: request.POST.get(name) for name in FRAME}
                at = clock.now()
                if attempt(request, lambda: self.life.edit(paper, texts, actor=actor, at=at, **frame), "已保存。"):
                    return redirect(self.route, pk=paper.pk)
                _as_typed(paper, texts, frame)
            context = {
                "page_title": "修改通报",
                "page_subtitle": f"可以修改文字，清空一段就是删去它；表格和图来自{self.checked_against}，不能修改。",
                "crumbs": [self.home, (paper.title, reverse(self.route, args=[paper.pk])), ("修改", "")],
                "longest": LONGEST,
            }
            return render(request, "desk/bulletin_edit.html", context | self._shown(paper))

        return edit

    def _shown(self, paper: Paper) -> dict[str, Any]:
        urls = {
            "url": reverse(self.route, args=[paper.pk]),
            "edit_url": reverse(f"{self.route}-edit", args=[paper.pk]),
            "files": [(name, reverse(f"{self.route}-file", args=[paper.pk, name])) for name in ("docx", "pdf")],
        }
        return {"paper": paper, "blocks": numbered(self.blocks(paper)), "route": self.route, **urls}

    def step(self, act: Callable[..., Paper], done: str, *roles: Role) -> View:
        """A view that takes one step and returns to the paper it leads to. `act` gets the paper and what was posted."""

        @page(*roles)
        @require_POST
        def step(request: HttpRequest, pk: int) -> HttpResponse:
            paper, who = self.found(request, pk), {"actor": actor_of(request), "at": clock.now()}
            result = made(request, lambda: act(paper, request.POST, **who), done)
            return redirect(self.route, pk=result.pk if result else pk)

        return step

    @property
    def review(self) -> View:
        return self.step(lambda p, post, **who: self.life.review(p, **who), "核稿通过，等待局领导签发。", Role.OFFICER)

    @property
    def send_back(self) -> View:
        def back(paper: Paper, post: Any, **who: Any) -> Paper:
            return self.life.send_back(paper, whole(post.get("reason", ""), REASON_MOST, "理由"), **who)

        return self.step(back, "已退回起草人修改。", Role.OFFICER, Role.LEADER)

    @property
    def issue(self) -> View:
        def sign(paper: Paper, post: Any, **who: Any) -> Paper:
            return self.life.issue(paper, number=whole(post.get("number", ""), 40, "发文字号"), **who)

        return self.step(sign, "已印发。Word 和 PDF 已存档，今后不能再改。", Role.LEADER)

    @property
    def download(self) -> View:
        """The stored file of an issued paper; a draft is set anew and says so in its name."""

        @page(*READERS)
        def download(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
            paper = self.found(request, pk)
            return paper_answer(paper, kind, lambda: self.life.file(paper, kind, on=clock.today()))

        return download


def waiting_items(life: Bulletins, route: str, actor: Actor) -> list[dict[str, Any]]:
    """The bulletins that wait for this actor, as lines of the to-do list."""
    return [
        {
            "title": paper.title,
            "url": reverse(route, args=[paper.pk]),
            "number": "",
            "unit": f"{paper.drafted_by}起草",
            "step": step,
            "due_on": None,
            "days_left": None,
            "since": paper.created_at,
        }
        for step, paper in life.waiting(actor)
    ]


def numbered(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with 一、（一） before their headings, as the paper will print them."""
    counts, shown = {1: 0, 2: 0}, []
    for block in blocks:
        if block["kind"] == "heading":
            level = block["level"]
            counts[level] += 1
            if level == 1:
                counts[2] = 0
            block = {**block, "text": heading_mark(level, counts[level]) + block["text"]}
        shown.append(block)
    return shown


def _as_typed(paper: Paper, texts: dict[str, str], frame: dict[str, str | None]) -> None:
    """Lay what was typed over the paper as it is shown, not as it is kept."""
    for block in paper.content["blocks"]:
        if block["kind"] == "text":
            block["text"] = texts.get(block["key"], block["text"])
    paper.title = frame["title"] if frame["title"] is not None else paper.title
    paper.content |= {name: text for name in ("addressee", "copies_to") if (text := frame[name]) is not None}
