"""What the nightly judging came to, and what a change of law would do before it takes effect."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.jobs.models import Job
from keji.kernel.jobs.runner import submit
from keji.kernel.people.roles import Role
from keji.kernel.rules.judging import judged_parties
from keji.kernel.rules.models import Assessment, AssessmentRun, OutcomeChange, ParameterValue
from keji.lib.figures import plain_date
from keji.lib.rules.rule import rules
from keji.modules.enterprises.firms.panels import outcome as outcome_of
from keji.modules.enterprises.rungs import LADDER
from keji.modules.enterprises.verdicts import rehearsal as trying
from keji.modules.enterprises.verdicts.runs import judge_soon, standings
from keji.modules.enterprises.verdicts.showing import WORDS

BUREAU = (Role.LEADER, Role.OFFICER, Role.INSPECTOR)
REHEARSING = (Role.OFFICER, Role.LEADER)
PER_PAGE = 50
OUTCOMES = {"passed": True, "failed": False, "open": None}


@page(*BUREAU)
def runs(request: HttpRequest) -> HttpResponse:
    """Where everybody stands with each rung, and the runs that found it."""
    paper = Paginator(AssessmentRun.objects.all(), PER_PAGE).get_page(request.GET.get("page"))
    columns = [{"label": t} for t in ("评判时间", "起因")]
    columns += [{"label": t, "align": "end"} for t in ("企业", "重新评判", "结论变化")]
    rows = [
        {
            "url": f"/enterprises/runs/{r.pk}",
            "cells": [
                {"value": r.started_at, "sub": "" if r.ended_at else "没有做完"},
                {"value": r.reason},
                *({"value": v, "number": True} for v in (r.units, r.judged, r.changed)),
            ],
        }
        for r in paper.object_list
    ]
    context = {
        "standing": standing_rows(standings(), linked=True),
        "columns": columns,
        "rows": rows,
        "pager": paper,
        "may_judge": actor_of(request).has(Role.OFFICER),
        "may_rehearse": actor_of(request).has(*REHEARSING),
        "page_title": "评判批次",
        "page_subtitle": "每天凌晨和资料导入之后，对全部企业按各项规定评判；资料和规定都没有变的不重复评判。",
        "crumbs": [("创新主体", ""), ("评判批次", "")],
    }
    return render(request, "enterprises/rules/runs.html", context)


def standing_rows(counts: dict[str, dict[str, int]], *, linked: bool = False) -> dict[str, Any]:
    """A row a rule; `linked`: each figure leads to the firms it counts, which only holds for how things stand now."""
    columns = [
        {"label": "规定"},
        *({"label": t, "align": "end"} for t in ("符合", "不符合", "资料不足、待评审", "合计")),
    ]
    rows = []
    for code in LADDER:
        n = counts.get(code, {})
        numbers = [(k, n.get(k, 0)) for k in OUTCOMES]
        cells: list[dict[str, Any]] = [{"value": rules()[code].title}]
        for outcome, value in (*numbers, ("", sum(v for _, v in numbers))):
            url = f"/enterprises/standing?rule={code}&outcome={outcome}" if linked and value else ""
            cells.append({"value": f"{value:,}" if url else value, "number": not url, "align": "end", "url": url})
        rows.append({"cells": cells})
    return {"columns": columns, "rows": rows}


@page(*BUREAU, Role.COUNTY)
def standing(request: HttpRequest) -> HttpResponse:
    """The firms behind a figure: everybody who stands there with a rule, within the reader's reach."""
    code, outcome = request.GET.get("rule", ""), request.GET.get("outcome", "")
    if code not in LADDER:
        code = LADDER[0]
    found = Assessment.objects.visible_to(actor_of(request)).filter(rule=code)
    if outcome in OUTCOMES:
        found = found.filter(passed=OUTCOMES[outcome])
    found = found.select_related("party", "party__region").order_by("party")
    paper = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "url": f"/enterprises/{a.party_id}/rules/{code}",
            "cells": [
                {"value": a.party.name},
                {"value": a.party.region.name},
                dict(zip(("value", "badge"), outcome_of(a), strict=True)),
                {"value": a.failing_count, "number": True},
                {"value": a.open_count, "number": True},
                {"value": a.since},
            ],
        }
        for a in paper.object_list
    ]
    words = (("", "全部"), ("passed", "符合"), ("failed", "不符合"), ("open", "资料不足、待评审"))
    context = {
        "columns": [{"label": t} for t in ("企业", "县区", "结论")]
        + [{"label": t, "align": "end"} for t in ("不符合项", "待定项")]
        + [{"label": "结论自"}],
        "rows": rows,
        "pager": paper,
        "tabs": [{"label": w, "url": f"?rule={code}&outcome={o}", "active": o == outcome} for o, w in words],
        "page_title": rules()[code].title,
        "page_subtitle": f"按最近一次评判，共 {paper.paginator.count:,} 家；点企业名称看逐项说明。",
        "crumbs": [("评判批次", "/enterprises/runs"), (rules()[code].title, "")],
    }
    return render(request, "enterprises/rules/standing.html", context)


@page(*BUREAU)
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: counts of that moment, and every firm whose outcome changed."""
    row = get_object_or_404(AssessmentRun, pk=pk)
    code = request.GET.get("rule", "")
    found = OutcomeChange.objects.filter(run=row).select_related("party", "party__region")
    if code in LADDER:
        found = found.filter(rule=code)
    paper = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    changes = [
        {
            "url": f"/enterprises/{c.party_id}/rules/{c.rule}?on={row.on}",
            "cells": [
                {"value": c.party.name},
                {"value": c.party.region.name},
                {"value": rules()[c.rule].title if c.rule in rules() else c.rule},
                *({"value": WORDS[v][0], "badge": WORDS[v][1]} for v in (c.before, c.after)),
            ],
        }
        for c in paper.object_list
    ]
    context = {
        "row": row,
        "standing": standing_rows(row.counts),
        "columns": [{"label": t} for t in ("企业", "县区", "规定", "原结论", "新结论")],
        "rows": changes,
        "pager": paper,
        "tabs": [{"label": "全部", "url": "?", "active": code not in LADDER}]
        + [{"label": rules()[c].title, "url": f"?rule={c}", "active": c == code} for c in LADDER],
        "page_title": f"{plain_date(row.on)}评判",
        "page_subtitle": "，".join(dict.fromkeys(filter(None, (row.reason, row.by)))),
        "crumbs": [("评判批次", "/enterprises/runs"), (plain_date(row.on), "")],
    }
    return render(request, "enterprises/rules/run.html", context)


@page(Role.OFFICER)
@require_POST
def judge_now(request: HttpRequest) -> HttpResponse:
    """Have everybody judged now, in the background."""
    job = judge_soon("业务科室发起", actor=actor_of(request))
    if job is None:
        messages.info(request, "已有一个评判任务在排队，完成后结果在本页。")
        return redirect("assessment-runs")
    return redirect("job", job.pk)


@page(*REHEARSING)
def rehearsal(request: HttpRequest) -> HttpResponse:
    """Try an edition or a proposed number on today's facts; nothing is changed."""
    proposal = trying.Proposal.read(request.GET)
    units = judged_parties().count()
    found = None
    if proposal and units <= trying.AT_ONCE:
        found = trying.rehearsed(proposal, on=clock.today())
    context = _rehearsal_frame() | {
        "proposal": proposal,
        "number": ParameterValue.objects.filter(pk=proposal.parameter).first() if proposal.parameter else None,
        "units": units,
        "found": found,
        "effects": trying.shown(found) if found else [],
        "too_many": bool(proposal) and units > trying.AT_ONCE,
    }
    if request.headers.get("HX-Request"):
        return render(request, "enterprises/rules/rehearsal_short.html", context)
    return render(request, "enterprises/rules/rehearsal.html", context)


def _rehearsal_frame() -> dict[str, Any]:
    today = clock.today()
    editions: list[dict[str, Any]] = [
        {"code": code, "title": rules()[code].title, "since": since, "cites": cites, "future": since > today}
        for code in LADDER
        for since, _, cites in rules()[code].editions
    ]
    return {
        "rungs": [(code, rules()[code].title) for code in LADDER],
        "editions": [e for e in editions if _differs(e["code"], e["since"], today)],
        "proposed": ParameterValue.objects.filter(state=ParameterValue.State.PROPOSED),
        "page_title": "规则预演",
        "page_subtitle": "新版本或新数值生效之前，用现有资料看谁会新符合、谁会不再符合；只看结果，不改任何数据。",
        "crumbs": [("创新主体", ""), ("规则预演", "")],
    }


def _differs(code: str, since: date, today: date) -> bool:
    """Is this edition another one than today's?"""
    try:
        return rules()[code].edition_on(today)[0] != since
    except LookupError:
        return True


@page(*REHEARSING)
@require_POST
def rehearse_later(request: HttpRequest) -> HttpResponse:
    """A large city is rehearsed in the background."""
    proposal = trying.Proposal.read(request.POST)
    if not proposal:
        messages.error(request, "请选择规定和日期，或者从待批准的参数进入。")
        return redirect("rule-rehearsal")
    job = submit(trying.KIND, "规则预演", actor=actor_of(request), params=proposal.plain())
    return redirect("job", job.pk)


@page(*REHEARSING)
def rehearsal_result(request: HttpRequest, pk: int) -> HttpResponse:
    row = Job.objects.filter(pk=pk, kind=trying.KIND).first()
    if row is None or "rehearsal" not in row.result:
        raise Http404("没有这次预演，或者它还没有做完。")
    found = trying.Rehearsed.read(row.result["rehearsal"])
    context = _rehearsal_frame() | {
        "proposal": trying.Proposal.read(row.params),
        "found": found,
        "effects": trying.shown(found),
        "units": max((e.units for e in found.effects), default=0),
        "done_at": row.ended_at,
    }
    return render(request, "enterprises/rules/rehearsal.html", context)
