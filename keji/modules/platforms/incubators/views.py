"""Incubators side by side, one house from the inside, the operator's own page, graduates to visit."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.people.roles import Role
from keji.kernel.records.flow import Refused
from keji.modules.platforms.incubators import rows
from keji.modules.platforms.incubators.operator_board import operator_blocks
from keji.modules.platforms.incubators.services import board as boards
from keji.modules.platforms.incubators.services import data
from keji.modules.platforms.incubators.services.houses import grouped, houses, may_write, run_by
from keji.modules.platforms.incubators.services.rules import judge_houses
from keji.modules.platforms.models import FacilityFacts, Platform, RosterConfirmation, Tenant
from keji.modules.platforms.models.incubator import HATCHERIES

BOARD = (Role.LEADER, Role.OFFICER, Role.COUNTY, Role.INSPECTOR)
HOSTS = (Role.ENTERPRISE, Role.INSTITUTION)
PER_PAGE = 20
KINDS = (("incubator", "孵化器"), ("makerspace", "众创空间"))


@page(*BOARD)
def board(request: HttpRequest) -> HttpResponse:
    """孵化载体看板: houses side by side, and which misses which condition; a page at a time."""
    actor, on = actor_of(request), clock.today()
    kind = "makerspace" if request.GET.get("kind") == "makerspace" else "incubator"
    everyone = houses(actor, on, kind)
    pages = Paginator(everyone, PER_PAGE)
    at = pages.get_page(request.GET.get("page"))
    found = boards.board(list(at.object_list), on)
    level = 0 if request.GET.get("level") != "national" or kind == "makerspace" else 1
    context = {
        "tabs": [{"label": label, "url": f"?kind={code}", "active": code == kind} for code, label in KINDS],
        "levels": rows.level_tabs(found, kind, level, at.number),
        "stats": rows.board_stats(found, len(everyone), boards.totals(everyone, on), kind),
        "columns": rows.board_columns(kind),
        "rows": [rows.board_row(house, kind, on) for house in found],
        "matrix": rows.matrix(found, level),
        "charts": rows.charts(found, kind) if found else [],
        "page": at,
        "numbers": pages.get_elided_page_range(at.number, on_each_side=1, on_ends=1),
        "kind_label": dict(KINDS)[kind],
        "page_title": "孵化载体看板",
        "page_subtitle": "在孵、毕业、占比由在孵名单实时算出；点开任何一个数都是它的名单。",
        "crumbs": [("创新平台", ""), ("孵化载体看板", "")],
    }
    return render(request, "platforms/incubator_board.html", context)


@page(*BOARD)
def tenants(request: HttpRequest) -> HttpResponse:
    """The tenants behind the board's figures, of all houses of a kind."""
    actor, on = actor_of(request), clock.today()
    kind = "makerspace" if request.GET.get("kind") == "makerspace" else "incubator"
    show = request.GET.get("show", "tenants")
    show = show if show in boards.SHOWS else "tenants"
    seen = Tenant.objects.visible_to(actor).filter(incubator__kind=kind)
    pages = Paginator(boards.listed(seen, show, on), PER_PAGE)
    at = pages.get_page(request.GET.get("page"))
    context = {
        "tabs": rows.show_tabs(boards.counts(seen, on), show, f"?kind={kind}&"),
        "columns": [*rows.TENANT_COLUMNS, {"label": "载体"}],
        "rows": [rows.tenant_row(t, on, house=True) for t in at.object_list],
        "page": at,
        "numbers": pages.get_elided_page_range(at.number, on_each_side=1, on_ends=1),
        "page_title": f"{dict(KINDS)[kind]}里的企业和团队",
        "crumbs": [("孵化载体看板", f"/platforms/incubators?kind={kind}"), ("名单", "")],
    }
    return render(request, "platforms/incubator_tenants.html", context)


def house_or_404(request: HttpRequest, pk: int) -> Platform:
    """The house behind any of its entries in the register, if the actor may see it."""
    seen = Platform.objects.visible_to(actor_of(request)).filter(kind__in=HATCHERIES)
    entry = seen.filter(pk=pk).first()
    if entry is None:
        raise Http404("没有找到这个孵化器或众创空间，或者它不在您的查看范围内。")
    same = grouped(seen.filter(party=entry.party_id, name=entry.name), clock.today())
    if not same:
        raise Http404("这个载体还没有确认，确认后才有自己的页面。")
    return same[0]


@page(*BOARD, *HOSTS)
def house(request: HttpRequest, pk: int) -> HttpResponse:
    """One house: figures, what each level still takes, tenants by their clocks, rosters, facts."""
    actor, on = actor_of(request), clock.today()
    found = house_or_404(request, pk)
    facts, verdicts = judge_houses([found], on)[found.pk]
    show = request.GET.get("show", "tenants")
    show = show if show in boards.SHOWS else "tenants"
    numbers = boards.counts(found.tenants.all(), on)
    pages = Paginator(boards.listed(found.tenants.all(), show, on), PER_PAGE)
    at = pages.get_page(request.GET.get("page"))
    may = may_write(actor, found)
    context = {
        "house": found,
        "facts": facts,
        "stats": rows.house_stats(found, facts, numbers),
        "verdicts": [rows.verdict_card(v) for v in verdicts],
        "tabs": rows.show_tabs(numbers, show, "?"),
        "columns": rows.TENANT_COLUMNS,
        "rows": [rows.tenant_row(t, on) for t in at.object_list],
        "page": at,
        "numbers": pages.get_elided_page_range(at.number, on_each_side=1, on_ends=1),
        "roster": roster_of(found, on, may),
        "facility": rows.facility_facts(found, facts),
        "may_write": may,
        "facts_count": FacilityFacts.objects.filter(incubator=found).count(),
        "page_title": found.name,
        "crumbs": crumbs(request, found),
    }
    return render(request, "platforms/incubator_house.html", context)


def crumbs(request: HttpRequest, found: Platform) -> list[tuple[str, str]]:
    wide = actor_of(request).has(*BOARD)
    first = ("孵化载体看板", "/platforms/incubators") if wide else ("我的孵化载体", "/platforms/incubators/mine")
    return [first, (found.name, "")]


def roster_of(found: Platform, on: Any, may: bool) -> dict[str, Any]:
    """The quarters confirmed, and the one that waits."""
    period = data.last_quarter(on)
    refusal = data.roster_refusal(found, period, on)
    return {
        "period": period.label,
        "refusal": refusal,
        "may": may and not refusal,
        "count": Tenant.objects.filter(incubator=found).inside_on(period.end).count(),
        "done": list(RosterConfirmation.objects.filter(incubator=found)[:6]),
    }


@page(Role.OFFICER, Role.COUNTY, *HOSTS)
@require_POST
def confirm_roster(request: HttpRequest, pk: int) -> HttpResponse:
    """本季度在孵名单无误."""
    actor, at = actor_of(request), clock.now()
    found = house_or_404(request, pk)
    if not may_write(actor, found):
        raise PermissionDenied("这个载体不由您的单位运营，不能确认名单。")
    try:
        made = data.confirm_roster(found, data.last_quarter(clock.today()), actor=actor, at=at)
        messages.success(request, f"已确认{data.last_quarter(clock.today()).label}在孵名单，共 {made.count} 家。")
    except Refused as why:
        messages.error(request, f"没有确认：{why}。")
    return redirect(f"/platforms/incubators/{found.pk}#roster")


@page(*HOSTS)
def mine(request: HttpRequest) -> HttpResponse:
    """An operator's own page; a firm that lives in a house sees its own clock and what graduating takes."""
    actor, on = actor_of(request), clock.today()
    blocks = operator_blocks(actor, on)
    own = Tenant.objects.filter(firm__in=actor.parties).exclude(state="void").select_related("incubator", "firm")
    context = {
        "blocks": blocks,
        "columns": rows.TENANT_COLUMNS,
        "tenancies": [rows.own_tenancy(t, on) for t in own.order_by("-entered_on", "-pk")],
        "page_title": "我的孵化载体" if blocks or not own else "我在孵化器",
        "page_subtitle": "今天要办的事、在孵企业的孵化时钟、离各级条件还差什么。" if blocks else "",
    }
    return render(request, "platforms/incubator_mine.html", context)


@page(*BOARD, *HOSTS)
def graduates(request: HttpRequest) -> HttpResponse:
    """毕业企业跟踪: who has not been visited this year, and how each was doing when last asked."""
    actor, on = actor_of(request), clock.today()
    lists = boards.graduate_lists(Tenant.objects.visible_to(actor), on)
    show = request.GET.get("show", "open")
    show = show if show in lists else "open"
    listed = lists[show]
    pages = Paginator(listed.select_related("incubator", "firm", "region").order_by("left_on", "pk"), PER_PAGE)
    at = pages.get_page(request.GET.get("page"))
    visits = boards.last_visits([t.pk for t in at.object_list])
    may = actor.has(Role.OFFICER, Role.COUNTY) or bool(run_by(actor, on))
    context = {
        "tabs": [
            {"label": label, "url": f"?show={code}", "active": show == code, "count": lists[code].count()}
            for code, label in rows.GRADUATE_TABS
        ],
        "stats": rows.graduate_stats(lists),
        "columns": rows.GRADUATE_COLUMNS,
        "rows": [rows.graduate_row(t, visits.get(t.pk), on, may) for t in at.object_list],
        "page": at,
        "numbers": pages.get_elided_page_range(at.number, on_each_side=1, on_ends=1),
        "page_title": "毕业企业跟踪",
        "page_subtitle": "毕业不是离开：每年至少回访一次，了解是否仍在本市、是否成长为高企、需要哪些服务。",
        "crumbs": [("创新平台", ""), ("毕业企业跟踪", "")],
    }
    return render(request, "platforms/incubator_graduates.html", context)
