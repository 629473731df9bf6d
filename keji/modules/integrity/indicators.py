"""The numbers this module feeds. Each docstring is the 口径 shown to users."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from keji.kernel.indicators.indicator import Counted, Kind, indicator
from keji.lib.figures import Period
from keji.modules.integrity.models import Activity, Case


def within(period: Period) -> tuple[date, date]:
    return date(period.end.year, 1, 1), period.end


class CaseCount(Counted):
    """Base: cases of the year, all counted at the city. Their list shows each reader only what they may see."""

    kind, unit = Kind.FLOW, "件"
    owner = "规划与监督科"
    frozen_monthly = False


@indicator
class CasesAccepted(CaseCount):
    """本年1月1日至统计期末立案调查的科研诚信案件数，按立案日期计；不予受理、转送的不计。"""

    code, name = "integrity_accepted", "科研诚信立案数"
    aliases = ("科研诚信案件立案", "科研失信案件")
    higher_is_better = False

    def records(self, period: Period) -> QuerySet[Any]:
        return Case.objects.filter(accepted_on__range=within(period))


@indicator
class CasesClosed(CaseCount):
    """本年1月1日至统计期末结案的科研诚信案件数，按结案日期计；只计立案以后结案的。"""

    code, name = "integrity_closed", "科研诚信案件办结数"
    aliases = ("科研诚信案件结案", "科研诚信案件办结")

    def records(self, period: Period) -> QuerySet[Any]:
        return Case.objects.filter(accepted_on__isnull=False, closed_on__range=within(period))


@indicator
class Activities(Counted):
    """本年1月1日至统计期末举办、已经确认的科研诚信宣传教育活动场次，按举办日期和所在县区计。"""

    code, name, unit = "integrity_activities", "科研诚信宣传教育活动", "场"
    kind = Kind.FLOW
    owner = "规划与监督科"
    aliases = ("科研诚信宣讲", "科研诚信教育活动", "诚信宣传教育")
    list_url = "/d/integrity-activities/?state=confirmed"

    def records(self, period: Period) -> QuerySet[Any]:
        return Activity.objects.held(*within(period))


@indicator
class PeopleReached(Activities):
    """本年1月1日至统计期末已经确认的科研诚信宣传教育活动的参加人数之和；一人参加多场的重复计。"""

    code, name, unit = "integrity_people", "科研诚信宣传教育覆盖人次", "人次"
    aliases = ("科研诚信教育覆盖人次", "诚信教育人次", "诚信宣传人次")
    amount = "people"
