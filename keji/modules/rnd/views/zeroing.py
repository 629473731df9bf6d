"""双清零: the county table, handing out, visits, bringing the list up to the facts."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Count, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from keji.desk.forms import region_problem
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.parties.models import Region
from keji.kernel.people.roles import Role
from keji.kernel.records.flow import Refused
from keji.kernel.rules.models import ParameterValue
from keji.lib.figures import format_number, plain_date
from keji.modules.rnd.flow_zeroing import AssignForm
from keji.modules.rnd.forms import VisitForm
from keji.modules.rnd.models import ZeroingCase
from keji.modules.rnd.services.scope import Lines, Standing, all_standings
from keji.modules.rnd.services.zeroing import assign_cases, log_visit, recompute, said_of
from keji.modules.rnd.views.common import WATCHERS, end, errors_of, heads, sees_all

REASONS = ("no_activity", "no_institute", "both")
LIST = "/d/rnd-cases/"
MOST = 60  # firms named on the board; the list has them all


@page(*WATCHERS)
def board(request: HttpRequest) -> HttpResponse:
    """How many firms are in scope, how many are left and why, county by county; the empty set is 清零."""
    actor, today = actor_of(request), clock.today()
    lines = Lines.on(today)
    now = all_standings(today)
    cases = ZeroingCase.objects.visible_to(actor).filter(settled_on__isnull=True)
    counted = _counted(cases)
    regions = [r for r in Region.objects.exclude(level=Region.Level.CITY) if sees_all(actor) or r.code in actor.regions]
    scope = Counter(s.party.region_id for s in now.values())
    settled = ZeroingCase.objects.visible_to(actor).filter(settled_on__year=today.year, state="cleared")
    cleared = Counter(settled.values_list("region_id", flat=True))
    rows = [_county(r, counted, scope[r.code], cleared[r.code]) for r in regions]
    named = cases.select_related("party", "officer", "region")
    answered = list(named.exclude(seen="").order_by("-pk"))
    context = {
        "columns": heads(
            *(
                "县区",
                ">范围内企业",
                ">未清零",
                ">无研发活动",
                ">无研发机构",
                ">两者皆无",
                ">新进入范围",
                ">未交办",
                ">今年清零",
            )
        ),
        "rows": rows,
        "footer": len(regions) > 1
        and _footer(counted, sum(scope[r.code] for r in regions), sum(cleared[r.code] for r in regions)),
        "left": counted["", "left"],
        "in_scope": sum(scope[r.code] for r in regions),
        "cleared": sum(cleared[r.code] for r in regions),
        "claimed": counted["", "claimed"],
        "newly": counted["", "newly"],
        "answered": answered,
        "cases": [_case(c, today) for c in named.order_by(Coalesce("revenue", Value(0)).desc(), "pk")[:MOST]],
        "case_columns": heads("企业", "县区", "原因", ">上年营业收入（元）", "责任人", "要求完成", "状态"),
        "form": AssignForm(prefix="all") if actor.has(Role.OFFICER, Role.COUNTY) and counted["", "open"] else None,
        "regions": regions,
        "may_renew": actor.has(Role.OFFICER),
        "caliber": caliber(lines),
        "page_title": "双清零",
        "page_subtitle": "亿元以上规上制造业企业无研发活动和研发机构动态清零",
        "crumbs": [("研发备案", ""), ("双清零", "")],
    }
    return render(request, "rnd/zeroing.html", context)


def caliber(lines: Lines) -> str:
    """The predicate in words, with what is not settled said plainly."""
    rows = ParameterValue.objects.filter(name__startswith="rnd.zeroing.", state="in_force", certain=False)
    unsure = (
        "收入标准、行业范围和研发机构的认定口径尚未对照政策原文（待核），可在“规则参数”中更改。"
        if rows.exists()
        else ""
    )
    return (
        f"范围：上年营业收入 {format_number(lines.revenue, '元', scale=True)}以上、行业大类 {lines.first_industry}—"
        f"{lines.last_industry} 的规上企业。"
        f"未清零：没有研发活动（研发项目数或研发费用为零），或没有{lines.institute_word}。"
        f"以最近一期已确认的年度研发情况为准；年报未出时，本年已备案并填报支出的项目视为有研发活动。{unsure}"
    )


Counts = Counter[tuple[str, str]]


def _counted(cases: Any) -> Counts:
    """{(region, "" for all of them; reason, state, newly or left): cases}."""
    found: Counts = Counter()
    rows = cases.order_by().values_list("region_id", "reason", "state", "newly").annotate(n=Count("pk"))
    for region, reason, state, newly, n in rows:
        for where in (region, ""):
            for what in (reason, state, "left", *(["newly"] if newly else [])):
                found[where, what] += n
    return found


def _county(region: Region, counted: Counts, scope: int, cleared: int) -> dict[str, Any]:
    return {"cells": _cells(region.name, region.code, counted, scope, cleared)}


def _footer(counted: Counts, scope: int, cleared: int) -> list[dict[str, Any]]:
    return _cells("合计", "", counted, scope, cleared)


def _cells(name: str, region: str, counted: Counts, scope: int, cleared: int) -> list[dict[str, Any]]:
    """One county's figures, or with no region the city's; each opens the list it counts."""
    within = f"region={region}&" if region else ""

    def cell(what: str, query: str) -> dict[str, Any]:
        n = counted[region, what]
        return end(n, url=f"{LIST}?{within}open=true{query}" if n else "")

    return [
        {"value": name},
        end(scope, url=f"/rnd/zeroing/scope?{within}".rstrip("?&") if scope else ""),
        cell("left", ""),
        *(cell(reason, f"&reason={reason}") for reason in REASONS),
        cell("newly", "&newly=true"),
        cell("open", "&state=open"),
        end(cleared, url=f"{LIST}?{within}state=cleared" if cleared else ""),
    ]


def _overdue(case: ZeroingCase, today: date) -> str:
    late = (today - case.due_on).days if case.due_on else 0
    return f"已过期 {late} 天" if late > 0 else ""


def _case(case: ZeroingCase, today: date) -> dict[str, Any]:
    tones = {"open": "red", "assigned": "amber", "claimed": "blue"}
    return {
        "url": f"{LIST}{case.pk}",
        "cells": [
            {"value": case.party.name, "sub": "新进入范围" if case.newly else ""},
            {"value": case.region.name},
            {"value": case.get_reason_display()},
            end(case.revenue, places=0),
            {"value": case.officer.name if case.officer else "未交办"},
            {"value": plain_date(case.due_on), "sub": _overdue(case, today)},
            {"value": case.get_state_display(), "badge": tones.get(case.state, "gray")},
        ],
    }


@page(*WATCHERS)
def scope(request: HttpRequest) -> HttpResponse:
    """Every firm in scope, with what is known of its activity and its institute, and by which record."""
    actor, asked = actor_of(request), request.GET.get("region", "")
    now = all_standings(clock.today()).values()
    seen = [s for s in now if sees_all(actor) or s.party.region_id in actor.regions]
    seen = sorted((s for s in seen if asked in ("", s.party.region_id)), key=lambda s: (-s.revenue, s.party.pk))
    regions = [r for r in Region.objects.exclude(level=Region.Level.CITY) if sees_all(actor) or r.code in actor.regions]
    names = {r.code: r.name for r in regions}
    context = {
        "tabs": [{"label": "全部", "url": "?", "active": not asked}]
        + [{"label": r.short_name, "url": f"?region={r.code}", "active": r.code == asked} for r in regions],
        "columns": heads("企业", "县区", ">上年营业收入（元）", "研发活动", "研发机构", "依据"),
        "rows": [_in_scope(s, names) for s in seen[:500]],
        "count": len(seen),
        "caliber": caliber(Lines.on(clock.today())),
        "page_title": "双清零范围内企业",
        "page_subtitle": f"共 {len(seen)} 家，按上年营业收入排列",
        "crumbs": [("双清零", "/rnd/zeroing"), ("范围内企业", "")],
    }
    return render(request, "rnd/scope.html", context)


def _in_scope(standing: Standing, names: dict[str, str]) -> dict[str, Any]:
    def has(there: bool) -> dict[str, str]:
        return {"value": "有", "badge": "green"} if there else {"value": "无", "badge": "red"}

    party = standing.party
    first = {"value": party.name, "sub": "新进入范围" if standing.newly else ""}
    cells = [first, {"value": names.get(party.region_id, "")}, end(standing.revenue, places=0)]
    cells += [has(standing.active), has(standing.institute), {"value": standing.basis}]
    return {"url": f"/d/parties/{party.pk}", "cells": cells}


@page(Role.OFFICER, Role.COUNTY)
@require_POST
def assign(request: HttpRequest) -> HttpResponse:
    """Hand out every case of a county that nobody has yet."""
    actor, form = actor_of(request), AssignForm(request.POST, prefix="all")
    region = get_object_or_404(Region, code=request.POST.get("region", ""))
    if problem := region_problem(actor, region):
        messages.error(request, f"没有交办：{problem}。")
    elif not form.is_valid():
        messages.error(request, f"没有交办：{errors_of(form)}")
    else:
        cases = ZeroingCase.objects.writable_by(actor).filter(region=region, state="open").order_by("pk")
        done, refused = assign_cases(
            list(cases),
            int(form.cleaned_data["officer"]),
            due_on=form.cleaned_data["due_on"],
            actor=actor,
            at=clock.now(),
        )
        if done:
            messages.success(request, f"已交办{region.name} {done} 家。")
        elif not refused:
            messages.info(request, f"{region.name}没有未交办的企业。")
        if refused:
            messages.warning(request, f"{len(refused)} 家没有交办：{'；'.join(refused[:3])}。")
    return redirect("rnd-zeroing")


@page(Role.OFFICER)
@require_POST
def renew(request: HttpRequest) -> HttpResponse:
    """Bring the list up to the facts now instead of tonight."""
    done = recompute(actor=actor_of(request), at=clock.now())
    messages.success(request, f"已按最新记录更新：{said_of(done)}")
    return redirect("rnd-zeroing")


@page(Role.OFFICER, Role.COUNTY)
@require_POST
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_object_or_404(ZeroingCase.objects.writable_by(actor_of(request)), pk=pk)
    form = VisitForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"没有登记：{errors_of(form)}")
    else:
        try:
            log_visit(case, **form.cleaned_data, actor=actor_of(request), at=clock.now())
            messages.success(request, "已登记走访。")
        except Refused as why:
            messages.error(request, f"没有登记：{why}。")
    return redirect(f"{LIST}{case.pk}")
