"""What a panel's points come to: highest and lowest dropped from a size on, the mean exact, outliers named.

Source: the usual practice of panel reviews (drop one highest and one lowest at five or more, look at whoever is far
from the median). Both numbers are the caller's, who has them as dated data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

Points = int | Decimal | Fraction


@dataclass(frozen=True)
class PanelScore:
    """The exact score; places in the given order of whoever was dropped, and of whoever is far from the median."""

    score: Fraction
    mean: Fraction
    median: Fraction
    dropped: tuple[int, ...]
    flagged: tuple[int, ...]


def panel_score(points: Sequence[Points], *, drop_from: int = 5, deviation: Points | None = None) -> PanelScore:
    """Score of one subject from its panel's totals.

    `drop_from`: from how many on one highest and one lowest are left out (at least 3, so that something stays);
    `deviation`: flag whoever is more than this away from the median; exactly this far is not flagged.
    ValueError for an empty panel or a `drop_from` below 3.
    """
    if not points:
        raise ValueError("没有评分，不能计算")
    if drop_from < 3:
        raise ValueError("至少三位专家才能去掉最高分和最低分")
    exact = [Fraction(p) for p in points]
    order = sorted(range(len(exact)), key=lambda i: (exact[i], i))
    dropped = (order[0], order[-1]) if len(exact) >= drop_from else ()
    kept = [exact[i] for i in order if i not in dropped]
    middle, odd = divmod(len(order), 2)
    median = exact[order[middle]] if odd else (exact[order[middle - 1]] + exact[order[middle]]) / 2
    flagged: tuple[int, ...] = ()
    if deviation is not None:
        flagged = tuple(i for i, p in enumerate(exact) if abs(p - median) > Fraction(deviation))
    return PanelScore(
        score=sum(kept, Fraction(0)) / len(kept),
        mean=sum(exact, Fraction(0)) / len(exact),
        median=median,
        dropped=tuple(sorted(dropped)),
        flagged=flagged,
    )


def shown(score: Fraction, places: int = 2) -> Decimal:
    """The score as it is printed, half up; never used to compare."""
    step = 10**places
    twice = 2 * score * step
    rounded = (twice.numerator // twice.denominator + 1) // 2
    return (Decimal(rounded) / step).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def places(scores: Sequence[Fraction]) -> list[int]:
    """Place of each score from the best on; equal scores share a place and the next one is skipped (1, 2, 2, 4)."""
    best = sorted(scores, reverse=True)
    first = {score: place for place, score in reversed(list(enumerate(best, 1)))}
    return [first[score] for score in scores]
