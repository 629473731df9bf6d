"""The board: three questions first, then the funnel, its counties and industries, and who moved."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.parties.models import Party, Region
from keji.lib.figures import Period, format_percent, plain_date
from keji.modules.enterprises.ladder import due, reading, renewal
from keji.modules.enterprises.ladder.models import Rung
from keji.modules.enterprises.ladder.reading import LADDER, NONE, Asked
from keji.modules.enterprises.ladder.services.prospects import behind
from keji.modules.enterprises.ladder.views import common
from keji.modules.enterprises.models import Certification, EnterpriseProfile

SHORT = {Rung.TECH_SME: "科技型中小", Rung.HNTE: "高企", Rung.SRDI: "专精特新", Rung.LITTLE_GIANT: "小巨人"}
FIRMS = "/enterprises/ladder/firms"


def url_of(path: str, **asked: Any) -> str:
    return f"{path}?{urlencode({k: v for k, v in asked.items() if v not in ('', None)})}"


@page(*common.READERS)
def board(request: HttpRequest) -> HttpResponse:
    """The figures people come for; what goes through every title of two days comes in a request of its own."""
    actor, today = actor_of(request), clock.today()
    region = common.region_asked(request, actor)
    on = min(common.day_asked(request, "on", today), today)
    asked = Asked(on, region, request.GET.get("industry", "")[:60])
    start = min(common.day_asked(request, "start", _year_before(on)), on)
    if (part := request.GET.get("part")) in PARTS:
        return PARTS[part](request, start, asked)
    context = {
        "asked": asked,
        "on_word": plain_date(on),
        "month": f"{on:%Y-%m}",
        "start_month": f"{start:%Y-%m}",
        "start_word": plain_date(start),
        "is_today": on == today,
        "regions": [] if common.own_regions(actor) else list(Region.objects.exclude(level="city")),
        "industries": common.industries(),
        "questions": questions(region, today),
        "funnel": funnel(asked),
        "by_region": region_rows(asked),
        "shorts": [SHORT[r] for r in LADDER],
        "county_map": county_map(asked) if not asked.region else None,
        "here": url_of("/enterprises/ladder/", start=start, on=on, region=region, industry=asked.industry),
        "incubated_known": reading.incubated_known(),
        "behind": behind(),
        "page_title": "梯度培育",
        "page_subtitle": "每个数都能点开看是哪些企业；数字按确认的证书和入库编号计，一家企业一个梯级只计一次。",
        "crumbs": [("创新主体", ""), ("梯度培育", "")],
    }
    return common.show(request, "board.html", "ladder", context)


def moves_part(request: HttpRequest, start: date, asked: Asked) -> HttpResponse:
    moves = reading.moves(start, asked)
    context = {
        "sankey": sankey(moves, start, asked),
        "moves": move_rows(moves, start, asked),
        "shorts": [SHORT[r] for r in LADDER],
    }
    return render(request, "enterprises/ladder/part_moves.html", context)


def industry_part(request: HttpRequest, start: date, asked: Asked) -> HttpResponse:
    context = {"title": "按产业", "head": "产业", "rows": industry_rows(asked), "shorts": [SHORT[r] for r in LADDER]}
    return render(request, "enterprises/ladder/matrix.html", context)


PARTS = {"moves": moves_part, "industry": industry_part}


def _year_before(on: date) -> date:
    return Period.month(on.year - 1, on.month).end if on.day >= 28 else date(on.year - 1, on.month, on.day)


def questions(region: str, today: date) -> list[dict[str, Any]]:
    """What an officer is asked most often, each with the list that answers it."""
    year_end = date(today.year + (today.month == 12), 12, 1)
    lapse = renewal.unrenewed_count("hnte", today, year_end, region)
    free = due.free_counts("hnte", today, region)
    fact, condition = (sum(n for (k, _, _), n in free.items() if k == kind) for kind in ("fact", "condition"))
    left = {
        rung: sum(n for (kind, _, _), n in due.free_counts(rung, today, region).items() if kind in due.ELIGIBLE)
        for rung in due.NAMES
    }
    where = {"region": region}
    last = plain_date(year_end - timedelta(days=1))
    return [
        {
            "title": f"{last}前谁的高企到期",
            "counts": [
                ("还没有新证", lapse, url_of("/enterprises/ladder/renewal", rung="hnte", until=year_end, **where))
            ],
            "icon": "calendar-time",
        },
        {
            "title": "谁离高企只差一步，差什么",
            "counts": [
                ("差一项资料", fact, url_of("/enterprises/ladder/near", rung="hnte", kind="fact", **where)),
                ("差一项条件", condition, url_of("/enterprises/ladder/near", rung="hnte", kind="condition", **where)),
            ],
            "icon": "target-arrow",
        },
        {
            "title": "谁该评未评、该报未报",
            "counts": [
                (word, left[rung], url_of("/enterprises/ladder/due", rung=rung, **where))
                for rung, word in due.NAMES.items()
            ],
            "icon": "checklist",
        },
    ]


def funnel(asked: Asked) -> list[dict[str, Any]]:
    """The rungs from the lowest up, each with its share of the one below; nobody climbs from a house to a register."""
    counts = reading.totals(asked)
    where = {"on": asked.on, "region": asked.region, "industry": asked.industry}
    rows: list[dict[str, Any]] = []
    below, inside = 0, 0
    if reading.incubated_known():
        inside = len(reading.incubated(asked))
        rows.append(
            {"label": "在孵企业", "value": inside, "url": url_of(FIRMS, rung="incubated", **where), "share": ""}
        )
    top = max([*counts.values(), inside, 1])
    for rung in LADDER:
        n = counts[rung]
        share = format_percent(Fraction(n, below)) if below else ""
        rows.append({"label": rung.label, "value": n, "url": url_of(FIRMS, rung=rung.value, **where), "share": share})
        below = n
    for row in rows:
        row["top"] = top
    return rows


def region_rows(asked: Asked) -> list[dict[str, Any]]:
    counts = reading.by_region(asked)
    regions = Region.objects.exclude(level="city")
    regions = regions.filter(pk=asked.region) if asked.region else regions
    where = {"on": asked.on, "industry": asked.industry}
    return [
        {
            "label": region.name,
            "cells": [
                (counts.get((rung, region.pk), 0), url_of(FIRMS, rung=rung.value, region=region.pk, **where))
                for rung in LADDER
            ],
        }
        for region in regions
    ]


def industry_rows(asked: Asked) -> list[dict[str, Any]]:
    counts = reading.by_industry(asked)
    names = sorted({industry for _, industry in counts}, key=lambda name: (name == "", name))
    where = {"on": asked.on, "region": asked.region}
    return [
        {
            "label": name or "未归类",
            "cells": [
                (counts.get((rung, name), 0), url_of(FIRMS, rung=rung.value, industry=name or "-", **where))
                for rung in LADDER
            ],
        }
        for name in names
    ]


def county_map(asked: Asked) -> dict[str, Any]:
    counts = reading.by_region(asked)
    items = [
        {
            "code": r.code,
            "name": r.short_name if r.level == Region.Level.ZONE else r.name,
            "value": counts.get((Rung.HNTE, r.pk), 0),
            "url": url_of(FIRMS, rung="hnte", region=r.pk, on=asked.on, industry=asked.industry),
        }
        for r in Region.objects.exclude(level="city")
    ]
    return {"kind": "map", "items": items, "unit": "家", "value_label": "高新技术企业"}


def _moved_url(was: str, now: str, start: date, asked: Asked) -> str:
    return url_of(
        "/enterprises/ladder/moved", was=was, now=now, start=start, on=asked.on, region=asked.region,
        industry=asked.industry,
    )  # fmt: skip


def sankey(moves: Any, start: date, asked: Asked) -> dict[str, Any] | None:
    """Who climbed, stayed, slid or left. A rung has one colour and two nodes, told apart by a mark at their end."""
    links, nodes = [], {}
    for (was, now), n in sorted(moves.items(), key=lambda m: (reading.rank(m[0][0]), reading.rank(m[0][1]))):
        source, target = f"{_short(was)} →", f"→ {_short(now)}"
        links.append({"source": source, "target": target, "value": n, "url": _moved_url(was, now, start, asked)})
        for name, place in ((source, was), (target, now)):
            nodes[name] = {"name": name, "label": _short(place), "colour": reading.rank(place)}
    return {"kind": "sankey", "unit": "家", "nodes": list(nodes.values()), "links": links} if links else None


def _short(place: str) -> str:
    return "不在梯队" if place == NONE else SHORT[Rung(place)]


def move_rows(moves: Any, start: date, asked: Asked) -> list[dict[str, Any]]:
    """A grid: rows by where firms stood before, columns by where they stand now."""
    return [
        {
            "label": _short(was),
            "cells": [
                {
                    "n": moves.get((was, now), 0),
                    "url": _moved_url(was, now, start, asked),
                    "tone": "" if was == now else "green" if reading.rank(now) > reading.rank(was) else "amber",
                }
                for now in reading.PLACES
            ],
        }
        for was in reading.PLACES
    ]


@page(*common.READERS)
def firms(request: HttpRequest) -> HttpResponse:
    """The firms behind one figure of the funnel."""
    actor, today = actor_of(request), clock.today()
    region = common.region_asked(request, actor)
    on = min(common.day_asked(request, "on", today), today)
    industry = request.GET.get("industry", "")[:60]
    rung = request.GET.get("rung", "hnte")
    if rung == "incubated":
        return incubated_firms(request, Asked(on, region, industry))
    rung = common.rung_asked(request)
    rows = reading.titles(Asked(on, region, "" if industry == "-" else industry), rung).one_a_firm()  # type: ignore[attr-defined]
    if industry == "-":
        empty = EnterpriseProfile.objects.filter(industry_tag="").values("party")
        has = EnterpriseProfile.objects.values("party")
        rows = rows.filter(~Q(party__in=has) | Q(party__in=empty))
    if text := request.GET.get("q", ""):
        rows = rows.filter(common.named("party", text))

    def row_of(c: Certification) -> dict[str, Any]:
        return {
            "url": f"/d/parties/{c.party_id}",
            "cells": [
                {"value": c.party.name},
                {"value": c.region.name},
                {"value": c.certificate_code, "mono": True, "url": f"/d/certifications/{c.pk}"},
                {"value": plain_date(c.issued_on)},
                {"value": plain_date(c.valid_until)},
            ],
        }

    heads = common.columns("企业", "县区", "证书（登记）编号", "发证（入库）日期", "有效期至")
    rows = rows.order_by("region", "pk")
    records = Certification.objects.select_related("party", "region")
    if request.method == "POST":
        return common.exported(request, f"{Rung(rung).label}名单", heads, records.filter(pk__in=rows), row_of)
    form = common.Filters(request.GET, actor=actor, rung=rung)
    return common.show(request, "list.html", "ladder", {
        **common.paged(request, rows, records, row_of),
        "columns": heads,
        "form": form,
        "keep": {k: v for k, v in common.kept(request).items() if k in ("on", "industry")},
        "clear_url": url_of(FIRMS, rung=rung),
        "note": f"{plain_date(on)}有效" + (f"，{'未归类' if industry == '-' else industry}" if industry else ""),
        "page_title": f"{Rung(rung).label}名单",
        "empty_title": "没有符合条件的企业",
        "empty_text": "换一个县区、产业或日期再看。",
    })  # fmt: skip


def incubated_firms(request: HttpRequest, asked: Asked) -> HttpResponse:
    rows = Party.objects.filter(pk__in=reading.incubated(asked)).order_by("region", "pk")

    def row_of(party: Party) -> dict[str, Any]:
        return {"url": f"/d/parties/{party.pk}", "cells": [{"value": party.name}, {"value": party.region.name}]}

    return common.show(request, "list.html", "ladder", {
        **common.paged(request, rows, Party.objects.select_related("region"), row_of),
        "columns": common.columns("企业", "县区"),
        "note": f"{plain_date(asked.on)}在孵，来自孵化器的在孵登记",
        "page_title": "在孵企业名单",
        "empty_title": "没有符合条件的企业",
        "empty_text": "换一个县区、产业或日期再看。",
    })  # fmt: skip


@page(*common.READERS)
def moved(request: HttpRequest) -> HttpResponse:
    """The firms behind one flow between two days."""
    actor, today = actor_of(request), clock.today()
    region = common.region_asked(request, actor)
    on = min(common.day_asked(request, "on", today), today)
    start = min(common.day_asked(request, "start", _year_before(on)), on)
    was, now = request.GET.get("was", NONE), request.GET.get("now", NONE)
    if was not in reading.PLACES or now not in reading.PLACES:
        was = now = NONE
    asked = Asked(on, region, request.GET.get("industry", "")[:60])
    rows = common.Found(reading.movers(start, asked, was, now))

    def row_of(party: Party) -> dict[str, Any]:
        return {"url": f"/d/parties/{party.pk}", "cells": [{"value": party.name}, {"value": party.region.name}]}

    return common.show(request, "list.html", "ladder", {
        **common.paged(request, rows, Party.objects.select_related("region"), row_of),
        "columns": common.columns("企业", "县区"),
        "note": f"{plain_date(start)}：{reading.label(was)}；{plain_date(on)}：{reading.label(now)}",
        "page_title": f"{_short(was)} → {_short(now)}",
        "empty_title": "这段时间没有这样变动的企业",
        "empty_text": "换一段时间再看。",
    })  # fmt: skip
