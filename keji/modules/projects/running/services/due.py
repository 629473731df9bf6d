"""What is due of projects, not only what came: task books, first payments, milestones, reports, acceptance, returns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Prefetch

from keji.kernel.clock import day_of
from keji.modules.projects.models import Milestone, Project, YearReport
from keji.modules.projects.numbers import months_later, number
from keji.modules.projects.running.services.payments import owed
from keji.modules.projects.running.services.reports import month_end

AHEAD = 60  # days before it is due that a thing is shown
ACTIVE = ("established", "signed", "accepting", "mending", "terminated", "revoked")


@dataclass(frozen=True)
class Due:
    """One thing that should happen by a day: of which project, who does it."""

    project: Project
    what: str
    who: str
    on: date

    def days_late(self, today: date) -> int:
        return (today - self.on).days


def dues(projects: Any, today: date) -> list[Due]:
    """Everything overdue or due soon of these projects, the latest first. A handful of queries for all of them."""
    rows = projects.filter(state__in=ACTIVE).select_related("party", "region", "task_book", "contract")
    rows = rows.prefetch_related(
        Prefetch("milestones", Milestone.objects.filter(done_on=None), to_attr="open_milestones"),
        Prefetch("reports", YearReport.objects.all(), to_attr="filed"),
        "budget",
    )
    days = {
        n: number(n, today)
        for n in ("task_book_days", "first_payment_days", "acceptance_months", "mending_months", "report_month")
    }
    found = [due for row in rows.order_by("pk") for due in _of(row, days, today)]
    return sorted((d for d in found if d.on <= today + timedelta(days=AHEAD)), key=lambda d: (d.on, d.project.pk))


def _of(project: Project, days: dict[str, int], today: date) -> Iterator[Due]:
    unit, bureau = "承担单位", "业务科室"
    if project.state == "established":
        yield Due(project, "签订任务书", unit, project.established_on + timedelta(days=days["task_book_days"]))
        return
    if project.state in ("terminated", "revoked"):
        if owed(project) and project.state_since is not None:
            yield Due(project, "收回资金", bureau, day_of(project.state_since) + timedelta(days=30))
        return
    by_result = hasattr(project, "contract")  # paid stage by stage, never in advance
    if not project.paid and project.signed_on is not None and not by_result:
        yield Due(project, "首期拨付", bureau, project.signed_on + timedelta(days=days["first_payment_days"]))
    for milestone in project.open_milestones:  # type: ignore[attr-defined]
        yield Due(project, f"节点：{milestone.name}", unit, milestone.due_on)
    there = {r.year for r in project.filed}  # type: ignore[attr-defined]
    if project.signed_on is not None:
        first = project.signed_on.year + (project.signed_on.month > 6)
        for year in range(first, min(project.ends_on.year, today.year) + 1):
            if year not in there:
                yield Due(project, f"{year}年度执行报告", unit, month_end(year, days["report_month"]))
    if project.state == "signed":
        yield Due(project, "申请验收", unit, months_later(project.ends_on, days["acceptance_months"]))
    elif project.state == "mending" and project.state_since is not None:
        last = months_later(day_of(project.state_since), days["mending_months"])
        yield Due(project, "整改后再次申请验收", unit, last)
