"""Boards of the bureau and the counties: filing, what is missing, R&D growth."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.parties.models import Region
from keji.kernel.people.roles import Role
from keji.lib.figures import Period, format_percent, plain_date, to_decimal
from keji.modules.rnd.models import RndProject, SpendMonth, ZeroingCase
from keji.modules.rnd.services import due, monitor
from keji.modules.rnd.views.common import WATCHERS, end, heads, sees_all

PROJECTS = "/d/rnd-projects/"
WAN = 10_000


def in_wan(amount: Any) -> Decimal:
    """元 as 万元 with one decimal, rounded from the exact amount."""
    return to_decimal(Fraction(amount) / WAN, 1)


@page(*WATCHERS)
def board(request: HttpRequest) -> HttpResponse:
    """How filing stands, county by county: every figure opens what it counts."""
    actor, today = actor_of(request), clock.today()
    month, by = due.month_due(today)
    projects = RndProject.objects.visible_to(actor)
    states = dict(projects.order_by().values_list("state").annotate(Count("pk")))
    lacking, without = due.unfiled_months(actor, today), due.firms_without_projects(actor, today)
    spent = _spent_by_region(actor, today)
    late = _count_by_region(lacking, lambda row: row["region_id"])
    none = _count_by_region(without, lambda s: s.party.region_id)
    rows: list[dict[str, Any]] = []
    totals: list[Any] = [0] * 7
    counted = _projects_by_region(projects)
    for region in _regions(actor):
        numbers = [*counted.get(region.code, (0, 0, 0, 0)), late.get(region.code, 0), none.get(region.code, 0)]
        totals = [a + b for a, b in zip(totals, [*numbers, spent.get(region.code) or 0], strict=True)]
        rows.append(_row(region, numbers, spent.get(region.code) or 0))
    context = {
        "states": states,
        "month": month,
        "by": plain_date(by),
        "lacking": len(lacking),
        "without": len(without),
        "waiting_check": states.get("filed", 0),
        "waiting_note": states.get("checked", 0),
        "noted": states.get("noted", 0),
        "left": ZeroingCase.objects.visible_to(actor).filter(settled_on__isnull=True).count(),
        "columns": heads(
            "县区",
            ">已备案项目",
            ">备案企业",
            ">待县区核对",
            ">待市局备案",
            f">{month.number}月支出未填企业",
            ">亿元制造业无备案",
            ">本年已填支出（万元）",
        ),
        "rows": rows,
        "footer": len(rows) > 1 and _cells("合计", "", totals[:6], totals[6]),
        "may_upload": actor.has(Role.OFFICER, Role.COUNTY),
        "page_title": "研发备案看板",
        "page_subtitle": f"截至{plain_date(today)}；每月 {by.day} 日前填报上月支出。",
        "crumbs": [("研发备案", ""), ("看板", "")],
    }
    return render(request, "rnd/board.html", context)


def spend_url(region: str = "") -> str:
    return f"/d/rnd-spend/?year={clock.today().year}" + (f"&project__region={region}" if region else "")


def _regions(actor: Any) -> list[Region]:
    rows = Region.objects.exclude(level=Region.Level.CITY)
    return [r for r in rows if sees_all(actor) or r.code in actor.regions]


def _projects_by_region(projects: Any) -> dict[str, tuple[int, ...]]:
    """{region: (projects filed with the bureau, their firms, waiting for the county, waiting for the bureau)}."""
    found = projects.filter(state__in=("noted", "filed", "checked")).order_by().values("region_id")
    found = found.annotate(
        noted=Count("pk", filter=Q(state="noted")),
        firms=Count("party_id", distinct=True, filter=Q(state="noted")),
        filed=Count("pk", filter=Q(state="filed")),
        checked=Count("pk", filter=Q(state="checked")),
    )
    return {r["region_id"]: (r["noted"], r["firms"], r["filed"], r["checked"]) for r in found}


def _spent_by_region(actor: Any, today: Any) -> dict[str, Any]:
    rows = SpendMonth.objects.of_year(today.year).visible_to(actor)
    return dict(rows.order_by().values_list("project__region_id").annotate(Sum("total")))


def _count_by_region(rows: list[Any], region_of: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        found[region_of(row)] = found.get(region_of(row), 0) + 1
    return found


def _row(region: Region, numbers: list[int], spent: Any) -> dict[str, Any]:
    return {"cells": _cells(region.name, region.code, numbers, spent)}


def _cells(name: str, region: str, numbers: list[int], spent: Any) -> list[dict[str, Any]]:
    """One county's figures, or with no region the city's; each opens the list it counts."""
    within, lacking = (f"region={region}&", f"/rnd/missing?region={region}") if region else ("", "/rnd/missing")
    states = ("noted", "noted", "filed", "checked")
    urls = [*(f"{PROJECTS}?{within}state={state}" for state in states), lacking, f"{lacking}#none"]
    cells = [end(n, url=u if n else "") for n, u in zip(numbers, urls, strict=True)]
    amount = end(in_wan(spent), places=1, url=spend_url(region) if spent else "")
    return [{"value": name}, *cells, amount]


@page(*WATCHERS)
def missing(request: HttpRequest) -> HttpResponse:
    """Whom to call: firms whose newest month is missing, and firms in scope that filed no project."""
    actor, today = actor_of(request), clock.today()
    month, by = due.month_due(today)
    asked = request.GET.get("region", "")
    lacking = [r for r in due.unfiled_months(actor, today) if not asked or r["region_id"] == asked]
    without = [s for s in due.firms_without_projects(actor, today) if not asked or s.party.region_id == asked]
    regions = _regions(actor)
    context = {
        "tabs": [{"label": "全部", "url": "?", "active": not asked}]
        + [{"label": r.short_name, "url": f"?region={r.code}", "active": r.code == asked} for r in regions],
        "month": month,
        "by": plain_date(by),
        "lacking": [
            {
                "url": f"{PROJECTS}?q={row['party__uscc']}",
                "cells": [
                    {"value": row["party__name"]},
                    {"value": row["region__name"]},
                    end(row["missing"], unit="项"),
                    end(row["of"], unit="项"),
                ],
            }
            for row in lacking[:300]
        ],
        "lacking_count": len(lacking),
        "lacking_columns": heads("企业", "县区", ">未填项目", ">应填项目"),
        "without": [
            {
                "url": f"/d/parties/{s.party.pk}",
                "cells": [
                    {"value": s.party.name},
                    {"value": s.party.region.name},
                    end(s.revenue, places=0),
                    {"value": s.basis},
                ],
            }
            for s in without[:300]
        ],
        "without_count": len(without),
        "without_columns": heads("企业", "县区", ">上年营业收入（元）", "目前的依据"),
        "page_title": "谁还没有填报",
        "page_subtitle": f"{month.label}支出应于{plain_date(by)}前填报。",
        "crumbs": [("研发备案看板", "/rnd/"), ("谁还没有填报", "")],
    }
    return render(request, "rnd/missing.html", context)


@page(*WATCHERS)
def growth(request: HttpRequest) -> HttpResponse:
    """研发投入监测: the official yearly figure, and beside it the monthly proxies, each with what it covers."""
    actor, today = actor_of(request), clock.today()
    own = "" if sees_all(actor) else next(iter(sorted(actor.regions)), "")
    city = Region.objects.filter(level=Region.Level.CITY).first()
    place = Region.objects.filter(code=own).first() if own else city
    reading, caliber = monitor.official(place.code if place else "")
    series = monitor.monthly(today, own)
    known = any(v for values in series.values() for v in values)
    context = {
        "place": place,
        "official": reading,
        "official_period": reading.source if reading else "",
        "official_caliber": caliber,
        "proxies": [_proxy(p) for p in monitor.proxies(today, own)],
        "ledger": _wan(monitor.ledger_check(today.year - 1, own), "ledger", "months"),
        "statements": _wan(monitor.statements_of(today.year - 1), "expense") if not own else None,
        "last_year": today.year - 1,
        "chart": _chart(series, Period.of(today).previous()) if known else None,
        "columns": heads(
            "县区",
            ">备案企业",
            ">已备案项目",
            ">本年已填支出（万元）",
            ">同一批企业增速",
            ">全社会研发经费增速（年度）",
        ),
        "rows": [_county(row) for row in monitor.by_county(today)] if not own else [],
        "page_title": "研发投入监测",
        "page_subtitle": "年度数是统计部门公布的正式数；月度数来自备案记录，只作参考，两者口径不同，不能相加或相比。",
        "crumbs": [("研发备案", ""), ("研发投入监测", "")],
    }
    return render(request, "rnd/growth.html", context)


def _proxy(proxy: monitor.Proxy) -> dict[str, Any]:
    return {
        "title": proxy.title,
        "value": in_wan(proxy.value),
        "before": in_wan(proxy.before),
        "growth": proxy.growth is not None and said_growth(proxy.growth),
        "caliber": proxy.caliber,
        "url": proxy.url,
    }


def _wan(figures: Mapping[str, Any], *amounts: str) -> dict[str, Any]:
    """The same figures, amounts as 万元: one unit on one page."""
    return {**figures, **{name: in_wan(figures[name]) for name in amounts}}


def said_growth(rate: Any) -> str:
    """A growth rate in words: 增长 5.0%, 下降 3.2%, 持平."""
    if rate == 0:
        return "持平"
    return f"{'增长' if rate > 0 else '下降'} {format_percent(abs(rate))}"


def _chart(series: dict[str, Any], last: Period) -> dict[str, Any]:
    names = list(series)
    lines: list[dict[str, Any]] = []
    for name in names:
        values = [None if v is None else in_wan(v) for v in series[name]]
        lines.append({"name": name, "values": values})
    lines[1] |= {"dashed": True, "tone": "gray"}
    return {
        "kind": "line",
        "categories": [f"1—{m}月" if m > 1 else "1月" for m in range(1, 13)],
        "category_label": "累计至",
        "series": lines,
        "unit": "万元",
    }


def _county(row: dict[str, Any]) -> dict[str, Any]:
    region, official = row["region"], row["official"]
    said = f"{official.value.normalize():f}%" if official else "—"
    return {
        "cells": [
            {"value": region.name},
            end(row["firms"], url=f"{PROJECTS}?region={region.code}&state=noted" if row["firms"] else ""),
            end(row["projects"], url=f"{PROJECTS}?region={region.code}&state=noted" if row["projects"] else ""),
            end(
                in_wan(row["spent"]),
                places=1,
                url=spend_url(region.code),
            ),
            {"value": "—" if row["growth"] is None else said_growth(row["growth"]), "align": "end"},
            {"value": said, "align": "end", "sub": official.source if official else ""},
        ]
    }
