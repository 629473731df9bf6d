"""平台总览: how many platforms of which kind and level, where, what is new and what needs a look."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.indicators.indicator import get
from keji.kernel.parties.models import Region
from keji.kernel.people.roles import Role
from keji.kernel.rules.models import parameter
from keji.lib.figures import Period, plain_date
from keji.modules.platforms.assessment.services.scoring import failed_twice
from keji.modules.platforms.models import Application, Assessment, Call, Cultivation, Platform
from keji.modules.platforms.register.indicators import COUNTED_LEVEL, RANKS

SOON = timedelta(days=180)
SHOWN = 50


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
    fresh = Platform.objects.visible_to(actor).filter(pk__in=counted_new(today).values("pk"))
    calls = Call.objects.visible_to(actor).filter(state="open")
    running = Application.objects.visible_to(actor).filter(call__in=calls).exclude(state__in=["rejected", "withdrawn"])
    tutored = Cultivation.objects.visible_to(actor).filter(state="tutoring")
    mending = Assessment.objects.visible_to(actor).filter(state="mending")
    year = f"{today.year}年新增（{counted_level(today)}）"
    return [
        {"label": "在册平台", "value": standing.count(), "unit": "家", "url": listed_url()},
        {
            "label": year,
            "value": fresh.count(),
            "unit": "家",
            "note": "不含孵化器、众创空间",
            "url": listed_url(new="1"),
        },
        {
            "label": "正在办理的认定批次",
            "value": calls.count(),
            "unit": "个",
            "note": f"在办申请 {running.count()} 份",
            "url": "/d/platform-calls/?state=open",
        },
        {"label": "辅导中", "value": tutored.count(), "unit": "家", "url": "/d/platform-cultivation/?state=tutoring"},
        {"label": "评估整改中", "value": mending.count(), "unit": "家", "url": "/d/assessments/?state=mending"},
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
            cells.append(_cell(counts.get((kind, level), 0), kind=kind, level=level))
        cells.append(_cell(sum(counts.get((kind, level), 0) for level in levels), kind=kind))
        rows.append({"cells": cells})
    footer: list[dict[str, Any]] = [{"value": "合计"}]
    for level in levels:
        total = sum(n for (_, at), n in counts.items() if at == level)
        footer.append(_cell(total, level=level))
    footer.append(_cell(sum(counts.values())))
    columns = [{"label": "平台类型"}, *({"label": level.label, "align": "end"} for level in levels)]
    return {"columns": [*columns, {"label": "合计", "align": "end"}], "rows": rows, "footer": footer}


def _cell(count: int, **query: str) -> dict[str, Any]:
    found: dict[str, Any] = {"value": str(count), "align": "end"}
    return found | ({"url": listed_url(**query)} if count else {})


def listed_url(**query: str) -> str:
    return reverse("platform-standing") + (f"?{urlencode(query)}" if query else "")


def counted_level(today: date) -> str:
    """From which level on a platform counts as new: 省级以上."""
    rank = int(parameter(COUNTED_LEVEL, today))
    return f"{next(Platform.Level(level).label for level, own in RANKS.items() if own == rank)}以上"


def counted_new(today: date) -> Any:
    """What the indicator counts as new this year."""
    counted: Any = get("platform_new")
    return counted.records(Period.month(today.year, today.month))


@page(Role.LEADER, Role.OFFICER, Role.COUNTY, Role.INSPECTOR)
def standing_list(request: HttpRequest) -> HttpResponse:
    """The very platforms behind a figure of the overview: by kind, level, county, or this year's new ones."""
    actor, today = actor_of(request), clock.today()
    rows: Any = Platform.objects.visible_to(actor)
    rows = rows.filter(pk__in=counted_new(today).values("pk")) if "new" in request.GET else rows.standing_on(today)
    chosen = []
    for name, choices in (("kind", Platform.Kind), ("level", Platform.Level)):
        if (value := request.GET.get(name, "")) in choices.values:
            rows = rows.filter(**{name: value})
            chosen.append(str(choices(value).label))
    if region := Region.objects.filter(pk=request.GET.get("region", "")).first():
        rows = rows.filter(region=region)
        chosen.append(region.name)
    rows = rows.select_related("party", "region").order_by("kind", "level", "region__order", "pk")
    found = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    what = (
        f"{today.year}年新认定的{counted_level(today)}科创平台（不含孵化器、众创空间）"
        if "new" in request.GET
        else f"{plain_date(today)}在册的科创平台"
    )
    labels = ("平台名称", "平台类型", "级别", "依托单位", "县区", "认定日期", "有效期至")
    context = {
        "columns": [{"label": label} for label in labels],
        "rows": [{"url": f"/d/platforms/{p.pk}", "cells": _line(p)} for p in found],
        "page_title": "、".join(chosen) or (f"{today.year}年新增平台" if "new" in request.GET else "在册平台"),
        "page": found,
        "numbers": found.paginator.get_elided_page_range(found.number, on_each_side=1, on_ends=1),
        "page_subtitle": f"{what}，{found.paginator.count:,} 家。",
        "crumbs": [("平台总览", reverse("platform-overview")), ("名单", "")],
    }
    return render(request, "platforms/standing.html", context)


def _line(platform: Platform) -> list[dict[str, Any]]:
    until = plain_date(platform.valid_until) if platform.valid_until else "长期"
    values = (
        *(platform.name, platform.get_kind_display(), platform.get_level_display(), platform.party.name),
        *(platform.region.name, plain_date(platform.recognised_on), until),
    )
    return [{"value": value} for value in values]


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
                "urls": [listed_url(region=code) for _, code, *_ in found],
            }
        ],
    }
