"""Issued papers that were opened to the public, and the page where the bureau says which."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.documents.models import Paper
from keji.kernel.documents.opening import close_to_public, open_papers, open_to_public
from keji.kernel.people.roles import BUREAU
from keji.kernel.records.flow import Refused
from keji.site.public.frame import open_page, show

PAGE_SIZE = 30


@open_page
def listing(request: HttpRequest) -> HttpResponse:
    pages = Paginator(open_papers(), PAGE_SIZE)
    shown = pages.get_page(request.GET.get("page"))
    numbers = pages.get_elided_page_range(shown.number, on_each_side=1, on_ends=1)
    return show(request, "public/papers.html", {"page_title": "公开文件", "page": shown, "numbers": numbers})


@open_page
def file(request: HttpRequest, pk: int, kind: str) -> FileResponse:
    """The very file that was issued."""
    paper = open_papers().filter(pk=pk).select_related("pdf", "docx").first()
    blob = {"pdf": paper.pdf, "docx": paper.docx}.get(kind) if paper else None
    if paper is None or blob is None:
        raise Http404("没有这份文件。")
    kinds = {"pdf": "application/pdf"}
    response = FileResponse(blob.path.open("rb"), content_type=kinds.get(kind, "application/octet-stream"))
    name = f"{paper.number} {paper.title}.{kind}"
    response["Content-Disposition"] = content_disposition_header(kind != "pdf", name) or "attachment"
    return response


@page(*BUREAU)
def manage(request: HttpRequest) -> HttpResponse:
    """Which issued papers the public may read."""
    pages = Paginator(Paper.objects.filter(state=Paper.State.ISSUED).order_by("-issued_on", "-pk"), PAGE_SIZE)
    shown = pages.get_page(request.GET.get("page"))
    context = {
        "page_title": "公文对外公开",
        "page": shown,
        "numbers": pages.get_elided_page_range(shown.number, on_each_side=1, on_ends=1),
    }
    return render(request, "site/open_papers.html", context)


@page(*BUREAU)
@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a paper to the public, or take it off with a reason."""
    actor, paper = actor_of(request), Paper.objects.filter(pk=pk).first()
    if paper is None:
        raise Http404("没有这份公文。")
    try:
        if request.POST.get("open") == "1":
            open_to_public(paper, actor=actor, at=clock.now())
            messages.success(request, f"“{paper.title}”已对外公开。")
        else:
            close_to_public(paper, reason=request.POST.get("reason", ""), actor=actor, at=clock.now())
            messages.success(request, f"“{paper.title}”已停止公开。")
    except Refused as why:
        messages.error(request, f"没有办成：{why}。")
    return redirect("open-papers")
