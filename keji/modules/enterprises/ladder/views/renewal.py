"""What lapses by month, how far each firm is with its next certificate, and where the year will end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.parties.models import Region
from keji.lib.figures import Period, plain_date
from keji.modules.enterprises.ladder import outlook, renewal
from keji.modules.enterprises.ladder.models import Rung
from keji.modules.enterprises.ladder.views import common
from keji.modules.enterprises.ladder.views.board import url_of
from keji.modules.enterprises.ladder.views.near import verdict_url
from keji.modules.enterprises.models import Certification

KEEP_A_TITLE = (Rung.HNTE, Rung.INNOVATIVE_SME, Rung.SRDI, Rung.LITTLE_GIANT)
PAGE = "/enterprises/ladder/renewal"


@page(*common.READERS)
def lapsing(request: HttpRequest) -> HttpResponse:
    """The re-recognition campaign of a year: every firm whose title lapses, contacted or not, applied or not."""
    actor, today = actor_of(request), clock.today()
    rung, region = common.rung_asked(request), common.region_asked(request, actor)
    rung = rung if rung in KEEP_A_TITLE else Rung.HNTE.value
    year = today.year
    start, end, span, chosen = asked_span(request, today)
    rows = renewal.lapsing(rung, start, end)
    rows = rows.filter(region=region) if region else rows
    counts = renewal.by_progress(rung, start, end, region, year)
    rows = renewal.with_progress(rows, rung, year)
    progress = request.GET.get("progress", "")
    progress = progress or ("open" if chosen == "until" else "all")
    if progress == "open":
        rows = rows.exclude(progress="renewed")
    elif progress in renewal.PROGRESS:
        rows = rows.filter(progress=progress)
    if text := request.GET.get("q", ""):
        rows = rows.filter(common.named("party", text))
    records: QuerySet[Any] = renewal.with_progress(Certification.objects.all(), rung, year)
    heads = common.columns("企业", "县区", "证书编号", "有效期至", "进展", "责任人")

    def row_of(c: Any) -> dict[str, Any]:
        days = (c.valid_until - today).days
        left = f"还有 {days} 天" if days >= 0 else f"已过期 {-days} 天"
        return {
            "url": verdict_url(c.party_id, rung),
            "cells": [
                {"value": c.party.name},
                {"value": c.region.name},
                {"value": c.certificate_code, "mono": True, "url": f"/d/certifications/{c.pk}"},
                {"value": plain_date(c.valid_until), "sub": "" if c.progress == "renewed" else left},
                {"value": renewal.PROGRESS[c.progress], "badge": renewal.TONES[c.progress]},
                _owner(c, rung, year),
            ],
        }

    ordered = rows.order_by("valid_until", "pk")
    records = records.select_related("party", "region")
    if request.method == "POST":
        return common.exported(request, f"{Rung(rung).label}到期名单", heads, records.filter(pk__in=ordered), row_of)
    base = {"rung": rung, "region": region, **span}
    more = {"rung": common.choice("梯级", [(r.value, r.label) for r in KEEP_A_TITLE])}
    more["rung"].choices = [(r.value, r.label) for r in KEEP_A_TITLE]
    return common.show(request, "renewal.html", "ladder-renewal", {
        **common.paged(request, ordered, records, row_of),
        "columns": heads,
        "form": common.Filters(request.GET, actor=actor, rung=rung, more=more),
        "keep": {k: v for k, v in {**span, "progress": progress}.items() if v},
        "clear_url": PAGE,
        "kinds": _progress_tabs(counts, progress, base),
        "chart": month_chart(rung, today, region),
        "span_word": f"{plain_date(start)}至{plain_date(end)}",
        "spans": _spans(rung, region, today, chosen),
        "page_title": "到期与复审",
        "page_subtitle": f"{Rung(rung).label}证书到期次日起不再计入总数；每家企业联系了没有、报了没有、结果如何。",
        "empty_title": "这段时间没有这样的企业",
        "empty_text": "换一段时间或换一种进展再看。",
    })  # fmt: skip


def asked_span(request: HttpRequest, today: date) -> tuple[date, date, dict[str, str], str]:
    """The days lapsing is asked for: a month, up to a day, or the whole year. (start, end, parameters, which)."""
    if request.GET.get("month"):
        end = common.day_asked(request, "month", today)
        return date(end.year, end.month, 1), end, {"month": f"{end:%Y-%m}"}, "month"
    if request.GET.get("until"):
        until = common.day_asked(request, "until", today)
        return today, max(until - timedelta(days=1), today), {"until": until.isoformat()}, "until"
    text = request.GET.get("year", "")
    year = int(text) if text.isdecimal() and len(text) == 4 else today.year
    return date(year, 1, 1), date(year, 12, 31), {"year": str(year)}, f"year{year}"


def _owner(c: Any, rung: str, year: int) -> dict[str, Any]:
    if c.entry_id:
        return {"value": c.owner_name or "已列入，未指定责任人", "url": f"/d/cultivation/{c.entry_id}"}
    new = url_of("/d/cultivation/new", party=c.party.uscc, rung=rung, year=year)
    return {"value": "列入清单", "url": new} if c.progress != "renewed" else {"value": "—"}


def _progress_tabs(counts: Any, here: str, base: dict[str, Any]) -> list[dict[str, Any]]:
    total = sum(counts.values())
    choices = [("all", "全部", total), ("open", "还没有新证", total - counts.get("renewed", 0))]
    choices += [(code, label, counts.get(code, 0)) for code, label in renewal.PROGRESS.items()]
    return [
        {"label": label, "url": url_of(PAGE, **base, progress=code), "active": here == code, "count": n}
        for code, label, n in choices
    ]


def _spans(rung: str, region: str, today: date, chosen: str) -> list[dict[str, Any]]:
    december = date(today.year + (today.month == 12), 12, 1)
    last = december - timedelta(days=1)
    found = [{"label": f"{last.year}年{last.month}月底前", "until": december.isoformat(), "code": "until"}]
    found += [{"label": f"{y}年全年", "year": str(y), "code": f"year{y}"} for y in (today.year, today.year + 1)]
    return [
        {
            "label": span["label"],
            "url": url_of(PAGE, rung=rung, region=region, until=span.get("until"), year=span.get("year")),
            "active": span["code"] == chosen,
        }
        for span in found
    ]


def month_chart(rung: str, today: date, region: str) -> dict[str, Any]:
    """Bars of the next twelve months; a bar opens its list."""
    first = Period.of(today)
    months = [Period.at_month_index(first.month_index + i) for i in range(12)]
    counts = renewal.by_month(rung, first.start, months[-1].end, region)
    by_key = {(day.year, day.month): n for day, n in counts.items()}
    return {
        "kind": "bar",
        "unit": "家",
        "category_label": "月份",
        "categories": [f"{m.year % 100}年{m.start.month}月" for m in months],
        "series": [
            {
                "name": "到期",
                "values": [by_key.get((m.year, m.start.month), 0) for m in months],
                "urls": [url_of(PAGE, rung=rung, region=region, month=f"{m.start:%Y-%m}") for m in months],
            }
        ],
    }


@page(*common.READERS)
def year_end(request: HttpRequest) -> HttpResponse:
    """From today's stock to the year's end, sum by sum, and what must happen."""
    actor, today = actor_of(request), clock.today()
    region = common.region_asked(request, actor)
    rung = common.rung_asked(request)
    rung = rung if rung in KEEP_A_TITLE else Rung.HNTE.value
    text = request.GET.get("goal", "")
    goal = int(text) if text.isdecimal() and len(text) < 7 else None
    found = outlook.year_end(rung, today, region, goal)
    return common.show(request, "outlook.html", "ladder-outlook", {
        "found": found,
        "stock_url": url_of("/enterprises/ladder/firms", rung=rung, region=region),
        "waterfall": waterfall(found, today),
        "rung": rung,
        "rungs": [(r.value, r.label) for r in KEEP_A_TITLE],
        "regions": [] if common.own_regions(actor) else list(Region.objects.exclude(level="city")),
        "region": region,
        "goal_text": text,
        "rung_label": Rung(rung).label,
        "likely": likely(found),
        "short": max(found.goal - found.high, 0) if found.goal is not None else 0,
        "year": today.year,
        "page_title": "年末预测",
        "page_subtitle": "今天的存量，减去要到期的，加上在途的；每个数都有名单，不用没有依据的系数。",
    })  # fmt: skip


def likely(found: outlook.YearEnd) -> int | None:
    """The low end plus what earlier years' share of passes makes of what is in flight, rounded down."""
    if found.rate is None:
        return None
    waiting = sum(p.high - p.low for p in found.parts)
    return found.low + int(waiting * found.rate)


def waterfall(found: outlook.YearEnd, today: date) -> dict[str, Any]:
    return {
        "kind": "waterfall",
        "unit": "家",
        "start": {"label": "今天存量", "value": found.stock},
        "steps": [{"label": p.label, "value": p.high, "url": p.url} for p in found.parts],
        "end": {"label": "年末最多", "value": found.high},
    }
