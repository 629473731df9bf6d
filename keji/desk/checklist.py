"""形式审查 on the screen: the page on which an officer goes through the points, and the panel of what was found.

keji/kernel/records/checklist.py says what such a record has.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from keji.desk.acts import attempt, to_record
from keji.desk.guard import actor_of
from keji.kernel import clock
from keji.kernel.records import checklist

ANSWERS = {"yes": True, "no": False}
WORDS = {True: ("符合", "green"), False: ("不符合", "red"), None: ("未核对", "gray")}


def checklist_page(request: HttpRequest, record: Any, *, desk: str, list_title: str, said: str) -> HttpResponse:
    """Every point, one by one; as many as one likes at a time. `said` names the steps that come next."""
    checks, actor = None, actor_of(request)
    if request.method == "POST":
        checks = _answers(request, record)
        if attempt(request, partial(checklist.save_checks, record, checks, actor=actor, at=clock.now()), said):
            return to_record(desk, record)
    elif why := checklist.checking_refusal(record, actor):
        raise PermissionDenied(f"{why}。")
    home = f"/d/{desk}/{record.pk}"
    context = {
        "lines": checklist.lines_of(record, checks),
        "cancel_url": home,
        "page_title": "形式审查",
        "page_subtitle": str(record),
        "crumbs": [(list_title, f"/d/{desk}/"), (str(record), home), ("形式审查", "")],
    }
    return render(request, "desk/checklist.html", context, status=422 if request.method == "POST" else 200)


def _answers(request: HttpRequest, record: Any) -> list[dict[str, Any]]:
    said = request.POST
    return [
        {"item": item, "passed": ANSWERS.get(said.get(f"passed_{n}", "")), "note": said.get(f"note_{n}", "").strip()}
        for n, item in enumerate(record.form_items)
    ]


def checklist_panel(request: HttpRequest, record: Any, url_name: str) -> dict[str, Any]:
    """What was found, for desk/parts/checklist.html; `started` once the record may be gone through."""
    may = not checklist.checking_refusal(record, actor_of(request))
    rows = []
    for line in checklist.lines_of(record):
        word, tone = WORDS[line["passed"]]
        rows.append(
            {"cells": [{"value": line["item"]}, {"value": word, "badge": tone}, {"value": line["note"] or "—"}]}
        )
    return {
        "columns": [{"label": "审查要点"}, {"label": "结果"}, {"label": "说明"}],
        "rows": rows,
        "url": reverse(url_name, args=[record.pk]) if may else "",
        "started": bool(record.form_checks) or may,
    }
