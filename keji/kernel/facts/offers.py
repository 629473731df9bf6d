"""What other registers could say of a unit's year: shown with its source, stated once somebody agrees."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple


class Offer(NamedTuple):
    """`value` in the fact's smallest step; `source` begins with 来自; `evidence` as a statement keeps it."""

    value: int
    source: str
    evidence: str


Place = tuple[str, int]  # fact, year
#: (unit, years, today) → {(fact, year): offer}; what is left out cannot be offered.
Offerer = Callable[[int, Sequence[int], date], Mapping[Place, Offer]]
_offerers: list[Offerer] = []


def offers(offerer: Offerer) -> Offerer:
    """Mark what offers annual facts from records. An offer never holds by itself: records may be unfinished."""
    _offerers.append(offerer)
    return offerer


def offered(party: int, years: Iterable[int], on: date) -> dict[Place, Offer]:
    """All that is offered of one unit for these years; where two registers offer the same, the first one's."""
    wanted, found = sorted({year for year in years if year}), dict[Place, Offer]()
    for offerer in _offerers if wanted else ():
        for place, offer in offerer(party, wanted, on).items():
            found.setdefault(place, offer)
    return found
