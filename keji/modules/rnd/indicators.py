"""The numbers this module feeds. Each docstring is the 口径 shown to users."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from keji.kernel.indicators.indicator import Counted, Kind, indicator
from keji.lib.figures import Period
from keji.modules.rnd.models import RndProject, ZeroingCase


@indicator
class ZeroingLeft(Counted):
    """统计期末仍未清零的亿元以上规上制造业企业数：上年营业收入达到标准、行业属制造业的规上企业中，无研发活动或无研发机构且尚未经两人
    办理确认清零的。年报未出时，以本年已备案并填报支出的研发项目作为有研发活动的依据；为零即清零。收入标准和研发机构的认定口径待市局核定。"""

    code, name, unit = "rnd_zeroing_left", "未清零亿元规上制造业企业", "家"
    kind = Kind.STOCK
    higher_is_better = False
    aliases = ("亿元以上规上制造业企业无研发活动和研发机构", "无研发活动和研发机构", "双清零", "研发活动清零")
    list_url = "/d/rnd-cases/"

    def records(self, period: Period) -> QuerySet[Any]:
        return ZeroingCase.objects.open_on(period.end)

    def why_entered(self, ids: Iterable[int], period: Period) -> dict[int, str]:
        rows = ZeroingCase.objects.filter(pk__in=list(ids))
        return {r.pk: "新进入范围" if r.newly else "新增" for r in rows}

    def why_left(self, ids: Iterable[int], period: Period) -> dict[int, str]:
        words = {ZeroingCase.State.CLEARED: "清零", ZeroingCase.State.LEFT: "退出范围"}
        rows = ZeroingCase.objects.filter(pk__in=list(ids))
        return {r.pk: words.get(r.state, "更正") for r in rows}  # type: ignore[call-overload]


@indicator
class ProjectsFiled(Counted):
    """本年1月1日至统计期末首次报送备案且未撤销的企业研发项目数，按首次报送日期计；一个项目只计一次，变更不重复计。"""

    code, name, unit = "rnd_projects_filed", "新备案企业研发项目", "项"
    kind = Kind.FLOW
    aliases = ("研发项目备案", "企业研发项目备案数", "备案研发项目")
    list_url = "/d/rnd-projects/"

    def records(self, period: Period) -> QuerySet[Any]:
        filed = (date(period.end.year, 1, 1), period.end)
        return RndProject.objects.filed().filter(filed_on__range=filed)

    def why_left(self, ids: Iterable[int], period: Period) -> dict[int, str]:
        rows = RndProject.objects.filter(pk__in=list(ids))
        return {r.pk: "撤销" if r.state == RndProject.State.WITHDRAWN else "跨年" for r in rows}
