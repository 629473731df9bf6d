"""The numbers this module feeds. Each docstring is the 口径 shown to users."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from keji.kernel.clock import day_of
from keji.kernel.indicators.indicator import Counted, Kind, indicator
from keji.kernel.parties.models import Region
from keji.lib.figures import Period
from keji.modules.projects.models import HigherProject, Project, YearReport
from keji.modules.projects.numbers import months_later, number
from keji.modules.projects.running.services.reports import due_on


class HigherWon(Counted):
    """Base: higher-level projects won from 1 January to the end of the period, confirmed."""

    kind = Kind.FLOW
    list_url = "/d/higher-projects/?state=confirmed"

    def records(self, period: Period) -> QuerySet[Any]:
        span = (date(period.end.year, 1, 1), period.end)
        return HigherProject.objects.filter(state="confirmed", won_on__range=span)

    def why_entered(self, ids: Iterable[int], period: Period) -> dict[int, str]:
        rows = HigherProject.objects.filter(pk__in=list(ids))
        return {row.pk: "新增" if row.won_on >= period.start else self._late(row, period) for row in rows}

    def _late(self, row: HigherProject, period: Period) -> str:
        return "更正" if row.confirmed_at and day_of(row.confirmed_at) < period.start else "迟报"

    def why_left(self, ids: Iterable[int], period: Period) -> dict[int, str]:
        rows = HigherProject.objects.filter(pk__in=list(ids))
        return {row.pk: "跨年" if row.won_on.year < period.end.year else "更正" for row in rows}


@indicator
class HigherProjects(HigherWon):
    """本年1月1日至统计期末立项的国家级、省级科技计划项目数，由本市单位牵头承担，按立项日期计，以另一人确认的记录为准；
    撤销、作废的不计，一个项目编号只计一次。"""

    code, name, unit = "higher_projects", "省级以上科技计划项目", "项"
    aliases = ("省级以上项目", "省级以上计划项目", "获批省级以上科技计划项目", "承担省级以上科技计划项目")


@indicator
class HigherFunding(HigherWon):
    """本年1月1日至统计期末立项的国家级、省级科技计划项目获得的上级资助合计（元），按立项文件核定数，不是到账数。"""

    code, name, unit, amount = "higher_funding", "省级以上科技计划项目资助", "元", "grant"
    aliases = ("省级以上项目资金", "争取上级科技项目资金")


class OnTimeShare(Counted):
    """Base: of what was due this year, how many per cent came in time. Cut down, never rounded up."""

    kind = Kind.STOCK
    unit = "%"
    places = 2
    adds_up = False
    region = "project__region_id"

    def due(self, period: Period) -> Iterable[tuple[str, bool]]:
        """(region, whether in time) of everything that was due by the end of the period."""
        raise NotImplementedError

    def figures(self, period: Period) -> dict[str, Decimal]:
        city = Region.objects.filter(level=Region.Level.CITY).values_list("pk", flat=True).first() or ""
        total: dict[str, int] = {}
        good: dict[str, int] = {}
        for region, in_time in self.due(period):
            for place in (region, city):
                total[place] = total.get(place, 0) + 1
                good[place] = good.get(place, 0) + in_time
        return {
            place: (Decimal(good[place] * 100) / n).quantize(Decimal("0.01"), "ROUND_DOWN")
            for place, n in total.items()
        }

    def amounts(self, period: Period, members: dict[str, list[int]]) -> dict[str, Decimal]:
        return self.figures(period)


#: Waived projects never ran; what was ended early owes nothing more.
RAN = Q(signed_on__isnull=False) & ~Q(state__in=("waived", "terminated", "revoked"))


@indicator
class ReportsOnTime(OnTimeShare):
    """本年度应报的年度执行报告中，在截止日前报送的占比（%），只舍不入；任务书下半年签订的自次年起应报；
    登记入系统前已到期的不计；截止日未到时，只统计上一年度应报的报告。明细为已报送的报告。"""

    code, name = "project_reports_on_time", "项目年度执行报告按期报送率"
    list_url = "/projects/due?show=late"

    def records(self, period: Period) -> QuerySet[Any]:
        return YearReport.objects.filter(year=self._year(period), reported_at__date__lte=period.end)

    def _year(self, period: Period) -> int:
        return period.year if due_on(period.year) <= period.end else period.year - 1

    def due(self, period: Period) -> Iterable[tuple[str, bool]]:
        year = self._year(period)
        last = due_on(year)
        came = dict(self.records(period).values_list("project_id", "reported_at"))
        rows = Project.objects.filter(RAN, ends_on__year__gte=year, signed_on__year__lte=year)
        rows = rows.exclude(signed_on__year=year, signed_on__month__gt=6)
        for row in rows.filter(created_at__date__lte=last):  # what was due before it came in here is nobody's delay
            at = came.get(row.pk)
            yield row.region_id, at is not None and day_of(at) <= last


@indicator
class AcceptanceOnTime(OnTimeShare):
    """验收申请期限在本年内、已到期的项目中，在期限内申请验收的占比（%），只舍不入；期限从执行期满起算，批准延期的按延期后计算；
    登记入系统前已到期的不计。明细为到期的项目。"""

    code, name = "project_acceptance_on_time", "项目按期验收率"
    region = "region_id"
    list_url = "/projects/due?show=late"

    def records(self, period: Period) -> QuerySet[Any]:
        months = number("acceptance_months", period.end)
        first, last = (months_later(day, -months) for day in (date(period.end.year, 1, 1), period.end))
        return Project.objects.filter(RAN, ends_on__range=(first, last))

    def due(self, period: Period) -> Iterable[tuple[str, bool]]:
        months = number("acceptance_months", period.end)
        for row in self.records(period).prefetch_related("acceptances"):
            first = min((a.applied_at for a in row.acceptances.all()), default=None)
            last = months_later(row.ends_on, months)
            if day_of(row.created_at) <= last:
                yield row.region_id, first is not None and day_of(first) <= last
