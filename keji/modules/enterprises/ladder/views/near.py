"""Who is nearly there and who could apply and has not: two working lists, handed over by ticking."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.jobs.runner import submit
from keji.kernel.parties.models import Region
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.lib.figures import plain_date
from keji.lib.rules.rule import rules
from keji.modules.enterprises.ladder import due
from keji.modules.enterprises.ladder.forms import HandOverForm
from keji.modules.enterprises.ladder.models import Prospect, ProspectRun, Rung
from keji.modules.enterprises.ladder.services.cultivation import list_prospects
from keji.modules.enterprises.ladder.services.prospects import behind
from keji.modules.enterprises.ladder.views import common
from keji.modules.enterprises.ladder.views.board import url_of

KIND_TONES = {"ready": "green", "experts": "blue", "fact": "amber", "condition": "violet"}
STANDING_TONES = {
    "held": "green", "applied": "blue", "waived": "gray", "waiting": "amber", "assigned": "teal", "idle": "red"
}  # fmt: skip
MOST_PICKED = 500
DUE_ORDER = ("kind", "region_id", "effort", "pk")  # as the index has them: paging far into 100,000 firms sorts nothing


def verdict_url(party: int, rung: str) -> str:
    """The page that explains the verdict; the firm's own page for a rung nobody has written a rule for."""
    return f"/enterprises/{party}/rules/{rung}" if rung in rules() and _explained() else f"/d/parties/{party}"


@cache
def _explained() -> bool:
    try:
        return bool(resolve("/enterprises/1/rules/hnte"))
    except Resolver404:
        return False


def run_note(actor: Actor) -> dict[str, Any]:
    """From when the list dates, and whether something was judged since."""
    return {"run": ProspectRun.objects.first(), "behind": behind(), "is_officer": actor.has(Role.OFFICER)}


def reachable(request: HttpRequest, rung: str, region: str) -> QuerySet[Any]:
    """Prospects of a rung that hold no title, have not applied and have no accepted reason not to."""
    visible = Prospect.objects.visible_to(actor_of(request)).filter(rule=rung)
    rows = due.with_standing(visible, rung, clock.today())
    rows = rows.filter(region=region) if region else rows
    rows = rows.filter(standing__in=due.FREE)
    text = request.GET.get("q", "")
    return rows.filter(common.named("party", text)) if text else rows


def near_row(p: Any) -> dict[str, Any]:
    return {
        "url": verdict_url(p.party_id, p.rule),
        "select_id": p.pk,
        "cells": [
            {"value": p.party.name},
            {"value": p.region.name},
            {"value": p.label or "—", "sub": f"另有 {p.open_count} 项待评审或资料不足" if _others(p) else ""},
            {"value": p.gap or "—"},
            owner_cell(p),
        ],
    }


@page(*common.READERS)
def near(request: HttpRequest) -> HttpResponse:
    """Firms one condition or one fact away, the nearest first, with what they lack in the verdict's own words."""
    actor, today = actor_of(request), clock.today()
    rung, region = common.rung_asked(request), common.region_asked(request, actor)
    kind = request.GET.get("kind", "condition")
    kind = kind if kind in Prospect.Kind.values else "condition"
    rows = reachable(request, rung, region)
    free = due.free_counts(rung, today, region)
    counted: dict[str, int] = {}
    for (code, _, _), n in free.items():
        counted[code] = counted.get(code, 0) + n
    rows = rows.filter(kind=kind)
    keys = sorted(((k, label, n) for (code, k, label), n in free.items() if code == kind), key=lambda row: -row[2])[:40]
    if key := request.GET.get("key", ""):
        rows = rows.filter(key=key)
    if request.GET.get("listed") == "no":
        rows = rows.filter(standing="idle")
    heads = common.columns("企业", "县区", "差在哪里", "差多少", "培育")
    records = due.with_owner(due.with_standing(_whole(Prospect.objects.all()), rung, today, few=True), rung, today.year)

    ordered = rows.order_by("effort", "pk")
    standings = ("idle",) if request.GET.get("listed") == "no" else due.FREE
    found: Any = ordered
    if not request.GET.get("q"):
        found = common.Found(due.keys(rung, today, region, (kind,), standings, key, ("effort", "pk")))
    if request.method == "POST":
        return common.exported(request, f"{Rung(rung).label}后备名单", heads, _in_order(ordered, records), near_row)
    more = {
        "key": common.choice("差在哪里", [(k, f"{label}（{n}）") for k, label, n in keys]),
        "listed": common.choice("培育", [("no", "还没有交办")]),
    }
    form = common.Filters(request.GET, actor=actor, rung=rung, more=more if kind in ("condition", "fact") else None)
    base = {"rung": rung, **({"region": region} if region else {})}
    context = {
        **common.paged(request, found, records, near_row),
        **run_note(actor),
        "columns": heads,
        "form": form,
        "keep": {"kind": kind},
        "clear_url": common_url("ladder-near", rung=rung, kind=kind),
        "kinds": [
            {
                "label": label,
                "url": common_url("ladder-near", **base, kind=code),
                "active": code == kind,
                "count": counted.get(code, 0),
            }
            for code, label in Prospect.Kind.choices
        ],
        "bulk": _bulk(actor),
        "bulk_url": reverse("ladder-pick"),
        "all_label": "列入全部",
        "may_act": actor.has(Role.OFFICER, Role.COUNTY),
        "page_title": "后备名单",
        "page_subtitle": "按离达标的远近排列；已持证、已申报、已说明不申报的不在名单里。",
        "empty_title": "没有这样的企业",
        "empty_text": "换一个梯级或县区再看。名单随每晚的评判更新；资料越全，名单越准。",
    }
    return common.show(request, "near.html", "ladder-near", context)


def _others(p: Prospect) -> bool:
    return p.kind == Prospect.Kind.CONDITION and p.open_count > 0


def _whole(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("party", "region")


def _in_order(rows: QuerySet[Any], records: QuerySet[Any]) -> list[Any]:
    keys = list(rows.values_list("pk", flat=True)[: common.EXPORT_MOST])
    found: dict[int, Any] = {}
    for start in range(0, len(keys), 900):
        found |= {p.pk: p for p in records.filter(pk__in=keys[start : start + 900])}
    return [found[k] for k in keys if k in found]


def owner_cell(p: Any) -> dict[str, Any]:
    if p.entry_id:
        return {"value": p.owner_name or "已列入，未指定责任人", "url": f"/d/cultivation/{p.entry_id}"}
    return {"value": "未交办"}


def common_url(name: str, **asked: Any) -> str:
    return url_of(reverse(name), **asked)


def _bulk(actor: Actor) -> list[dict[str, str]]:
    if not actor.has(Role.OFFICER, Role.COUNTY):
        return []
    return [{"name": "act", "value": "pick", "label": "列入培育清单并交办…"}]


@page(*common.READERS)
def due_list(request: HttpRequest) -> HttpResponse:
    """应评未评 and 达标未报: each firm with where it stands; an empty list is 清零."""
    actor, today = actor_of(request), clock.today()
    rung, region = common.rung_asked(request, Rung.TECH_SME), common.region_asked(request, actor)
    standing = request.GET.get("standing", "left")
    counts = due.counts(rung, today)
    rows = due.with_standing(due.eligible(rung), rung, today)
    rows = rows.filter(region=region) if region else rows
    if standing == "left":
        rows = rows.filter(standing__in=due.LEFT)
    elif standing in due.STANDINGS:
        rows = rows.filter(standing=standing)
    if text := request.GET.get("q", ""):
        rows = rows.filter(common.named("party", text))
    records = due.with_owner(due.with_standing(_whole(Prospect.objects.all()), rung, today, few=True), rung, today.year)
    heads = common.columns("企业", "县区", "评判", "办到哪一步", "责任人")

    def row_of(p: Any) -> dict[str, Any]:
        return {
            "url": verdict_url(p.party_id, rung),
            "select_id": p.pk if p.standing in due.LEFT else None,
            "cells": [
                {"value": p.party.name},
                {"value": p.region.name},
                {"value": p.get_kind_display(), "badge": KIND_TONES[p.kind], "sub": p.gap[:60]},
                {"value": due.STANDINGS[p.standing], "badge": STANDING_TONES[p.standing]},
                owner_cell(p),
            ],
        }

    ordered = rows.order_by(*DUE_ORDER)
    name = due.NAMES.get(Rung(rung), "应报未报")
    found = ordered if request.GET.get("q") else due_keys(rung, region, standing)
    if request.method == "POST":
        return common.exported(request, f"{Rung(rung).label}{name}", heads, _in_order(ordered, records), row_of)
    base = {"rung": rung, **({"region": region} if region else {})}
    context = {
        **common.paged(request, found, records, row_of),
        **run_note(actor),
        "columns": heads,
        "form": common.Filters(request.GET, actor=actor, rung=rung),
        "keep": {"standing": standing},
        "clear_url": common_url("ladder-due", rung=rung),
        "kinds": _standing_tabs(counts, region, standing, base),
        "counties": due_counties(counts, rung, actor),
        "bulk": _bulk(actor),
        "bulk_url": reverse("ladder-pick"),
        "may_act": actor.has(Role.OFFICER, Role.COUNTY),
        "name": name,
        "rung": rung,
        "rung_label": Rung(rung).label,
        "left_total": _sum(counts, region, due.LEFT),
        "page_title": name,
        "page_subtitle": "达到条件的企业，减去已持证的、已申报的、说明了不申报原因并经第二人认可的，剩下的要清零。",
        "empty_title": "已清零" if standing == "left" else "没有这样的企业",
        "empty_text": "达到条件的企业都已持证、已申报，或已说明原因。" if standing == "left" else "换一个条件再看。",
    }
    return common.show(request, "due.html", "ladder-due", context)


def due_keys(rung: str, region: str, standing: str) -> Any:
    wanted = due.LEFT if standing == "left" else (standing,) if standing in due.STANDINGS else tuple(due.STANDINGS)
    return common.Found(due.keys(rung, clock.today(), region, due.ELIGIBLE, wanted, "", DUE_ORDER))


def _sum(counts: Mapping[tuple[str, str], int], region: str, standings: Any) -> int:
    return sum(n for (r, s), n in counts.items() if s in standings and region in ("", r))


def _standing_tabs(counts: Any, region: str, here: str, base: dict[str, str]) -> list[dict[str, Any]]:
    choices = [("left", "待清零", due.LEFT), *((k, v, (k,)) for k, v in due.STANDINGS.items())]
    return [
        {
            "label": label,
            "url": common_url("ladder-due", **base, standing=code),
            "active": code == here,
            "count": _sum(counts, region, standings),
        }
        for code, label, standings in choices
    ]


def due_counties(counts: Any, rung: str, actor: Actor) -> list[dict[str, Any]]:
    """A row a county: how many could apply, how they stand, what is left."""
    own = common.own_regions(actor)
    rows = []
    for region in Region.objects.exclude(level="city"):
        if own and region.pk not in own:
            continue
        total = _sum(counts, region.pk, due.STANDINGS)
        cells = []
        for standings in (tuple(due.STANDINGS), ("held",), ("applied",), ("waived",), due.LEFT):
            n = _sum(counts, region.pk, standings)
            code = "left" if standings is due.LEFT else standings[0] if len(standings) == 1 else "all"
            cells.append((n, common_url("ladder-due", rung=rung, region=region.pk, standing=code)))
        rows.append({"label": region.name, "cells": cells, "clear": total > 0 and cells[-1][0] == 0, "total": total})
    return rows


@page(Role.OFFICER, Role.COUNTY)
@require_POST
def pick(request: HttpRequest) -> HttpResponse:
    """Firms were ticked: ask to whom they are handed, then put them on the cultivation list."""
    actor = actor_of(request)
    ids = [key for pk in request.POST.getlist("ids") if (key := common.key_of(pk))][:MOST_PICKED]
    back = request.POST.get("back") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = reverse("ladder-near")
    picked = list(_whole(Prospect.objects.visible_to(actor)).filter(pk__in=ids).order_by("effort", "pk"))
    if not picked:
        messages.error(request, "没有勾选任何企业，请先勾选再交办。")
        return redirect(back)
    form = HandOverForm(request.POST if "owner" in request.POST else None, actor=actor)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            made = list_prospects(
                picked, owner=said["owner"], year=clock.today().year, plan=said["plan"], actor=actor, at=clock.now()
            )
        except Refused as why:
            messages.error(request, f"没有办成：{why}。")
            return redirect(back)
        already = len(picked) - len(made)
        tail = f"；{already} 家今年已在清单中，没有重复列入" if already else ""
        messages.success(request, f"已将 {len(made)} 家企业列入培育清单，交给{said['owner'].name}{tail}。")
        return redirect(back)
    context = {
        "picked": picked,
        "form": form,
        "back": back,
        "page_title": f"列入培育清单（{len(picked)} 家）",
        "crumbs": [("梯度培育", reverse("ladder")), ("后备名单", reverse("ladder-near")), ("列入培育清单", "")],
    }
    return common.show(request, "pick.html", "ladder-near", context)


@page(Role.OFFICER)
@require_POST
def refresh(request: HttpRequest) -> HttpResponse:
    """Sift the assessments now instead of tonight."""
    return redirect(submit("prospects", f"更新后备名单（{plain_date(clock.today())}）", actor=actor_of(request)))
