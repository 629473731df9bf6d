"""What chance gives, exactly: two experts on one panel by the published lottery, and so many hits in so many draws.

Odds of one draw say nothing of another: every draw has a seed of its own. So how often something happens over several
draws is a sum of independent yes-or-no events of unequal chances (Poisson's binomial distribution), worked out here in
whole numbers. For a lottery of equally likely panels of k among n the chance of a pair is the hypergeometric
k(k−1)/n(n−1); for a lottery with quotas only the published panels know it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fractions import Fraction
from itertools import combinations

from keji.lib.draw.frozen import Frozen

Pair = tuple[str, str]


def joint_odds(frozen: Frozen, wanted: Collection[Pair]) -> dict[Pair, Fraction]:
    """Pair of ids (ascending) → the exact chance that both are drawn; only those of `wanted` that can be."""
    asked = set(wanted)
    concerned = {name for pair in asked for name in pair}
    names = {i: e.id for i, e in enumerate(frozen.pool.experts) if e.id in concerned}
    balls: dict[Pair, int] = {}
    for panel, weight in zip(frozen.panels, frozen.weights, strict=True):
        inside = sorted(names[i] for i in panel if i in names)
        for pair in combinations(inside, 2):
            if pair in asked:
                balls[pair] = balls.get(pair, 0) + weight
    return {pair: Fraction(n, frozen.balls) for pair, n in balls.items()}


def at_least(chances: Iterable[Fraction], times: int) -> Fraction:
    """The exact chance that at least `times` of these independent events happen."""
    below = [1] + [0] * max(0, times - 1)  # how likely 0, 1 … times−1 of those looked at, over a common denominator
    if times <= 0:
        return Fraction(1)
    whole = 1
    for chance in chances:
        yes, no = chance.numerator, chance.denominator - chance.numerator
        below = [below[j] * no + (below[j - 1] * yes if j else 0) for j in range(times)]
        whole *= chance.denominator
    return 1 - Fraction(sum(below), whole)
