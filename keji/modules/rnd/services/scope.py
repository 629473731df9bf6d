"""Who must be cleared: the predicate of 双清零 over the newest facts, with the sentence that explains it.

In scope: 规上工业, GB/T 4754 门类 C, last year's turnover at or above the line. Not clear: no R&D activity, or no
institute. The newest confirmed yearly statement decides; while a year's is not out, filed projects with spending in
that year are taken as activity too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from keji.kernel.audit.unchanged import while_unchanged
from keji.kernel.rules.models import parameter
from keji.lib.figures import format_number
from keji.modules.enterprises.api import EnterpriseProfile
from keji.modules.rnd.models import RndProject, RndStatement, SpendMonth, ZeroingCase
from keji.modules.rnd.services.totals import division

Reason = ZeroingCase.Reason
#: What the predicate reads of a statement that has sixty columns.
JUDGED_BY = (
    *("year", "revenue", "main_revenue", "industry_code", "above_scale", "project_count", "rnd_expense"),
    *("institutes", "recognised_institutes"),
    *("party__uscc", "party__name", "party__industry_code", "party__region"),
)


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
    over = RndStatement.objects.holding().filter(year__in=(on.year - 1, on.year - 2), revenue__gte=lines.revenue)
    if parties is not None:
        over = over.filter(party__in=list(parties))
    keys = sorted(set(over.values_list("party_id", flat=True)))
    known: dict[int, dict[int, RndStatement]] = {}
    recent = RndStatement.objects.holding().filter(year__range=(on.year - 3, on.year))
    recent = recent.select_related("party").only(*JUDGED_BY)
    for row in _in(recent, keys):
        known.setdefault(row.party_id, {})[row.year] = row
    small = set(_in(EnterpriseProfile.objects.filter(above_scale=False).values_list("party_id", flat=True), keys))
    proxies = {year: filed_activity(keys, year) for year in (on.year, on.year - 1)}
    found = {}
    for key in keys:
        base = newest_revenue(known[key], on.year)
        inside = base.revenue >= lines.revenue and in_industry(base, lines) and above_scale(base, lines, key in small)
        if inside:
            filed = {year: p[key] for year, p in proxies.items() if key in p}
            found[key] = _standing(base, known[key], filed, on.year, lines)
    return found


@while_unchanged(8)
def all_standings(on: date) -> Mapping[int, Standing]:
    """The same for every firm, remembered while nothing changes: boards ask again and again."""
    return standings(on)


def newest_revenue(known: dict[int, RndStatement], year: int) -> Any:
    """The statement whose turnover puts a firm in scope: last year's, or the one before while that is not out."""
    return next(known[y] for y in (year - 1, year - 2) if y in known and known[y].revenue is not None)


def in_industry(statement: RndStatement, lines: Lines) -> bool:
    code = statement.industry_code or statement.party.industry_code
    digits = division(code)
    return digits.isdecimal() and lines.first_industry <= int(digits) <= lines.last_industry


def above_scale(statement: RndStatement, lines: Lines, said_no: bool) -> bool:
    """What the statement says; else main turnover against the line; else the firm's file; a firm this large is, if
    nobody says otherwise."""
    if statement.above_scale is not None:
        return statement.above_scale
    if statement.main_revenue is not None:
        return statement.main_revenue >= lines.above_scale
    return not said_no


def _in(rows: Any, keys: list[int]) -> list[Any]:
    found: list[Any] = []
    for start in range(0, len(keys), 500):
        found += rows.filter(party_id__in=keys[start : start + 500])
    return found


def filed_activity(keys: list[int], year: int) -> dict[int, Filed]:
    """{firm: (filed projects running in a year, what they spent so far, number of the first)}."""
    found: dict[int, Filed] = {}
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


Filed = tuple[int, Decimal, str]


def _standing(
    base: RndStatement, known: dict[int, RndStatement], filed: dict[int, Filed], year: int, lines: Lines
) -> Standing:
    deciding = known.get(year) or known[max(y for y in known if y <= max(base.year, year - 1))]
    words = [_said_of(deciding)]
    active = bool(deciding.active)
    later = [y for y in sorted(filed, reverse=True) if y > deciding.year and filed[y][1] > 0]
    if later and not active:
        count, spent, _ = filed[later[0]]
        active = True
        words.append(
            f"{later[0]}年已备案研发项目 {count} 项、已填支出 {format_number(spent, '元', places=0)}"
            "（年报未出，暂按备案记录）"
        )
    elif not active and deciding.year < year:
        words.append("此后的备案记录中没有已备案并填报支出的项目")
    count_of = deciding.recognised_institutes if lines.recognised_only else deciding.institutes
    words.append(f"{deciding.year}年末{lines.institute_word}{'未填' if count_of is None else f'{count_of} 个'}")
    before = known.get(base.year - 1)
    newly = before is not None and before.revenue is not None and before.revenue < lines.revenue
    return Standing(base.party, base.revenue or Decimal(0), active, bool(count_of), "；".join(words), newly)


def _said_of(statement: RndStatement) -> str:
    if statement.active is None:
        return f"{statement.year}年度研发情况没有填全研发项目数和研发费用，不能说明有研发活动"
    return f"{statement.year}年度研发情况：{'有' if statement.active else '无'}研发活动"


def still_in_scope(case: ZeroingCase) -> str:
    """Why a case may not leave: "" when the newest facts no longer put its firm in scope."""
    from keji.kernel import clock

    if case.party_id in standings(clock.today(), parties=[case.party_id]):
        return "按最近一期已确认的年度研发情况，这家企业仍在范围内，不能退出"
    return ""
