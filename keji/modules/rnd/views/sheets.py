"""Spending in as one sheet, statistical forms out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keji.desk.files import file_answer
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.audit.log import log, log_look, writing
from keji.kernel.clock import day_of
from keji.kernel.documents.models import Blob, keep
from keji.kernel.people.roles import Role
from keji.kernel.records.flow import Refused
from keji.lib import sheet
from keji.modules.rnd.models import RndProject
from keji.modules.rnd.services import exports as forms_out
from keji.modules.rnd.services import units
from keji.modules.rnd.services.spending import save_months
from keji.modules.rnd.views.common import WATCHERS, WRITERS, year_asked

SHOWN = 100
EXAMPLES = 40  # of projects with open checks; the sheet itself has them all


@page(*WRITERS)
def upload(request: HttpRequest) -> HttpResponse:
    """One sheet of months for many projects. Mixed or missing units are asked about; nothing is written meanwhile."""
    context: dict[str, Any] = {
        "page_title": "上传研发支出表",
        "page_subtitle": "一行一个项目一个月；全部核对无误才会写入。",
        "crumbs": [("研发项目", "/d/rnd-projects/"), ("上传支出表", "")],
        "columns": units.template_columns(),
    }
    if request.method == "POST":
        content, name = _content(request)
        if content is None:
            messages.error(request, "没有选择文件，请选择填好的 .xlsx 表格。")
        else:
            answer = _take(request, content, name, context)
            if answer is not None:
                return answer
    return render(request, "rnd/spend_upload.html", context)


def _content(request: HttpRequest) -> tuple[bytes | None, str]:
    """The uploaded file, or the one kept while its units were asked about."""
    file = request.FILES.get("file")
    if file is not None:
        return (file.read() if (file.size or 0) <= sheet.Limits().file_bytes else b""), file.name or "表格.xlsx"
    kept = Blob.objects.filter(pk=request.POST.get("sha256", "")[:64]).first()
    mine = request.session.get("rnd_upload") == (kept.pk if kept else None)
    return (kept.read() if kept and mine else None), request.POST.get("name", "表格.xlsx")[:120]


def _take(request: HttpRequest, content: bytes, name: str, context: dict[str, Any]) -> HttpResponse | None:
    actor, at = actor_of(request), clock.now()
    answers = {k[5:]: str(v) for k, v in request.POST.items() if k.startswith("unit-")}
    try:
        found = units.read_spending(content, answers, actor=actor, on=day_of(at))
    except sheet.SheetError as problem:
        messages.error(request, str(problem))
        return None
    if found.asked:
        kept = keep(content)
        request.session["rnd_upload"] = kept.pk
        context |= {"asked": _questions(found), "sha256": kept.pk, "name": name}
        return None
    if found.problems:
        listed = [{"row": n, "problems": [str(p) for p in found.problems[n]]} for n in sorted(found.problems)]
        rows = len(found.read.rows) if found.read else 0
        context |= {"problems": listed[:SHOWN], "problem_rows": len(listed), "rows": rows, "problem_file": name}
        return None
    if not found.rows:
        messages.error(request, "表里没有数据行，请在表头下面逐行填写后再上传。")
        return None
    try:
        with writing(actor, at):
            save_months(found.rows, actor=actor, at=at, source="sheet")
            log("上传支出表", found.rows[0]["project"], {"表格": [None, f"{name}（{len(found.rows)} 行）"]})
    except (Refused, IntegrityError) as why:
        said = str(why) if isinstance(why, Refused) else "刚刚有人填了表里的某个月份，请再上传一次"
        messages.error(request, f"没有写入：{said}。")
        return None
    messages.success(request, f"“{name}”的 {len(found.rows):,} 行全部写入。")
    return redirect("/rnd/mine" if actor.has(Role.ENTERPRISE) else "/d/rnd-spend/")


def _questions(found: units.Reading) -> list[dict[str, Any]]:
    samples: dict[str, list[str]] = {}
    for row in (found.read.rows if found.read else [])[:3]:
        for column, unit in found.units.items():
            value = row.values.get(f"{column}@{unit}")
            samples.setdefault(column, []).append("空" if value is None else f"{value:,}")
    return [
        {"name": c, "label": units.COLUMN_LABELS[c], "unit": u, "samples": "、".join(samples.get(c, []))}
        for c, u in found.units.items()
    ]


@page(*WRITERS)
def template(request: HttpRequest) -> HttpResponse:
    """The sheet to fill in, one line for each project whose newest month is waited for."""
    actor, last = actor_of(request), clock.today()
    from keji.lib.figures import Period
    from keji.modules.rnd.services.due import kept_in

    month = Period.of(last).previous()
    rows = kept_in(month).writable_by(actor).select_related("party").order_by("party_id", "pk")[:2000]
    columns = [
        *units.template_columns(),
        sheet.Column("name", "项目名称（仅供对照）"),
        sheet.Column("firm", "企业（仅供对照）"),
    ]
    lines = [
        {"number": p.number, "year": month.year, "month": month.number, "name": p.name, "firm": p.party.name}
        for p in rows
    ]
    notes = [f"已列出 {month.label}要填的项目，可增减行；金额单位以表头为准，可整表改为（万元）或（千元）。"]
    return file_answer(sheet.write(columns, lines, title="研发支出表", notes=notes), f"研发支出表{month}.xlsx")


@page(*WATCHERS, Role.ENTERPRISE)
def exports(request: HttpRequest) -> HttpResponse:
    """Which forms can be had for which year, and what keeps them from being right."""
    actor = actor_of(request)
    today = clock.today()
    year = year_asked(request, today.year if today.month == 12 else today.year - 1)
    keys = forms_out.project_keys(actor, year)
    problems = forms_out.open_checks(keys, year)
    first = RndProject.objects.filter(pk__in=list(problems)[:EXAMPLES]).select_related("party", "region")
    rows = [
        {
            "url": f"/d/rnd-projects/{project.pk}?year={year}",
            "cells": [
                {"value": project.name, "sub": project.party.name},
                {"value": project.region.name},
                {"value": "；".join(problems[project.pk])},
            ],
        }
        for project in sorted(first, key=lambda p: keys.index(p.pk))
    ]
    context = {
        "year": year,
        "years": [
            {"label": f"{y}年", "url": f"?year={y}", "active": y == year} for y in range(today.year, today.year - 4, -1)
        ],
        "count": len(keys),
        "problem_count": len(problems),
        "columns": [{"label": t} for t in ("项目", "县区", "没有通过的校验")],
        "rows": rows,
        "shown": len(rows),
        "remainder": forms_out.REMAINDER,
        "page_title": "统计表和辅助账",
        "page_subtitle": "从备案项目和逐月支出生成；下载会记入操作记录。",
        "crumbs": [("研发备案", ""), ("统计表和辅助账", "")],
    }
    return render(request, "rnd/exports.html", context)


@page(*WATCHERS, Role.ENTERPRISE)
@require_POST
def export(request: HttpRequest, form: str) -> HttpResponse:
    if form not in forms_out.FORMS:
        raise Http404("没有这种表。")
    actor, year = actor_of(request), year_asked(request)
    with writing(actor, clock.now()):
        content, rows = forms_out.FORMS[form](actor, year)
        first = RndProject.objects.visible_to(actor).order_by("pk").first()
        if first is not None:
            log_look(f"导出{forms_out.TITLES[form]}", first, {"行数": [None, rows], "年度": [None, year]})
    return file_answer(content, f"{forms_out.TITLES[form]}{year}年.xlsx")
