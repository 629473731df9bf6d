"""What an expert is paid for a review, exact, from the rates in force."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction


def fee(days: Decimal, rate: int, *, half_percent: int, later_percent: int) -> Fraction:
    """元 after tax for `days` (whole and half days) at `rate` 元 a day.

    The first two days at the full rate, from the third on at `later_percent` of it; half a day at `half_percent` of
    what its day would be. Source: 专家咨询费管理办法, percentages are dated numbers.
    """
    if days <= 0 or (days * 2) % 1:
        raise ValueError("评审天数按半天计，应大于 0")
    total, whole = Fraction(0), int(days)
    for day in range(1, whole + 1):
        total += Fraction(rate) * (100 if day <= 2 else later_percent) / 100
    if days % 1:
        total += Fraction(rate) * (100 if whole < 2 else later_percent) / 100 * half_percent / 100
    return total
