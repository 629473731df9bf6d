"""Two to four units side by side in one run: points around a radar, points by indicator, and the same as a table."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keji.desk.guard import actor_of, page
from keji.modules.horserace.models import RaceRun
from keji.modules.horserace.services import reading
from keji.modules.horserace.views import charts
from keji.modules.horserace.views.common import HOME, READERS, run_or_404

LEAST, MOST = 2, 4


@page(*READERS)
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Units asked for in the address; without any the actor's own and the first, or the first two."""
    record = run_or_404(request, pk)
    lines = reading.lines(record)
    names = {line.placing.unit: line.name for line in lines}
    asked = [code for code in dict.fromkeys(request.GET.getlist("unit")) if code in names]
    problem = ""
    if request.GET and not LEAST <= len(asked) <= MOST:
        problem = f"选了 {len(asked)} 个单位，请选 {LEAST} 至 {MOST} 个。"
    chosen = asked[:MOST] if len(asked) >= LEAST else _usual(asked, list(names), actor_of(request).regions)
    by_unit = {line.placing.unit: line for line in lines}
    context = {
        "page_title": "单位对比",
        "page_subtitle": f"{record.span.label}赛马，选 {LEAST} 至 {MOST} 个单位，逐项比得分。",
        "crumbs": [HOME, (record.span.label, f"/horserace/runs/{record.pk}"), ("单位对比", "")],
        "run": record,
        "problem": problem,
        "units": [{"code": code, "name": name, "on": code in chosen} for code, name in names.items()],
        "heads": [_head(record, by_unit[code]) for code in chosen],
        "rows": _rows(record, chosen),
        "radar": charts.radar_of(record, [(code, names[code]) for code in chosen]),
        "bars": charts.points_of(record, [(code, names[code]) for code in chosen]),
    }
    return render(request, "horserace/compare.html", context)


def _usual(asked: list[str], ranked: list[str], own: Any) -> list[str]:
    """Two to begin with: what was asked for, then one's own, then the best."""
    wanted = dict.fromkeys([*asked, *(code for code in ranked if code in own), *ranked])
    return list(wanted)[:LEAST]


def _head(record: RaceRun, line: reading.Line) -> dict[str, Any]:
    return {
        "name": line.name,
        "url": f"/horserace/runs/{record.pk}/units/{line.placing.unit}",
        "place": line.placing.place,
        "score": reading.score_text(reading.run_of(record), line.placing.total),
        "span": line.span,
    }


def _rows(record: RaceRun, chosen: list[str]) -> list[dict[str, Any]]:
    """Per indicator: each unit's points and figure; the best of those compared is marked when one is ahead."""
    cells = {code: reading.unit_cells(record, code) for code in chosen}
    names = {u.code: u.title for u in reading.run_of(record).data.units}
    found = []
    for n, indicator in enumerate(reading.run_of(record).scheme.indicators):
        own = [(code, cells[code][n]) for code in chosen]
        known = [c.cell.points for _, c in own if c.cell.points is not None]
        top = max(known, default=None)
        ahead = top is not None and known.count(top) == 1
        found.append(
            {
                "indicator": indicator,
                "weight": own[0][1].weight,
                "cells": [
                    {
                        "name": names[code],
                        "points": c.points,
                        "value": c.value,
                        "best": ahead and c.cell.points == top,
                    }
                    for code, c in own
                ],
            }
        )
    return found
