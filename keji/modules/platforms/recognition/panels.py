"""What stands on the pages of a batch and of an application."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from keji.desk.checklist import checklist_panel
from keji.desk.guard import actor_of
from keji.desk.stages import Stage, stages_of
from keji.kernel import clock
from keji.kernel.calendar.models import work_calendar
from keji.kernel.documents.models import Paper
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import deadline
from keji.kernel.records.notices import passing_refusal
from keji.modules.platforms.files.evidence import files_by_part
from keji.modules.platforms.models import Application, Call
from keji.modules.platforms.recognition.services import listing, recognition
from keji.modules.platforms.recognition.services.completeness import files_of, missing_fields

#: in the order an application passes them
STAGES = (
    Stage("组织申报", ("draft", "returned"), "submitted"),
    Stage("县区审核推荐", ("submitted",), "recommended"),
    Stage("形式审查", ("recommended",), "form_passed"),
    Stage("现场审查", ("form_passed",), "visited"),
    Stage("党组会审议", ("visited",), "approved"),
    Stage("公示", ("approved", "publicised"), "listed"),
    Stage("公布", ("listed",), "listed"),
)
#: where applications stand, in words short enough for one table
SHORT = {
    "draft": "填写",
    "returned": "补正",
    "submitted": "县区",
    "recommended": "形式",
    "form_passed": "现场",
    "visited": "审议",
    "approved": "待公示",
    "publicised": "公示",
    "listed": "公布",
    "rejected": "未通过",
    "withdrawn": "撤回",
}


def call_panel(request: HttpRequest, call: Call) -> dict[str, Any]:
    """Conditions, the checklist, and for a host the way in."""
    actor = actor_of(request)
    hosts = []
    for party in Party.objects.filter(pk__in=actor.parties).select_related("region"):
        running = call.applications.filter(party=party).exclude(state="withdrawn").first()
        why = "" if running else recognition.apply_refusal(call, party, actor)
        hosts.append({"party": party, "running": running, "refusal": why})
    return {"call": call, "hosts": hosts}


def board_panel(request: HttpRequest, call: Call) -> dict[str, Any]:
    """County by county, how many stand where; every figure opens its list."""
    rows = Application.objects.visible_to(actor_of(request)).filter(call=call).select_related("region", "party", "call")
    found = list(rows.order_by("region__order", "pk"))
    counts = Counter((r.region_id, r.state) for r in found)
    regions = list(dict.fromkeys((r.region_id, r.region.name) for r in found))
    lines = [
        {"cells": [{"value": name}, *(_count(call, counts[code, state], state, code) for state in SHORT)]}
        for code, name in regions
    ]
    totals = [_count(call, sum(counts[code, state] for code, _ in regions), state, "") for state in SHORT]
    columns = [{"label": "县区"}, *({"label": short, "align": "end"} for short in SHORT.values())]
    return {"columns": columns, "rows": lines, "footer": [{"value": "合计"}, *totals], "late": late(found)}


def _count(call: Call, count: int, state: str, region: str) -> dict[str, Any]:
    if not count:
        return {"value": "0", "align": "end"}
    query = f"?call={call.pk}&state={state}" + (f"&region={region}" if region else "")
    return {"value": str(count), "align": "end", "url": f"/d/platform-applications/{query}"}


def late(rows: list[Application]) -> list[dict[str, Any]]:
    """Applications past the day by which their next step was due, the latest first."""
    calendar, today = work_calendar(), clock.today()
    found = []
    for row in rows:
        due = deadline(row, calendar)
        if due is not None and due < today:
            found.append({"row": row, "due": due, "days": calendar.between(due, today)})
    return sorted(found, key=lambda line: -line["days"])


def publishing_panel(request: HttpRequest, call: Call) -> dict[str, Any]:
    """What the officer does for the whole batch: meeting, notice, paper; others see what was done."""
    actor, today = actor_of(request), clock.today()
    officer = actor.has(Role.OFFICER)
    papers = list(listing.papers_of(call).order_by("-created_at"))
    draft = next((p for p in papers if p.state == Paper.State.DRAFT), None)
    states = Counter(call.applications.values_list("state", flat=True)) if call.state == "open" else Counter()
    publicised = list(listing.publicised(call)) if states["publicised"] else []
    sees = actor.has(Role.OFFICER, Role.LEADER, Role.INSPECTOR)
    return {
        "call": call,
        "meetings": list(call.meetings.prefetch_related("decisions__application__party")) if sees else [],
        "waiting": states["visited"] if officer else 0,
        "approved": states["approved"] if officer else 0,
        "notices": list(dict.fromkeys(row.notice for row in publicised)),
        "ending": [passing_refusal(row.notice, today) for row in publicised][:1],
        "may_draft": officer and bool(publicised),
        "draft_refusal": listing.draft_refusal(call, today) if publicised else "",
        "draft": draft if sees else None,
        "may_issue": draft is not None and actor.has(Role.OFFICER, Role.LEADER) and not drafted_by(draft, actor),
        "issued": [p for p in papers if p.state == Paper.State.ISSUED],
    }


def drafted_by(paper: Paper, actor: Actor) -> bool:
    return paper.content.get("drafter") == actor.id and not actor.is_system


def progress_panel(request: HttpRequest, record: Application) -> dict[str, Any]:
    states = stages_of(record, STAGES, ended=("rejected", "withdrawn"))
    due = deadline(record, work_calendar())
    lacking = missing_fields(record) if record.state in ("draft", "returned") else []
    return {"states": states, "due": due, "late": due is not None and due < clock.today(), "lacking": lacking}


def materials_panel(request: HttpRequest, record: Application) -> dict[str, Any]:
    actor = actor_of(request)
    may = not recognition.editing_refusal(record, actor)
    there = files_of(record)
    return {
        "record": record,
        "items": [{**m, "files": there.get(m["code"], [])} for m in record.call.materials],
        "may_write": may,
    }


def checks_panel(request: HttpRequest, record: Application) -> dict[str, Any]:
    return checklist_panel(request, record, "platform-form-check")


def visits_panel(request: HttpRequest, record: Application) -> dict[str, Any]:
    visits = list(record.visits.all())
    files = files_by_part(visits)
    may = record.state == "form_passed" and actor_of(request).has(Role.OFFICER)
    return {
        "visits": [{"visit": v, "files": files[v.pk]} for v in visits],
        "url": reverse("platform-visit", args=[record.pk]) if may else "",
    }


def decision_panel(request: HttpRequest, record: Application) -> dict[str, Any]:
    decisions = record.decisions.select_related("meeting").order_by("-pk")
    paper = record.call.paper if record.state == "listed" else None
    return {"decisions": list(decisions), "notice": record.notice, "paper": paper}
