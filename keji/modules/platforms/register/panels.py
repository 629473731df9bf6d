"""What stands on a platform's page beside its facts: figures by year, assessments, what happened when."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest

from keji.desk.cells import label_of, written
from keji.desk.guard import actor_of
from keji.kernel import clock
from keji.kernel.clock import day_of
from keji.lib.figures import plain_date
from keji.modules.platforms.assessment.services.scoring import failed_twice, history_of
from keji.modules.platforms.models import Cultivation, Platform, PlatformYear
from keji.modules.platforms.models.year import YEAR_FIGURES

YEARS_SHOWN = 5


def years_panel(request: HttpRequest, platform: Platform) -> dict[str, Any]:
    """A line a figure, a column a year: ten figures stand under each other and a phone can read them."""
    actor = actor_of(request)
    rows = list(PlatformYear.objects.visible_to(actor).filter(platform=platform).order_by("-year")[:YEARS_SHOWN])
    lines = [
        [{"value": label_of(PlatformYear, n)}, *({"value": getattr(row, n), "number": True} for row in rows)]
        for n in YEAR_FIGURES
    ]
    reports = [{"value": row.get_state_display(), "align": "end", "url": f"/d/platform-years/{row.pk}"} for row in rows]
    may = platform.state == "confirmed" and PlatformYear.access.reaches(actor, PlatformYear.access.write, platform)
    return {
        "columns": [{"label": "指标"}, *({"label": f"{row.year}年", "align": "end"} for row in rows)],
        "rows": [{"cells": cells} for cells in [*lines, [{"value": "年报"}, *reports]]] if rows else [],
        "number": platform.number if may else "",
    }


def grade_tone(assessment: Any) -> str:
    return "red" if assessment.failing else "green"


def assessments_panel(request: HttpRequest, platform: Platform) -> dict[str, Any]:
    found = list(history_of(platform)[:10])
    return {
        "flagged": bool(failed_twice([platform.pk])),
        "columns": [{"label": "年度"}, {"label": "评估"}, {"label": "得分", "align": "end"}, {"label": "等次"}],
        "rows": [
            {
                "url": f"/d/assessments/{row.pk}",
                "cells": [
                    {"value": str(row.campaign.year)},
                    {"value": row.campaign.title},
                    {"value": row.score, "number": True, "places": 2},
                    {"value": row.grade, "badge": grade_tone(row)},
                ],
            }
            for row in found
        ],
    }


def events_panel(request: HttpRequest, platform: Platform) -> dict[str, Any]:
    """The platform's life as the registers tell it, newest first; derived, never entered."""
    today = clock.today()
    level = f"{platform.get_level_display()}{platform.get_kind_display()}"
    found: list[tuple[date, str, str]] = []
    if platform.state in ("confirmed", "withdrawn"):
        found.append((platform.recognised_on, f"认定为{level}", platform.document or platform.recognised_by))
    if platform.withdrawn_on:
        found.append((platform.withdrawn_on, "撤销", platform.withdrawn_reason))
    elif platform.valid_until and platform.valid_until < today:
        found.append((platform.valid_until, "有效期满", f"有效期至{written(platform.valid_until)}"))
    application = getattr(platform, "application", None)
    if application is not None:
        for meeting in application.decisions.filter(outcome="approved").select_related("meeting"):
            found.append((meeting.meeting.held_on, "局党组会审议通过", meeting.meeting.minutes))
        for visit in application.visits.all():
            found.append((visit.visited_on, "现场审查", "、".join(visit.people)))
        found.append((day_of(application.created_at), "开始申报", application.number))
    for row in history_of(platform):
        found.append((row.campaign.published_on, f"{row.campaign.year}年度评估：{row.grade}", row.number))
    others = Platform.objects.visible_to(actor_of(request)).filter(party_id=platform.party_id, kind=platform.kind)
    for other in others.exclude(pk=platform.pk).filter(state__in=["confirmed", "withdrawn"]):
        title = f"依托单位获认定{other.get_level_display()}{other.get_kind_display()}"
        found.append((other.recognised_on, title, other.name))
    for grown in Cultivation.objects.filter(platform=platform):
        title = f"列为{grown.get_level_display()}{grown.get_kind_display()}培育对象"
        found.append((day_of(grown.created_at), title, f"{grown.number}，{grown.get_state_display()}"))
    found.sort(key=lambda event: event[0], reverse=True)
    return {"events": [{"on": plain_date(on), "title": title, "text": text} for on, title, text in found]}
