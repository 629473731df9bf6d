"""Open catalogues: lists the modules lay out for everybody, to read, search and take away."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from keji.desk.catalogue import PublicCatalogue, catalogues
from keji.desk.cells import cell
from keji.desk.lists import containing
from keji.kernel import clock
from keji.kernel.parties.models import Region
from keji.lib.figures import plain_date
from keji.site.public.frame import as_sheet, asked_for, open_page, show

PAGE_SIZE = 50


def tiles() -> list[dict[str, Any]]:
    """Every catalogue with how many records it holds today."""
    today = clock.today()
    return [
        {
            "title": c.title,
            "intro": c.intro,
            "icon": c.icon,
            "url": f"/public/catalogues/{c.name}",
            "count": c.records(today).order_by().count(),
        }
        for c in catalogues().values()
    ]


@open_page
def listing(request: HttpRequest) -> HttpResponse:
    return show(request, "public/catalogues.html", {"page_title": "公开名录", "tiles": tiles()})


def asked(request: HttpRequest, name: str) -> tuple[type[PublicCatalogue], QuerySet[Any], dict[str, str]]:
    """(catalogue, the rows asked for, what was asked)."""
    found = catalogues().get(name)
    if found is None:
        raise Http404("没有这份名录。")
    rows = found.rows(clock.today())
    kept = {}
    if text := asked_for(request, "q"):
        kept["q"] = text
        for word in text.split()[:5] if found.search else ():
            rows = rows.filter(containing(rows.model, found.search, word))
    region = asked_for(request, "region", 20)
    if region and found.region and Region.objects.filter(pk=region).exists():
        kept["region"] = region
        rows = rows.filter(**{found.region: region})
    return found, rows, kept


@open_page
def page(request: HttpRequest, name: str) -> HttpResponse:
    """One catalogue: searched, by county, page by page."""
    found, rows, kept = asked(request, name)
    pages = Paginator(rows, PAGE_SIZE)
    shown = pages.get_page(request.GET.get("page"))
    query = f"?{urlencode(kept)}" if kept else ""
    context = {
        "page_title": found.title,
        "catalogue": found,
        "columns": [{"label": label} for label in found.labels()],
        "rows": [{"cells": [cell(record, path) for path in found.columns]} for record in shown.object_list],
        "page": shown,
        "numbers": pages.get_elided_page_range(shown.number, on_each_side=1, on_ends=1),
        "q": kept.get("q", ""),
        "region": kept.get("region", ""),
        "regions": Region.objects.exclude(level=Region.Level.CITY) if found.region else (),
        "on": clock.today(),
        "asked": bool(kept),
        "csv_url": f"/public/catalogues/{name}/table.csv{query}",
        "xlsx_url": f"/public/catalogues/{name}/table.xlsx{query}",
        "crumbs": [("公开名录", "/public/catalogues/")],
    }
    return show(request, "public/catalogue.html", context)


@open_page
def sheet(request: HttpRequest, name: str, kind: str) -> HttpResponse:
    """What the page lists, as a file."""
    found, rows, _ = asked(request, name)
    lines = (
        ["" if (text := cell(record, path).value) == "—" else text for path in found.columns]
        for record in rows.iterator(chunk_size=2000)
    )
    title = f"{found.title}（{plain_date(clock.today())}）"
    return as_sheet(kind, title, found.labels(), lines, title)
