"""Which choice moves the places most: Sobol indices over all choices at once, and one weight at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keji.lib.race.replicates import Choices
from keji.lib.race.run import Run


@dataclass(frozen=True)
class Indices:
    """`first`: share of the variance a factor explains alone; `total`: with all its interactions. By factor."""

    first: Mapping[str, float]
    total: Mapping[str, float]


@dataclass(frozen=True)
class OneAtATime:
    """One indicator's weight changed by `change` (0.25: a quarter more), or the indicator left out (-1).

    `shift`: mean places a unit moves; `moved`: units whose place changes.
    """

    indicator: str
    change: float
    shift: float
    moved: tuple[str, ...]


@dataclass(frozen=True)
class Sensitivity:
    """`sentence`: what to tell a reader, in Chinese."""

    indices: Indices
    one_at_a_time: tuple[OneAtATime, ...]
    sentence: str


def sobol(model: Callable[[Any], Any], factors: Sequence[str], *, points: int = 1024, seed: int = 1) -> Indices:
    """First-order (Saltelli 2010) and total (Jansen 1999) indices of a model.

    `model`: array (n, factors) of values in [0, 1) → array (n,). Called once, with points × (factors + 2) rows.
    """
    raise NotImplementedError


def sensitivity(run: Run, choices: Choices | None = None, *, points: int = 1024, seed: int = 1) -> Sensitivity:
    """What moves the places of this run: mean absolute shift of places against those of the run."""
    raise NotImplementedError
