"""Who must be cleared: the predicate of 双清零 over the newest facts, with the sentence that explains it.

In scope: 规上工业, GB/T 4754 门类 C, last year's turnover at or above the line. Not clear: no R&D activity, or no
institute. The newest confirmed yearly statement decides; within the year, while it is not out, filed projects with
spending are taken as activity too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from keji.kernel.rules.models import parameter
from keji.lib.figures import format_number
from keji.modules.enterprises.api import EnterpriseProfile
from keji.modules.rnd.models import RndProject, RndStatement, SpendMonth, ZeroingCase

Reason = ZeroingCase.Reason


@dataclass(frozen=True)
class Lines:
    """The numbers of the predicate as they hold on a day."""

    revenue: Decimal
    above_scale: Decimal
    first_industry: int
    last_industry: int
    recognised_only: bool

    @classmethod
    def on(cls, day: date) -> Lines:
        return cls(
            parameter("rnd.zeroing.revenue_line", day),
            parameter("rnd.above_scale.revenue_line", day),
            int(parameter("rnd.zeroing.industry_first", day)),
            int(parameter("rnd.zeroing.industry_last", day)),
            parameter("rnd.zeroing.institute_means", day) == 2,
        )

    @property
    def institute_word(self) -> str:
        return "市级以上认定的研发机构" if self.recognised_only else "研发机构（107-2表期末机构数）"


@dataclass(frozen=True)
class Standing:
    """One firm in scope: is it active, has it an institute, and by what."""

    party: Any
    revenue: Decimal
    active: bool
    institute: bool
    basis: str
    newly: bool

    @property
    def reason(self) -> str:
        if not self.active and not self.institute:
            return str(Reason.BOTH)
        if not self.active:
            return str(Reason.NO_ACTIVITY)
        return "" if self.institute else str(Reason.NO_INSTITUTE)


def standings(on: date, lines: Lines | None = None, parties: Iterable[int] | None = None) -> dict[int, Standing]:
    """{firm: standing} of all firms in scope on a day. A handful of queries, however many firms there are."""
    lines = lines or Lines.on(on)
    base = RndStatement.objects.holding().filter(year=on.year - 1, revenue__gte=lines.revenue)
    if parties is not None:
        base = base.filter(party__in=list(parties))
    rows = [r for r in base.select_related("party") if in_industry(r, lines)]
    keys = [r.party_id for r in rows]
    small = _not_above_scale(keys)
    rows = [r for r in rows if above_scale(r, lines, r.party_id in small)]
    before = _revenues(keys, on.year - 2)
    this_year = {r.party_id: r for r in _in(RndStatement.objects.holding().filter(year=on.year), keys)}
    proxies = filed_activity(keys, on.year)
    return {
        r.party_id: _standing(r, this_year.get(r.party_id), proxies.get(r.party_id), before.get(r.party_id), lines)
        for r in rows
    }


def in_industry(statement: RndStatement, lines: Lines) -> bool:
    code = statement.industry_code or statement.party.industry_code
    digits = code.lstrip("ABCDEFGHIJKLMNOPQRST")[:2]
    return digits.isdecimal() and lines.first_industry <= int(digits) <= lines.last_industry


def above_scale(statement: RndStatement, lines: Lines, said_no: bool) -> bool:
    """What the statement says; else main turnover against the line; else the firm's file; a firm this large is, if
    nobody says otherwise."""
    if statement.above_scale is not None:
        return statement.above_scale
    if statement.main_revenue is not None:
        return statement.main_revenue >= lines.above_scale
    return not said_no


def _not_above_scale(keys: list[int]) -> set[int]:
    rows = _in(EnterpriseProfile.objects.filter(above_scale=False), keys)
    return {row.party_id for row in rows}


def _revenues(keys: list[int], year: int) -> dict[int, Decimal]:
    rows = _in(RndStatement.objects.holding().filter(year=year, revenue__isnull=False), keys)
    return {row.party_id: row.revenue for row in rows}


def _in(rows: Any, keys: list[int]) -> list[Any]:
    found: list[Any] = []
    for start in range(0, len(keys), 500):
        found += rows.filter(party_id__in=keys[start : start + 500])
    return found


def filed_activity(keys: list[int], year: int) -> dict[int, tuple[int, Decimal, str]]:
    """{firm: (filed projects running in a year, what they spent so far, number of the first)}."""
    found: dict[int, tuple[int, Decimal, str]] = {}
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        projects = RndProject.objects.filed().running_in(year).filter(party_id__in=part, noted_on__isnull=False)
        spent = dict(
            SpendMonth.objects.filter(Q(project__in=projects.values("pk")), year=year)
            .order_by()
            .values_list("project__party_id")
            .annotate(Sum("total"))
        )
        for party, number in projects.order_by("-pk").values_list("party_id", "number"):
            count = found[party][0] + 1 if party in found else 1
            found[party] = (count, spent.get(party) or Decimal(0), number)
    return found


def _standing(
    base: RndStatement,
    newest: RndStatement | None,
    filed: tuple[int, Decimal, str] | None,
    before: Decimal | None,
    lines: Lines,
) -> Standing:
    deciding = newest or base
    words = []
    active = bool(deciding.active)
    if deciding.active is not None:
        words.append(f"{deciding.year}年度研发情况：{'有' if active else '无'}研发活动")
    else:
        words.append(f"{deciding.year}年度研发情况没有填研发项目数或研发费用")
    if newest is None and not active and filed and filed[1] > 0:
        active = True
        words.append(
            f"本年已备案研发项目 {filed[0]} 项、已填支出 {format_number(filed[1], '元', places=0)}（年报未出，暂按备案记录）"
        )
    elif newest is None and not active:
        words.append("本年备案记录中没有已备案并填报支出的项目")
    count = deciding.recognised_institutes if lines.recognised_only else deciding.institutes
    known = "未填" if count is None else f"{count} 个"
    words.append(f"{deciding.year}年末{lines.institute_word}{known}")
    newly = before is not None and before < lines.revenue
    return Standing(base.party, base.revenue or Decimal(0), active, bool(count), "；".join(words), newly)


def still_in_scope(case: ZeroingCase) -> str:
    """Why a case may not leave: "" when the newest facts no longer put its firm in scope."""
    from keji.kernel import clock

    if case.party_id in standings(clock.today(), parties=[case.party_id]):
        return "按最近一期已确认的年度研发情况，这家企业仍在范围内，不能退出"
    return ""
