"""Formulas several rungs share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from keji.lib.rnd_expense import Items
from keji.lib.rules.formula import Constant, Formula, Share, yuan
from keji.lib.rules.law import Clause, Names, no, yes

Number = Callable[[str], Fraction]


def items(f: Names, back: int) -> Items:
    """The R&D cost items `back` years before the year of the case."""
    names = (
        *("rd_staff_cost", "rd_materials", "rd_depreciation", "rd_building_depreciation", "rd_amortisation"),
        *("rd_design", "rd_commissioning", "rd_outsourced", "rd_outsourced_abroad", "rd_other"),
    )
    return Items(*(f.back(name, back) for name in names))


def spent(f: Names, back: int) -> Formula:
    """研发费用 as it was spent, nothing capped: what 优质中小企业 rules compare (口径待核)."""
    i = items(f, back)
    own: Formula = i.staff + i.materials + i.depreciation + i.amortisation + i.design + i.commissioning
    return own + i.outsourced + i.outsourced_abroad + i.other


def net_assets(f: Names, back: int) -> Formula:
    return f.back("assets", back) - f.back("liabilities", back)


def growth_of(later: Formula, earlier: Formula) -> Formula:
    """later / earlier − 1; does not exist where there was nothing before."""
    return Share(later, earlier) - 1


def average_growth(values: list[Formula]) -> Formula:
    """The mean of two years' growth; the earliest first."""
    first, second, third = values
    return (Share(second, first) + Share(third, second)) * Fraction(1, 2) - 1


def debt_share(f: Names) -> Share:
    return Share(f.last("liabilities"), f.last("assets"))


def main_share(f: Names) -> Share:
    return Share(f.last("main_revenue"), f.last("revenue"))


def percent(n: Number, name: str) -> Fraction:
    """A dated number that is kept in per cent."""
    return n(name) / 100


def wan(n: Number, name: str) -> Constant:
    """A dated number that is kept in 万元."""
    return yuan(n(name))


def sound_sme(f: Names, cites: str) -> Iterator[Clause]:
    """What every 优质中小企业 must be before anything is scored."""
    yield yes(f.now("resident"), cites=cites)
    yield yes(f.now("sme_scale"), cites=cites)
    for name in ("restricted", "listed_abnormal", "serious_incident_3y"):
        yield no(f.now(name), cites=cites)
