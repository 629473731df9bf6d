"""Sums over projects: by year, by the two calibers, by firm. The only place that adds up this module's own items."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Sum

from keji.kernel.rules.models import ParameterValue, parameter
from keji.lib.rnd_items import CostItems, Counting, Total, deductible, recognised
from keji.modules.enterprises.api import Certification
from keji.modules.rnd.models import RndProject, SpendMonth
from keji.modules.rnd.models.project import AMOUNTS

#: GB/T 4754 大类 without super-deduction: 烟草、批发零售、住宿餐饮、房地产、租赁和商务服务、娱乐.
EXCLUDED = ("16", "51", "52", "61", "62", "70", "71", "72", "90")


def items_of(rows: Any) -> CostItems:
    """The items of some months, summed by the database."""
    sums = rows.order_by().aggregate(**{f"sum_{name}": Sum(name) for name in AMOUNTS})
    return CostItems(**{name: sums[f"sum_{name}"] or Decimal(0) for name in AMOUNTS})


def items_by_project(projects: Iterable[int], year: int) -> dict[int, CostItems]:
    """{project: items of a year}, in one query a batch; projects without a month are left out."""
    wanted, found = sorted(projects), {}
    for start in range(0, len(wanted), 500):
        rows = SpendMonth.objects.filter(project_id__in=wanted[start : start + 500], year=year).order_by()
        for row in rows.values("project_id").annotate(**{f"sum_{name}": Sum(name) for name in AMOUNTS}):
            found[row["project_id"]] = CostItems(**{name: row[f"sum_{name}"] or Decimal(0) for name in AMOUNTS})
    return found


def items_of_party(party: Any, year: int) -> CostItems:
    """Everything a firm's filed projects spent in a year."""
    return items_of(SpendMonth.objects.of_year(year).filter(project__party=party))


def counting(year: int) -> Counting | None:
    """What counts in a year, by the dated numbers in force on its last day: the same ones recognition is judged by.

    None for a year that has no such numbers: its totals are not guessed.
    """
    on = date(year, 12, 31)
    names = ("rnd.outsourced_counted", "hnte.other_share", "deduction.other_share", "deduction.abroad_thirds")
    try:
        commissioned, recognised_other, deducted_other, thirds = (Fraction(parameter(name, on)) for name in names)
    except LookupError:
        return None
    return Counting(commissioned, recognised_other, deducted_other, thirds / 3)


def both(items: CostItems, year: int) -> tuple[Total, Total] | None:
    """(高企口径, 加计扣除口径) of the same items of a year; None where `counting` is."""
    by = counting(year)
    return None if by is None else (recognised(items, by), deductible(items, by))


def super_deduction(party: Any, year: int) -> tuple[Fraction | None, str]:
    """(ratio by which what qualifies is deducted once more, whose ratio and by which document).

    None for an industry that is excluded. Where several apply the highest counts; 集成电路、工业母机 is not known here.
    """
    on = date(year, 12, 31)
    if division(party.industry_code) in EXCLUDED:
        return None, "所属行业不适用研发费用加计扣除"
    kinds = ["general"]
    if is_manufacturing(party.industry_code):
        kinds.append("manufacturing")
    if Certification.objects.filter(party=party, kind="tech_sme", year=year, state="confirmed").exists():
        kinds.append("tech_sme")
    rows = ParameterValue.objects.filter(
        name__in=[f"rnd.super_deduction.{kind}" for kind in kinds], from_on__lte=on, state="in_force"
    ).order_by("-from_on")
    newest: dict[str, ParameterValue] = {}
    for row in rows:
        newest.setdefault(row.name, row)
    if not newest:
        return None, f"{year}年度没有登记加计扣除比例"
    best = max(newest.values(), key=lambda row: row.value)
    sure = "" if best.certain else "，待核"
    return Fraction(best.value) / 100, f"{best.label}（{best.cites}{sure}）"


def division(code: str) -> str:
    """The two digits of 大类, whether or not the letter of 门类 stands before them."""
    return code.lstrip("ABCDEFGHIJKLMNOPQRST")[:2]


def is_manufacturing(code: str) -> bool:
    digits = division(code)
    return digits.isdecimal() and 13 <= int(digits) <= 43


def spent_by_project(projects: Iterable[RndProject], year: int) -> dict[int, tuple[Fraction | None, str]]:
    """{project: (internal spending of a year, where it comes from)}: the months, else the ledger's yearly total.

    (None, "") where neither is known.
    """
    listed = list(projects)
    months = items_by_project([p.pk for p in listed], year)
    from keji.modules.rnd.models import ProjectYear

    ledgers = dict(
        ProjectYear.objects.filter(project__in=[p.pk for p in listed], year=year).values_list(
            "project_id", "ledger_total"
        )
    )
    found: dict[int, tuple[Fraction | None, str]] = {}
    for project in listed:
        ledger = ledgers.get(project.pk)
        if project.pk in months:
            found[project.pk] = (months[project.pk].internal, "逐月支出")
        elif ledger is not None:
            found[project.pk] = (Fraction(ledger), "辅助账合计")
        else:
            found[project.pk] = (None, "")
    return found
