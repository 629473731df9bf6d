"""Outliers before scoring: values are drawn in, or logarithms taken, while a sample is both skewed and peaked.

The steps are those published with the ASEM example (COINr, W. Becker): draw in the outermost values one by one while
|skewness| and kurtosis both exceed their limits, at most so many; if that does not help, take the values as they were
and use logarithms. Skewness and kurtosis are the sample's adjusted ones (G1, G2), compared as exact squares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction

from keji.lib.race.scheme import Treatment

LOG_PLACES = 40
_CONTEXT = Context(prec=60)


@dataclass(frozen=True)
class Treated:
    """`values` in the order given, None where there was none; `said`: what was done, "" for nothing."""

    values: tuple[Fraction | None, ...]
    said: str = ""


def moments(values: Sequence[Fraction]) -> tuple[Fraction, int, Fraction] | None:
    """(skewness squared, its sign, excess kurtosis), exactly; None for fewer than 4 values or equal ones."""
    n = len(values)
    if n < 4:
        return None
    mean = sum(values, Fraction(0)) / n
    away = [v - mean for v in values]
    m2, m3, m4 = (sum((a**k for a in away), Fraction(0)) / n for k in (2, 3, 4))
    if not m2:
        return None
    skew = m3**2 / m2**3 * Fraction(n * (n - 1), (n - 2) ** 2)
    kurtosis = Fraction(n - 1, (n - 2) * (n - 3)) * ((n + 1) * (m4 / m2**2 - 3) + 6)
    return skew, (m3 > 0) - (m3 < 0), kurtosis


def outlying(values: Sequence[Fraction], by: Treatment) -> int:
    """1 or -1: the side with outliers; 0 when the sample passes."""
    found = moments(values)
    if found is None:
        return 0
    skew, side, kurtosis = found
    return side if skew > by.skew**2 and kurtosis > by.kurtosis else 0


def treat(values: Sequence[Fraction | None], by: Treatment) -> Treated:
    """The values with outliers drawn in, or their logarithms. Missing values stay missing and do not count."""
    known = [v for v in values if v is not None]
    side = outlying(known, by)
    if not side:
        return Treated(tuple(values))
    drawn, count = _drawn_in(known, by)
    if not outlying(drawn, by):
        places = iter(drawn)
        word = f"{count} 个极端值按次极端值计（{'偏大' if side > 0 else '偏小'}）"
        return Treated(tuple(None if v is None else next(places) for v in values), word)
    if by.log:
        logs = _logarithms(known, side)
        places = iter(logs)
        return Treated(tuple(None if v is None else next(places) for v in values), "分布过偏，取对数后计分")
    return Treated(tuple(values), "分布过偏，未能处理，请核对极端值")


def _drawn_in(known: Sequence[Fraction], by: Treatment) -> tuple[list[Fraction], int]:
    """Values after at most `most` steps, each taking the outermost value to the next one; and how many were moved."""
    drawn, moved = list(known), set[int]()
    for _ in range(by.most):
        side = outlying(drawn, by)
        if not side:
            break
        edge = max(drawn) if side > 0 else min(drawn)
        inner = [v for v in drawn if v != edge]
        nearest = max(inner) if side > 0 else min(inner)
        for i, v in enumerate(drawn):
            if v == edge:
                drawn[i] = nearest
                moved.add(i)
    return drawn, len(moved)


def _logarithms(known: Sequence[Fraction], side: int) -> list[Fraction]:
    """log(x − min + a hundredth of the range), mirrored for a long tail below; to LOG_PLACES decimals."""
    low, high = min(known), max(known)
    little = (high - low) / 100
    found = []
    for v in known:
        x = (v - low if side > 0 else high - v) + little
        log = _CONTEXT.ln(_CONTEXT.divide(Decimal(x.numerator), Decimal(x.denominator)))
        fixed = Fraction(log.quantize(Decimal(1).scaleb(-LOG_PLACES), context=_CONTEXT))
        found.append(fixed if side > 0 else -fixed)
    return found
