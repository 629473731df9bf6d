"""Results after acceptance on a project's page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from keji.desk.guard import actor_of
from keji.kernel import clock
from keji.lib.figures import plain_date
from keji.modules.projects.models import Project, ResultYear
from keji.modules.projects.numbers import number, unsure, wan
from keji.modules.projects.results.services import results

HIGHER_TONES = {"reported": "amber", "returned": "red", "confirmed": "green", "void": "plain"}
LABELS = ("年度", "论文", "知识产权", "收入（万元）", "转化（万元）", "就业（人）")


def _told(row: ResultYear) -> dict[str, Any]:
    counts = [{"value": "—" if v is None else f"{v:,}", "align": "end"} for v in (row.papers, row.rights)]
    money = [{"value": wan(v), "align": "end"} for v in (row.revenue, row.conversion)]
    jobs = {"value": "—" if row.jobs is None else f"{row.jobs:,}", "align": "end"}
    told = f"{plain_date(clock.day_of(row.reported_at))}报"
    return {"cells": [{"value": str(row.year), "sub": told}, *counts, *money, jobs]}


def result_panel(request: HttpRequest, project: Project) -> dict[str, Any] | None:
    """Told, missing, and asked for now; totals only of what was told."""
    actor, today = actor_of(request), clock.today()
    rows = list(project.results.order_by("year"))
    told, asked = {row.year for row in rows}, results.asked_years(project, today)
    mine = project.party_id in actor.parties
    followed = bool(results.years_of(project, number("results_years", today)))
    if not followed and not rows:
        return None
    ends = [{"align": "end"} if n else {} for n in range(len(LABELS))]
    return {
        "project": project,
        "columns": [{"label": word, **end} for word, end in zip(LABELS, ends, strict=True)],
        "rows": [_told(row) for row in rows],
        "missing": [year for year in asked if year not in told and year < today.year],
        "open": [{"year": year, "told": year in told} for year in asked] if mine else [],
        "unsure": unsure(["results_years", "results_month"], today),
    }
