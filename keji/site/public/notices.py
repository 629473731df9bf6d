"""Public notices: the list, a notice with its table and files, and what is needed to check it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from keji.desk.files import blob_answer
from keji.kernel import clock
from keji.kernel.calendar.models import work_calendar
from keji.kernel.documents.models import Blob
from keji.kernel.records.notices import PublicNotice, result_sentence
from keji.kernel.records.notices.receiving import objection_refusal
from keji.site.public.frame import as_sheet, asked_for, open_page, show

PAGE_SIZE = 20
NARROW = 4  # signs
WHEN = (("open", "公示中"), ("over", "已结束"))


def word_on(notice: PublicNotice, on: date) -> tuple[str, str]:
    """(word, tone) of how a notice stands for the public."""
    if notice.state == PublicNotice.State.WITHDRAWN:
        return "已撤回", "red"
    if notice.until_on is None:
        return "长期公开", "blue"
    return ("公示中", "green") if notice.open_on(on) else ("已结束", "gray")


def line_of(notice: PublicNotice, on: date) -> dict[str, Any]:
    """One notice as lists show it."""
    word, tone = word_on(notice, on)
    return {
        "title": notice.title,
        "url": notice.public_url(),
        "number": notice.number,
        "kind": notice.get_kind_display(),
        "period": notice.period(),
        "from_on": notice.from_on,
        "word": word,
        "tone": tone,
        "left": days_left(notice, on) if word == "公示中" else "",
    }


def days_left(notice: PublicNotice, on: date) -> str:
    if notice.until_on is None:
        return ""
    left = work_calendar().between(on, notice.until_on)
    return f"还剩 {left} 个工作日" if left else "今天是最后一天"


@open_page
def listing(request: HttpRequest) -> HttpResponse:
    """Every notice that was ever shown, newest first."""
    today = clock.today()
    text, kind, when = (asked_for(request, name) for name in ("q", "kind", "when"))
    rows = PublicNotice.objects.shown().order_by("-from_on", "-pk").defer("rows", "body")
    for word in text.split()[:5]:
        rows = rows.filter(Q(title__icontains=word) | Q(number__icontains=word) | Q(document_number__icontains=word))
    if kind in PublicNotice.Kind.values:
        rows = rows.filter(kind=kind)
    if when == "open":
        rows = rows.filter(pk__in=PublicNotice.objects.open_on(today).filter(until_on__isnull=False).values("pk"))
    elif when == "over":
        rows = rows.filter(until_on__lt=today)
    pages = Paginator(rows, PAGE_SIZE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "page_title": "公示公告",
        "lines": [line_of(n, today) for n in page.object_list],
        "page": page,
        "numbers": pages.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "q": text,
        "kind": kind,
        "when": when,
        "kinds": PublicNotice.Kind.choices,
        "whens": WHEN,
        "asked": bool(text or kind or when),
    }
    return show(request, "public/notices.html", context)


def found_or_404(number: str) -> PublicNotice:
    shown = PublicNotice.objects.shown().select_related("corrects")
    notice: PublicNotice | None = None if "\0" in number else shown.filter(number=number).first()
    if notice is None:
        raise Http404("没有这份公示。")
    return notice


def readable_or_404(number: str) -> PublicNotice:
    """One whose content is still shown: not a withdrawn one."""
    notice = found_or_404(number)
    if notice.state == PublicNotice.State.WITHDRAWN:
        raise Http404("这份公示已经撤回。")
    return notice


def headings(notice: PublicNotice) -> list[dict[str, Any]]:
    """Columns of the table; one of serial numbers stays as narrow as they are."""
    return [
        {"label": label, "narrow": len(label) <= 2 and all(len(row[place]) <= NARROW for row in notice.rows)}
        for place, label in enumerate(notice.columns)
    ]


@open_page
def page(request: HttpRequest, number: str) -> HttpResponse:
    """One notice as it was published; of a withdrawn one only the title and the reason."""
    notice, today, now = found_or_404(number), clock.today(), clock.now()
    word, tone = word_on(notice, today)
    withdrawn = notice.state == PublicNotice.State.WITHDRAWN
    unsure = notice.until_on is not None and work_calendar().uncertain(notice.until_on)
    context = {
        "page_title": notice.title,
        "notice": notice,
        "word": word,
        "tone": tone,
        "withdrawn": withdrawn,
        "left": days_left(notice, today) if word == "公示中" else "",
        "unsure": unsure and word == "公示中",
        "paragraphs": [line for line in notice.body.splitlines() if line.strip()],
        "columns": headings(notice),
        "rows": [] if withdrawn else [{"cells": [{"value": c} for c in row]} for row in notice.rows],
        "untouched": notice.content_digest() == notice.digest,
        "may_object": not objection_refusal(notice, now),
        "result": result_sentence(notice, today),
        "corrections": notice.corrections.filter(state__in=["published", "closed"]),
        "crumbs": [("公示公告", "/public/notices/")],
    }
    return show(request, "public/notice.html", context)


@open_page
def table(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """The published table as a sheet."""
    notice = readable_or_404(number)
    if not notice.rows:
        raise Http404("这份公示没有名单。")
    return as_sheet(kind, f"{notice.number} {notice.title}", notice.columns, notice.rows, notice.title)


@open_page
def content(request: HttpRequest, number: str) -> HttpResponse:
    """The exact bytes the digest on the page was made from: `sha256sum` of this file is that digest."""
    notice = readable_or_404(number)
    response = HttpResponse(notice.content_bytes(), content_type="application/json")
    response["Content-Disposition"] = content_disposition_header(True, f"{notice.number}.json") or "attachment"
    return response


@open_page
def file(request: HttpRequest, number: str, digest: str) -> FileResponse:
    """A file as it was attached when the notice was published."""
    notice = readable_or_404(number)
    entry = next((f for f in notice.files if f["sha256"] == digest), None)
    blob = Blob.objects.filter(pk=digest).first() if entry else None
    if entry is None or blob is None:
        raise Http404("没有这个附件。")
    return blob_answer(blob, entry["name"])
