"""Two totals from the same R&D cost items: what recognition counts and what the tax deduction counts.

Amounts in any one unit (元 here), in and out as exact fractions; nothing is rounded. Recognition: 国科发火〔2016〕195号 三(六).
Deduction: 财税〔2015〕119号, 总局公告2021年第28号 (other costs), 财税〔2018〕64号 (research commissioned abroad).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction

Amount = int | Decimal | Fraction

#: Of what is paid for research by others this part counts.
COMMISSIONED = Fraction(4, 5)
#: 其他费用 ≤ 20 % of the total that contains them: a quarter of all the rest.
HNTE_OTHER = Fraction(1, 4)
#: 其他相关费用 ≤ 10 % of five items and themselves: a ninth of the five.
DEDUCTION_OTHER = Fraction(1, 9)
#: What is commissioned abroad counts up to this part of what qualifies at home.
OVERSEAS = Fraction(2, 3)

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
class Items:
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

    def __add__(self, more: Items) -> Items:
        return add((self, more))


def add(parts: Iterable[Items]) -> Items:
    """The sum of several, item by item."""
    sums = {column.name: Fraction(0) for column in fields(Items)}
    for part in parts:
        for name in sums:
            sums[name] += Fraction(getattr(part, name))
    return Items(**sums)


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


def recognised(items: Items) -> Total:
    """高企口径: all eight items, buildings included; commissioned × 80 %; other ≤ a quarter of the rest.

    `home` leaves out what was commissioned abroad: the numerator of the 60 % condition.
    """
    own = sum((Fraction(getattr(items, name)) for name in NAMES[:6]), Fraction(0))
    home, abroad = COMMISSIONED * Fraction(items.commissioned_home), COMMISSIONED * Fraction(items.commissioned_abroad)
    base = own + home + abroad
    other = min(Fraction(items.other_cost), HNTE_OTHER * base)
    total = base + other
    lines = (
        ("内部六项（人员人工至装备调试与试验）", own),
        ("委托境内研究开发（按80%）", home),
        ("委托境外研究开发（按80%）", abroad),
        ("其他费用（不超过总额的20%）", other),
    )
    return Total(total, total - abroad, lines, items.spent - total)


def deductible(items: Items) -> Total:
    """加计扣除口径: five items without buildings and without 装备调试; other ≤ a ninth of them; commissioned × 80 %;
    abroad ≤ two thirds of what qualifies at home.

    Clinical trials and field tests of prospecting, which do qualify, are booked under 设计费用.
    """
    five = sum((Fraction(getattr(items, name)) for name in NAMES[:5]), Fraction(0))
    five -= Fraction(items.building_depreciation)
    other = min(Fraction(items.other_cost), DEDUCTION_OTHER * five)
    commissioned = COMMISSIONED * Fraction(items.commissioned_home)
    home = five + other + commissioned
    abroad = min(COMMISSIONED * Fraction(items.commissioned_abroad), OVERSEAS * home)
    total = home + abroad
    lines = (
        ("五项费用（不含建筑物折旧、装备调试）", five),
        ("其他相关费用（不超过10%）", other),
        ("委托境内研究开发（按80%）", commissioned),
        ("委托境外研究开发（按80%，不超过境内的三分之二）", abroad),
    )
    return Total(total, home, lines, items.spent - total)


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
