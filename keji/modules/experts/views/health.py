"""How the pool is, and what can be read from draws over time."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.people.roles import Role
from keji.lib.figures import format_number, format_percent, to_decimal
from keji.modules.experts.models import Draw, Expert
from keji.modules.experts.services.credit import propose_exits
from keji.modules.experts.services.health import health_on
from keji.modules.experts.services.numbers import unsure
from keji.modules.experts.services.patterns import Row, patterns
from keji.modules.experts.services.register import match_employers
from keji.modules.experts.views.common import WATCHERS, end, heads

LIST = "/d/experts/"


@page(*WATCHERS)
def board(request: HttpRequest) -> HttpResponse:
    """How many of what, and what is wrong; every figure opens the experts it counts."""
    actor, today = actor_of(request), clock.today()
    health = health_on(today)
    kinds = list(Expert.Kind.choices)
    context = {
        "health": health,
        "waiting": health.states["applied"],
        "paused_note": f"另有暂停抽取 {health.states['paused']} 人",
        "kinds_spec": {
            "kind": "bar",
            "categories": [label for _, label in kinds],
            "series": [
                {
                    "name": "人数",
                    "values": [health.kinds[value] for value, _ in kinds],
                    "urls": [f"{LIST}?kind={value}&state=active" for value, _ in kinds],
                }
            ],
            "unit": "人",
        },
        "field_columns": heads("学科", *(f">{label}" for _, label in kinds), ">合计"),
        "field_rows": [_field(code, name, found, kinds) for code, name, found in health.fields],
        "thin_columns": heads("学科", ">人数", ">其中市外"),
        "thin_rows": [_thin(t) for t in health.thin],
        "often_columns": heads("专家", "类型", ">今年次数", ">同类平均"),
        "often_rows": [_often(o) for o in health.often],
        "running": Draw.objects.filter(state__in=["requested", "frozen", "sealed"]).count(),
        "may_write": actor.has(Role.OFFICER),
        "unsure": unsure(today),
        "page_title": "专家库体检",
        "page_subtitle": f"截至{today:%Y年%m月%d日}".replace("年0", "年").replace("月0", "月"),
        "crumbs": [("评审专家", ""), ("专家库体检", "")],
    }
    return render(request, "experts/health.html", context)


def _field(code: str, name: str, found: dict[str, int], kinds: list[tuple[str, str]]) -> dict[str, Any]:
    base = f"{LIST}?state=active&discipline={code}"
    cells = [end(found.get(value, 0), f"{base}&kind={value}") for value, _ in kinds]
    return {"cells": [{"value": f"{code} {name}", "url": base}, *cells, end(sum(found.values()), base)]}


def _thin(thin: Any) -> dict[str, Any]:
    url = f"{LIST}?state=active&discipline={thin.code}"
    cells = [{"value": f"{thin.code} {thin.name}", "url": url}, end(thin.experts, url)]
    return {"cells": [*cells, end(thin.outside, f"{url}&in_city=false")]}


def _often(often: Any) -> dict[str, Any]:
    expert = often.expert
    return {
        "url": f"{LIST}{expert.pk}",
        "cells": [
            {"value": expert.person.name, "sub": expert.employer},
            {"value": expert.get_kind_display()},
            end(often.times, f"{LIST}{expert.pk}"),
            {"value": to_decimal(often.mean, 1), "number": True, "align": "end", "places": 1},
        ],
    }


@page(Role.OFFICER)
@require_POST
def match(request: HttpRequest) -> HttpResponse:
    """Match employers by name, or list who should leave: what the night does, now."""
    actor, now = actor_of(request), clock.now()
    if request.POST.get("what") == "exits":
        made = propose_exits(actor=actor, at=now)
        messages.success(request, f"新列出 {len(made)} 件出库。" if made else "没有新的符合出库规则的专家。")
        return redirect("/d/expert-exits/")
    done = match_employers(actor=actor, at=now)
    messages.success(request, f"已按名称匹配 {done} 人的所在单位。" if done else "没有能唯一匹配的单位名称。")
    return redirect("experts-health")


@page(Role.LEADER, Role.INSPECTOR)
def company(request: HttpRequest) -> HttpResponse:
    """Who sits together and who comes when whom asks, beside what chance gives; opened draws only."""
    text = request.GET.get("year", "")
    year = int(text) if text.isdecimal() and len(text) == 4 else None
    found = patterns(year)
    years = sorted({d.year for d in Draw.objects.values_list("review_on", flat=True)}, reverse=True)
    context = {
        "tabs": [{"label": "全部", "url": "?", "active": year is None}]
        + [{"label": f"{y}年", "url": f"?year={y}", "active": y == year} for y in years],
        "found": found,
        "redrawn_note": f"其中 {found.redrawn} 次已经抽出名单；原因都留存公开",
        "often_columns": heads("专家", ">抽中次数", ">按机会应有", "判断", "抽取"),
        "often_rows": [_often_drawn(r) for r in found.often],
        "pair_columns": heads("专家", "专家", ">同组次数", ">按机会应有", "判断", "抽取"),
        "pair_rows": [_pair(r) for r in found.pairs],
        "asked_columns": heads("申请人", "专家", ">抽中次数", ">按机会应有", "判断", "抽取"),
        "asked_rows": [_asked(r) for r in found.asked],
        "decline_columns": heads("专家", ">不参加", ">被抽中"),
        "decline_rows": [
            {
                "url": f"{LIST}{e.pk}",
                "cells": [{"value": e.person.name, "sub": e.employer}, end(no), end(every)],
            }
            for e, no, every in found.declines
        ],
        "page_title": "抽取规律",
        "page_subtitle": "只统计已启封的抽取；“按机会应有”由每次抽取前公布的评审组和球数逐次相加得出",
        "crumbs": [("评审专家", ""), ("抽取规律", "")],
    }
    return render(request, "experts/patterns.html", context)


def chance(value: Fraction) -> str:
    """An expected count as people read it."""
    return format_number(to_decimal(value, 2), places=2)


def _who(expert: Expert) -> dict[str, Any]:
    return {"value": expert.person.name, "sub": expert.employer, "url": f"{LIST}{expert.pk}"}


def _numbers(row: Row) -> dict[str, Any]:
    return {"value": "", "links": [(d.number, f"/d/expert-draws/{d.pk}") for d in row.draws]}


VERDICTS = {
    "glaring": ("red", "明显偏多，应当复核"),
    "notable": ("amber", "偏多，建议复核"),
    "": ("plain", "机会可以解释"),
}


def _verdict(row: Row) -> dict[str, Any]:
    """In words: how likely it is that anybody of all who could stand in this table would, by chance alone."""
    tone, words = VERDICTS[row.chance.verdict]
    anybody = row.chance.anybody
    said = "纯凭机会也常会出现" if anybody == 1 else f"纯凭机会出现这样一行，概率不超过 {_share(anybody)}"
    return {"value": words, "badge": tone, "sub": said}


def _share(value: Fraction) -> str:
    """A small chance as people read it: in percent, or as one in so many."""
    if value >= Fraction(1, 1000):
        return format_percent(value, places=1)
    return f"{format_number(int(1 / value) if value else 0)} 分之一" if value else "0"


def _counts(row: Row) -> list[dict[str, Any]]:
    expected: dict[str, Any] = {"value": f"{chance(row.chance.expected)} 次", "align": "end"}
    if row.independent is not None:
        expected["sub"] = f"互不影响时 {chance(row.independent)} 次"
    return [{"value": f"{row.chance.times} 次", "align": "end"}, expected, _verdict(row), _numbers(row)]


def _often_drawn(row: Row) -> dict[str, Any]:
    return {"cells": [_who(row.experts[0]), *_counts(row)]}


def _pair(row: Row) -> dict[str, Any]:
    return {"cells": [_who(row.experts[0]), _who(row.experts[1]), *_counts(row)]}


def _asked(row: Row) -> dict[str, Any]:
    return {"cells": [{"value": row.officer}, _who(row.experts[0]), *_counts(row)]}
