"""What R&D filing offers for a firm's file: the cost items of finished years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from keji.kernel.facts.offers import Offer, offers
from keji.lib.figures import to_decimal
from keji.modules.rnd.models import RndProject, RndStatement, SpendMonth
from keji.modules.rnd.services.facts import COLUMNS, said_by
from keji.modules.rnd.services.totals import items_of

SPENT = {name: column for name, column in COLUMNS.items() if name.startswith("rd_")}
State = RndStatement.State


@offers
def offered_by_filing(party: int, years: Sequence[int], on: date) -> Mapping[tuple[str, int], Offer]:
    """A year's statement where there is one, else the months of its projects once none of them is missing."""
    rows = RndStatement.objects.filter(party=party, year__in=years, state__in=[State.REPORTED, State.CONFIRMED])
    found = {}
    for statement in rows:
        source = f"来自{statement.year}年度研发情况（{statement.number}，{statement.get_state_display()}）"
        for name, value in said_by(statement).items():
            found[name, statement.year] = Offer(value, source, f"年度研发情况 {statement.number}")
    for year in years:
        if any((name, year) in found for name in SPENT):
            continue
        projects = list(RndProject.objects.filed().filter(party=party).running_in(year))
        if not projects or _missing(projects, year):
            continue
        items = items_of(SpendMonth.objects.of_year(year).filter(project__in=projects))
        told = f"{len(projects)} 个研发项目{year}年逐月支出"
        for name, column in SPENT.items():
            found[name, year] = Offer(int(to_decimal(getattr(items, column), 0)), f"来自{told}", told)
    return found


def _missing(projects: Sequence[RndProject], year: int) -> int:
    """How many months of the year are not filled in; a project closed early has none after its acceptance."""
    wanted = 0
    for project in projects:
        last = project.ends or f"{year}12"
        if project.state == RndProject.State.CLOSED and project.accepted_on:
            last = min(last, f"{project.accepted_on:%Y%m}")
        first, last = max(project.starts, f"{year}01"), min(last, f"{year}12")
        wanted += max(int(last) - int(first) + 1, 0)  # both of one year: months apart by their number
    return wanted - SpendMonth.objects.of_year(year).filter(project__in=projects).count()
