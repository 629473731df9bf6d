"""The pages no desk can show: what lapses soon, settling look-alikes."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.parties import merging
from keji.kernel.parties.models import DuplicatePair, Merge
from keji.kernel.people.roles import Role
from keji.kernel.records.flow import Refused
from keji.lib.figures import plain_date
from keji.modules.enterprises.models import Certification


@page(Role.LEADER, Role.OFFICER, Role.COUNTY, Role.INSPECTOR)
def lapsing(request: HttpRequest) -> HttpResponse:
    """到期预警: certificates that end within some days, the soonest first, with whom to call."""
    text = request.GET.get("days", "90")
    days = int(text) if text in ("30", "90", "180", "365") else 90
    today = clock.today()
    rows = Certification.objects.visible_to(actor_of(request)).filter(kind="hnte")
    rows = rows.valid_on(today).one_a_firm().filter(valid_until__lte=today + timedelta(days=days))  # type: ignore[attr-defined]
    by_region = list(rows.order_by().values("region__name", "region__order").annotate(n=models.Count("pk")))
    listed = rows.select_related("party", "region").order_by("valid_until", "pk")[:500]
    context = {
        "tabs": [{"label": f"{d} 天内", "url": f"?days={d}", "active": d == days} for d in (30, 90, 180, 365)],
        "columns": [{"label": t} for t in ("企业", "县区", "证书编号", "有效期至")]
        + [{"label": "剩余天数", "align": "end"}],
        "rows": [
            {
                "url": f"/d/certifications/{r.pk}",
                "cells": [
                    {"value": r.party.name},
                    {"value": r.region.name},
                    {"value": r.certificate_code, "mono": True},
                    {"value": plain_date(r.valid_until)},
                    {"value": (r.valid_until - today).days, "align": "end"},
                ],
            }
            for r in listed
        ],
        "counts": sorted(by_region, key=lambda row: row["region__order"]),
        "total": sum(row["n"] for row in by_region),
        "days": days,
        "renewal_url": reverse("ladder-renewal"),
        "page_title": "高企到期预警",
        "page_subtitle": "证书到期当日之后不再计入高新技术企业总数；请提醒企业及时重新认定。",
        "crumbs": [("创新主体", ""), ("高企到期预警", "")],
    }
    return render(request, "enterprises/lapsing.html", context)


@page(Role.OFFICER)
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether two look-alikes are one: merge into the first or the second, call them distinct, or undo."""
    actor, at = actor_of(request), clock.now()
    pair = get_object_or_404(DuplicatePair.objects.select_related("first", "second"), pk=pk)
    choice = request.POST.get("choice", "")
    try:
        if choice == "first":
            merging.merge(pair.first, pair.second, actor=actor, at=at)
            messages.success(request, f"已将“{pair.second.name}”并入“{pair.first.name}”。")
        elif choice == "second":
            merging.merge(pair.second, pair.first, actor=actor, at=at)
            messages.success(request, f"已将“{pair.first.name}”并入“{pair.second.name}”。")
        elif choice == "distinct":
            merging.call_distinct(pair, actor=actor, at=at)
            messages.success(request, "已判定不是同一单位，以后不再提示。")
        elif choice == "undo":
            both = [pair.first, pair.second]
            merging.undo(get_object_or_404(Merge, kept__in=both, folded__in=both, undone_at=None), actor=actor, at=at)
            messages.success(request, "已撤销合并，记录已退回原单位。")
        else:
            messages.error(request, "请选择一种判定。")
    except Refused as why:
        messages.error(request, f"没有办成：{why}。")
    return redirect(f"/d/duplicates/{pair.pk}")
