"""Draws of reviewers for everybody to check: what was published when, both files, and the script that compares them."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse

from keji.modules.experts import api as experts
from keji.site.public.frame import open_page, show

PAGE_SIZE = 20


@open_page
def listing(request: HttpRequest) -> HttpResponse:
    """Every draw that was ever frozen, cancelled ones among them."""
    rows = Paginator(experts.published_draws(), PAGE_SIZE).get_page(request.GET.get("page"))
    return show(request, "public/draws.html", {"page": rows, "page_title": "评审专家抽取"})


@open_page
def page(request: HttpRequest, number: str) -> HttpResponse:
    found = experts.published_draw(number)
    if found is None:
        raise Http404("没有公布过这次抽取。")
    crumbs = [("首页", "/public/"), ("专家抽取", "/public/draws/")]
    return show(request, "public/draw.html", {"draw": found, "page_title": found.title, "crumbs": crumbs})


def _file(content: bytes | None, name: str, kind: str, missing: str) -> HttpResponse:
    if content is None:
        raise Http404(missing)
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@open_page
def frozen(request: HttpRequest, number: str) -> HttpResponse:
    content = experts.frozen_file(number)
    return _file(content, f"{number}-frozen.json", "application/json", "没有公布过这次抽取。")


@open_page
def outcome(request: HttpRequest, number: str) -> HttpResponse:
    content = experts.outcome_file(number)
    return _file(content, f"{number}-outcome.json", "application/json", "结果在评审日启封后公开。")


@open_page
def script(request: HttpRequest) -> HttpResponse:
    """The verifier: Python's standard library only, nothing of this house in it."""
    return _file(experts.verifier(), "verify_draw.py", "text/x-python; charset=utf-8", "没有这个文件。")
