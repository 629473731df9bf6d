"""What may be chosen otherwise when a race is run again: the factors of the replicates and of the sensitivity."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from keji.lib.race.scheme import Aggregation, Scheme, Treatment


class Normalisation(StrEnum):
    """Ways of making points that are tried in place of one another."""

    DECLARED = "declared"
    MINMAX = "minmax"
    ZSCORE = "zscore"
    PERCENTILE = "percentile"


class Gaps(StrEnum):
    """What a missing figure may be taken for. DRAWN: in each replicate for the figure of some unit that filed one."""

    DECLARED = "declared"
    NOTHING = "nothing"
    SHARED = "shared"
    MEAN = "mean"
    LOWEST = "lowest"
    DRAWN = "drawn"


class Averages(StrEnum):
    """How the levels are put together: as declared, or all in one way."""

    DECLARED = "declared"
    ARITHMETIC = "arithmetic"
    GEOMETRIC = "geometric"


@dataclass(frozen=True)
class Choices:
    """What varies. Each replicate takes one of each, all alike likely, and weights within ± `spread` of the scheme's.

    `treatments`: None stands for the scheme's own treatment.
    """

    spread: float = 0.25
    normalisations: tuple[Normalisation, ...] = (Normalisation.DECLARED, Normalisation.MINMAX, Normalisation.ZSCORE)
    averages: tuple[Averages, ...] = (Averages.DECLARED, Averages.GEOMETRIC)
    gaps: tuple[Gaps, ...] = (Gaps.DECLARED, Gaps.SHARED, Gaps.MEAN, Gaps.LOWEST, Gaps.DRAWN)
    treatments: tuple[Treatment | None, ...] = (None,)

    def __post_init__(self) -> None:
        if not 0 <= self.spread < 1:
            raise ValueError("权重的浮动幅度应在 0 到 1 之间（不含 1）。")
        if not (self.normalisations and self.averages and self.gaps and self.treatments):
            raise ValueError("每一类选择至少要有一种。")


def usual(scheme: Scheme) -> Choices:
    """Every other defensible choice for this scheme, none of them twice: what is declared by all is not tried again."""
    ways = {i.function for i in scheme.indicators}
    other = (Normalisation.MINMAX, "MINMAX"), (Normalisation.ZSCORE, "ZSCORE")
    normalisations = (Normalisation.DECLARED, *(n for n, code in other if ways != {code}))
    geometric = all(level.aggregation is Aggregation.GEOMETRIC for level in scheme.root.levels())
    average = Averages.ARITHMETIC if geometric else Averages.GEOMETRIC
    return Choices(normalisations=normalisations, averages=(Averages.DECLARED, average))
