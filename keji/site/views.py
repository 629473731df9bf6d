"""Pages that only the whole knows: home, to-dos, search, messages, jobs, log, errors."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keji.desk.desk import desk_of, desks
from keji.desk.files import blob_answer
from keji.desk.guard import actor_of, page
from keji.desk.lists import Known, matching
from keji.kernel import clock
from keji.kernel.audit.log import take_head, verify
from keji.kernel.audit.models import Entry, Head
from keji.kernel.indicators.indicator import Counted, catalogue
from keji.kernel.jobs.models import Job
from keji.kernel.people.models import Notice
from keji.kernel.people.roles import BUREAU, Actor, Role
from keji.kernel.records.models import find_by_number
from keji.site.boards import board_for
from keji.site.middleware import came_from
from keji.site.todo import todo_items

SEARCH_SHOWN = 6


@page()
def home(request: HttpRequest) -> HttpResponse:
    """The workbench: each role's own board, then what waits."""
    actor = actor_of(request)
    template, context = board_for(actor)
    return render(request, template, {"page_title": "工作台", "items": todo_items(actor)[:8], **context})


@page()
def todo(request: HttpRequest) -> HttpResponse:
    return render(request, "site/todo.html", {"page_title": "待办", "items": todo_items(actor_of(request))})


@page()
def search(request: HttpRequest) -> HttpResponse:
    """One box for names, codes and record numbers, over every desk the actor reads."""
    actor = actor_of(request)
    text = request.GET.get("q", "").replace("\0", "").strip()[:60]
    if text and (number := readable_number(actor, text.upper())):
        return redirect("record", number=number)
    groups, known = [], Known()
    for desk in desks().values():
        if not text or not desk.search or not actor.has(*desk.readers):
            continue
        # Keys first: most lists have none, and asking for whole records costs more than finding none.
        keys = list(matching(desk, desk.records(actor), text, known).values_list("pk", flat=True)[: SEARCH_SHOWN + 1])
        if keys:
            found = sorted(desk.records(actor).filter(pk__in=keys), key=lambda record: keys.index(record.pk))
            groups.append(
                {
                    "title": desk.title,
                    "icon": desk.icon,
                    "total": f"{SEARCH_SHOWN}+" if len(found) > SEARCH_SHOWN else len(found),
                    "more_url": f"{desk.url()}?q={text}" if len(found) > SEARCH_SHOWN else "",
                    "items": [
                        {
                            "title": str(r),
                            "number": getattr(r, "number", getattr(r, "uscc", "")),
                            "url": desk.record_url(r),
                        }
                        for r in found[:SEARCH_SHOWN]
                    ],
                }
            )
    context = {"page_title": f"搜索“{text}”" if text else "搜索", "query": text, "groups": groups, "search_query": text}
    return render(request, "site/search.html", context)


def readable_number(actor: Actor, number: str) -> str:
    """The number, when it is that of a record this actor may open; a sealed one is answered like one never given."""
    record = find_by_number(number)
    desk = desk_of(type(record)) if record is not None else None
    if record is None or desk is None:
        return ""
    seen = desk.records(actor).filter(pk=record.pk).exists() or getattr(record, "public_url", str)()
    return str(record.number) if seen else ""


@page()
def inbox(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if request.method == "POST":
        Notice.objects.filter(account_id=actor.account_id, read_at__isnull=True).update(read_at=clock.now())
        messages.success(request, "已全部标为已读。")
        return redirect("inbox")
    rows = Paginator(Notice.objects.filter(account_id=actor.account_id), 30).get_page(request.GET.get("page"))
    return render(request, "site/inbox.html", {"page_title": "消息", "page": rows})


@page()
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    notice = Notice.objects.filter(account_id=actor_of(request).account_id, pk=pk).first()
    if notice is None:
        raise Http404("没有这条消息。")
    Notice.objects.filter(pk=pk, read_at__isnull=True).update(read_at=clock.now())
    return redirect(notice.url or "inbox")


def my_jobs(request: HttpRequest) -> Any:
    return Job.objects.filter(created_by_id=actor_of(request).id)


@page()
def jobs(request: HttpRequest) -> HttpResponse:
    rows = Paginator(my_jobs(request), 30).get_page(request.GET.get("page"))
    return render(request, "site/jobs.html", {"page_title": "后台任务", "page": rows})


@page()
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One job; the progress part asks for itself until the job has ended."""
    row = my_jobs(request).filter(pk=pk).first()
    if row is None:
        raise Http404("没有这个任务，或者它不是您提交的。")
    context = {
        "page_title": row.title,
        "row": row,
        "job": job_context(row),
        "crumbs": [("后台任务", "/jobs/"), (row.title, "")],
    }
    if request.headers.get("HX-Request"):
        if row.ended:  # the whole page now has more to show than the bar
            response = HttpResponse()
            response["HX-Refresh"] = "true"
            return response
        return render(request, "desk/parts/progress.html", context)
    return render(request, "site/job.html", context)


def job_context(row: Job) -> dict[str, Any]:
    failed = row.state == Job.State.FAILED
    return {
        "title": row.title,
        "percent": row.percent,
        "done": row.done,
        "total": row.total,
        "message": "" if failed else row.message,
        "error": row.message if failed else "",
        "state": row.state,
        "poll_url": row.get_absolute_url(),
        "result_url": f"/jobs/{row.pk}/file" if row.file_id else row.result.get("url", ""),
        "result_label": f"下载{row.file_name}" if row.file_id else "查看结果",
        # A sheet that was not taken is mended and handed in again where it was handed in.
        "again_url": row.params.get("back", "") if failed or row.result.get("problems") else "",
    }


@page()
def job_file(request: HttpRequest, pk: int) -> FileResponse:
    row = my_jobs(request).filter(pk=pk, file__isnull=False).select_related("file").first()
    if row is None:
        raise Http404("这个任务没有结果文件。")
    return blob_answer(row.file, row.file_name)


@page(*BUREAU, Role.COUNTY, Role.INSPECTOR)
def indicators(request: HttpRequest) -> HttpResponse:
    """The catalogue: every number with its caliber, owner, rhythm and lag."""
    rows = [{"indicator": i, "counted": isinstance(i, Counted)} for i in catalogue().values()]
    return render(request, "site/indicators.html", {"page_title": "指标目录", "rows": rows})


@page(Role.AUDIT_ADMIN, Role.INSPECTOR)
def audit(request: HttpRequest) -> HttpResponse:
    """Who did what, and whether the log is whole."""
    rows = Entry.objects.all()
    if text := request.GET.get("q", "").replace("\0", "").strip()[:60]:
        rows = rows.filter(Q(actor_name__icontains=text) | Q(subject__icontains=text) | Q(action__icontains=text))
    context = {
        "page_title": "操作记录",
        "page": Paginator(rows, 50).get_page(request.GET.get("page")),
        "q": text if request.GET.get("q") else "",
        "heads": Head.objects.all()[:10],
    }
    return render(request, "site/audit.html", context)


@require_POST
def audit_verify_view(request: HttpRequest) -> HttpResponse:
    found = verify()
    if found.sound:
        head = take_head(clock.now(), "核验")
        messages.success(request, f"{found.message}。SHA-256 根 {head.sha256[:16]}…，SM3 根 {head.sm3[:16]}…")
    else:
        messages.error(request, f"{found.message}。请立即保护现场并报告派驻纪检。")
    return redirect("audit")


audit_verify = page(Role.AUDIT_ADMIN, Role.INSPECTOR)(audit_verify_view)


@page()
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "site/help.html", {"page_title": "使用帮助"})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "expired.html", {"back": came_from(request)}, status=403)
