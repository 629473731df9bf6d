"""What came of a project: asked for three years after acceptance, with what the house knows already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.facts.models import FactFile
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.modules.projects.models import Project, ResultYear
from keji.modules.projects.numbers import number
from keji.modules.projects.running.services.due import UNIT, Due
from keji.modules.projects.running.services.reports import month_end

Rows = Sequence[Mapping[str, Any]]
COLUMNS = ("papers", "rights", "standards", "revenue", "tax", "converted", "conversion", "jobs", "note")
FOLLOWED = ("accepted", "archived")
#: What a unit's file says beside: the result is a part of it, so it limits and does not fill in.
LIMITS = {"revenue": ("revenue", "全年销售（营业）收入"), "jobs": ("staff", "在职职工")}


def years_of(project: Project, years: int) -> list[int]:
    """The years asked about: from the year of acceptance's next on."""
    if project.accepted_on is None or project.state not in FOLLOWED or project.conclusion == "不通过":
        return []
    return [project.accepted_on.year + n for n in range(1, years + 1)]


def asked_years(project: Project, on: date) -> list[int]:
    """Years whose results can be told on a day: those that have begun."""
    return [y for y in years_of(project, number("results_years", on)) if y <= on.year]


def reporting_refusal(project: Project, year: int, actor: Actor, on: date) -> str:
    """Why this actor may not tell the results of this year; "" when they may."""
    if not actor.is_system and not actor.has(Role.OFFICER) and project.party_id not in actor.parties:
        return "成果由承担单位报送"
    asked = asked_years(project, on)
    if not asked:
        return "验收通过后的第二年起才报送成果"
    return "" if year in asked else f"只报送 {asked[0]} 至 {asked[-1]} 年的成果"


def known_of(project: Project, year: int) -> dict[str, tuple[Any, str]]:
    """{column: (value, where it comes from)}: what was told before, and what the unit's file says of the year."""
    found: dict[str, tuple[Any, str]] = {}
    before = project.results.filter(year__lt=year).order_by("-year").first()
    if before is not None:
        for name in COLUMNS[:-1]:
            value = getattr(before, name)
            if value is not None:
                found[name] = (value, f"{before.year}年报送")
    return found


def beside(project: Project, year: int) -> dict[str, tuple[int, str]]:
    """{column: (the unit's own total, its name)} of that year, to compare with."""
    file = FactFile.objects.filter(party=project.party_id, year=year).first()
    if file is None:
        return {}
    return {c: (int(file.values[fact]), label) for c, (fact, label) in LIMITS.items() if fact in file.values}


def told_problem(project: Project, year: int, values: Mapping[str, Any]) -> str:
    """Why these values cannot be; "" when they can."""
    if not values.get("converted") and values.get("conversion"):
        return "填了转化合同金额，请同时选“已转化应用”"
    for name, (most, label) in beside(project, year).items():
        if (values.get(name) or 0) > most:
            said = ResultYear._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            return f"{said} {values[name]:,} 大于{project.party.name}{year}年{label} {most:,}，请核对"
    return ""


def tell(project: Project, year: int, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> ResultYear:
    """Tell or correct one year's results; told twice is one row. Raises Refused with a sentence."""
    with writing(actor, at):
        fresh = Project.objects.select_for_update(of=("self",)).select_related("party").get(pk=project.pk)
        if why := reporting_refusal(fresh, year, actor, day_of(at)) or told_problem(fresh, year, values):
            raise Refused(why)
        row = fresh.results.filter(year=year).first()
        before = {name: getattr(row, name) if row else None for name in COLUMNS}
        row = row or ResultYear(project=fresh, year=year)
        for name in COLUMNS:
            setattr(row, name, values.get(name, "" if name == "note" else None))
        row.converted = bool(row.converted)
        row.reported_at, row.reported_by = at, actor.name
        row.save()
        words = {n: str(ResultYear._meta.get_field(n).verbose_name) for n in COLUMNS}  # type: ignore[union-attr]
        changes = {
            words[n]: [before[n], getattr(row, n)] for n in COLUMNS if (before[n] or None) != (getattr(row, n) or None)
        }
        if changes:
            log("报送成果", fresh, {"年度": [None, year], **changes})
    return row


def create_results(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[ResultYear]:
    """From a sheet: {project, year, …} each."""
    return [tell(row["project"], row["year"], row, actor=actor, at=at) for row in rows]


def correct_result(record: ResultYear, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> ResultYear:
    merged = {name: getattr(record, name) for name in COLUMNS} | dict(values)
    return tell(record.project, record.year, merged, actor=actor, at=at)


def result_dues(projects: Any, today: date) -> list[Due]:
    """Results not told yet, of the years that are over; in two queries."""
    years, month = number("results_years", today), number("results_month", today)
    rows = projects.filter(state__in=FOLLOWED, accepted_on__isnull=False).order_by()
    told = set(ResultYear.objects.filter(project__in=rows.values("pk")).values_list("project_id", "year"))
    return [
        Due(row.pk, f"{year}年成果跟踪", UNIT, month_end(year + 1, month))
        for row in rows.only("accepted_on", "state", "conclusion")
        for year in years_of(row, years)
        if year < today.year and (row.pk, year) not in told
    ]
