"""Frequency and company over time, from opened draws only: who is drawn often, who sits together, who comes when whom
asks.

Counts stand beside what chance would give, from the lotteries as they were published before each draw. Whoever looks
at thousands of pairs finds a rare one by chance alone: so each row says how likely it is that *anybody* of all those
who could have stood there would have come out so often.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import comb
from typing import Any

from keji.lib.draw import DrawError
from keji.lib.draw.company import at_least, joint_odds
from keji.modules.experts.models import Draw, Expert, PoolEntry, Seat
from keji.modules.experts.services.freezing import frozen_of

SHOWN = 30
BATCH = 500
#: Customary levels: once in twenty, once in a thousand.
NOTABLE, GLARING = Fraction(1, 20), Fraction(1, 1000)


@dataclass(frozen=True)
class Chance:
    """What chance says of a count, exact. `expected` times; `alone`: this very row came out so often or more;
    `anybody`: at most so likely that one of all `rivals` rows would (Bonferroni's bound)."""

    times: int
    expected: Fraction
    alone: Fraction
    rivals: int

    @property
    def anybody(self) -> Fraction:
        return min(Fraction(1), self.alone * self.rivals)

    @property
    def verdict(self) -> str:
        """ "", notable or glaring."""
        return "glaring" if self.anybody < GLARING else "notable" if self.anybody < NOTABLE else ""


@dataclass(frozen=True)
class Row:
    """One expert, a pair, or an officer's expert, on panels of these draws. `independent`: expected for a pair if the
    two odds had nothing to do with each other, None elsewhere."""

    experts: tuple[Expert, ...]
    chance: Chance
    draws: tuple[Draw, ...]
    officer: str = ""
    independent: Fraction | None = None


@dataclass(frozen=True)
class Patterns:
    """`undone`: cancelled draws, `redrawn` those of them that had a panel already; `unreadable`: numbers of draws whose
    file is damaged, left out of what is expected of pairs."""

    draws: int
    undone: int
    redrawn: int
    often: list[Row]
    pairs: list[Row]
    asked: list[Row]
    declines: list[tuple[Expert, int, int]]  # expert, declined, asked
    unreadable: tuple[str, ...]


Odds = dict[int, dict[int, Fraction]]  # draw → expert → the chance that was published


def patterns(year: int | None = None) -> Patterns:
    """Everything opened, or what was reviewed in one year."""
    shown = Draw.objects.filter(state__in=[Draw.State.OPENED, Draw.State.CLOSED])
    gone = Draw.objects.filter(state=Draw.State.CANCELLED)
    if year:
        shown, gone = shown.filter(review_on__year=year), gone.filter(review_on__year=year)
    draws = {d.pk: d for d in shown.select_related("requested_by", "frozen__file").order_by("pk")}
    seats = list(Seat.objects.filter(draw__in=draws).select_related("expert__person").order_by("draw", "expert"))
    experts = {s.expert_id: s.expert for s in seats}
    panels: dict[int, list[int]] = {}
    for seat in seats:
        if seat.after_id is None:  # what chance gave, not who stood in
            panels.setdefault(seat.draw_id, []).append(seat.expert_id)
    odds = _odds(draws)
    pairs, unreadable = _pairs(draws, panels, experts, odds)
    return Patterns(
        draws=len(draws),
        undone=gone.count(),
        redrawn=gone.filter(result__isnull=False).count(),
        often=_often(draws, panels, experts, odds),
        pairs=pairs,
        asked=_asked(draws, panels, experts, odds),
        declines=_declines(seats, experts),
        unreadable=unreadable,
    )


def _odds(draws: dict[int, Draw]) -> Odds:
    found: Odds = {pk: {} for pk in draws}
    rows = PoolEntry.objects.filter(draw__in=draws, balls__gt=0).values_list("draw_id", "expert_id", "balls")
    for draw, expert, balls in rows.iterator():
        found[draw][expert] = Fraction(balls, draws[draw].frozen.fairness["balls"])
    return found


def _weighed(chances: Iterable[Fraction], times: int, rivals: int) -> Chance:
    told = list(chances)
    return Chance(times, sum(told, Fraction(0)), at_least(told, times), rivals)


def _worst_first(rows: list[Row]) -> list[Row]:
    def key(row: Row) -> Any:
        return row.chance.anybody, row.chance.alone, -row.chance.times, [e.number for e in row.experts]

    return sorted(rows, key=key)[:SHOWN]


def _repeated(happened: Iterable[tuple[Any, int]]) -> dict[Any, list[int]]:
    """What → the draws it happened in, for what happened in two or more."""
    found: dict[Any, list[int]] = {}
    for what, draw in happened:
        found.setdefault(what, []).append(draw)
    return {what: where for what, where in found.items() if len(where) > 1}


def _often(draws: dict[int, Draw], panels: dict[int, list[int]], experts: dict[int, Expert], odds: Odds) -> list[Row]:
    rivals = len({expert for there in odds.values() for expert in there})
    again = _repeated((expert, draw) for draw, members in panels.items() for expert in members)
    return _worst_first(
        [
            Row(
                (experts[expert],),
                _weighed((there.get(expert, Fraction(0)) for there in odds.values()), len(where), rivals),
                tuple(draws[d] for d in where),
            )
            for expert, where in again.items()
        ]
    )


def _asked(draws: dict[int, Draw], panels: dict[int, list[int]], experts: dict[int, Expert], odds: Odds) -> list[Row]:
    """By the officer's account: two of one name are two."""
    own: dict[int | None, list[int]] = {}
    for pk, draw in draws.items():
        own.setdefault(draw.requested_by_id, []).append(pk)
    rivals = sum(len({expert for d in where for expert in odds[d]}) for where in own.values())
    again = _repeated(
        ((draws[draw].requested_by_id, expert), draw) for draw, members in panels.items() for expert in members
    )
    rows = []
    for (officer, expert), where in again.items():
        who = draws[where[0]].requested_by
        chances = (odds[d].get(expert, Fraction(0)) for d in own[officer])
        chance = _weighed(chances, len(where), rivals)
        rows.append(Row((experts[expert],), chance, tuple(draws[d] for d in where), who.name if who else "系统"))
    return _worst_first(rows)


def _pairs(
    draws: dict[int, Draw], panels: dict[int, list[int]], experts: dict[int, Expert], odds: Odds
) -> tuple[list[Row], tuple[str, ...]]:
    again = _repeated((pair, draw) for draw, members in panels.items() for pair in combinations(sorted(members), 2))
    if not again:
        return [], ()
    rivals = comb(len({expert for there in odds.values() for expert in there}), 2)
    joint: dict[int, Callable[[tuple[int, int]], Fraction]] = {}
    unreadable = []
    for pk, draw in draws.items():
        try:
            joint[pk] = _joint_of(draw, set(again))
        except (DrawError, OSError):
            unreadable.append(draw.number)
    rows = []
    for pair, where in again.items():
        kept = [d for d in where if d in joint]
        chances = [of(pair) for of in joint.values()]
        apart = sum((odds[d].get(pair[0], Fraction(0)) * odds[d].get(pair[1], Fraction(0)) for d in joint), Fraction(0))
        rows.append(
            Row(
                (experts[pair[0]], experts[pair[1]]),
                _weighed(chances, len(kept), rivals),
                tuple(draws[d] for d in where),
                independent=apart,
            )
        )
    return _worst_first(rows), tuple(unreadable)


def _joint_of(draw: Draw, pairs: set[tuple[int, int]]) -> Callable[[tuple[int, int]], Fraction]:
    """Pair of experts → the chance the published file of this draw gave them to be drawn together."""
    wanted = sorted({expert for pair in pairs for expert in pair})
    names: dict[int, str] = {}
    for start in range(0, len(wanted), BATCH):
        rows = PoolEntry.objects.filter(draw=draw, balls__gt=0, expert__in=wanted[start : start + BATCH])
        names |= dict(rows.values_list("expert_id", "alias"))

    def named(pair: tuple[int, int]) -> tuple[str, str] | None:
        if pair[0] not in names or pair[1] not in names:
            return None
        one, other = sorted((names[pair[0]], names[pair[1]]))
        return one, other

    found = joint_odds(frozen_of(draw), {n for pair in pairs if (n := named(pair))})

    def of(pair: tuple[int, int]) -> Fraction:
        known = named(pair)
        return found.get(known, Fraction(0)) if known else Fraction(0)

    return of


def _declines(seats: list[Seat], experts: dict[int, Expert]) -> list[tuple[Expert, int, int]]:
    no = Counter(s.expert_id for s in seats if s.state == Seat.State.DECLINED)
    every = Counter(s.expert_id for s in seats)
    rows = [(experts[key], n, every[key]) for key, n in no.items()]
    return sorted(rows, key=lambda r: (-r[1], r[0].number))[:SHOWN]
