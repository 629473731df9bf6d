"""What is due when, and who has not done it: months of spending, yearly statements, projects of firms in scope."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q

from keji.kernel.people.roles import Actor
from keji.kernel.rules.models import parameter
from keji.lib.figures import Period, plain_date
from keji.modules.rnd.models import RndProject, RndStatement, SpendMonth
from keji.modules.rnd.services.scope import all_standings

#: States in which a project's months are kept: once filed, until it is closed or withdrawn.
KEPT = ("filed", "returned", "checked", "noted", "revising")


@dataclass(frozen=True)
class Due:
    """One thing to do by a day. `done` of `of`: how much of it is there."""

    title: str
    by: date
    done: int
    of: int
    url: str = ""

    @property
    def open(self) -> bool:
        return self.done < self.of

    def tone(self, on: date) -> str:
        return "green" if not self.open else "red" if self.by < on else "amber"

    def words(self, on: date) -> str:
        if not self.open:
            return "已完成"
        days = (self.by - on).days
        return f"已过期 {-days} 天" if days < 0 else "今天到期" if days == 0 else f"还有 {days} 天"


def month_due(on: date) -> tuple[Period, date]:
    """The newest month that has ended, and the day by which its spending is filled in."""
    day = int(parameter("rnd.due.month_day", on))
    return Period.of(on).previous(), _in_month(on.year, on.month, day)


def _day(year: int, packed: int) -> date:
    """A day of a year from month × 100 + day, as the parameter has it."""
    return _in_month(year, packed // 100, packed % 100)


def _in_month(year: int, month: int, day: int) -> date:
    """That day, or the month's last one where the month is shorter: a wrong number must not close a page."""
    month = min(max(month, 1), 12)
    return date(year, month, min(max(day, 1), monthrange(year, month)[1]))


def kept_in(period: Period) -> Any:
    """Projects whose spending of a month is waited for."""
    key = f"{period.year}{period.number:02d}"
    return RndProject.objects.filter(state__in=KEPT, starts__lte=key).filter(Q(ends="") | Q(ends__gte=key))


def months_of(party: Any, year: int, last: int, day: int) -> list[Due]:
    """A firm's months of a year up to `last`: each that waits for spending, with how much of it is there."""
    rows = SpendMonth.objects.filter(project__party=party, project__state__in=KEPT, year=year, month__lte=last)
    there = set(rows.values_list("project_id", "month"))
    kept = list(RndProject.objects.filter(party=party, state__in=KEPT).values_list("pk", "starts", "ends"))
    found = []
    for period in (Period.month(year, number) for number in range(1, last + 1)):
        key = f"{year}{period.number:02d}"
        waited = [pk for pk, starts, ends in kept if starts <= key and (not ends or ends >= key)]  # as kept_in has it
        done = sum((pk, period.number) in there for pk in waited)
        after = Period.of(period.end + timedelta(days=1))
        by = _in_month(after.year, after.number, day)
        found.append(Due(f"{period.label}研发支出", by, done, len(waited), f"/rnd/mine?month={period}"))
    return found


def dues_of(party: Any, on: date) -> list[Due]:
    """A firm's own calendar: earlier months of the year still open, the newest month, the yearly statements."""
    month, by = month_due(on)
    *earlier, newest = months_of(party, month.year, month.number, by.day)
    found = [*(due for due in earlier if due.open), newest]
    for year in (on.year - 1, on.year):
        day = _day(year + 1, int(parameter("rnd.due.statement_firm", on)))
        has = RndStatement.objects.filter(party=party, year=year).exclude(state__in=["void", "returned"]).exists()
        active = RndProject.objects.filed().filter(party=party).running_in(year).exists()
        if active or (has and year == on.year):
            found.append(Due(f"{year}年度研发情况（107-1、107-2表）", day, int(has), 1, f"/rnd/year/{year}"))
    return [due for due in found if due.of]


def year_table(on: date) -> list[tuple[str, str]]:
    """What a year asks of a firm, in order: (by when, what)."""
    firm = _day(on.year + 1, int(parameter("rnd.due.statement_firm", on)))
    city = _day(on.year + 1, int(parameter("rnd.due.statement_city", on)))
    day = int(parameter("rnd.due.month_day", on))
    return [
        ("立项后随时", "登记研发项目并报送备案"),
        (f"每月 {day} 日前", "填上月研发支出"),
        ("12月31日前", "补齐本年人员、工作时间和政府资金，核对辅助账"),
        (plain_date(firm), "报送年度研发情况（107-1、107-2表）"),
        (plain_date(city), "市级审核结束"),
        (f"{on.year + 1}年5月31日", "企业所得税汇算清缴，享受研发费用加计扣除（留存备查资料）"),
    ]


def unfiled_months(actor: Actor, on: date) -> list[dict[str, Any]]:
    """Firms with projects whose newest month is missing: {party, region, missing, of}, most missing first."""
    month, _ = month_due(on)
    waited = kept_in(month).visible_to(actor)
    there = SpendMonth.objects.filter(year=month.year, month=month.number)
    counts = waited.order_by().values("party_id", "party__name", "party__uscc", "region__name", "region_id")
    counts = counts.annotate(of=Count("pk"), there=Count("pk", filter=Q(pk__in=there.values("project_id"))))
    rows = [{**row, "missing": row["of"] - row["there"]} for row in counts if row["there"] < row["of"]]
    return sorted(rows, key=lambda row: (-row["missing"], row["party_id"]))


def firms_without_projects(actor: Actor, on: date) -> list[Any]:
    """Firms in scope that filed no project running this year, the largest first."""
    now = all_standings(on)
    have = set(
        RndProject.objects.filed().running_in(on.year).filter(party_id__in=list(now)).values_list("party_id", flat=True)
    )
    regions = actor.regions
    from keji.kernel.people.roles import BUREAU, Role

    everything = actor.has(*BUREAU, Role.INSPECTOR)
    rows = [s for key, s in now.items() if key not in have and (everything or s.party.region_id in regions)]
    return sorted(rows, key=lambda s: (-s.revenue, s.party.pk))
