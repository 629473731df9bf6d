"""What is due of projects, not only what came: task books, first payments, milestones, reports, acceptance, returns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from keji.kernel.clock import day_of
from keji.modules.projects.models import Milestone, YearReport
from keji.modules.projects.numbers import months_later, number
from keji.modules.projects.running.services.payments import owed
from keji.modules.projects.running.services.reports import month_end

AHEAD = 60  # days before it is due that a thing is shown
RUNNING, ENDED = ("signed", "accepting", "mending"), ("terminated", "revoked")
ACTIVE = ("established", *RUNNING, *ENDED)
UNIT, BUREAU = "承担单位", "业务科室"


@dataclass(frozen=True)
class Due:
    """One thing that should happen by a day: of which project (its key), who does it."""

    project: int
    what: str
    who: str
    on: date

    def days_late(self, today: date) -> int:
        return (today - self.on).days


def dues(projects: QuerySet[Any], today: date) -> list[Due]:
    """Everything overdue or due soon of these projects, the latest first. A handful of queries for all of them."""
    rows = projects.filter(state__in=ACTIVE).order_by()
    days = {
        n: number(n, today)
        for n in ("task_book_days", "first_payment_days", "acceptance_months", "mending_months", "report_month")
    }
    found = [*_starting(rows, days), *_running(rows, days, today), *_closing(rows, days), *_to_come_back(rows)]
    return sorted((d for d in found if d.on <= today + timedelta(days=AHEAD)), key=lambda d: (d.on, d.project))


def _starting(rows: QuerySet[Any], days: dict[str, int]) -> Iterator[Due]:
    for pk, since in rows.filter(state="established").values_list("pk", "established_on"):
        yield Due(pk, "签订任务书", UNIT, since + timedelta(days=days["task_book_days"]))
    signed = rows.filter(state__in=RUNNING, signed_on__isnull=False)
    # What is paid stage by stage, by contract, is never paid in advance.
    for pk, on in signed.filter(paid=0, contract=None).values_list("pk", "signed_on"):
        yield Due(pk, "首期拨付", BUREAU, on + timedelta(days=days["first_payment_days"]))


def _running(rows: QuerySet[Any], days: dict[str, int], today: date) -> Iterator[Due]:
    running = rows.filter(state__in=RUNNING)
    for pk, name, on in Milestone.objects.filter(project__in=running.values("pk"), done_on=None).values_list(
        "project_id", "name", "due_on"
    ):
        yield Due(pk, f"节点：{name}", UNIT, on)
    filed = defaultdict(set)
    for pk, year in YearReport.objects.filter(project__in=running.values("pk")).values_list("project_id", "year"):
        filed[pk].add(year)
    for pk, signed, ends in running.filter(signed_on__isnull=False).values_list("pk", "signed_on", "ends_on"):
        for year in range(signed.year + (signed.month > 6), min(ends.year, today.year) + 1):
            if year not in filed[pk]:
                yield Due(pk, f"{year}年度执行报告", UNIT, month_end(year, days["report_month"]))


def _closing(rows: QuerySet[Any], days: dict[str, int]) -> Iterator[Due]:
    for pk, ends in rows.filter(state="signed").values_list("pk", "ends_on"):
        yield Due(pk, "申请验收", UNIT, months_later(ends, days["acceptance_months"]))
    for pk, since in rows.filter(state="mending", state_since__isnull=False).values_list("pk", "state_since"):
        yield Due(pk, "整改后再次申请验收", UNIT, months_later(day_of(since), days["mending_months"]))


def _to_come_back(rows: QuerySet[Any]) -> Iterator[Due]:
    for project in rows.filter(state__in=ENDED, state_since__isnull=False).prefetch_related("budget"):
        if owed(project):
            yield Due(project.pk, "收回资金", BUREAU, day_of(project.state_since) + timedelta(days=30))
