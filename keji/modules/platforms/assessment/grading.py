"""From the experts' marks to a grade, exactly: nothing is rounded before it is compared, nothing is dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

#: item → (weight, full points, what each expert gave)
Marks = Mapping[str, tuple[Decimal, int, Sequence[Decimal]]]
#: (grade, lowest score of it)
Bands = Sequence[tuple[str, Decimal]]


def total(marks: Marks) -> Fraction:
    """The weighted sum of the mean marks, out of the sum of the weights. ValueError where an item has no mark."""
    found = Fraction(0)
    for item, (weight, full, points) in marks.items():
        if not points:
            raise ValueError(f"{item} has no mark")
        mean = sum((Fraction(p) for p in points), Fraction(0)) / len(points)
        found += Fraction(weight) * mean / full
    return found


def grade(score: Fraction, bands: Bands) -> str:
    """The highest band the score reaches; its edge belongs to it. ValueError when the bands leave the score out."""
    for name, at_least in sorted(bands, key=lambda band: band[1], reverse=True):
        if score >= Fraction(at_least):
            return name
    raise ValueError(f"no band reaches down to {score}")


def shown(score: Fraction, places: int = 4) -> Decimal:
    """For columns and papers: half up, decided on the exact fraction."""
    step = Decimal(1).scaleb(-places)
    tens = 10**places
    whole, rest = divmod(score.numerator * tens, score.denominator)
    if 2 * rest >= score.denominator:
        whole += 1
    return (Decimal(whole) * step).quantize(step, ROUND_HALF_UP)
