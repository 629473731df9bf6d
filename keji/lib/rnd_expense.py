"""Two R&D totals from the same items: 高新技术企业口径 and 加计扣除口径. Exact; plain numbers or formulas alike.

No number of the law stands here: who asks brings the dated ones of the day. `counted` is the part of commissioned
research that counts, `other` the cap of other costs as a share of the total that contains them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from keji.lib.rules.formula import least


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


def hnte_total(i: Items, counted: Fraction, other: Fraction) -> Any:
    """国科发火〔2016〕195号: other costs count up to a share of the total (20% is a quarter of everything else)."""
    base = _own(i) + (i.outsourced + i.outsourced_abroad) * counted
    return base + least(i.other, base * (other / (1 - other)))


def hnte_domestic(i: Items, counted: Fraction, other: Fraction) -> Any:
    """What of `hnte_total` was spent in the country: all but what was commissioned abroad."""
    return hnte_total(i, counted, other) - i.outsourced_abroad * counted


def _own(i: Items) -> Any:
    return i.staff + i.materials + i.depreciation + i.amortisation + i.design + i.commissioning


def deduction_total(i: Items, counted: Fraction, other: Fraction, abroad: Fraction) -> Any:
    """财税〔2015〕119号 and after: other costs up to a share of the five items and themselves; research commissioned
    abroad up to `abroad` × what counts at home (财税〔2018〕64号). Neither buildings nor 装备调试 count here."""
    five = i.staff + i.materials + (i.depreciation - i.building) + i.amortisation + i.design
    home = five + least(i.other, five * (other / (1 - other))) + i.outsourced * counted
    return home + least(i.outsourced_abroad * counted, home * abroad)
