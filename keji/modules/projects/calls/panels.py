"""What stands on the pages of a guideline and a review scheme."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpRequest

from keji.desk.guard import actor_of
from keji.kernel import clock
from keji.kernel.calendar.models import work_calendar
from keji.kernel.documents.models import Paper
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Role
from keji.kernel.records.flow import deadline
from keji.kernel.records.notices import passing_refusal
from keji.modules.projects.calls.services import schemes
from keji.modules.projects.decisions.services import deciding, listing
from keji.modules.projects.models import Guideline, Proposal, ReviewScheme
from keji.modules.projects.numbers import unsure, wan
from keji.modules.projects.proposals.services import proposals

#: where proposals stand, in words short enough for one table
SHORT = {
    "draft": "填写",
    "unit_check": "单位",
    "submitted": "推荐",
    "recommended": "形式",
    "returned": "补正",
    "form_passed": "待评",
    "reviewing": "评审",
    "reviewed": "决策",
    "approved": "拟立项",
    "publicised": "公示",
    "established": "立项",
    "declined": "未立项",
}
LIMITS = ["county_days", "form_days", "resubmit_days", "publicity_days", "unit_quota", "leader_most"]


def criteria_panel(request: HttpRequest, scheme: ReviewScheme) -> dict[str, Any]:
    rows = list(scheme.criteria.all())
    return {
        "columns": [{"label": "评审指标"}, {"label": "满分", "align": "end"}, {"label": "评分要点"}],
        "rows": [
            {"cells": [{"value": c.name}, {"value": str(c.full), "align": "end"}, {"value": c.guide or "—"}]}
            for c in rows
        ],
        "footer": [{"value": "合计"}, {"value": str(sum(c.full for c in rows)), "align": "end"}, {"value": ""}],
        "warnings": schemes.warnings(scheme),
    }


def call_panel(request: HttpRequest, guideline: Guideline) -> dict[str, Any]:
    """Conditions, the checklist, and for a unit the way in."""
    actor = actor_of(request)
    units = []
    for party in Party.objects.filter(pk__in=actor.parties).select_related("region"):
        running = guideline.proposals.filter(party=party).exclude(state="withdrawn").order_by("pk")
        why = proposals.apply_refusal(guideline, party, actor)
        units.append({"party": party, "running": list(running), "refusal": why})
    return {
        "guideline": guideline,
        "units": units,
        "money": wan(guideline.money),
        "most": wan(guideline.grant_most),
        "unsure": unsure(LIMITS, guideline.opens_on) if actor.has(Role.OFFICER, Role.LEADER) else [],
    }


def board_panel(request: HttpRequest, guideline: Guideline) -> dict[str, Any]:
    """County by county, how many stand where; every figure opens its list."""
    rows = Proposal.objects.visible_to(actor_of(request)).filter(guideline=guideline)
    counts: Counter[tuple[str, str]] = Counter()
    regions: dict[str, str] = {}
    for region, name, state in rows.order_by("region__order", "pk").values_list("region", "region__name", "state"):
        counts[region, state] += 1
        regions[region] = name
    shown = [s for s in SHORT if any(counts[r, s] for r in regions)]
    lines = [
        {"cells": [{"value": name}, *(_count(guideline, counts[code, s], s, code) for s in shown)]}
        for code, name in regions.items()
    ]
    totals = [_count(guideline, sum(counts[code, s] for code in regions), s, "") for s in shown]
    columns = [{"label": "县区"}, *({"label": SHORT[s], "align": "end"} for s in shown)]
    return {
        "columns": columns,
        "rows": lines,
        "footer": [{"value": "合计"}, *totals],
        "late": late(rows),
        "guideline": guideline,
        "may_compare": actor_of(request).has(Role.OFFICER) and any(counts[r, "recommended"] for r in regions),
    }


def _count(guideline: Guideline, count: int, state: str, region: str) -> dict[str, Any]:
    if not count:
        return {"value": "0", "align": "end"}
    query = f"?guideline={guideline.pk}&state={state}" + (f"&region={region}" if region else "")
    return {"value": str(count), "align": "end", "url": f"/d/proposals/{query}"}


def late(rows: Any) -> list[dict[str, Any]]:
    """Proposals past the day by which their next step was due, the latest first; twenty at most."""
    calendar, today, found = work_calendar(), clock.today(), []
    waiting = rows.filter(state__in=["submitted", "recommended", "returned"]).select_related("guideline", "region")
    for row in waiting:
        due = deadline(row, calendar)
        if due is not None and due < today:
            found.append({"row": row, "due": due, "days": calendar.between(due, today)})
    return sorted(found, key=lambda line: (-line["days"], line["row"].pk))[:20]


def publishing_panel(request: HttpRequest, guideline: Guideline) -> dict[str, Any]:
    """What is done for all together: meeting, notice, paper; others see what was done."""
    actor, today = actor_of(request), clock.today()
    officer, leader = actor.has(Role.OFFICER), actor.has(Role.LEADER)
    papers = list(listing.papers_of(guideline).order_by("-created_at"))
    draft = next((p for p in papers if p.state == Paper.State.DRAFT), None)
    states = Counter(guideline.proposals.values_list("state", flat=True)) if guideline.state == "open" else Counter()
    publicised = list(listing.of_state(guideline, "publicised")) if states["publicised"] else []
    sees = officer or leader or actor.has(Role.INSPECTOR)
    return {
        "guideline": guideline,
        "meetings": list(guideline.meetings.prefetch_related("decisions__proposal__party")) if sees else [],
        "waiting": states["reviewed"] if officer else 0,
        "approved": states["approved"] if officer else 0,
        "given": wan(deciding.given(guideline)) if sees else "",
        "money": wan(guideline.money),
        "notices": list(dict.fromkeys(row.notice for row in publicised if row.notice and (sees or row.notice.from_on))),
        "ending": [passing_refusal(row.notice, today) for row in publicised][:1],
        "may_draft": officer and bool(publicised),
        "draft_refusal": listing.draft_refusal(guideline, today) if publicised and officer else "",
        "draft": draft if sees else None,
        "may_issue": draft is not None and leader,
        "issued": [p for p in papers if p.state == Paper.State.ISSUED],
    }
