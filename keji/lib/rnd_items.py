"""R&D cost items as people enter them, and how each of the two totals comes about line by line.

Amounts in any one unit (元 here), in and out as exact fractions; nothing is rounded. What the law counts is said once,
in keji/lib/rnd_expense.py, and by which numbers in `Counting`; the lines here are found by asking it with some items
left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction

from keji.lib.figures import format_percent
from keji.lib.rnd_expense import Items, deduction_total, hnte_domestic, hnte_total

Amount = int | Decimal | Fraction

#: The eight items in the order of every form; item 7 is kept apart by where the money went.
LABELS: Mapping[str, str] = {
    "staff_cost": "人员人工费用",
    "direct_cost": "直接投入费用",
    "depreciation": "折旧费用与长期待摊费用",
    "amortisation": "无形资产摊销费用",
    "design_cost": "设计费用",
    "trial_cost": "装备调试费用与试验费用",
    "commissioned_home": "委托境内研究开发费用",
    "commissioned_abroad": "委托境外研究开发费用",
    "other_cost": "其他费用",
}
NAMES = tuple(LABELS)


@dataclass(frozen=True)
class CostItems:
    """The eight items as spent. `building_depreciation` is the part of `depreciation` that buildings in use cost.

    ValueError for a negative amount, or buildings that cost more than all depreciation; TypeError for a float.
    """

    staff_cost: Amount = 0
    direct_cost: Amount = 0
    depreciation: Amount = 0
    amortisation: Amount = 0
    design_cost: Amount = 0
    trial_cost: Amount = 0
    commissioned_home: Amount = 0
    commissioned_abroad: Amount = 0
    other_cost: Amount = 0
    building_depreciation: Amount = 0

    def __post_init__(self) -> None:
        for column in fields(self):
            value = getattr(self, column.name)
            if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction):
                raise TypeError(f"{column.name} must be exact, not {type(value).__name__}")
            if value < 0:
                raise ValueError(f"{LABELS.get(column.name, '其中：建筑物折旧')}不能为负，请核对")
        if self.building_depreciation > self.depreciation:
            raise ValueError("建筑物折旧大于折旧费用与长期待摊费用，请核对")

    @property
    def spent(self) -> Fraction:
        """Everything as paid, before any rule cuts it."""
        return sum((Fraction(getattr(self, name)) for name in NAMES), Fraction(0))

    @property
    def internal(self) -> Fraction:
        """Without what was paid to others for their research: 内部支出."""
        return self.spent - Fraction(self.commissioned_home) - Fraction(self.commissioned_abroad)

    def __add__(self, more: CostItems) -> CostItems:
        return add((self, more))


def add(parts: Iterable[CostItems]) -> CostItems:
    """The sum of several, item by item."""
    sums = {column.name: Fraction(0) for column in fields(CostItems)}
    for part in parts:
        for name in sums:
            sums[name] += Fraction(getattr(part, name))
    return CostItems(**sums)


@dataclass(frozen=True)
class Counting:
    """What of the items counts, as the dated numbers of one year say it.

    `commissioned`: part of commissioned research; `recognised_other`, `deducted_other`: cap of other costs as a share
    of the total that contains them; `abroad`: cap of research commissioned abroad, times what counts at home.
    """

    commissioned: Fraction
    recognised_other: Fraction
    deducted_other: Fraction
    abroad: Fraction


@dataclass(frozen=True)
class Total:
    """One total and how it came about. `lines`: (what, amount counted); `cut`: what was spent and does not count."""

    total: Fraction
    home: Fraction
    lines: tuple[tuple[str, Fraction], ...]
    cut: Fraction

    @property
    def home_share(self) -> Fraction | None:
        """The part spent at home; None where nothing was spent."""
        return self.home / self.total if self.total else None


def recognised(items: CostItems, by: Counting) -> Total:
    """高企口径, 国科发火〔2016〕195号 三(六). `home` leaves out what was commissioned abroad: the numerator of 60 %."""

    def total_of(*without: str) -> Fraction:
        return Fraction(hnte_total(_law(items, *without), by.commissioned, by.recognised_other))

    total, without_other = total_of(), total_of("other_cost")
    own = total_of("other_cost", "commissioned_home", "commissioned_abroad")
    home = total_of("other_cost", "commissioned_abroad") - own
    part = _percent(by.commissioned)
    lines = (
        ("内部六项（人员人工至装备调试与试验）", own),
        (f"委托境内研究开发（按{part}）", home),
        (f"委托境外研究开发（按{part}）", without_other - own - home),
        (f"其他费用（不超过总额的{_percent(by.recognised_other)}）", total - without_other),
    )
    at_home = hnte_domestic(_law(items), by.commissioned, by.recognised_other)
    return Total(total, at_home, lines, items.spent - total)


def deductible(items: CostItems, by: Counting) -> Total:
    """加计扣除口径, 财税〔2015〕119号 and after. `home`: what qualifies without what was commissioned abroad.

    Clinical trials and field tests of prospecting, which do qualify, are booked under 设计费用.
    """

    def total_of(*without: str) -> Fraction:
        return Fraction(deduction_total(_law(items, *without), by.commissioned, by.deducted_other, by.abroad))

    total, home = total_of(), total_of("commissioned_abroad")
    inside = total_of("commissioned_abroad", "commissioned_home")
    five = total_of("commissioned_abroad", "commissioned_home", "other_cost")
    part = _percent(by.commissioned)
    abroad = f"按{part}，不超过境内的{_share(by.abroad)}" if by.abroad else "当年不得加计扣除"
    lines = (
        ("五项费用（不含建筑物折旧、装备调试）", five),
        (f"其他相关费用（不超过{_percent(by.deducted_other)}）", inside - five),
        (f"委托境内研究开发（按{part}）", home - inside),
        (f"委托境外研究开发（{abroad}）", total - home),
    )
    return Total(total, home, lines, items.spent - total)


def _percent(share: Fraction) -> str:
    return format_percent(share, places=0 if (share * 100).denominator == 1 else 2)


def _share(share: Fraction) -> str:
    """2/3 as it is read, 三分之二; what is no third in per cent."""
    words = {Fraction(1, 3): "三分之一", Fraction(2, 3): "三分之二"}
    return words.get(share) or _percent(share)


def _law(items: CostItems, *without: str) -> Items:
    """The items under the names the law's formulas use, some of them left out."""
    return Items(
        *(Fraction(0) if name in without else Fraction(getattr(items, name)) for name in _IN_LAW),
    )


#: Our columns in the order of `Items`.
_IN_LAW = (
    *("staff_cost", "direct_cost", "depreciation", "building_depreciation", "amortisation", "design_cost"),
    *("trial_cost", "commissioned_home", "commissioned_abroad", "other_cost"),
)


def round_together(amounts: Sequence[Amount], unit: int) -> list[int]:
    """Each amount in whole units (千元: 1000) so that the parts sum to the rounded total, which is rounded half up.

    What the parts lack goes, one unit each, to the largest remainders, of equal ones to the first in the list.
    """
    exact = [Fraction(amount) / unit for amount in amounts]
    parts = [value.numerator // value.denominator for value in exact]
    whole = sum(exact, Fraction(0)) + Fraction(1, 2)
    short = whole.numerator // whole.denominator - sum(parts)
    by_rest = sorted(range(len(exact)), key=lambda place: (parts[place] - exact[place], place))
    for place in by_rest[:short]:
        parts[place] += 1
    return parts
