"""Frequency and company over time, from opened draws only: who sits together, who comes when whom asks.

Counts stand beside what chance would give: the odds every draw published before it was drawn.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from keji.modules.experts.models import Draw, Expert, PoolEntry, Seat

SHOWN = 30


@dataclass(frozen=True)
class Pair:
    """Two experts on the same panel `times` times; `expected` if seats had been independent, exact."""

    first: Expert
    second: Expert
    times: int
    expected: Fraction
    draws: tuple[Draw, ...]


@dataclass(frozen=True)
class Asked:
    """An expert on panels one officer asked for: how often, and how often the odds would have had it."""

    officer: str
    expert: Expert
    times: int
    expected: Fraction
    draws: tuple[Draw, ...]


@dataclass(frozen=True)
class Patterns:
    draws: int
    cancelled: int
    pairs: list[Pair]
    asked: list[Asked]
    declines: list[tuple[Expert, int, int]]  # expert, declined, asked


def patterns(year: int | None = None) -> Patterns:
    """Everything opened, or what was reviewed in one year."""
    shown = Draw.objects.filter(state__in=[Draw.State.OPENED, Draw.State.CLOSED])
    if year:
        shown = shown.filter(review_on__year=year)
    draws = {d.pk: d for d in shown.select_related("requested_by", "frozen")}
    seats = list(Seat.objects.filter(draw__in=draws).select_related("expert__person").order_by("draw", "expert"))
    experts = {s.expert_id: s.expert for s in seats}
    odds = _odds(draws, set(experts))
    drawn = [s for s in seats if s.after_id is None]  # what chance gave, not who stood in
    together: dict[tuple[int, int], list[int]] = {}
    by_draw: dict[int, list[int]] = {}
    asked: dict[tuple[str, int], list[int]] = {}
    for seat in drawn:
        by_draw.setdefault(seat.draw_id, []).append(seat.expert_id)
        who = draws[seat.draw_id].requested_by
        asked.setdefault((who.name if who else "系统", seat.expert_id), []).append(seat.draw_id)
    for draw, members in by_draw.items():
        for pair in combinations(sorted(members), 2):
            together.setdefault(pair, []).append(draw)
    return Patterns(
        draws=len(draws),
        cancelled=Draw.objects.filter(state=Draw.State.CANCELLED).count(),
        pairs=_pairs(together, experts, draws, odds),
        asked=_asked(asked, experts, draws, odds),
        declines=_declines(seats, experts),
    )


Odds = dict[tuple[int, int], Fraction]


def _odds(draws: dict[int, Draw], experts: set[int]) -> Odds:
    """(draw, expert) → the chance that was published."""
    rows = PoolEntry.objects.filter(draw__in=draws, expert__in=experts).values_list("draw_id", "expert_id", "balls")
    return {(d, e): Fraction(balls, draws[d].frozen.fairness["balls"]) for d, e, balls in rows}


def _pairs(
    together: dict[tuple[int, int], list[int]], experts: dict[int, Expert], draws: dict[int, Draw], odds: Odds
) -> list[Pair]:
    found = []
    for (a, b), where in together.items():
        if len(where) > 1:
            expected = sum((odds.get((d, a), Fraction(0)) * odds.get((d, b), Fraction(0)) for d in draws), Fraction(0))
            found.append(Pair(experts[a], experts[b], len(where), expected, tuple(draws[d] for d in where)))
    return sorted(found, key=lambda p: (-p.times, p.expected, p.first.number))[:SHOWN]


def _asked(
    asked: dict[tuple[str, int], list[int]], experts: dict[int, Expert], draws: dict[int, Draw], odds: Odds
) -> list[Asked]:
    found = []
    for (officer, expert), where in asked.items():
        if len(where) < 2:
            continue
        own = [d for d, draw in draws.items() if draw.requested_by and draw.requested_by.name == officer]
        expected = sum((odds.get((d, expert), Fraction(0)) for d in own), Fraction(0))
        found.append(Asked(officer, experts[expert], len(where), expected, tuple(draws[d] for d in where)))
    return sorted(found, key=lambda a: (-a.times, a.expected, a.expert.number))[:SHOWN]


def _declines(seats: list[Seat], experts: dict[int, Expert]) -> list[tuple[Expert, int, int]]:
    no = Counter(s.expert_id for s in seats if s.state == Seat.State.DECLINED)
    every = Counter(s.expert_id for s in seats)
    rows = [(experts[key], n, every[key]) for key, n in no.items()]
    return sorted(rows, key=lambda r: (-r[1], r[0].number))[:SHOWN]
