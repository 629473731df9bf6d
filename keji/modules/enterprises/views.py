"""The pages no desk can show: judging one firm, what lapses soon, settling look-alikes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.audit.log import writing
from keji.kernel.parties import merging
from keji.kernel.parties.models import DuplicatePair, Merge, Party
from keji.kernel.people.roles import Role
from keji.kernel.records.flow import Refused
from keji.kernel.rules.models import Judgement, keep_verdict
from keji.kernel.rules.rule import Facts, Verdict, rules
from keji.lib.figures import plain_date
from keji.modules.enterprises import services
from keji.modules.enterprises.forms import SmeFactsForm
from keji.modules.enterprises.models import FACT_NAMES, Certification, SmeFacts, label_of
from keji.modules.enterprises.showing import band_rows, check_rows

RULE = "tech_sme"


@page(Role.LEADER, Role.OFFICER, Role.COUNTY, Role.ENTERPRISE, Role.INSPECTOR)
def tech_sme(request: HttpRequest, party: int) -> HttpResponse:
    """Judge one firm: facts prefilled from what is known, the verdict with every check, and what if."""
    actor = actor_of(request)
    firm = Party.objects.visible_to(actor).filter(pk=party).first()
    if firm is None:
        raise Http404("没有找到这个单位，或者它不在您的查看范围内。")
    year = year_asked(request)
    stored = SmeFacts.objects.filter(party=firm, year=year).first()
    day = min(clock.today(), date(year, 12, 31))
    known, notes = known_facts(firm, stored, day)
    may_save = SmeFacts.access.reaches(actor, SmeFacts.access.write, stored or SmeFacts(party=firm, year=year))
    form = SmeFactsForm(request.POST or None, initial=known)
    verdict = judge(known, day) if any(v is not None for v in known.values()) else None
    tried: Verdict | None = None
    if request.method == "POST" and form.is_valid():
        if "try" in request.POST or not may_save:
            tried = judge(form.cleaned_data, day)
        else:
            return save_and_judge(request, firm, form.cleaned_data, day)
    shown = tried or verdict
    context = {
        "firm": firm,
        "year": year,
        "form": form,
        "fieldsets": [{"title": h, "fields": [form[n] for n in names]} for h, names in SmeFactsForm.fieldsets],
        "verdict": shown,
        "trial": tried is not None,
        "before": verdict if tried else None,
        "check_columns": [{"label": t} for t in ("条件", "结果", "要求", "现状", "差距", "条款")],
        "checks": check_rows(shown) if shown else [],
        "bands": band_rows(shown) if shown else [],
        "notes": notes,
        "stored": stored,
        "may_save": may_save,
        "latest": Judgement.objects.filter(party=firm, rule=RULE)[:5],
        "page_title": "科技型中小企业评价",
        "page_subtitle": f"{firm.name}　{year}年度",
        "crumbs": [("单位", "/d/parties/"), (firm.name, f"/d/parties/{firm.pk}"), ("科技型中小企业评价", "")],
    }
    return render(request, "enterprises/tech_sme.html", context, status=422 if form.is_bound and form.errors else 200)


def year_asked(request: HttpRequest) -> int:
    text = request.GET.get("year", "")
    this = clock.today().year
    return int(text) if text.isdecimal() and 2017 <= int(text[:4]) <= this and len(text) == 4 else this


def known_facts(firm: Party, stored: SmeFacts | None, day: date) -> tuple[dict[str, Any], list[str]]:
    """What is on file, and sentences saying where it came from: nothing is asked twice."""
    known: dict[str, Any] = {name: exact(getattr(stored, name)) if stored else None for name in FACT_NAMES}
    notes = []
    if stored:
        updated = plain_date(stored.updated_at.date())
        notes.append(f"已填资料来自{stored.get_source_display()}（{stored.updated_by}，{updated}）。")
    # The register knows better than what was once typed: a certificate runs out, a tick in a form does not.
    titles = Certification.objects.filter(party=firm, kind="hnte").standing_on(day).order_by("-valid_until")
    if newest := titles.first():
        known["hnte"] = newest.valid_until >= day
        word, until = ("是", "有效期至") if known["hnte"] else ("否", "已于此日到期：")
        label = label_of(SmeFacts, "hnte")
        notes.append(f"“{label}”按科技资质 {newest.number} 填“{word}”（{until}{plain_date(newest.valid_until)}）。")
    return known, notes


def exact(value: Any) -> Any:
    """A number as it was typed: the column's trailing zeros are not the firm's."""
    return Decimal(format(value.normalize(), "f")) if isinstance(value, Decimal) else value


def judge(known: dict[str, Any], day: date) -> Verdict:
    rule = rules()[RULE]
    return rule.judge(Facts({name: known.get(name) for name in FACT_NAMES}, rule.labels), day)


def save_and_judge(request: HttpRequest, firm: Party, values: dict[str, Any], day: date) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    with writing(actor, at):
        services.save_facts(firm, day.year, values, actor=actor, at=at)
        verdict = judge(values, day)
        keep_verdict(verdict, firm, on=day, actor=actor, at=at)
    messages.success(request, f"已保存资料并评价：{verdict.word}。")
    return redirect(f"{request.path}?year={day.year}")


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
        "page_title": "高企到期预警",
        "page_subtitle": "证书到期当日之后不再计入高新技术企业总数；请提醒企业及时重新认定。",
        "crumbs": [("科技资质", "/d/certifications/"), ("高企到期预警", "")],
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
