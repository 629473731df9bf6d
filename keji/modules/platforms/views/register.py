"""平台总览: how many platforms of which kind and level, where, what is new and what needs a look."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.indicators.indicator import get
from keji.kernel.people.roles import Role
from keji.lib.figures import Period, plain_date
from keji.modules.platforms.models import Application, Assessment, Cultivation, Platform
from keji.modules.platforms.services.scoring import failed_twice

SOON = timedelta(days=180)


@page(Role.LEADER, Role.OFFICER, Role.COUNTY, Role.INSPECTOR)
def overview(request: HttpRequest) -> HttpResponse:
    actor, today = actor_of(request), clock.today()
    standing = Platform.objects.visible_to(actor).standing_on(today)  # type: ignore[attr-defined]
    context = {
        "page_title": "平台总览",
        "page_subtitle": f"{plain_date(today)}在册的科创平台；每个数都能点开看名单。",
        "crumbs": [("创新平台", ""), ("平台总览", "")],
        "stats": stats(actor, standing, today),
        **matrix(standing),
        "regions": by_region(standing),
        "newest": standing.filter(recognised_on__year=today.year)
        .select_related("party", "region")
        .order_by("-recognised_on", "-pk")[:8],
        "lapsing": standing.filter(valid_until__lte=today + SOON).select_related("party").order_by("valid_until")[:8],
        "flagged": failed_twice(standing.values("pk")),
    }
    return render(request, "platforms/overview.html", context)


def stats(actor: Any, standing: Any, today: date) -> list[dict[str, Any]]:
    new: Any = get("platform_new")
    period = Period.month(today.year, today.month)
    fresh = new.records(period)
    within = Platform.access.within(actor, Platform.access.read)
    fresh = fresh if within is None else fresh.filter(within)
    running = (
        Application.objects.visible_to(actor).filter(call__state="open").exclude(state__in=["rejected", "withdrawn"])
    )
    grown = Cultivation.objects.visible_to(actor).filter(state__in=["candidate", "tutoring", "applied"])
    mending = Assessment.objects.visible_to(actor).filter(state__in=["mending", "mended"])
    return [
        {"label": "在册平台", "value": standing.count(), "unit": "家", "url": "/d/platforms/?state=confirmed"},
        {
            "label": f"{today.year}年新增",
            "value": fresh.count(),
            "unit": "家",
            "note": "口径见指标目录",
            "url": "/indicators",
        },
        {"label": "正在认定", "value": running.count(), "unit": "份", "url": "/d/platform-applications/"},
        {"label": "梯度培育", "value": grown.count(), "unit": "家", "url": "/d/platform-cultivation/"},
        {"label": "评估整改", "value": mending.count(), "unit": "家", "url": "/d/assessments/?state=mending"},
    ]


def matrix(standing: Any) -> dict[str, Any]:
    """Kinds × levels; every figure opens its list."""
    counts = {
        (kind, level): n for kind, level, n in standing.order_by().values_list("kind", "level").annotate(Count("pk"))
    }
    levels = list(Platform.Level)
    rows = []
    for kind in Platform.Kind:
        cells: list[dict[str, Any]] = [{"value": kind.label}]
        for level in levels:
            cells.append(_cell(counts.get((kind, level), 0), f"kind={kind}&level={level}&state=confirmed"))
        cells.append(_cell(sum(counts.get((kind, level), 0) for level in levels), f"kind={kind}&state=confirmed"))
        rows.append({"cells": cells})
    footer: list[dict[str, Any]] = [{"value": "合计"}]
    for level in levels:
        total = sum(n for (_, at), n in counts.items() if at == level)
        footer.append(_cell(total, f"level={level}&state=confirmed"))
    footer.append(_cell(sum(counts.values()), "state=confirmed"))
    columns = [{"label": "平台类型"}, *({"label": level.label, "align": "end"} for level in levels)]
    return {"columns": [*columns, {"label": "合计", "align": "end"}], "rows": rows, "footer": footer}


def _cell(count: int, query: str) -> dict[str, Any]:
    found: dict[str, Any] = {"value": str(count), "align": "end"}
    return found | ({"url": f"/d/platforms/?{query}"} if count else {})


def by_region(standing: Any) -> dict[str, Any]:
    """A bar a county, as the chart part wants it."""
    rows = standing.order_by().values_list("region__name", "region_id", "region__order").annotate(n=Count("pk"))
    found = sorted(rows, key=lambda row: row[2])
    return {
        "kind": "bar",
        "unit": "家",
        "category_label": "县区",
        "categories": [name for name, *_ in found],
        "series": [
            {
                "name": "在册平台",
                "values": [n for *_, n in found],
                "urls": [f"/d/platforms/?region={code}&state=confirmed" for _, code, *_ in found],
            }
        ],
    }
