"""A draw's own page: the request, the pool with states and odds, the panel for those who may see it."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from keji.desk.guard import actor_of, page
from keji.desk.pages import history_of, steps_of
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Role
from keji.lib.draw import STATE_NAMES, State
from keji.lib.figures import format_percent, plain_date, to_decimal
from keji.modules.experts.asking import DISCIPLINE, MOST
from keji.modules.experts.desks import DrawDesk
from keji.modules.experts.models import Discipline, Draw, PoolEntry
from keji.modules.experts.panel_rights import may_see_contacts, may_see_panel
from keji.modules.experts.services.drawing import outcome_of
from keji.modules.experts.services.earliest import earliest_draw, is_sure
from keji.modules.experts.services.freezing_job import last_failure, open_freeze, waiting_said
from keji.modules.experts.services.preview import preview
from keji.modules.experts.views.common import WATCHERS, draw_or_404, end, heads
from keji.modules.experts.views.stages import stages_of

STATE_TONES = {"eligible": "green", "avoided": "red", "resting": "amber", "restricted": "gray"}
OWN_PAGE = ("freeze", "witness")  # steps that have a form of their own on this page
PAGE_SIZE = 50
PROVED = Fraction(1, 10**9)  # a gap between smallest odds and bound that the verifier takes for none
#: Categories of reasons are public; the words an expert gave stay with whoever calls them.
CRUMB = ("专家抽取", "/d/expert-draws/")


@page(*WATCHERS)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One draw, as far as this reader may know it."""
    actor, draw = actor_of(request), draw_or_404(request, pk)
    frozen = getattr(draw, "frozen", None)
    asked_for = draw.state == Draw.State.REQUESTED
    freezing = open_freeze(draw) if asked_for else None
    offered = steps_of(DrawDesk(), actor, draw)
    for step in offered:
        step["url"] = f"/d/expert-draws/{draw.pk}/step/{step['code']}"
    own = {s["code"]: s for s in offered if s["code"] in OWN_PAGE}
    sees = may_see_panel(actor, draw)
    context = {
        "draw": draw,
        "tone": DrawDesk.tones[draw.state],
        "facts": facts_of(draw),
        "subject_columns": heads("名称", "单位", ">人员", ">申请回避"),
        "subject_rows": subject_rows(draw),
        "frozen": frozen,
        "states": states_of(draw, frozen.states) if frozen else [],
        "odds": odds_of(draw) if frozen else None,
        "preview": preview(draw) if asked_for and not freezing else None,
        "freezing": freezing,
        "freeze_failed": last_failure(draw) if asked_for and not freezing else "",
        "waiting": waiting_said(draw) if asked_for and not freezing else "",
        "stages": stages_of(draw),
        "live": draw.state in ("requested", "frozen"),
        "steps": [s for s in offered if s["code"] not in OWN_PAGE],
        "freeze": own.get("freeze"),
        "witness": own.get("witness"),
        "sees": sees,
        "seats": seats_of(draw) if sees else None,
        "seat_columns": heads("专家", "单位", "类型", "答复", "代号"),
        "substitutes": substitutes_of(draw) if sees else [],
        "answered": answered_of(draw) if draw.drawn and not sees else None,
        "contacts_url": f"/experts/draws/{draw.pk}/contacts" if may_see_contacts(actor, draw) else "",
        "marks_url": f"/experts/draws/{draw.pk}/marks" if sees and draw.opened else "",
        "observations": draw.observations.all(),
        "is_officer": Role.OFFICER in actor.roles,
        "is_inspector": Role.INSPECTOR in actor.roles,
        "history": history_of(draw),
        "page_title": draw.title,
        "crumbs": [CRUMB, (draw.number, "")],
    }
    return render(request, "experts/draw.html", context)


def facts_of(draw: Draw) -> list[dict[str, Any]]:
    names = dict(Discipline.objects.filter(parent=None).values_list("code", "name"))
    quotas = [quota_said(q, names) for q in draw.quotas]
    cap = f"{draw.employer_cap} 人" if draw.employer_cap else "不限"
    again = list(draw.again.values_list("number", "pk"))
    found: list[dict[str, Any]] = [
        {"label": "编号", "value": draw.number, "copyable": True},
        {"label": "评审日期", "value": f"{draw.review_on.year}年{draw.review_on.month}月{draw.review_on.day}日"},
        {"label": "最早抽取", "value": plain_date(earliest_draw(draw)) + ("" if is_sure() else "（待核）")},
        {"label": "评审地点", "value": draw.venue},
        {"label": "评审组", "value": f"{draw.size} 人，备选 {draw.substitutes} 人"},
        {"label": "同单位上限", "value": cap},
        {"label": "学科范围", "value": "、".join(names.get(c, c) for c in draw.disciplines) or "不限"},
        {"label": "申请人", "value": draw.requested_by.name if draw.requested_by else "系统"},
        {"label": "联络人", "value": draw.contact.name if draw.contact else "未指定"},
        {"label": "名额要求", "value": "；".join(quotas) or "没有", "wide": True},
    ]
    if draw.instead_of:
        url = f"/experts/draws/{draw.instead_of_id}"
        found.append({"label": "替代的抽取", "value": f"{draw.instead_of.number}（已取消）", "url": url})
    if again:
        found.append({"label": "后来的抽取", "value": again[0][0], "url": f"/experts/draws/{again[0][1]}"})
    return found


def quota_said(q: dict[str, Any], names: dict[str, str]) -> str:
    value = names.get(q["value"], q["value"]) if q["category"] == DISCIPLINE else q["value"]
    if q["most"] >= MOST:
        return f"{value}至少 {q['least']} 人"
    if q["least"] == q["most"]:
        return f"{value} {q['least']} 人"
    return f"{value} {q['least']}—{q['most']} 人"


def subject_rows(draw: Draw) -> list[dict[str, Any]]:
    rows = list(draw.subjects.all())
    keys = {key for row in rows for key in row.parties}
    names = dict(Party.objects.filter(pk__in=keys).values_list("pk", "name"))
    return [
        {
            "url": f"/r/{r.number}" if r.number else "",
            "cells": [
                {"value": r.title, "sub": r.number},
                {"value": "、".join(names.get(p, "") for p in r.parties) or "—"},
                end(len(r.people)),
                end(len(r.avoided)),
            ],
        }
        for r in rows
    ]


def states_of(draw: Draw, states: dict[str, int]) -> list[dict[str, Any]]:
    base = f"/experts/draws/{draw.pk}/pool"
    return [{"label": STATE_NAMES[s], "value": states.get(s.value, 0), "url": f"{base}?state={s.value}"} for s in State]


def odds_of(draw: Draw) -> dict[str, Any]:
    """Min, max, Gini and how many experts have which odds, exact until printed."""
    fair = draw.frozen.fairness
    balls = fair["balls"]
    counted = Counter(PoolEntry.objects.filter(draw=draw, state="eligible").values_list("balls", flat=True))
    levels: dict[str, int] = {}
    for n in sorted(counted):
        label = format_percent(Fraction(n, balls), places=2)
        levels[label] = levels.get(label, 0) + counted[n]
    return {
        "least": format_percent(Fraction(fair["least"], balls), places=2),
        "most": format_percent(Fraction(fair["most"], balls), places=2),
        "bound": format_percent(Fraction(fair["bound"]), places=2),
        "gini": to_decimal(Fraction(fair["gini"]), 3),
        "balls": balls,
        "certain": counted.get(balls, 0),
        "equal": fair["least"] == fair["most"],
        "best": Fraction(fair["bound"]) - Fraction(fair["least"], balls) <= PROVED,
        "spec": {
            "kind": "bar",
            "category_label": "被抽中的机会",
            "categories": list(levels),
            "series": [{"name": "专家", "values": list(levels.values())}],
            "unit": "人",
        },
    }


def seats_of(draw: Draw) -> list[dict[str, Any]]:
    rows = []
    tones = {"asked": "amber", "accepted": "green", "declined": "plain"}
    for seat in draw.seats.select_related("expert__person"):
        expert = seat.expert
        rows.append(
            {
                "cells": [
                    {"value": expert.person.name, "sub": f"第 {seat.order} 席" + ("（递补）" if seat.after_id else "")},
                    {"value": expert.employer, "sub": expert.home()},
                    {"value": expert.get_kind_display(), "sub": expert.discipline.name},
                    {
                        "value": seat.get_state_display(),
                        "badge": tones[seat.state],
                        "sub": seat.get_why_display() if seat.why else "",
                    },
                    {"value": seat.alias, "mono": True},
                ]
            }
        )
    return rows


def substitutes_of(draw: Draw) -> list[dict[str, Any]]:
    """The named substitutes in their order, with those who have stepped in already."""
    names = [s.id for s in outcome_of(draw).substitutes]
    entries = {e.alias: e for e in draw.pool.filter(alias__in=names).select_related("expert__person")}
    seated = set(draw.seats.values_list("alias", flat=True))
    return [
        {"name": entries[n].expert.person.name, "employer": entries[n].expert.employer, "seated": n in seated}
        for n in names
    ]


def answered_of(draw: Draw) -> dict[str, int]:
    """For those who may not see names: only how many have answered what."""
    found = Counter(draw.seats.values_list("state", flat=True))
    return {"asked": found["asked"], "accepted": found["accepted"], "declined": found["declined"]}


@page(*WATCHERS)
def pool(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody of the frozen pool: state, rule, what it rests on, odds. Drawn or not is not told here."""
    draw = draw_or_404(request, pk)
    if not hasattr(draw, "frozen"):
        raise Http404("这次抽取还没有冻结。")
    state, known = request.GET.get("state", ""), [s.value for s in State]
    text = request.GET.get("q", "").replace("\0", "").strip()[:60]
    rows = draw.pool.select_related("expert__person", "expert__discipline").order_by("expert__number")
    if state in known:
        rows = rows.filter(state=state)
    if text:
        rows = rows.filter(
            Q(expert__person__name__icontains=text) | Q(expert__employer__icontains=text) | Q(expert__number=text)
        )
    found = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    base = f"/experts/draws/{pk}/pool"
    states = draw.frozen.states
    context = {
        "draw": draw,
        "tabs": [{"label": "全部", "url": base, "active": state not in known, "count": sum(states.values())}]
        + [
            {
                "label": STATE_NAMES[s],
                "url": f"{base}?state={s.value}",
                "active": s.value == state,
                "count": states[s.value],
            }
            for s in State
        ],
        "state": state,
        "q": text,
        "columns": heads("专家", "单位", "类型和学科", "状态", "依据", ">机会"),
        "rows": [_entry_row(e, draw.frozen.fairness["balls"]) for e in found],
        "page": found,
        "page_title": "冻结的专家库",
        "page_subtitle": f"{draw.title}（{draw.number}），共 {sum(states.values()):,} 人",
        "crumbs": [CRUMB, (draw.number, f"/experts/draws/{pk}"), ("冻结的专家库", "")],
    }
    return render(request, "experts/pool.html", context)


def _entry_row(entry: PoolEntry, balls: int) -> dict[str, Any]:
    expert = entry.expert
    more = f"另有 {len(entry.others)} 条" if entry.others else ""
    return {
        "url": f"/d/experts/{expert.pk}",
        "cells": [
            {"value": expert.person.name, "sub": expert.number},
            {"value": expert.employer, "sub": expert.home()},
            {"value": expert.get_kind_display(), "sub": expert.discipline.name},
            {"value": STATE_NAMES[State(entry.state)], "badge": STATE_TONES[entry.state]},
            {"value": entry.sentence or "—", "sub": "，".join(filter(None, (entry.rule, entry.record, more)))},
            {"value": format_percent(Fraction(entry.balls, balls), places=2) if entry.balls else "—", "align": "end"},
        ],
    }
