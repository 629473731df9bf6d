"""The burden shown: by county and firm for the bureau, each firm's own to itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from keji.desk.cells import written
from keji.desk.guard import actor_of, page
from keji.desk.lists import regions_of
from keji.kernel import clock
from keji.kernel.facts.models import Origin, Statement
from keji.kernel.parties.models import Party, Region
from keji.kernel.people.roles import BUREAU, Role
from keji.lib.figures import plain_date
from keji.lib.rules import vocabulary
from keji.modules.enterprises.burden.models import ANY, COUNTS, MEANINGS, Burden
from keji.modules.enterprises.burden.services import burden_of, by_region, filings, said_twice, share, within
from keji.modules.enterprises.facts.form import AGREED
from keji.modules.enterprises.facts.views import firm_of
from keji.modules.enterprises.ladder.views.common import paged

LABELS = {name: str(Burden._meta.get_field(name).verbose_name) for name in COUNTS}  # type: ignore[union-attr]
EARLIEST, MOST = 2015, 200


def year_asked(request: HttpRequest) -> int:
    text, this = request.GET.get("year", ""), clock.today().year
    return int(text) if len(text) == 4 and text.isdecimal() and EARLIEST <= int(text) <= this else this


def _tabs(year: int) -> list[dict[str, Any]]:
    this = clock.today().year
    return [{"label": f"{y}年", "url": f"?year={y}", "active": y == year} for y in (this - 1, this)]


@page(*sorted(BUREAU), Role.COUNTY, Role.INSPECTOR)
def overview(request: HttpRequest) -> HttpResponse:
    """Counts by county, and the firms behind each of them, the heaviest first."""
    actor, year = actor_of(request), year_asked(request)
    seen = Burden.objects.visible_to(actor).filter(year=year)
    by, region = request.GET.get("by", "asked"), request.GET.get("region", "")
    if by not in (ANY, *COUNTS):
        raise Http404("没有这个口径。")
    regions = {r.pk: r.name for r in regions_of(actor) if r.level != Region.Level.CITY}
    if region and region not in regions:
        raise Http404("没有这个县区，或者它不在您的查看范围内。")
    firms = seen.filter(party__region=region) if region else seen
    firms = firms if by == ANY else firms.filter(**{f"{by}__gt": 0})
    where = regions.get(region, "全市" if actor.has(*BUREAU, Role.INSPECTOR) else "本县区")
    measured = seen.aggregate(at=Max("measured_at"))["at"]
    context = {
        "tabs": _tabs(year),
        "year": year,
        "measured": measured,
        "county_columns": [{"label": "县区"}, {"label": "单位数", "align": "end"}, *_heads(), _share_head()],
        "county_rows": _counties(by_region(year, measured), regions, year),
        "by_label": LABELS.get(by, "有填报的单位"),
        "where": where,
        "columns": [{"label": "单位"}, {"label": "县区"}, *_heads(), _share_head()],
        **paged(request, *_listed(firms, by), lambda row: _firm_row(row, year)),
        "page_title": "填报负担",
        "page_subtitle": f"{year}年，一企一档的填报：问了多少项，有多少项别处已有、不用再填，有多少项重复填了。",
        "crumbs": [("一企一档", ""), ("填报负担", "")],
    }
    return render(request, "enterprises/burden.html", context)


def _heads() -> list[dict[str, Any]]:
    return [{"label": LABELS[name], "align": "end", "hint": MEANINGS[name]} for name in COUNTS]


def _share_head() -> dict[str, Any]:
    return {"label": "免填占比", "align": "end", "hint": "免填项数占询问与免填之和的比例"}


def _listed(firms: Any, by: str) -> tuple[Any, Any]:
    keys = firms.order_by("-asked" if by == ANY else f"-{by}", "pk")
    return keys, firms.select_related("party__region")


def _counties(by_region: Mapping[str, Mapping[str, int]], regions: dict[str, str], year: int) -> list[dict[str, Any]]:
    """One row a county and, where there are several, one of all; each figure opens its firms."""
    found, whole = [], dict.fromkeys((ANY, *COUNTS), 0)
    for code, name in regions.items():
        counts = by_region.get(code) or dict.fromkeys(whole, 0)
        whole = {key: whole[key] + counts[key] for key in whole}
        found.append(_county_row(name, code, counts, year))
    return found if len(found) < 2 else [*found, _county_row("合计", "", whole, year)]


def _county_row(name: str, region: str, counts: Mapping[str, int], year: int) -> dict[str, Any]:
    cells: list[dict[str, Any]] = [{"value": name}]
    for column in (ANY, *COUNTS):
        query = urlencode({"year": year, "by": column} | ({"region": region} if region else {}))
        link = {"url": f"?{query}#firms"} if counts[column] else {}
        cells.append({"value": f"{counts[column]:,}", "align": "end", **link})
    return {"cells": [*cells, {"value": _share(counts), "align": "end"}]}


def _share(counts: Mapping[str, int]) -> str:
    return f"{share(counts)}%" if counts["asked"] + counts["known"] else "—"


def _firm_row(row: Any, year: int) -> dict[str, Any]:
    url = f"{reverse('burden-firm', args=[row.party_id])}?year={year}"
    counts = {name: getattr(row, name) for name in COUNTS}
    return {
        "url": url,
        "cells": [
            {"value": row.party.name, "url": url},
            {"value": row.party.region.name},
            *({"value": counts[name], "number": True, "align": "end"} for name in COUNTS),
            {"value": _share(counts), "align": "end"},
        ],
    }


@page(*sorted(BUREAU), Role.COUNTY, Role.INSPECTOR, Role.ENTERPRISE)
def of_firm(request: HttpRequest, party: int) -> HttpResponse:
    """One unit's year: every form it filled in, every fact more than one source filled in."""
    firm, year = firm_of(request, party), year_asked(request)
    counts = burden_of(firm, year)
    forms = filings(year).filter(party=firm).order_by("-at", "-pk")
    context = {
        "firm": firm,
        "tabs": _tabs(year),
        "facts": [{"label": LABELS[c], "value": counts[c], "hint": MEANINGS[c]} for c in COUNTS],
        "share": counts["share"],
        "form_columns": [
            {"label": "填报表"},
            {"label": "填报人"},
            {"label": "时间"},
            *({"label": LABELS[c], "align": "end"} for c in ("asked", "known", "agreed", "stated")),
        ],
        "form_rows": [_form_row(f) for f in forms[:MOST]],
        "twice_columns": [{"label": "资料"}, {"label": "年度"}, {"label": "来源"}],
        "twice_rows": _twice_rows(firm, year),
        "page_title": "填报负担",
        "page_subtitle": f"{firm.name}　{year}年",
        "crumbs": [("一企一档", reverse("facts-file", args=[firm.pk])), ("填报负担", "")],
    }
    return render(request, "enterprises/burden_firm.html", context)


def _form_row(filing: Any) -> dict[str, Any]:
    numbers = ({"value": getattr(filing, c), "number": True, "align": "end"} for c in ("asked", "known", "agreed"))
    return {
        "cells": [
            {"value": filing.title},
            {"value": filing.by, "sub": filing.get_origin_display()},
            {"value": written(filing.at)},
            *numbers,
            {"value": filing.stated, "number": True, "align": "end"},
        ]
    }


def _twice_rows(firm: Party, year: int) -> list[dict[str, Any]]:
    """Facts that more than one source filled in: who, and when last."""
    twice = {(r["name"], r["year"]) for r in said_twice(year).filter(party=firm)}
    said: dict[tuple[str, int], dict[str, datetime]] = defaultdict(dict)
    rows = Statement.objects.filter(within("stated_at", year), party=firm).exclude(evidence=AGREED)
    for s in rows.order_by("stated_at", "pk"):
        said[s.name, s.year][s.origin] = s.stated_at
    found = []
    for name, of in sorted(twice, key=lambda place: (-place[1], vocabulary.fact(place[0]).label)):
        sources = "；".join(
            f"{Origin(origin).label} {plain_date(clock.day_of(at))}" for origin, at in said[name, of].items()
        )
        url = reverse("facts-history", args=[firm.pk, name])
        label = {"value": vocabulary.fact(name).label, "url": url}
        found.append({"cells": [label, {"value": f"{of}年" if of else "不分年度"}, {"value": sources}]})
    return found[:MOST]
