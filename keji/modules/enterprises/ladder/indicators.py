"""应评尽评 and 达标尽报 as numbers: shares that are counted, and the firms that are left."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import QuerySet

from keji.kernel import clock
from keji.kernel.indicators.indicator import Counted, Kind, indicator
from keji.kernel.parties.models import Region
from keji.lib.figures import Period
from keji.modules.enterprises.ladder import due


class LeftToClear(Counted):
    """Base: firms that could apply, hold no title, have not applied and have no accepted reason."""

    kind = Kind.STOCK
    unit = "家"
    higher_is_better = False
    rung: ClassVar[str]

    def records(self, period: Period) -> QuerySet[Any]:
        return due.left(self.rung, min(period.end, clock.today()))

    def figures(self, period: Period) -> dict[str, Decimal]:
        counted = due.left_counts(self.rung, min(period.end, clock.today()))
        return {region: Decimal(n) for region, n in counted.items()}


class CoveredShare(LeftToClear):
    """Base: of the firms that could apply, how many per cent are cleared. Its list shows those that are not."""

    unit = "%"
    places = 2
    higher_is_better = True
    adds_up = False

    def figures(self, period: Period) -> dict[str, Decimal]:
        """{region: per cent}, the city's own among them; regions with nobody who could apply are left out."""
        return shares(self.rung, min(period.end, clock.today()))

    def amounts(self, period: Period, members: dict[str, list[int]]) -> dict[str, Decimal]:
        return self.figures(period)


def shares(rung: str, on: date) -> dict[str, Decimal]:
    total, left = dict(due.could_apply(rung)), dict(due.left_counts(rung, on))
    city = Region.objects.filter(level=Region.Level.CITY).values_list("pk", flat=True).first() or ""
    total[city], left[city] = sum(total.values()), sum(left.values())
    # Down, never up: 99.996 per cent is not everybody.
    return {
        place: (Decimal((n - left.get(place, 0)) * 100) / n).quantize(Decimal("0.01"), "ROUND_DOWN")
        for place, n in total.items()
        if n
    }


@indicator
class TechSmeLeft(LeftToClear):
    """按现有资料达到科技型中小企业评价条件、今年没有入库编号、没有申报、也没有经认可的不申报说明的企业数；
    以最近一次评判为准，不能追溯以前月份。"""

    code, name, rung = "tech_sme_left", "科技型中小企业应评未评企业数", "tech_sme"
    list_url = "/enterprises/ladder/due?rung=tech_sme"


@indicator
class HnteLeft(LeftToClear):
    """按现有资料达到高新技术企业认定条件（含需专家评审）、没有有效证书、今年没有申报、也没有经认可的不申报说明的企业数；
    以最近一次评判为准，不能追溯以前月份。"""

    code, name, rung = "hnte_left", "高新技术企业达标未报企业数", "hnte"
    list_url = "/enterprises/ladder/due?rung=hnte"


@indicator
class TechSmeCovered(CoveredShare):
    """达到科技型中小企业评价条件的企业中，已入库、已申报或已说明原因并经认可的占比（%），只舍不入；
    以最近一次评判为准，明细为尚未清零的企业。"""

    code, name, rung = "tech_sme_covered", "科技型中小企业应评尽评率", "tech_sme"
    list_url = "/enterprises/ladder/due?rung=tech_sme"


@indicator
class HnteCovered(CoveredShare):
    """达到高新技术企业认定条件（含需专家评审）的企业中，已持证、已申报或已说明原因并经认可的占比（%），只舍不入；
    以最近一次评判为准，明细为尚未清零的企业。"""

    code, name, rung = "hnte_covered", "高新技术企业达标尽报率", "hnte"
    list_url = "/enterprises/ladder/due?rung=hnte"
