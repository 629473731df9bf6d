"""The year's figures, who takes in reports, the register of those under sanction, and the check of one name."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keji.desk.acts import attempt, tell_errors
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.parties.models import Party, Person
from keji.kernel.people.models import Account, Grant
from keji.kernel.people.roles import BUREAU, Role
from keji.kernel.records.flow import Refused
from keji.lib.codes import mask_personal
from keji.lib.figures import plain_date
from keji.modules.integrity import forms_case as asks
from keji.modules.integrity.desks import TONES
from keji.modules.integrity.models import Case, Lookup, Worker
from keji.modules.integrity.services import cases, figures, looking, reports
from keji.modules.integrity.views.common import INSIDE

CASES = "/d/integrity-cases/"
ACTIVITIES = "/d/integrity-activities/"


def year_asked(request: HttpRequest) -> int:
    text = request.GET.get("year", "")
    return int(text) if text.isdecimal() and 2000 <= int(text[:6]) <= 2100 else clock.today().year


@page(*INSIDE)
def overview(request: HttpRequest) -> HttpResponse:
    """Counts for everybody in the bureau; only who may see the cases gets links into them."""
    actor, year, on = actor_of(request), year_asked(request), clock.today()
    worker = Worker.objects.in_force(on).filter(account_id=actor.id).exists()
    sees = worker or actor.has(Role.LEADER, Role.INSPECTOR)
    case = {name: rows.count() for name, rows in figures.case_sets(year, on).items()}
    rows = figures.education(year)
    span = f"year={year}"
    officers = Grant.objects.filter(role=Role.OFFICER).in_force(on).values("account_id")
    context = {
        "page_title": "诚信工作总览",
        "page_subtitle": f"{year}年",
        "year": year,
        "years": range(on.year, on.year - 4, -1),
        "stats": [
            {
                "label": label,
                "value": case[name],
                "url": listed_url(name, year) if sees and case[name] else "",
                "note": note,
            }
            for label, name, note in (
                ("收到线索", "received", f"待初核、初核中 {case['waiting']} 件"),
                ("立案", "accepted", f"初核 {case['checked']} 件，超时 {case['checked_late']} 件"),
                ("不予受理、转送", "refused", ""),
                ("作出决定", "decided", f"其中申诉 {case['appealed']} 件"),
                ("结案", "closed", f"调查超期 {case['overdue']} 件"),
            )
        ],
        "in_force": figures.in_force(on).count(),
        "columns": [
            {"label": "县区"},
            *({"label": n, "align": "end"} for n in ("活动（场）", "人次", "材料（份）", "待确认")),
        ],
        "rows": [_education_row(r, span) for r in rows],
        "footer": [
            {"value": "合计"},
            *({"value": sum(r[n] for r in rows), "number": True} for n in ("count", "people", "copies", "waiting")),
        ],
        "workers": Worker.objects.in_force(on).select_related("account"),
        "may_appoint": actor.has(Role.LEADER),
        "candidates": Account.objects.filter(pk__in=officers, is_active=True).order_by("name"),
        "is_worker": worker,
        "clue_form": asks.ClueReportForm() if worker else None,
    }
    return render(request, "integrity/overview.html", context)


TITLES = {
    "received": "收到的线索",
    "accepted": "立案的案件",
    "refused": "不予受理和转送的",
    "decided": "作出决定的案件",
    "closed": "结案的案件",
    "waiting": "待初核、初核中的",
    "checked": "完成初核的",
    "checked_late": "初核超时的",
    "appealed": "提出申诉的",
    "overdue": "调查超期的",
    "unanswered": "监督意见没有答复的",
}


def listed_url(what: str, year: int) -> str:
    return f"/integrity/cases/?what={what}&year={year}"


@page(*INSIDE)
def listed(request: HttpRequest) -> HttpResponse:
    """The very cases behind a figure, those the reader may see; of the others only how many."""
    what, year, on = request.GET.get("what", "received"), year_asked(request), clock.today()
    if what not in TITLES:
        raise Http404("没有这一项。")
    every = figures.case_sets(year, on)[what]
    seen = every.filter(pk__in=Case.objects.visible_to(actor_of(request)).values("pk")).order_by("-pk")
    context = {
        "page_title": f"{year}年{TITLES[what]}",
        "crumbs": [("诚信工作总览", f"/integrity/?year={year}"), (TITLES[what], "")],
        "tabs": [{"label": t, "url": listed_url(n, year), "active": n == what} for n, t in TITLES.items()],
        "columns": [{"label": n} for n in ("编号", "状态", "收到日期", "承办人", "办理时限")],
        "rows": [
            {
                "url": f"{CASES}{c.pk}",
                "cells": [
                    {"value": c.number},
                    {"value": c.get_state_display(), "badge": TONES[c.state]},
                    {"value": plain_date(c.received_on)},
                    {"value": c.handler()},
                    {"value": c.due_said()},
                ],
            }
            for c in seen[:500]
        ],
        "hidden": every.count() - seen.count(),
    }
    return render(request, "integrity/listed.html", context)


def _education_row(row: dict[str, Any], span: str) -> dict[str, Any]:
    base = f"{ACTIVITIES}?region={row['region'].pk}&{span}"
    url = f"{base}&state=confirmed"
    return {
        "cells": [
            {"value": row["region"].name, "url": base},
            *(
                {"value": f"{row[n]:,}", "align": "end", "url": url if row[n] else ""}
                for n in ("count", "people", "copies")
            ),
            {"value": row["waiting"], "align": "end", "url": f"{base}&state=reported" if row["waiting"] else ""},
        ]
    }


@page(Role.LEADER)
@require_POST
def appoint(request: HttpRequest) -> HttpResponse:
    """A head names a case worker, or ends it."""
    actor, now = actor_of(request), clock.now()
    if (drop := request.POST.get("drop", "")).isdecimal():
        worker = Worker.objects.filter(pk=int(drop)).first()
        if worker is None:
            raise Http404("没有这位办案人员。")
        attempt(request, lambda: cases.release_worker(worker, actor=actor, at=now), "已调整，今天以后不再担任。")
        return redirect("integrity-overview")
    picked = request.POST.get("account", "")
    account = Account.objects.filter(pk=int(picked)).first() if picked.isdecimal() else None
    if account is None:
        messages.error(request, "没有选择人员。")
    else:
        attempt(
            request,
            lambda: cases.appoint_worker(account, from_on=clock.today(), actor=actor, at=now),
            f"已指定{account.name}为办案人员。",
        )
    return redirect("integrity-overview")


@page(Role.OFFICER)
@require_POST
def enter_report(request: HttpRequest) -> HttpResponse:
    """A report by letter or telephone."""
    form = asks.ClueReportForm(request.POST)
    if form.is_valid():
        attempt(
            request,
            lambda: reports.register(**form.cleaned_data, actor=actor_of(request), at=clock.now()),
            "已登记，形成一件待初核案件。",
        )
    else:
        tell_errors(request, form)
    return redirect("integrity-overview")


@page(*INSIDE)
def register(request: HttpRequest) -> HttpResponse:
    """Everybody under a sanction today; opening the list is itself kept."""
    actor, on = actor_of(request), clock.today()
    pages = Paginator(figures.in_force(on), 50)
    found = pages.get_page(request.GET.get("page"))
    looking.look_at_register(len(found.object_list), actor=actor, at=clock.now())
    rows = [
        {
            "url": f"/d/standings/{s.pk}",
            "cells": [
                {
                    "value": s.party.name if s.party else mask_personal(s.person.name),
                    "sub": "" if s.party else str(s.person.party or ""),
                },
                {"value": s.measure},
                {"value": s.restricted() or "—"},
                {"value": s.days()},
                {"value": s.basis},
            ],
        }
        for s in found
    ]
    context = {
        "page_title": "受处理名单",
        "page_subtitle": "今天仍在期限内的惩戒；打开名单留痕，个人姓名隐去一部分",
        "columns": [{"label": n} for n in ("单位或个人", "措施", "限制事项", "期限", "依据文书")],
        "rows": rows,
        "page": found,
        "numbers": pages.get_elided_page_range(found.number, on_each_side=1, on_ends=1),
        "lookups": Lookup.objects.all()[:20] if actor.has(Role.INSPECTOR) else None,
    }
    return render(request, "integrity/register.html", context)


@page(*BUREAU, Role.COUNTY, Role.INSPECTOR)
def check(request: HttpRequest) -> HttpResponse:
    """What a unit or person may do on a day. Asked by POST: names stand in no address; every answer is kept."""
    actor, on = actor_of(request), clock.today()
    form = asks.CheckForm(request.POST or None, initial={"on": on})
    found: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        subjects = looking.subjects_named(given["q"], actor)
        if not subjects:
            form.add_error("q", "没有找到；请填完整的代码、单位全称或姓名，县区只能查本县区的单位和人员")
        try:
            for subject in subjects:
                answers = looking.check(subject, given["on"], reason=given["reason"], actor=actor, at=clock.now())
                found.append({"name": _named(subject), "barred": sum(bool(w) for _, w in answers), "answers": answers})
        except Refused as why:
            form.add_error("reason", str(why))
    context = {"page_title": "查限制事项", "form": form, "found": found, "asked": form.cleaned_data if found else None}
    return render(request, "integrity/check.html", context, status=422 if form.is_bound and form.errors else 200)


def _named(subject: Party | Person) -> str:
    if isinstance(subject, Party):
        return f"{subject.name}（{subject.uscc}）"
    return f"{subject.name}（{subject.party or '单位不详'}{subject.title and '，' + subject.title}）"
