"""Ways to find weights, each with a sentence that explains it. Weights are exact decimals that add up to one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

Table = Sequence[Sequence[Fraction | float | int]]


@dataclass(frozen=True)
class Weighing:
    """`weights`: code → share, adding up to exactly 1. `warnings`: why they should not be used as they are."""

    method: str
    weights: Mapping[str, Decimal]
    sentence: str
    warnings: tuple[str, ...] = ()


def equal(codes: Sequence[str]) -> Weighing:
    raise NotImplementedError


def budget(ballots: Mapping[str, Mapping[str, Fraction]]) -> Weighing:
    """Budget allocation. `ballots`: judge → code → points, each judge's points adding up to the same sum."""
    raise NotImplementedError


def ahp(codes: Sequence[str], compared: Mapping[tuple[str, str], Fraction]) -> Weighing:
    """Analytic hierarchy process. `compared`: (one, other) → how many times more important one is, each pair once."""
    raise NotImplementedError


def entropy(codes: Sequence[str], points: Table) -> Weighing:
    """Entropy weights. `points`: units × indicators, none below zero."""
    raise NotImplementedError


def critic(codes: Sequence[str], points: Table) -> Weighing:
    """CRITIC (Diakoulaki et al. 1995): spread times disagreement with the others. `points`: units × indicators."""
    raise NotImplementedError


def pca(codes: Sequence[str], points: Table) -> Weighing:
    """Principal components: squared loadings weighted by explained variance (Nicoletti et al. 2000)."""
    raise NotImplementedError


@dataclass(frozen=True)
class BestCase:
    """Benefit of the doubt for one unit: its score (1: nobody beats it) under the weights that suit it best."""

    unit: int
    score: float
    shares: Mapping[str, float]


def benefit_of_doubt(
    codes: Sequence[str], points: Table, *, least: float = 0.0, most: float = 1.0
) -> tuple[BestCase, ...]:
    """Each unit's best case (Cherchye et al. 2007); each indicator's share of the score within [least, most]."""
    raise NotImplementedError
