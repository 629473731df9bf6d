"""The most a project's budget may set aside as indirect costs: a percentage by slices of what it is reckoned on.

Source: the reform of central research funding of 2021 reckons them on direct costs without the purchase of equipment,
by slices. The slices are the caller's dated data; a flat percentage of the whole is a different and wrong number.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

#: (upper edge of the slice in 元 or None for the last, per cent)
Slices = Sequence[tuple[int | None, int]]


def indirect_ceiling(direct: int, equipment: int, slices: Slices) -> int:
    """Most 元 of indirect costs for `direct` costs of which `equipment` is bought; a part of a 元 is cut off.

    ValueError for negative sums, more equipment than direct costs, or slices that are not rising and open at the end.
    """
    if direct < 0 or equipment < 0:
        raise ValueError("金额不能为负数")
    if equipment > direct:
        raise ValueError("设备费不能多于直接费用")
    edges = [edge for edge, _ in slices]
    closed = [edge for edge in edges[:-1] if edge is not None]
    if not slices or edges[-1] is not None or len(closed) != len(edges) - 1 or closed != sorted(set(closed)):
        raise ValueError("分档应从小到大，最后一档没有上限")
    base, below, total = direct - equipment, 0, Fraction(0)
    for edge, percent in slices:
        upper = base if edge is None else min(base, edge)
        total += Fraction(max(0, upper - below) * percent, 100)
        below = upper if edge is None else edge
    return total.numerator // total.denominator
