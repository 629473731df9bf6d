"""Sheets in and out: template, upload as a job (all rows checked before any is written), problems, export."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keji.desk.cells import cell, label_of
from keji.desk.desk import Desk, desks
from keji.desk.files import file_answer
from keji.desk.forms import Lookup, PartyCodeField
from keji.desk.guard import actor_of
from keji.desk.lists import asked, filterset, ordered
from keji.kernel import clock
from keji.kernel.audit.log import log, log_look, writing
from keji.kernel.documents.models import Blob, keep
from keji.kernel.jobs.models import Job
from keji.kernel.jobs.runner import JobFailed, Report, job, run_job, submit
from keji.kernel.jobs.runner import actor_of as actor_of_job
from keji.kernel.people.roles import Actor
from keji.lib import sheet

AT_ONCE_BYTES = 60_000  # a sheet up to about 2,000 rows is answered in the same request
EXPORT_AT_ONCE = 2000
PROBLEMS_SHOWN = 200


def template(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The empty sheet to fill in, with its explanations."""
    _may_upload(request, desk)
    assert desk.form is not None
    content = sheet.template(desk.form.columns(), examples=desk.form.examples, notes=[desk.intro] if desk.intro else [])
    return file_answer(content, f"{desk.noun}模板.xlsx")


def upload(request: HttpRequest, desk: Desk) -> HttpResponse:
    _may_upload(request, desk)
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            messages.error(request, "没有选择文件，请选择填好的 .xlsx 表格。")
        elif (file.size or 0) > sheet.Limits().file_bytes:
            messages.error(request, "文件超过 20 MB，请分成几张表上传。")
        else:
            return redirect(start_upload(desk, actor_of(request), file.name or "表格.xlsx", file.read()))
    context = {
        "desk": desk,
        "page_title": f"上传{desk.noun}表格",
        "columns": desk.form.columns() if desk.form else [],
        "crumbs": [(desk.title, desk.url()), ("上传表格", "")],
    }
    return render(request, "desk/upload.html", context)


def start_upload(desk: Desk, actor: Actor, name: str, content: bytes) -> Job:
    """Keep the file and its digest, then check and write it: at once when small, behind a progress bar when not."""
    blob = keep(content)
    row = submit_quietly(desk, actor, name, blob)
    if len(content) < AT_ONCE_BYTES:
        run_job.func(row.pk)
    else:
        run_job.enqueue(row.pk)
    return row


def submit_quietly(desk: Desk, actor: Actor, name: str, blob: Blob) -> Job:
    params = {"desk": desk.name, "sha256": blob.sha256, "name": name, "back": f"{desk.url()}upload"}
    return Job.objects.create(
        kind="upload", title=f"上传{desk.noun}：{name}", params=params, created_by_id=actor.id, created_at=clock.now()
    )


@job("upload")
def run_upload(row: Job, report: Report) -> dict[str, Any]:
    """Check every row, then write all or none."""
    desk = desks()[row.params["desk"]]
    actor = actor_of_job(row)
    if not desk.may_create(actor) or desk.form is None or desk.create is None:
        raise JobFailed("您的角色已不能上传这类记录。")
    content = Blob.objects.get(pk=row.params["sha256"]).read()
    try:
        read = sheet.read(content, desk.form.columns())
    except sheet.SheetError as problem:
        raise JobFailed(str(problem)) from None
    if not read.rows:
        raise JobFailed("表里没有数据行。请在表头下面逐行填写后再上传。")
    cleaned, problems = check(desk, actor, read, report)
    if problems:
        return with_problems(row, read, content, problems)
    total = len(cleaned)
    report(total, total, "正在写入……")
    with writing(actor, clock.now()):
        made = type(desk).create(cleaned, actor=actor, at=clock.now(), source="sheet")  # type: ignore[misc]
        digest = hashlib.sha256(content).hexdigest()
        if made:
            log(f"上传{desk.noun}表格", made[0], {"表格": [None, f"{row.params['name']}（{total} 行，{digest[:12]}）"]})
    return {"message": f"{total} 行全部写入。", "written": total, "url": desk.url(), "notes": list(read.notes)}


Problems = dict[int, list[sheet.Problem]]


def check(desk: Desk, actor: Actor, read: sheet.Sheet, report: Report) -> tuple[list[dict[str, Any]], Problems]:
    """Cleaned values of every row, and the problems by Excel row number."""
    assert desk.form is not None
    lookup = Lookup(actor)
    for name, field in desk.form.base_fields.items():
        if isinstance(field, PartyCodeField):
            lookup.load(str(r.values.get(name) or "") for r in read.rows)
    form = desk.form(actor=actor, lookup=lookup)
    problems = read.problems_by_row()
    good: list[tuple[int, dict[str, Any]]] = []
    seen: dict[tuple[str, ...], int] = {}
    for done, line in enumerate(read.rows):
        if done % 500 == 0:
            report(done, len(read.rows), "正在核对……")
        if line.number in problems:
            continue  # the cell itself is wrong: what follows from it would only repeat
        values, found = form.clean_row(line.values)
        if desk.form.key and not found:
            key = tuple(str(getattr(values.get(k), "pk", values.get(k))) for k in desk.form.key)
            if key in seen:
                found = [("", f"与第 {seen[key]} 行重复，请删去一行")]
            seen.setdefault(key, line.number)
        if found:
            problems[line.number] = [read.problem(line.number, name, sentence) for name, sentence in found]
        else:
            good.append((line.number, values))
    for index, found in desk.form.check_many([values for _, values in good], actor).items():
        number = good[index][0]
        problems[number] = [read.problem(number, name, sentence) for name, sentence in found]
    return [values for _, values in good], problems


def with_problems(row: Job, read: sheet.Sheet, content: bytes, problems: Problems) -> dict[str, Any]:
    """Nothing is written; the same sheet comes back with a 问题 column."""
    name = row.params["name"]
    row.file = keep(sheet.with_problems(content, problems, header_row=read.header_row, sheet_name=read.name))
    row.file_name = f"{name.rsplit('.', 1)[0]}（问题）.xlsx"
    listed = [{"row": n, "problems": [str(p) for p in problems[n]]} for n in sorted(problems)[:PROBLEMS_SHOWN]]
    return {
        "message": f"{len(read.rows)} 行中有 {len(problems)} 行需要更正，没有写入任何数据。",
        "problems": listed,
        "problem_rows": len(problems),
        "rows": len(read.rows),
        "notes": list(read.notes),
    }


def _may_upload(request: HttpRequest, desk: Desk) -> None:
    if not desk.upload or desk.form is None or not desk.may_create(actor_of(request)):
        raise PermissionDenied(f"您的角色不能上传{desk.noun}。")


@require_POST
def export(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What the list shows, as a sheet: at once when short, as a job when long."""
    actor = actor_of(request)
    query = request.POST.get("query", "")[:1000]
    request.GET = QueryDict(query)  # type: ignore[assignment]
    rows, _, _ = asked(desk, request)
    if rows.order_by()[: EXPORT_AT_ONCE + 1].count() <= EXPORT_AT_ONCE:
        with writing(actor, clock.now()):
            content, count = export_bytes(desk, rows)
            if first := rows.first():
                log_look(f"导出{desk.title}", first, {"行数": [None, count]})
        return file_answer(content, f"{desk.title}{clock.today():%Y%m%d}.xlsx")
    made = submit("export", f"导出{desk.title}", actor=actor, params={"desk": desk.name, "query": query})
    return redirect(made)


@job("export")
def run_export(row: Job, report: Report) -> dict[str, Any]:
    desk, actor = desks()[row.params["desk"]], actor_of_job(row)
    data = QueryDict(row.params["query"])
    rows, _ = ordered(desk, filterset(desk, actor, data, desk.records(actor)).qs, data.get("sort", ""))
    report(0, 1, "正在导出……")
    with writing(actor, clock.now()):
        content, count = export_bytes(desk, rows)
        if first := rows.first():
            log_look(f"导出{desk.title}", first, {"行数": [None, count]})
    row.file, row.file_name = keep(content), f"{desk.title}{clock.today():%Y%m%d}.xlsx"
    return {"message": f"共 {count:,} 行。", "rows": count}


def export_bytes(desk: Desk, rows: Any) -> tuple[bytes, int]:

    columns = [sheet.Column(name=f"c{i}", label=label_of(desk.model, path)) for i, path in enumerate(desk.columns)]
    lines = []
    for record in rows.iterator(chunk_size=2000):
        texts = (cell(record, path).value for path in desk.columns)
        lines.append({f"c{i}": "" if text == "—" else text for i, text in enumerate(texts)})
    return sheet.write(columns, lines, title=desk.title), len(lines)
