"""Where a firm stands with every rung of the ladder, why, what it lacks, and what would change it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from keji.desk.files import file_answer
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Role
from keji.kernel.records.flow import Refused
from keji.kernel.rules.judging import judge, numbers_on
from keji.kernel.rules.models import Judgement, ParameterValue
from keji.lib.figures import plain_date
from keji.lib.rules.found import Verdict
from keji.lib.rules.rule import Program, Rule, rules
from keji.modules.enterprises.rungs import LADDER
from keji.modules.enterprises.verdicts import opinion
from keji.modules.enterprises.verdicts import services as rules_services
from keji.modules.enterprises.verdicts.facts import fact_groups, inputs, what_if
from keji.modules.enterprises.verdicts.showing import (
    CHECK_COLUMNS,
    TONES,
    Shelf,
    bands_of,
    by_year,
    check_rows,
    score_rows,
    shortest_list,
)

READERS = (Role.LEADER, Role.OFFICER, Role.COUNTY, Role.ENTERPRISE, Role.INSPECTOR)
EARLIEST = 2008


def firm_of(request: HttpRequest, party: int) -> Party:
    firm = Party.objects.visible_to(actor_of(request)).filter(pk=party).first()
    if firm is None:
        raise Http404("没有找到这个单位，或者它不在您的查看范围内。")
    return firm


def rule_of(code: str) -> Rule:
    if code not in LADDER:
        raise Http404("没有这项评价。")
    return rules()[code]


def day_asked(request: HttpRequest) -> date:
    """The day of the question: as asked, or the last day of the year asked for, or today."""
    today = clock.today()
    text, year = request.GET.get("on", ""), request.GET.get("year", "")
    try:
        found = date.fromisoformat(text) if text else date(int(year), 12, 31) if year else today
    except ValueError:
        return today
    if found.year == today.year and not text:
        return today
    return found if EARLIEST <= found.year <= today.year + 3 else today


@page(*READERS)
def overview(request: HttpRequest, party: int) -> HttpResponse:
    """Every rung at a glance: outcome, what fails or is missing, the score."""
    firm, day = firm_of(request, party), day_asked(request)
    rungs = []
    for code in LADDER:
        rule = rules()[code]
        row: dict[str, Any] = {"title": rule.title, "url": f"/enterprises/{firm.pk}/rules/{code}?on={day}"}
        try:
            verdict = judge(code, firm, day)
        except LookupError as why:
            rungs.append(row | {"word": "尚未施行", "tone": "gray", "said": [str(why)], "cites": ""})
            continue
        failing, missing = shortest_list(verdict.trace())
        rungs.append(
            row
            | {
                "word": verdict.outlook,
                "tone": TONES[verdict.outlook],
                "said": failing[:4]
                or ([f"补齐：{'、'.join(missing[:4])}{'等' if len(missing) > 4 else ''}"] if missing else []),
                "more": max(len(failing) - 4, 0),
                "cites": f"{verdict.cites}（{plain_date(verdict.edition)}起）",
            }
        )
    context = {
        "firm": firm,
        "rungs": rungs,
        "day": day,
        "facts_url": f"/enterprises/{firm.pk}/facts",
        "page_title": "资格评价",
        "page_subtitle": f"{firm.name}　按{plain_date(day)}的规则和{day.year - 1}年及以前的数据",
        "crumbs": [("单位", "/d/parties/"), (firm.name, f"/d/parties/{firm.pk}"), ("资格评价", "")],
    }
    return render(request, "enterprises/rules/overview.html", context)


@page(*READERS)
def verdict(request: HttpRequest, party: int, code: str) -> HttpResponse:
    """One rule, one firm, one day: the answer with every reason, and what if."""
    firm, rule, day = firm_of(request, party), rule_of(code), day_asked(request)
    try:
        program = rule.program(day, numbers_on(day))
    except LookupError as why:
        return render(
            request, "enterprises/rules/not_in_force.html", _frame(firm, rule, day) | {"why": why}, status=404
        )
    stored = judge(code, firm, day)
    asked = what_if(request.GET, program.keys)
    tried = judge(code, firm, day, changes=asked.changes) if asked.changes else None
    shown = tried or stored
    if request.GET.get("format") == "json":
        return _json(firm, shown, day, asked.changes)
    bands = bands_of(shown)
    groups = fact_groups(firm, program.keys, day.year, day, stored.facts)
    context = _frame(firm, rule, day) | _outcome(shown) | _law(rule, program, day)
    for row in context["scores"]:
        row["bands"] = bands.get(row["label"].strip("　"), [])
    context |= {
        "stored": {"word": stored.outlook, "tone": TONES[stored.outlook]} if tried else None,
        "moved": moved(stored, tried) if tried else [],
        "bands": True,
        "groups": inputs(groups, asked),
        "asked": asked,
        "unchecked": sum(row["source"].tone == "amber" for group in groups for row in group["facts"]),
        "kept": Judgement.objects.filter(party=firm, rule=code)[:6],
        "may_keep": rules_services.keeping_refusal(firm, actor_of(request)) == "",
    }
    return render(request, "enterprises/rules/verdict.html", context, status=422 if asked.errors else 200)


def _frame(firm: Party, rule: Rule, day: date) -> dict[str, Any]:
    base = f"/enterprises/{firm.pk}/rules"
    return {
        "firm": firm,
        "rule": rule,
        "day": day,
        "base": f"{base}/{rule.code}",
        "years": [{"label": f"{y}年", "url": f"?year={y}", "active": y == day.year} for y in _years()],
        "facts_url": f"/enterprises/{firm.pk}/facts",
        "page_title": rule.title,
        "page_subtitle": f"{firm.name}　{plain_date(day)}",
        "crumbs": [("单位", "/d/parties/"), (firm.name, f"/d/parties/{firm.pk}"), ("资格评价", base), (rule.title, "")],
    }


def _years() -> list[int]:
    this = clock.today().year
    return [this - 2, this - 1, this]


def _outcome(shown: Verdict) -> dict[str, Any]:
    trace, shelf = shown.trace(), Shelf()
    failing, missing = shortest_list(trace)
    return {
        "word": shown.outlook,
        "tone": TONES[shown.outlook],
        "failing": failing,
        "missing": missing,
        "missing_lines": by_year(missing),
        "check_columns": CHECK_COLUMNS,
        "checks": check_rows(trace["checks"], shelf),
        "scores": score_rows(trace["checks"]),
        "cites": shown.cites,
        "cites_url": shelf.url(shown.cites),
        "edition": shown.edition,
    }


def _law(rule: Rule, program: Program, day: date) -> dict[str, Any]:
    """The edition's neighbours and the dated numbers it used, each with where it stands."""
    in_force = ParameterValue.objects.filter(
        name__in=program.numbers, from_on__lte=day, state=ParameterValue.State.IN_FORCE
    ).order_by("from_on")
    latest = {p.name: p for p in in_force}
    return {
        "numbers": [latest[name] for name in sorted(program.numbers) if name in latest],
        "editions": [
            {
                "label": f"{plain_date(since)}起（{cites}）",
                "url": f"?on={max(since, day)}",
                "now": since == program.since_on,
            }
            for since, _, cites in rule.editions
        ],
    }


def moved(stored: Verdict, tried: Verdict) -> list[dict[str, str]]:
    """The conditions whose answer differs between what is on file and what was tried."""
    words = {True: "符合", False: "不符合", None: "待定"}
    before = {n.label: n for n in stored.nodes}
    return [
        {
            "label": n.label,
            "before": f"{words[b.passed]}（{b.found or '—'}）",
            "after": f"{words[n.passed]}（{n.found or '—'}）",
        }
        for n in tried.nodes
        if (b := before.get(n.label)) and (b.passed, b.found) != (n.passed, n.found)
    ]


def _json(firm: Party, shown: Verdict, day: date, changes: dict[str, int | None]) -> HttpResponse:
    body = {"party": firm.uscc, "on": day.isoformat(), "year": day.year, "title": shown.title} | shown.trace()
    body["facts"] = dict(sorted(shown.facts.items()))
    if changes:
        body["changed"] = dict(sorted(changes.items()))
    text = json.dumps(body, ensure_ascii=False, indent=1)
    return file_answer(text, f"{firm.name} {shown.title} {day.isoformat()}.json")


@page(Role.OFFICER, Role.COUNTY)
@require_POST
def keep(request: HttpRequest, party: int, code: str) -> HttpResponse:
    """Keep today's verdict, or that of the day asked for, with all it rests on."""
    firm, rule, day = firm_of(request, party), rule_of(code), day_asked(request)
    try:
        kept = rules_services.keep(rule.code, firm, day, actor=actor_of(request), at=clock.now())
    except Refused as why:
        raise PermissionDenied(str(why)) from why
    except LookupError as why:
        messages.error(request, f"没有保存：{why}。")
        return redirect("rule-verdict", firm.pk, code)
    messages.success(request, f"已保存评价结论“{opinion.word_of(kept)}”，可以下载评价意见书。")
    return redirect("rule-kept", kept.pk)


def judgement_of(request: HttpRequest, pk: int) -> Judgement:
    found = get_object_or_404(Judgement.objects.select_related("party"), pk=pk)
    if not Party.objects.visible_to(actor_of(request)).filter(pk=found.party_id).exists():
        raise Http404("没有找到这份评价结论，或者它不在您的查看范围内。")
    return found


@page(*READERS)
def kept(request: HttpRequest, pk: int) -> HttpResponse:
    """A kept verdict as it was given, whatever was changed since."""
    found = judgement_of(request, pk)
    trace, shelf = found.trace, Shelf()
    failing, missing = shortest_list(trace)
    title = opinion.title_of(found)
    context = {
        "kept": found,
        "firm": found.party,
        "word": opinion.word_of(found),
        "tone": TONES[opinion.word_of(found)],
        "said": opinion.conclusion_of(found),
        "failing": failing,
        "missing": missing,
        "missing_lines": by_year(missing),
        "check_columns": CHECK_COLUMNS,
        "checks": check_rows(trace["checks"], shelf),
        "scores": score_rows(trace["checks"]),
        "cites": trace["cites"],
        "cites_url": shelf.url(trace["cites"]),
        "edition": found.edition,
        "facts": opinion.fact_rows(found),
        "numbers": opinion.number_rows(found),
        "page_title": f"{title}结论",
        "page_subtitle": f"{found.party.name}　{plain_date(found.on)}",
        "crumbs": [
            (found.party.name, f"/d/parties/{found.party_id}"),
            ("资格评价", f"/enterprises/{found.party_id}/rules"),
            (f"{title}结论", ""),
        ],
    }
    return render(request, "enterprises/rules/kept.html", context)


@page(*READERS)
def opinion_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The opinion sheet of a kept verdict, as Word or PDF; its trace as JSON."""
    found = judgement_of(request, pk)
    made = {"json": opinion.json_file, "docx": opinion.word_file, "pdf": opinion.pdf_file}[kind](found)
    return file_answer(made, f"{opinion.title_of(found)}意见书 {found.party.name} {found.on.isoformat()}.{kind}")
