"""Formulas several rungs share."""

from __future__ import annotations

from keji.lib.rnd_expense import Items
from keji.lib.rules.formula import Formula
from keji.lib.rules.law import Names


def items(f: Names, back: int) -> Items:
    """The R&D cost items `back` years before the year of the case."""
    names = (
        *("rd_staff_cost", "rd_materials", "rd_depreciation", "rd_building_depreciation", "rd_amortisation"),
        *("rd_design", "rd_commissioning", "rd_outsourced", "rd_outsourced_abroad", "rd_other"),
    )
    return Items(*(f.back(name, back) for name in names))


def net_assets(f: Names, back: int) -> Formula:
    return f.back("assets", back) - f.back("liabilities", back)
