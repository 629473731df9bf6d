"""What stands on the page of a year's appraisal: grades, why some differ, the notice and what it brought."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from keji.desk.guard import actor_of
from keji.kernel import clock
from keji.kernel.people.roles import Role
from keji.kernel.records.notices import passing_refusal, result_sentence
from keji.modules.horserace.models import Appraisal, AppraisalLine
from keji.modules.horserace.services import reading


def appraisal_panel(request: HttpRequest, record: Appraisal) -> dict[str, Any]:
    actor = actor_of(request)
    run = reading.run_of(record.run)
    may = actor.has(Role.OFFICER) and record.state == Appraisal.State.PROPOSED
    lines = record.lines.select_related("region")
    return {
        "record": record,
        "lines": [
            {
                "line": line,
                "score": reading.score_text(run, line.total),
                "url": reverse("race-unit", args=[record.run_id, line.region_id]),
                "post": reverse("race-regrade", args=[line.pk]),
            }
            for line in lines
        ],
        "may": may,
        "grades": AppraisalLine.Grade.values,
        "run_url": reverse("race-run", args=[record.run_id]),
        "notice": _notice(record),
        "certain": record.run.scheme.certain,
    }


def _notice(record: Appraisal) -> dict[str, Any] | None:
    notice = record.notice
    if notice is None:
        return None
    today = clock.today()
    if notice.state == "draft":
        told = "公示草稿待另一人发布。"
    else:
        told = result_sentence(notice, today) or f"公示期：{notice.period()}。"
    waits = "" if record.state != Appraisal.State.ANNOUNCED else passing_refusal(notice, today)
    return {"title": notice.title, "url": f"/r/{notice.number}", "told": told, "waits": waits}
