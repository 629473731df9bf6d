"""Two R&D totals from the same items: 高新技术企业口径 and 加计扣除口径. Exact; plain numbers or formulas alike."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from keji.lib.rules.formula import least

COUNTED_OF_OUTSOURCED = Fraction(4, 5)  # 委托外部研究开发费用按实际发生额的80%计


@dataclass(frozen=True)
class Items:
    """The cost items of one year, as they were spent; `building` is part of `depreciation`."""

    staff: Any
    materials: Any
    depreciation: Any
    building: Any
    amortisation: Any
    design: Any
    commissioning: Any
    outsourced: Any
    outsourced_abroad: Any
    other: Any


def hnte_total(i: Items) -> Any:
    """国科发火〔2016〕195号: other costs count up to 20% of the total, that is a quarter of everything else."""
    base = _own(i) + (i.outsourced + i.outsourced_abroad) * COUNTED_OF_OUTSOURCED
    return base + least(i.other, base * Fraction(1, 4))


def hnte_domestic(i: Items) -> Any:
    """What of `hnte_total` was spent in the country: all but what was commissioned abroad."""
    return hnte_total(i) - i.outsourced_abroad * COUNTED_OF_OUTSOURCED


def _own(i: Items) -> Any:
    return i.staff + i.materials + i.depreciation + i.amortisation + i.design + i.commissioning


def deduction_total(i: Items) -> Any:
    """财税〔2015〕119号 and after: other costs up to 10% of the total of the five items and themselves; abroad up to
    two thirds of what counts at home. Neither buildings nor 装备调试 count here."""
    five = i.staff + i.materials + (i.depreciation - i.building) + i.amortisation + i.design
    home = five + least(i.other, five * Fraction(1, 9)) + i.outsourced * COUNTED_OF_OUTSOURCED
    return home + least(i.outsourced_abroad * COUNTED_OF_OUTSOURCED, home * Fraction(2, 3))
