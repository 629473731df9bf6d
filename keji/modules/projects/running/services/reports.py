"""Yearly reports of running projects: what is due, what came, what was spent."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused
from keji.modules.projects.models import BudgetLine, Project, YearReport
from keji.modules.projects.numbers import number, wan

REPORTING = ("signed", "accepting", "mending")


def due_on(year: int) -> date:
    """The last day for the report of a year."""
    return month_end(year, number("report_month", date(year, 12, 31)))


def month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def due_years(project: Project, on: date) -> list[int]:
    """Years whose report was due before `on`: a project signed late in a year begins with the next."""
    if project.signed_on is None or project.state not in REPORTING:
        return []
    first = project.signed_on.year + (project.signed_on.month > 6)
    last = min(project.ends_on.year, on.year)
    return [year for year in range(first, last + 1) if due_on(year) < on]


def missing_years(project: Project, on: date) -> list[int]:
    due = due_years(project, on)
    if not due:
        return []
    there = set(project.reports.values_list("year", flat=True))
    return [year for year in due if year not in there]


def writing_refusal(project: Project, actor: Actor) -> str:
    """Why this actor files no report of this project now; "" when they may."""
    if not actor.is_system and project.party_id not in actor.parties:
        return "执行报告由承担单位填写"
    return "" if project.state in REPORTING else f"项目{project.get_state_display()}，不再报送执行报告"


def file_report(
    project: Project,
    year: int,
    *,
    progress: str,
    problems: str,
    spent: Mapping[str, int],
    actor: Actor,
    at: datetime,
) -> YearReport:
    """File or correct a year's report; `spent` is what each subject came to since the beginning, in 元."""
    with writing(actor, at):
        fresh = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        if why := writing_refusal(fresh, actor):
            raise Refused(why)
        if not fresh.starts_on.year <= year <= min(fresh.ends_on.year + 1, day_of(at).year):
            raise Refused(f"{year} 年不在项目执行期内")
        if len(progress.strip()) < 20:
            raise Refused("执行情况至少写 20 个字")
        lines = {line.subject: line for line in fresh.budget.all()}
        for subject, amount in spent.items():
            line = lines.get(subject)
            if line is None or amount < 0:
                raise Refused("支出科目或金额不对，请核对")
            if amount > line.amount:
                over = f"累计支出 {wan(amount)} 万元超过预算 {wan(line.amount)} 万元"
                raise Refused(f"{line.get_subject_display()}{over}，请先办理科目调剂")
        row, made = YearReport.objects.update_or_create(
            project=fresh, year=year,
            defaults={
                "progress": progress.strip(), "problems": problems.strip(), "spent": dict(spent), "reported_at": at,
                "reported_by": actor.name,
            },
        )  # fmt: skip
        if year == max(fresh.reports.values_list("year", flat=True)):
            for subject, amount in spent.items():
                BudgetLine.objects.filter(project=fresh, subject=subject).update(spent=amount)
        log(
            "报送年度执行报告" if made else "更正年度执行报告",
            fresh,
            {"累计支出": [None, f"{sum(spent.values()):,} 元"]},
        )
    return row
