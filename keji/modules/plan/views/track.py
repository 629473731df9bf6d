"""The tracker's page: every target of the year by action, with lights, rates and forecasts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.people.roles import Actor, Role
from keji.lib.figures import plain_date
from keji.modules.plan.services.track import TargetLine, counted_by_light, track
from keji.modules.plan.views.common import READERS, current_plan, month_asked, month_choices, sees_all_counties, years


@page(*READERS)
def tracker(request: HttpRequest) -> HttpResponse:
    """Targets of the year's plan; light, section, action and month are parameters of the address."""
    actor, on = actor_of(request), clock.today()
    plan = current_plan(on, request.GET.get("year", ""))
    if plan is None:
        context = {"page_title": "目标跟踪", "years": years(), "may_adopt": actor.has(Role.OFFICER)}
        return render(request, "plan/tracker_empty.html", context)
    period = month_asked(request, plan)
    lines = track(plan, on=on, period=period)
    asked = {k: request.GET.get(k, "") for k in ("light", "section", "action", "year", "period")}
    kept = matching(lines, asked)
    context = {
        "page_title": "目标跟踪",
        "page_subtitle": subtitle(plan, period, on),
        "plan": plan,
        "period": period,
        "months": month_choices(plan, on),
        "years": years(),
        "lights": light_links(matching(lines, asked | {"light": ""}), asked),
        "asked": asked,
        "sections": list({l.target.section: None for l in lines if l.target.section}),
        "actions": list({l.action: None for l in lines if l.action}),
        "groups": grouped(kept, actor),
        "shown": len(kept),
        "total": len(lines),
        "own_region": next(iter(sorted(actor.regions)), "") if not sees_all_counties(actor) else "",
        "filtered": any(asked[k] for k in ("light", "section", "action")),
    }
    return render(request, "plan/tracker.html", context)


def subtitle(plan: Any, period: Any, on: Any) -> str:
    return f"{plan.title} · " + (f"{period.label}定格数" if period else f"实时数，截至{plain_date(on)}")


def matching(lines: list[TargetLine], asked: dict[str, str]) -> list[TargetLine]:
    return [
        line
        for line in lines
        if (not asked["light"] or line.light.kind == asked["light"] or (asked["light"] == "miss" and line.will_miss))
        and (not asked["section"] or line.target.section_id == asked["section"])
        and (not asked["action"] or str(getattr(line.action, "pk", "")) == asked["action"])
    ]


def light_links(lines: list[TargetLine], asked: dict[str, str]) -> list[dict[str, Any]]:
    """The summary strip: each light with its count, each a filter; the one in force is marked and leads back."""
    kept = {k: v for k, v in asked.items() if v and k != "light"}
    found = [
        {"code": "", "word": "全部", "count": len(lines), "url": "?" + urlencode(kept), "active": not asked["light"]}
    ]
    for kind, count in counted_by_light(lines):
        found.append(_link(str(kind), "", count, kept, asked["light"]))
    if missing := sum(line.will_miss for line in lines):
        found.append(_link("miss", "预计完不成", missing, kept, asked["light"]))
    return found


def _link(code: str, word: str, count: int, kept: dict[str, str], active: str) -> dict[str, Any]:
    url = "?" + urlencode({**kept, "light": code})
    return {"code": code, "word": word, "count": count, "url": url, "active": active == code}


def grouped(lines: list[TargetLine], actor: Actor) -> list[dict[str, Any]]:
    """Lines under their actions, in the plan's order; what belongs to no action comes first."""
    groups: dict[Any, list[TargetLine]] = {}
    for line in lines:
        groups.setdefault(line.action, []).append(line)
    ordered = sorted(groups.items(), key=lambda g: g[0].order if g[0] else -1)
    return [{"action": action, "lines": sorted(found, key=_place)} for action, found in ordered]


def _place(line: TargetLine) -> tuple[int, int]:
    return (line.target.item.order if line.target.item else 0, line.target.order)
