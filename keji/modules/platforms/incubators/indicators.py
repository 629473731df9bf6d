"""The numbers incubation feeds. Each docstring is the 口径 shown to users."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from keji.kernel.clock import day_of
from keji.kernel.indicators.indicator import Counted, Kind, indicator
from keji.lib.figures import Period
from keji.modules.platforms.models import Platform, Tenant


def in_incubators() -> Any:
    return Tenant.objects.filter(incubator__kind=Platform.Kind.INCUBATOR, firm__isnull=False)


@indicator
class IncubatedStock(Counted):
    """统计期末在科技企业孵化器内、经县区或业务科室确认、且在孵化时限内的已注册企业数；尚未注册的团队、众创空间内的企业、
    超过孵化时限未毕业也未退出的企业不计。毕业或退出之日起不再计入。"""

    code, name, unit, kind = "incubated_stock", "在孵企业数", "家", Kind.STOCK
    aliases = ("孵化器在孵企业数", "在孵企业", "在孵科技企业数")
    list_url = "/d/tenants/?state=incubating"

    def records(self, period: Period) -> QuerySet[Any]:
        return in_incubators().incubated_on(period.end)

    def why_entered(self, ids: Iterable[int], period: Period) -> dict[int, str]:
        return _why_entered(ids, period, "entered_on")

    def why_left(self, ids: Iterable[int], period: Period) -> dict[int, str]:
        found = dict.fromkeys(ids, "更正")
        for row in Tenant.objects.filter(pk__in=list(found)):
            if row.left_on and row.left_on <= period.end:
                found[row.pk] = row.get_leaving_display()
            elif row.state in Tenant.COUNTED and row.due_on < period.end:
                found[row.pk] = "到期"
        return found

    def lapsing(self, period: Period, until: date) -> dict[str, int]:
        rows = self.records(period).filter(due_on__lt=until).order_by().values_list("region_id").annotate(Count("pk"))
        return {region: n for region, n in rows if n}


@indicator
class GraduatedFlow(Counted):
    """本年1月1日至统计期末从科技企业孵化器毕业、经县区或业务科室确认的企业数，按毕业日期计；
    毕业须满足四项条件之一（高新技术企业、投资超过500万元、连续两年营业收入累计超过1000万元、被兼并收购或挂牌上市）。"""

    code, name, unit, kind = "graduated_flow", "当年毕业在孵企业", "家", Kind.FLOW
    list_url = "/d/tenants/?state=graduated"

    def records(self, period: Period) -> QuerySet[Any]:
        since = date(period.end.year, 1, 1)
        return in_incubators().graduated_by(period.end).filter(left_on__gte=since)

    def why_entered(self, ids: Iterable[int], period: Period) -> dict[int, str]:
        return _why_entered(ids, period, "left_on")

    def why_left(self, ids: Iterable[int], period: Period) -> dict[int, str]:
        found = dict.fromkeys(ids, "更正")
        for row in Tenant.objects.filter(pk__in=list(found)):
            if row.left_on and row.left_on.year < period.end.year:
                found[row.pk] = "跨年"
        return found


def _why_entered(ids: Iterable[int], period: Period, day: str) -> dict[int, str]:
    """新增 when it happened in the period, else 迟报 when it was told late, else 更正."""
    found = {}
    for row in Tenant.objects.filter(pk__in=list(ids)):
        if getattr(row, day) >= period.start:
            found[row.pk] = "新增"
        else:
            late = row.state_since is not None and day_of(row.state_since) >= period.start
            found[row.pk] = "迟报" if late else "更正"
    return found
