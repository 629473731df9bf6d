"""A firm's own pages: its projects, one small form a month, the year's figures."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from keji.desk.crossing import as_read, crossing
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Role
from keji.kernel.records.flow import Refused
from keji.lib.figures import Period, format_number, parse_period, plain_date, to_decimal
from keji.modules.rnd.forms import EquipmentForm, MonthForm, YearForm
from keji.modules.rnd.models import Equipment, RndProject, RndStatement, SpendMonth, ZeroingCase
from keji.modules.rnd.models.project import AMOUNTS
from keji.modules.rnd.services import due, facts, projects, spending, statements, totals
from keji.modules.rnd.views.common import WRITERS, end, errors_of, heads, project_or_404

TONES = {"draft": "gray", "filed": "blue", "returned": "amber", "checked": "blue", "noted": "green"}
TONES |= {"revising": "amber", "closed": "teal", "withdrawn": "gray"}


@page(Role.ENTERPRISE)
def mine(request: HttpRequest) -> HttpResponse:
    """我的研发项目: what is due, this month's entries, all projects, whether the firm stands on the zeroing list."""
    actor, today = actor_of(request), clock.today()
    asked = month_asked(request, today)
    firms = [_firm(party, asked, today) for party in Party.objects.filter(pk__in=actor.parties).order_by("pk")]
    context = {
        "firms": firms,
        "month": asked,
        "months": [_tab(p, asked) for p in _recent(today)],
        "calendar": [{"cells": [{"value": w}, {"value": t}]} for w, t in due.year_table(today)],
        "calendar_columns": heads("什么时候", "做什么"),
        "page_title": "我的研发项目",
        "page_subtitle": "立项后备案一次；每月填一次支出，年末的统计表、辅助账汇总和两种口径的研发费用由此生成。",
    }
    return render(request, "rnd/mine.html", context)


def month_asked(request: HttpRequest, today: Any) -> Period:
    """The month in the address, else the newest that has ended."""
    try:
        asked = parse_period(request.GET.get("month", ""))
    except ValueError:
        asked = Period.of(today).previous()
    return asked if asked.kind == "month" and asked.start <= today else Period.of(today).previous()


def _recent(today: Any) -> list[Period]:
    now = Period.of(today).month_index
    return [Period.at_month_index(i) for i in range(now - 3, now + 1)]


def _tab(period: Period, asked: Period) -> dict[str, Any]:
    return {"label": f"{period.number}月", "url": f"?month={period}", "active": period == asked}


def _firm(party: Party, month: Period, today: Any) -> dict[str, Any]:
    listed = list(RndProject.objects.filter(party=party).exclude(state="withdrawn").order_by("-starts", "pk"))
    spent = {
        r.project_id: r for r in SpendMonth.objects.filter(project__in=listed, year=month.year, month=month.number)
    }
    kept = set(due.kept_in(month).filter(party=party).values_list("pk", flat=True))
    rows, waiting = [], []
    for project in listed:
        if project.pk in kept:
            waiting.append(_waiting(project, spent.get(project.pk), month))
        rows.append(
            {
                "url": f"/d/rnd-projects/{project.pk}",
                "cells": [
                    {"value": project.name, "sub": project.number},
                    {"value": project.span},
                    end(project.budget),
                    {"value": project.get_state_display(), "badge": TONES[project.state]},
                ],
            }
        )
    items = totals.items_of_party(party, today.year)
    both = totals.both(items, today.year)
    return {
        "party": party,
        "dues": [
            {"due": d, "words": d.words(today), "by": plain_date(d.by), "tone": d.tone(today)}
            for d in due.dues_of(party, today)
        ],
        "waiting": waiting,
        "filled": sum(1 for w in waiting if w["record"]),
        "columns": heads("项目", "起止年月", ">预算（元）", "状态"),
        "rows": rows,
        "year": today.year,
        "spent": to_decimal(items.spent, 2),
        "recognised": to_decimal(both[0].total, 2) if both else None,
        "deductible": to_decimal(both[1].total, 2) if both else None,
        "case": ZeroingCase.objects.filter(party=party, settled_on__isnull=True).first(),
        "new_url": f"/d/rnd-projects/new?{urlencode({'party': party.uscc})}",
    }


def _waiting(project: RndProject, record: SpendMonth | None, month: Period) -> dict[str, Any]:
    url = f"/rnd/projects/{project.pk}/month/{month.year}/{month.number}"
    return {"project": project, "record": record, "url": url}


@page(*WRITERS)
def month(request: HttpRequest, pk: int, year: int, month: int) -> HttpResponse:
    """One month of one project. What was filed last month is offered, never filled in unasked."""
    actor, today, project = actor_of(request), clock.today(), project_or_404(request, pk)
    if not 1 <= month <= 12 or not 2000 <= year <= 2100:
        raise Http404("没有这个月份。")
    record = SpendMonth.objects.filter(project=project, year=year, month=month).first()
    before = spending.last_month_of(project, year, month)
    problem = spending.month_problem(project, year, month, today)
    if not problem and (project.party_id, year) in spending.locked_years({project.party_id}, {year}):
        problem = f"{year}年度的研发情况已经确认，支出不能再改；确需更正的，请先退回年度研发情况"
    copying = before is not None and record is None and "copy" in request.GET
    known = record or (before if copying else None)
    stored = {n: getattr(record, n) for n in AMOUNTS} if record else {}
    form = MonthForm(request.POST or None, initial=_plain(known) if known else None)
    if request.method == "POST" and (told := crossing(project, stored, request.POST.get("as_read", ""))):
        form.add_error(None, told)
    if request.method == "POST" and not problem and form.is_valid():
        try:
            saved = spending.save_month(project, year, month, form.cleaned_data, actor=actor, at=clock.now())
        except Refused as why:
            form.add_error(None, f"没有保存：{why}。")
        except IntegrityError:
            form.add_error(None, "没有保存：刚刚有人保存了这个月的支出，请刷新后核对。")
        else:
            messages.success(request, f"已保存 {year}年{month}月支出，合计 {format_number(saved.total, '元')}。")
            back = f"/rnd/mine?month={year}-{month:02d}" if actor.has(Role.ENTERPRISE) else f"/d/rnd-projects/{pk}"
            return redirect(back)
    context = {
        "project": project,
        "form": form,
        "record": record,
        "before": before if record is None else None,
        "copying": copying,
        "as_read": as_read(stored),
        "problem": problem,
        "page_title": f"{year}年{month}月研发支出",
        "page_subtitle": project.name,
        "crumbs": [
            ("研发项目", "/d/rnd-projects/"),
            (project.name, f"/d/rnd-projects/{pk}"),
            (f"{year}年{month}月", ""),
        ],
        "cancel_url": "/rnd/mine" if actor.has(Role.ENTERPRISE) else f"/d/rnd-projects/{pk}",
    }
    return render(request, "rnd/month.html", context, status=422 if form.is_bound and form.errors else 200)


def _plain(record: SpendMonth) -> dict[str, Any]:
    """The amounts as people type them: nothing for none, no zeros after the point."""
    found = {n: getattr(record, n) for n in AMOUNTS}
    return {n: f"{v:f}".rstrip("0").rstrip(".") for n, v in found.items() if v}


@page(*WRITERS)
def year(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """The yearly figures of one project: people, time, government money, stage, ledger."""
    actor, project = actor_of(request), project_or_404(request, pk)
    if not 2000 <= year <= clock.today().year:
        raise Http404("没有这个年度，或者它还没有到。")
    if project.state in ("closed", "withdrawn") and year < clock.today().year - 1:
        messages.error(request, f"项目{project.get_state_display()}，以前年度的情况不能再改。")
        return redirect(f"/d/rnd-projects/{pk}")
    part = project.years.filter(year=year).first()
    last = project.years.filter(year__lt=year).order_by("-year").first()
    known = part or last
    spent, source = totals.spent_by_project([project], year)[project.pk]
    spend = spent if source == "逐月支出" else None
    names = YearForm.base_fields
    initial = {n: getattr(known, n) for n in names} if known else {}
    if part is None:
        initial |= {"ledger_total": None, "government": None}
    form = YearForm(request.POST or None, project=project, year=year, spend=spend, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            projects.update_year(project, year, form.cleaned_data, actor=actor, at=clock.now())
        except (Refused, IntegrityError) as why:
            said = str(why) if isinstance(why, Refused) else "刚刚有人保存了这一年的情况，请刷新后核对"
            form.add_error(None, f"没有保存：{said}。")
        else:
            messages.success(request, f"已保存 {year}年度情况。")
            return redirect(f"/d/rnd-projects/{pk}?year={year}")
    context = {
        "form": form,
        "fieldsets": [
            {"title": f"{year}年度情况", "fields": list(form), "note": _year_note(part, last, spent, source)}
        ],
        "page_title": f"{year}年度情况",
        "page_subtitle": project.name,
        "cancel_url": f"/d/rnd-projects/{pk}",
        "crumbs": [("研发项目", "/d/rnd-projects/"), (project.name, f"/d/rnd-projects/{pk}"), (f"{year}年度情况", "")],
    }
    return render(request, "rnd/year.html", context, status=422 if form.is_bound and form.errors else 200)


def _year_note(part: Any, last: Any, spent: Any, source: str) -> str:
    words = []
    if part is None and last is not None:
        words.append(f"已按 {last.year}年度填好，请核对，没有变化的直接保存。")
    words.append(
        "本年内部支出还没有数据。"
        if spent is None
        else f"本年内部支出 {format_number(to_decimal(spent, 2), '元')}（{source}）。"
    )
    return "".join(words)


@page(*WRITERS)
@require_POST
def add_equipment(request: HttpRequest, pk: int) -> HttpResponse:
    project, form = project_or_404(request, pk), EquipmentForm(request.POST)
    if form.is_valid():
        try:
            projects.add_equipment(project, **form.cleaned_data, actor=actor_of(request), at=clock.now())
            messages.success(request, f"已登记设备“{form.cleaned_data['name']}”。")
        except Refused as why:
            messages.error(request, f"没有办成：{why}。")
    else:
        messages.error(request, f"没有登记：{errors_of(form)}")
    return redirect(f"/d/rnd-projects/{pk}")


@page(*WRITERS)
@require_POST
def drop_equipment(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Equipment.objects.writable_by(actor_of(request)), pk=pk)
    try:
        projects.drop_equipment(row, actor=actor_of(request), at=clock.now())
        messages.success(request, f"已移除设备“{row.name}”。")
    except Refused as why:
        messages.error(request, f"没有办成：{why}。")
    return redirect(f"/d/rnd-projects/{row.project_id}")


@page(Role.OFFICER, Role.COUNTY)
@require_POST
def to_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a confirmed statement's figures into the firm's file."""
    actor = actor_of(request)
    statement = get_object_or_404(RndStatement.objects.writable_by(actor).select_related("party"), pk=pk)
    try:
        count = facts.put_on_file(statement, actor=actor, at=clock.now())
        messages.success(request, f"已写入一企一档 {count} 项。" if count else "一企一档里已经是这些数，没有变化。")
    except Refused as why:
        messages.error(request, f"没有写入：{why}。")
    return redirect(f"/d/rnd-statements/{pk}")


@page(Role.ENTERPRISE)
def start_statement(request: HttpRequest, year: int) -> HttpResponse:
    """Open this year's statement: the one there is, or a new one filled in with what the projects already say."""
    actor = actor_of(request)
    party = Party.objects.filter(pk__in=actor.parties).order_by("pk").first()
    if party is None or not 2015 <= year <= clock.today().year:
        raise Http404("没有可以填报的单位或年度。")
    known = RndStatement.objects.filter(party=party, year=year).exclude(state="void").first()
    if known is not None:
        return redirect(f"/d/rnd-statements/{known.pk}")
    values = {"party": party.uscc, "year": year, **facts.offered(party, year), **statements.known_of(party, year)}
    last = RndStatement.objects.holding().filter(party=party, year=year - 1).first()
    if last is not None:
        kept = ("institutes", "recognised_institutes", "institute_staff", "institute_doctors", "institute_masters")
        values |= {n: getattr(last, n) for n in (*kept, "above_scale", "industry_code") if getattr(last, n) is not None}
    messages.info(request, "研发费用按已填的逐月支出带入，其余按一企一档和上年带入，请核对后保存。")
    return redirect(f"/d/rnd-statements/new?{urlencode(values)}")
