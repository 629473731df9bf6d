"""The numbers of the register. Each docstring is the 口径 shown to users."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Case, Count, IntegerField, QuerySet, Subquery, Value, When

from keji.kernel.indicators.indicator import Counted, Kind, indicator
from keji.kernel.rules.models import ParameterValue
from keji.lib.figures import Period
from keji.modules.platforms.models import Platform

RANKS = {"national": 1, "provincial": 2, "city": 3, "county": 4}
#: Incubators and makerspaces have targets of their own and are not counted a second time.
APART = ("incubator", "makerspace")
COUNTED_LEVEL = "platform.counted_level"


def levels_from(rank: int) -> list[str]:
    """Levels at least as high as a rank: 2 gives national and provincial."""
    return [level for level, own in RANKS.items() if own <= rank]


class PlatformFlow(Counted):
    """Base of the yearly flows: recognised from 1 January to the end of the period."""

    kind = Kind.FLOW
    unit = "家"

    def chosen(self, rows: QuerySet[Any], period: Period) -> QuerySet[Any]:
        raise NotImplementedError

    def records(self, period: Period) -> QuerySet[Any]:
        year = (date(period.end.year, 1, 1), period.end)
        standing = Platform.objects.standing_on(period.end).filter(recognised_on__range=year)
        return self.chosen(standing, period)

    def why_entered(self, ids: Iterable[int], period: Period) -> dict[int, str]:
        rows = Platform.objects.filter(pk__in=list(ids)).values_list("pk", "recognised_on")
        return {pk: "新增" if on >= period.start else "迟报" for pk, on in rows}

    def why_left(self, ids: Iterable[int], period: Period) -> dict[int, str]:
        found = dict.fromkeys(ids, "更正")
        for row in Platform.objects.filter(pk__in=list(found)):
            if row.state == Platform.State.WITHDRAWN:
                found[row.pk] = "撤销"
            elif row.recognised_on.year < period.end.year:
                found[row.pk] = "跨年"
        return found


class PlatformStock(Counted):
    """Base of the stocks: standing at the end of the period."""

    kind = Kind.STOCK
    unit = "家"

    def chosen(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows

    def records(self, period: Period) -> QuerySet[Any]:
        return self.chosen(Platform.objects.standing_on(period.end))

    def why_entered(self, ids: Iterable[int], period: Period) -> dict[int, str]:
        rows = Platform.objects.filter(pk__in=list(ids)).values_list("pk", "recognised_on")
        return {pk: "新增" if on >= period.start else "迟报" for pk, on in rows}

    def why_left(self, ids: Iterable[int], period: Period) -> dict[int, str]:
        found = dict.fromkeys(ids, "更正")
        for row in Platform.objects.filter(pk__in=list(found)):
            if row.state == Platform.State.WITHDRAWN:
                found[row.pk] = "撤销"
            elif row.valid_until and row.valid_until < period.end:
                found[row.pk] = "到期"
        return found

    def lapsing(self, period: Period, until: date) -> dict[str, int]:
        rows = self.records(period).filter(valid_until__lt=until).order_by().values_list("region_id")
        return dict(rows.annotate(Count("pk")))


@indicator
class PlatformNew(PlatformFlow):
    """本年1月1日至统计期末新认定（备案）、未被撤销的科创平台数，含重点实验室、技术创新中心、新型研发机构、企业研发中心、产业创新研究院等，
    不含孵化器和众创空间；默认只计省级及以上（最低级别由参数“计入新增科创平台的最低级别”确定，待核）；由低级别升为高级别的计为新增。"""

    code, name = "platform_new", "新增科技创新平台"
    aliases = (
        *("新增科创平台", "新增各类科创平台", "科技创新平台", "科创平台", "新增创新平台", "新认定科技创新平台"),
        "新增各类科技创新平台",
    )
    list_url = "/platforms/standing?new=1"

    def chosen(self, rows: QuerySet[Any], period: Period) -> QuerySet[Any]:
        ranks = [When(level=level, then=Value(rank)) for level, rank in RANKS.items()]
        lowest = ParameterValue.objects.filter(
            name=COUNTED_LEVEL, from_on__lte=period.end, state=ParameterValue.State.IN_FORCE
        ).order_by("-from_on")
        ranked = rows.exclude(kind__in=APART).alias(rank=Case(*ranks, output_field=IntegerField()))
        return ranked.filter(rank__lte=Subquery(lowest.values("value")[:1]))


@indicator
class ProvincialIncubatorNew(PlatformFlow):
    """本年1月1日至统计期末新认定、未被撤销的省级及以上科技企业孵化器数，不含众创空间。"""

    code, name = "provincial_incubator_new", "新增省级科技企业孵化器"
    aliases = (
        *("省科技企业孵化器", "新增省科技企业孵化器", "省级孵化器", "新增省级孵化器", "省级科技企业孵化器"),
        "新增科技企业孵化器",
    )
    list_url = "/d/platforms/?kind=incubator&level=provincial"

    def chosen(self, rows: QuerySet[Any], period: Period) -> QuerySet[Any]:
        return rows.filter(kind="incubator", level__in=levels_from(2))


@indicator
class PlatformTotal(PlatformStock):
    """统计期末在册（已确认、在有效期内、未被撤销）的各类各级科创平台总数，含孵化器和众创空间；同一平台在不同级别分别认定的，各计一家。"""

    code, name = "platform_stock", "科创平台总数"
    aliases = ("科技创新平台总数", "各类科创平台总数", "科创平台数")
    list_url = "/platforms/standing"


@indicator
class ProvincialPlatformTotal(PlatformStock):
    """统计期末在册的省级及以上科创平台数，含孵化器和众创空间。"""

    code, name = "provincial_platform_stock", "省级以上科创平台总数"
    aliases = ("省级以上科技创新平台", "省级及以上科创平台", "省级科创平台总数")
    list_url = "/d/platforms/?level=provincial&state=confirmed"

    def chosen(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(level__in=levels_from(2))


@indicator
class CityCentreTotal(PlatformStock):
    """统计期末在册的市级企业研发中心数，以局印发的认定名单和县区填报、业务科室确认的记录为准。"""

    code, name = "city_rnd_centre_stock", "市级企业研发中心总数"
    aliases = ("市级企业研发中心", "市企业研发中心数")
    list_url = "/d/platforms/?kind=enterprise_rnd_centre&level=city&state=confirmed"

    def chosen(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(kind="enterprise_rnd_centre", level="city")
