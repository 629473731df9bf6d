"""Focus industries: each as a chain of links with its firms, and where a link is missing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.people.roles import Role
from keji.modules.enterprises.ladder.chain_models import FocusIndustry, Segment, SegmentFirm
from keji.modules.enterprises.ladder.holders import held
from keji.modules.enterprises.ladder.models import Rung
from keji.modules.enterprises.ladder.views import common
from keji.modules.enterprises.ladder.views.board import url_of


def counted(request: HttpRequest, rows: Any) -> dict[int, dict[str, int]]:
    """{segment: {firms, hnte}} of what the reader may see, in one question."""
    firms = SegmentFirm.objects.visible_to(actor_of(request)).filter(segment__in=rows)
    firms = firms.annotate(is_hnte=held(Rung.HNTE, clock.today())).order_by().values_list("segment")
    found = firms.annotate(n=Count("pk"), hnte=Count("pk", filter=Q(is_hnte=True)))
    return {segment: {"firms": n, "hnte": hnte} for segment, n, hnte in found}


def gap_word(counts: dict[str, int]) -> str:
    """Why a link counts as a gap; "" when it does not."""
    if not counts.get("firms"):
        return "没有企业"
    return "" if counts.get("hnte") else "没有高企"


@page(*common.READERS)
def chains(request: HttpRequest) -> HttpResponse:
    """All focus industries: links, firms, 高企, gaps."""
    industries = list(FocusIndustry.objects.prefetch_related("segments"))
    counts = counted(request, Segment.objects.values("pk"))
    rows = []
    for industry in industries:
        links = [counts.get(s.pk, {}) for s in industry.segments.all()]
        url = reverse("ladder-chain", args=[industry.pk])
        rows.append(
            {
                "url": url,
                "cells": [
                    {"value": industry.name, "sub": "" if industry.certain else "产业和环节待核"},
                    {"value": industry.get_kind_display()},
                    {"value": industry.place or "全市"},
                    {"value": len(links), "number": True},
                    {"value": _sum(links, "firms"), "align": "end", "url": firms_url(industry.pk)},
                    {"value": _sum(links, "hnte"), "align": "end", "url": firms_url(industry.pk, hnte=1)},
                    {"value": sum(bool(gap_word(c)) for c in links), "align": "end", "url": f"{url}#gaps"},
                ],
            }
        )
    return common.show(request, "chains.html", "ladder-chains", {
        "columns": common.columns(
            "产业", "归类", "主要承载地", "环节", "链上企业", "其中高企", "缺口环节",
            end=("环节", "链上企业", "其中高企", "缺口环节"),
        ),
        "rows": rows,
        "may_draw": actor_of(request).has(Role.OFFICER),
        "page_title": "重点产业链",
        "page_subtitle": "“5+1”产业和重点细分产业：上下游各环节有哪些企业，缺在哪里。",
    })  # fmt: skip


def _sum(links: Iterable[dict[str, int]], name: str) -> int:
    return sum(link.get(name, 0) for link in links)


def firms_url(industry: int, **asked: Any) -> str:
    return url_of(reverse("ladder-chain-firms", args=[industry]), **asked)


def industry_or_404(pk: int) -> FocusIndustry:
    found = FocusIndustry.objects.filter(pk=pk).first()
    if found is None:
        raise Http404("没有这个产业。")
    return found


@page(*common.READERS)
def chain(request: HttpRequest, pk: int) -> HttpResponse:
    """One chain from upstream to downstream, then its gaps."""
    industry = industry_or_404(pk)
    segments = list(industry.segments.all())
    counts = counted(request, [s.pk for s in segments])
    cards: dict[str, list[dict[str, Any]]] = {p.value: [] for p in Segment.Position}
    for segment in segments:
        own = counts.get(segment.pk, {})
        cards[segment.position].append(
            {
                "segment": segment,
                "firms": own.get("firms", 0),
                "hnte": own.get("hnte", 0),
                "gap": gap_word(own),
                "url": firms_url(industry.pk, segment=segment.pk),
                "hnte_url": firms_url(industry.pk, segment=segment.pk, hnte=1),
                "add_url": url_of("/d/chain-firms/new", segment=segment.pk),
            }
        )
    positions: list[dict[str, Any]] = [{"label": p.label, "cards": cards[p.value]} for p in Segment.Position]
    actor = actor_of(request)
    return common.show(request, "chain.html", "ladder-chains", {
        "industry": industry,
        "positions": positions,
        "gaps": [card for p in positions for card in p["cards"] if card["gap"]],
        "may_draw": actor.has(Role.OFFICER),
        "may_place": actor.has(Role.OFFICER, Role.COUNTY),
        "page_title": industry.name,
        "page_subtitle": industry.note,
        "crumbs": [
            ("梯度培育", reverse("ladder")), ("重点产业链", reverse("ladder-chains")), (industry.name, ""),
        ],
    })  # fmt: skip


@page(*common.READERS)
def chain_firms(request: HttpRequest, pk: int) -> HttpResponse:
    """The firms of a chain or of one link."""
    actor, today, industry = actor_of(request), clock.today(), industry_or_404(pk)
    rows = SegmentFirm.objects.visible_to(actor).filter(segment__industry=industry)
    if segment := request.GET.get("segment", ""):
        rows = rows.filter(segment=common.key_of(segment))
    if region := common.region_asked(request, actor):
        rows = rows.filter(party__region=region)
    if request.GET.get("hnte"):
        rows = rows.filter(held(Rung.HNTE, today))
    if text := request.GET.get("q", ""):
        rows = rows.filter(common.named("party", text))
    heads = common.columns("企业", "县区", "环节", "主要产品", "高企")

    def row_of(f: Any) -> dict[str, Any]:
        return {
            "url": f"/d/parties/{f.party_id}",
            "cells": [
                {"value": f.party.name},
                {"value": f.party.region.name},
                {"value": f"{f.segment.get_position_display()}·{f.segment.name}", "url": f"/d/chain-firms/{f.pk}"},
                {"value": f.product or "—"},
                {"value": "是", "badge": "green"} if f.is_hnte else {"value": "否"},
            ],
        }

    records = SegmentFirm.objects.select_related("party__region", "segment").annotate(is_hnte=held(Rung.HNTE, today))
    ordered = rows.order_by("segment__order", "segment", "pk")
    if request.method == "POST":
        return common.exported(request, f"{industry.name}链上企业", heads, records.filter(pk__in=ordered), row_of)
    segments = [(str(s.pk), f"{s.get_position_display()}·{s.name}") for s in industry.segments.all()]
    more = {"segment": common.choice("环节", segments), "hnte": common.choice("高企", [("1", "只看高企")])}
    form = common.Filters(request.GET, actor=actor, only=("q", "region"), more=more)
    return common.show(request, "list.html", "ladder-chains", {
        **common.paged(request, ordered, records, row_of),
        "columns": heads,
        "form": form,
        "clear_url": firms_url(industry.pk),
        "page_title": f"{industry.name}链上企业",
        "empty_title": "还没有企业",
        "empty_text": "在产业链页面的环节上点“列入企业”，或下载模板成批上传。",
    })  # fmt: skip
