"""How sure is a place: the race run thousands of times over other defensible choices, in batches, deterministic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from keji.lib.race.run import Run
from keji.lib.race.scheme import Treatment


class Normalisation(StrEnum):
    """Ways of making points that are tried in place of one another."""

    DECLARED = "declared"
    MINMAX = "minmax"
    ZSCORE = "zscore"
    PERCENTILE = "percentile"


class Gaps(StrEnum):
    """What a missing figure may be taken for."""

    DECLARED = "declared"
    SHARED = "shared"
    MEAN = "mean"
    LOWEST = "lowest"
    DRAWN = "drawn"


@dataclass(frozen=True)
class Choices:
    """What varies. Each replicate takes one of each, all alike likely, and weights within ± `spread` of the scheme's.

    `aggregations`: "declared", "arithmetic", "geometric" (the latter two for every level). `treatments`: None stands
    for the scheme's own treatment.
    """

    spread: float = 0.25
    normalisations: tuple[Normalisation, ...] = (Normalisation.DECLARED, Normalisation.MINMAX, Normalisation.ZSCORE)
    aggregations: tuple[str, ...] = ("declared", "geometric")
    gaps: tuple[Gaps, ...] = tuple(Gaps)
    treatments: tuple[Treatment | None, ...] = (None,)


@dataclass(frozen=True)
class Spread:
    """How sure one unit's place is. `low`, `high`: 90 % of the replicates lie within (5 % below, 5 % above).

    `counts`: how often it came to each place, the first place first.
    """

    unit: str
    place: int
    median: int
    low: int
    high: int
    counts: tuple[int, ...]

    def at_most(self, place: int) -> float:
        """The share of replicates in which it came to `place` or better."""
        return sum(self.counts[:place]) / sum(self.counts)


@dataclass(frozen=True)
class Spreads:
    """What the replicates found.

    `units`: unit code → spread. `ahead`: (one, other) → share of replicates in which one has the higher total, for
    pairs of a group with one placed before the other (in large groups: those near each other). `alike`: runs of units
    of a group that cannot be told apart, best first, each unit in exactly one. `seed`, `count`: enough to repeat it.
    """

    units: Mapping[str, Spread]
    ahead: Mapping[tuple[str, str], float]
    alike: tuple[tuple[str, ...], ...]
    count: int
    seed: int


def replicate(run: Run, choices: Choices | None = None, *, count: int = 10_000, seed: int = 1) -> Spreads:
    """Run the race `count` times. The same run, choices, count and seed give the same result on any machine."""
    raise NotImplementedError
