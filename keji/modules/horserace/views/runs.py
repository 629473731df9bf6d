"""One run from every side: a unit, an indicator, the file, the picture, the what-if that touches nothing."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from keji.desk.guard import actor_of, page
from keji.kernel.indicators.indicator import Counted, catalogue
from keji.kernel.indicators.models import Reading
from keji.lib.figures import format_number, to_decimal
from keji.lib.race.scheme import Indicator
from keji.lib.race.whatif import what_if
from keji.modules.horserace.models import RaceRun
from keji.modules.horserace.services import reading, schemes
from keji.modules.horserace.services.county import trend
from keji.modules.horserace.services.drawing import contributions_svg
from keji.modules.horserace.services.figures import month_of
from keji.modules.horserace.views import charts
from keji.modules.horserace.views.common import HOME, INSIDERS, READERS, run_or_404, unit_or_404


def _crumbs(run: RaceRun, name: str) -> list[tuple[str, str]]:
    return [HOME, (run.span.label, f"/horserace/runs/{run.pk}"), (name, "")]


@page(*READERS)
def unit(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """From figure to points to place, what would move it up, how sure it is, how it went."""
    run = run_or_404(request, pk)
    name = unit_or_404(run, code)
    line = next(x for x in reading.lines(run) if x.placing.unit == code)
    rows = trend(run)
    context = {
        "page_title": f"{name}：{run.span.label}赛马",
        "page_subtitle": line.sentence,
        "crumbs": _crumbs(run, name),
        "run": run,
        "code": code,
        "name": name,
        "line": line,
        "score": reading.score_text(reading.run_of(run), line.placing.total),
        "cells": reading.unit_cells(run, code),
        "bonus": line.placing.bonus,
        "bonus_text": format_number(line.placing.bonus, places=2),
        "moves": reading.moves(run, code),
        "radar": charts.radar(run, code, name),
        "histogram": charts.histogram(run, code),
        "trend": charts.trend(rows, code),
        "places": charts.places_trend(rows, code),
    }
    return render(request, "horserace/unit.html", context)


@page(*READERS)
def indicator(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One indicator for all units, each figure with the records or the filed figure behind it."""
    run = run_or_404(request, pk)
    try:
        lines = reading.indicator_lines(run, code)
    except KeyError:
        raise Http404("这项指标不在这次计分里。") from None
    known = catalogue().get(code)
    scheme = reading.run_of(run).scheme
    own = next(i for i in scheme.indicators if i.code == code)
    about = run.about["indicators"].get(code, {})
    context = {
        "page_title": own.title,
        "page_subtitle": f"{run.span.label}赛马，权重 {format_number(scheme.weights()[code] * 100, places=2)}%。",
        "crumbs": _crumbs(run, own.title),
        "run": run,
        "lines": [(line, _behind(run, code, line.unit, about)) for line in lines],
        "caliber": known.caliber() if known else "",
        "about": about,
        "spec": {
            "kind": "bar",
            "unit": own.unit,
            "categories": [line.name for line in lines if line.cell.value is not None],
            "series": [
                {
                    "name": own.title,
                    "values": [str(to_decimal(line.cell.value, 2)) for line in lines if line.cell.value is not None],
                }
            ],
        },
    }
    return render(request, "horserace/indicator.html", context)


def _behind(run: RaceRun, code: str, region: str, about: dict[str, Any]) -> dict[str, Any]:
    """The frozen reading behind a figure: which version, and where its records are listed."""
    known = catalogue().get(code)
    version = about.get("versions", {}).get(region)
    row = Reading.objects.filter(indicator=code, region=region, period=str(month_of(run.span)), version=version).first()
    if row is None:
        return {"version": version, "url": "", "count": 0, "note": ""}
    counted, url = isinstance(known, Counted), ""
    if isinstance(known, Counted) and known.list_url:
        url = f"{known.list_url}{'&' if '?' in known.list_url else '?'}region={region}"
    if not counted and row.ids:
        url = f"/d/figures/{row.ids[0]}"
    return {"version": row.version, "url": url, "count": len(row.ids), "note": row.note, "counted": counted}


@page(*READERS)
def file(request: HttpRequest, pk: int) -> FileResponse:
    """The file the places can be recomputed from. What counties may not see yet they may not compute either."""
    run = run_or_404(request, pk)
    response = FileResponse(run.file.path.open("rb"), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{run.number}-{run.period}.json"'
    return response


@page(*READERS)
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    run = run_or_404(request, pk)
    return HttpResponse(contributions_svg(reading.run_of(run)), content_type="image/svg+xml")


@page(*READERS)
def whatif(request: HttpRequest, pk: int) -> HttpResponse:
    """Move one unit's figures and see everybody's place. Nothing is kept, the official run stays as it is."""
    record = run_or_404(request, pk)
    run = reading.run_of(record)
    own = next((u.code for u in run.data.units if u.code in actor_of(request).regions), run.data.units[0].code)
    code = request.GET.get("unit", "") or own
    name = unit_or_404(record, code)
    fields, changes, problems = [], {}, []
    for i in run.scheme.indicators:
        given, value = request.GET.get(f"v_{i.code}", ""), run.data.figure(code, i.code).value
        try:
            typed = Fraction(Decimal(given.replace(",", ""))) if given.strip() else value
        except (InvalidOperation, ValueError, OverflowError):
            typed = value
            problems.append(f"“{i.title}”填的“{given[:20]}”不是数，按原数计算。")
        if typed != value:
            changes[code, i.code] = typed
        fields.append(_slider(run, i, value, typed))
    after = what_if(run, changes)
    was = {s.unit: s for s in run.placings}
    names = {u.code: u.title for u in run.data.units}
    context = {
        "page_title": "假设推算",
        "page_subtitle": f"以{record.span.label}的正式结果为底，改动只在这一页，不影响正式计分。",
        "crumbs": _crumbs(record, "假设推算"),
        "run": record,
        "code": code,
        "name": name,
        "units": run.data.units,
        "fields": fields,
        "problems": problems,
        "changed": bool(changes),
        "rows": [
            {
                "name": names[s.unit],
                "own": s.unit == code,
                "before": was[s.unit].place,
                "after": s.place,
                "gained": (was[s.unit].place or 0) - (s.place or 0) if s.place and was[s.unit].place else 0,
                "score": reading.score_text(run, s.total),
                "was": reading.score_text(run, was[s.unit].total),
            }
            for s in after.placings
        ],
    }
    return render(request, "horserace/whatif.html", context)


def _slider(run: Any, i: Indicator, value: Fraction | None, typed: Fraction | None) -> dict[str, Any]:
    known = [v for u in run.data.units if (v := run.data.figure(u.code, i.code).value) is not None]
    low, high = (min(known), max(known)) if known else (Fraction(0), Fraction(100))
    spread = (high - low) or abs(high) or Fraction(10)
    places = 0 if i.step >= 1 else 2
    return {
        "name": f"v_{i.code}",
        "title": i.title,
        "unit": i.unit,
        "value": "" if typed is None else str(to_decimal(typed, max(places, 4)).normalize().__format__("f")),
        "was": reading.shown(value, i),
        "low": str(
            to_decimal(low - spread / 2 if low < 0 or i.unit == "%" else max(low - spread / 2, Fraction(0)), places)
        ),
        "high": str(to_decimal(high + spread / 2, places)),
        "step": "1" if places == 0 else "0.01",
    }


@page(*INSIDERS)
def rehearsal(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft scheme tried on frozen figures: who would have moved, and why."""
    run = run_or_404(request, pk)
    official = schemes.official_of(run.span)
    moved = schemes.who_moves(reading.run_of(official), reading.run_of(run)) if official else []
    context = {
        "page_title": f"{run.scheme}预演",
        "page_subtitle": f"用{run.span.label}已定格的数据试算，正式结果不变。",
        "crumbs": [
            ("考评方案", "/d/race-schemes/"),
            (str(run.scheme), f"/d/race-schemes/{run.scheme_id}"),
            ("预演", ""),
        ],
        "run": run,
        "official": official,
        "moved": [m | {"why": [(t, format_number(v, places=2), v > 0) for t, v in m["why"]]} for m in moved],
        "regrouped": schemes.regrouped(reading.run_of(official), reading.run_of(run)) if official else "",
        "sensitivity": run.doubt.get("sensitivity", ""),
    }
    return render(request, "horserace/rehearsal.html", context)
