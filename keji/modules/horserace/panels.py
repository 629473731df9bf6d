"""What stands on the desk pages of a round, a run and a scheme."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from keji.desk.guard import actor_of
from keji.kernel.parties.models import Region
from keji.kernel.people.roles import Role
from keji.lib.figures import format_number, parse_period, plain_date
from keji.lib.race.checks import Kind
from keji.lib.race.scheme import Missing
from keji.modules.horserace.models import FigureQuestion, RaceRound, RaceRun, RaceScheme
from keji.modules.horserace.services import hearing, reading, schemes
from keji.modules.horserace.services.content import (
    BASES,
    RHYTHMS,
    formula_of,
    method_of,
    scheme_problems,
    title_of,
)
from keji.modules.horserace.services.rounds import Due, dues
from keji.modules.horserace.services.runs import may_see_all

ITEM_TONES = {"open": "blue", "checked": "amber", "approved": "green"}


def items_panel(request: HttpRequest, record: RaceRound) -> dict[str, Any]:
    """Indicator by indicator: what came, what is late, what is missing. A county reads its own column only."""
    actor = actor_of(request)
    everything = may_see_all(actor)
    officer = actor.has(Role.OFFICER)
    names = {r.pk: r.short_name for r in hearing.units_of(record)}
    own = [r for r in names if r in actor.regions]
    rows = [
        _item_row(due, names if everything else {r: names[r] for r in own}, record, officer) for due in dues(record)
    ]
    return {
        "rows": rows,
        "everything": everything,
        "collecting": record.state == RaceRound.State.COLLECTING,
        "officer": officer,
        "ask_url": reverse("race-ask", args=[record.pk]),
        "upload_url": "/d/figures/upload",
        "template_url": "/d/figures/template",
        "new_url": "/d/figures/new",
    }


def _item_row(due: Due, names: dict[str, str], record: RaceRound, officer: bool) -> dict[str, Any]:
    item = due.item

    def said(regions: list[str]) -> str:
        return "、".join(names[r] for r in regions if r in names)

    cells = [(names[r], a) for r, a in due.arrivals.items() if r in names]
    counted = bool(cells) and cells[0][1].by_count
    return {
        "item": item,
        "url": "" if counted else f"/d/figures/?period={due.key}",
        "label": "" if counted or due.key == record.period else f"{parse_period(due.key).label}数",
        "tone": ITEM_TONES[item.state],
        "counted": counted,
        "came": due.came,
        "of": len(due.arrivals),
        "cells": cells,
        "missing": "" if counted else said(due.missing),
        "waiting": said(due.waiting),
        "late": said(due.late),
        "revised": said(due.revised),
        "asked": len(due.unanswered),
        "may": officer and record.state == RaceRound.State.COLLECTING,
        "refusal": item.flow["check"].refusal,
        "check_url": reverse("race-item-check", args=[item.pk]),
        "uncheck_url": reverse("race-item-uncheck", args=[item.pk]),
        "figures": [
            (names[r], a.figure, reverse("race-figure-correct", args=[record.pk, a.figure.pk]))
            for r, a in due.arrivals.items()
            if r in names
            and a.figure is not None
            and a.figure.state == "confirmed"
            and a.figure.period == record.period
        ]
        if officer and record.state != RaceRound.State.HEARING
        else [],
    }


def questions_panel(request: HttpRequest, record: RaceRound) -> dict[str, Any]:
    actor = actor_of(request)
    rows = FigureQuestion.objects.visible_to(actor).filter(round=record).select_related("region")
    return {
        "rows": [
            {
                "question": q,
                "kind": Kind(q.kind).word,
                "url": reverse("race-answer", args=[q.pk]),
                "may": q.open
                and record.state == RaceRound.State.COLLECTING
                and (actor.has(Role.OFFICER) or q.region_id in actor.regions),
            }
            for q in rows
        ],
    }


def hearing_panel(request: HttpRequest, record: RaceRound) -> dict[str, Any]:
    actor = actor_of(request)
    everything = may_see_all(actor)
    agreed = {h.region_id: h for h in record.hearings.all()}
    held: dict[str, list[Any]] = {}
    for objection in hearing.objections(record):
        held.setdefault(objection.region_id, []).append(objection)
    units = [r for r in hearing.units_of(record) if everything or r.pk in actor.regions]
    runs = RaceRun.objects.visible_to(actor).filter(round=record)
    return {
        "record": record,
        "begun": record.hearing_until is not None,
        "until": plain_date(record.hearing_until),
        "units": [{"region": r, "agreed": agreed.get(r.pk), "objections": held.get(r.pk, [])} for r in units],
        "runs": list(runs.order_by("-pk")),
        "mine": reverse("race-mine") if actor.has(Role.COUNTY) and not everything else "",
    }


def run_panel(request: HttpRequest, record: RaceRun) -> dict[str, Any]:
    columns = [
        {"label": "名次", "align": "end"},
        {"label": "单位"},
        {"label": "得分", "align": "end"},
        {"label": "名次变化"},
        {"label": "名次区间"},
    ]
    rows = [
        {
            "url": reverse("race-unit", args=[record.pk, line.placing.unit]),
            "cells": [
                {"value": line.placing.place or "—", "number": True},
                {"value": line.name},
                {"value": reading.score_text(reading.run_of(record), line.placing.total), "number": True},
                {"value": line.moved},
                {"value": line.span, "sub": f"与{'、'.join(line.with_)}分不出先后" if line.with_ else ""},
            ],
        }
        for line in reading.lines(record)
    ]
    return {"run": record, "columns": columns, "rows": rows, "log": reading.run_of(record).log}


def scheme_panel(request: HttpRequest, scheme: RaceScheme) -> dict[str, Any]:
    content = scheme.content
    levels = {level["code"]: level for level in content.get("levels", ())}
    rows = []
    for row in content.get("indicators", ()):
        level = levels.get(row.get("level", ""), {"title": "（未归类）", "weight": "0"})
        used = [RHYTHMS.get(row.get("rhythm") or "month", "")]
        used += [f"与{BASES[row['base']]}比"] if row.get("base") else []
        rows.append(
            {
                "cells": [
                    {"value": title_of(row["code"]), "sub": "、".join(used)},
                    {"value": level["title"]},
                    {"value": f"{row.get('weight') or '—'}%", "align": "end"},
                    {"value": _whole(level.get("weight"), row.get("weight")), "align": "end"},
                    {"value": method_of(row), "sub": formula_of(row)},
                    {"value": _missing(row)},
                ]
            }
        )
    columns = [
        {"label": "指标"},
        {"label": "一级指标"},
        {"label": "级内权重", "align": "end"},
        {"label": "总权重", "align": "end"},
        {"label": "计分方法"},
        {"label": "缺数处理"},
    ]
    actor = actor_of(request)
    may = actor.has(Role.OFFICER) and scheme.state == RaceScheme.State.DRAFT
    return {
        "scheme": scheme,
        "problems": scheme_problems(scheme),
        "columns": columns,
        "rows": rows,
        "levels": [f"{v['title']} {v.get('weight') or '—'}%" for v in levels.values()],
        "groups": _groups(content),
        "bonuses": [
            f"{b['title']} {b['points']} 分（累计不超过 {b.get('most') or '不限'}）" for b in content.get("bonuses", ())
        ],
        "edit_url": reverse("race-scheme-edit", args=[scheme.pk]) if may else "",
        "weights_url": reverse("race-scheme-weights", args=[scheme.pk]),
    }


def _whole(level: Any, own: Any) -> str:
    try:
        return f"{format_number(Decimal(str(level)) * Decimal(str(own)) / 100)}%"
    except (InvalidOperation, TypeError):
        return "—"


def _missing(row: Any) -> str:
    return Missing(row.get("missing") or "nothing").word


def _groups(content: Any) -> list[str]:
    names = {r.pk: r.name for r in Region.objects.all()}
    titles = {g["code"]: g["title"] for g in content.get("groups", ())} or {"": "不分组"}
    found = []
    for code, title in titles.items():
        units = [
            names.get(u["region"], u["region"])
            + (f"（{u['from_on']}起）" if u.get("from_on") else "")
            + (f"（{u['until_on']}止）" if u.get("until_on") else "")
            for u in content.get("units", ())
            if (u.get("group") or "") == code
        ]
        found.append(f"{title}：{'、'.join(units)}")
    return found


def rehearsal_panel(request: HttpRequest, scheme: RaceScheme) -> dict[str, Any]:
    actor = actor_of(request)
    runs = RaceRun.objects.visible_to(actor).filter(scheme=scheme, state="rehearsal") if may_see_all(actor) else []
    return {
        "runs": [(run, reverse("race-rehearsal", args=[run.pk])) for run in runs],
        "months": schemes.rehearsal_months() if actor.has(Role.OFFICER) and scheme.state == "draft" else [],
        "fresh": schemes.rehearsed(scheme) is not None,
        "url": reverse("race-rehearse", args=[scheme.pk]),
    }
