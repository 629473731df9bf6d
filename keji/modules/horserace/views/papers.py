"""The race's papers: the list, drafting, and the pages every bulletin has."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from keji.desk.acts import made
from keji.desk.bulletins import READERS, BulletinPages
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.documents.models import Paper
from keji.kernel.people.roles import Role
from keji.lib.figures import parse_period
from keji.modules.horserace.models import RaceRun
from keji.modules.horserace.services import papers
from keji.modules.horserace.views.common import run_or_404


def data_of(paper: Paper) -> list[dict[str, str]]:
    run = reverse("race-run", args=[paper.content["run"]])
    return [
        {"label": "计分", "value": paper.content["data_version"], "url": run},
        {"label": "文件摘要", "digest": paper.data_digest},
    ]


def shown(paper: Paper) -> list[dict[str, Any]]:
    """The content's blocks as a sheet shows them: columns by name, the picture from the run it was drawn from."""
    picture = reverse("race-picture", args=[paper.content["run"]])
    blocks = []
    for block in paper.content["blocks"]:
        if block["kind"] == "table":
            block = block | {"columns": [{"title": title, "align": align} for title, align in block["columns"]]}
        blocks.append(block | {"url": picture} if block["kind"] == "picture" else block)
    return blocks


PAGES = BulletinPages(
    life=papers.LIFE,
    route="race-paper",
    home=("赛马通报", "/horserace/papers"),
    checked_against="计分结果",
    footnotes=papers.footnotes,
    data=data_of,
    blocks=shown,
)
show, edit, review, send_back, issue = PAGES.show, PAGES.edit, PAGES.review, PAGES.send_back, PAGES.issue
download = PAGES.download


@page(*READERS)
def index(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    found = list(papers.papers(actor).select_related("corrects").defer("content"))
    have = {p.data_digest for p in found}
    runs = RaceRun.objects.filter(state="published").order_by("-period") if actor.has(Role.OFFICER) else []
    columns = ("标题", "类别", "期间", "发文字号", "状态", "起草", "核稿", "签发", "印发日期")
    context = {
        "page_title": "赛马通报",
        "page_subtitle": "月通报、季调度、年评价：从已公布的结果起草，另一人核稿，局领导签发，印发后不再改动。",
        "waiting": [run for run in runs if run.digest not in have],
        "columns": [{"label": name} for name in columns],
        "rows": [PAGES.row(p, kind=papers.KINDS[p.kind], span=parse_period(p.period).label) for p in found],
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
