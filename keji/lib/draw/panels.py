# mypy: allow-untyped-defs, allow-untyped-calls
"""Many good panels by herding: each round the panel owed most, found by swapping one or two members at a time.

Each round everybody's debt grows by their odds; the round's panel is (nearly) the right panel with the largest sum of
debts, and its members pay one each. Debts that stay bounded mean that the panels' average comes near the odds as 1/n
(Welling 2009 for the idea). Compiled once, cached on disk; one thread, fixed order, so always the same panels.
"""

from __future__ import annotations

import math

import numpy as np

from keji.lib.draw.climbing import (
    BITS,
    LOWEST,
    PAIRS,
    best_after,
    best_of_all,
    double,
    first_better,
    refresh,
    room,
    seat,
    single,
    sink,
    sort_down,
)
from keji.lib.draw.compiled import compiled
from keji.lib.draw.crossing import Crossings, crossing
from keji.lib.draw.problem import NONE, Floats, Ints, Problem

FEW_KINDS = 16  # with so few the same experts would come up together again and again


@compiled
def _off(count, low, high):
    """By how many seats one row is wrong."""
    if count < low:
        return low - count
    if count > high:
        return count - high
    return 0


@compiled
def _change(kinds, counts, low, high, old, new):
    """By how much the wrong seats over all rows change when one of kind `old` gives way to one of kind `new`."""
    delta = 0
    for c in range(kinds.shape[1]):
        a, b = kinds[old, c], kinds[new, c]
        if a == b:
            continue
        if a != NONE:
            delta += _off(counts[a] - 1, low[a], high[a]) - _off(counts[a], low[a], high[a])
        if b != NONE:
            delta += _off(counts[b] + 1, low[b], high[b]) - _off(counts[b], low[b], high[b])
    return delta


@compiled
def _count(panel, kind_of, unit_of, kinds, low, high, counts, used, in_panel):
    """Set up the tallies of a panel; returns how many seats are wrong."""
    counts[:] = 0
    for i in panel:
        in_panel[i] = True
        if unit_of[i] != NONE:
            used[unit_of[i]] += 1
        for c in range(kinds.shape[1]):
            if kinds[kind_of[i], c] != NONE:
                counts[kinds[kind_of[i], c]] += 1
    wrong = 0
    for r in range(counts.shape[0]):
        wrong += _off(counts[r], low[r], high[r])
    return wrong


@compiled
def _pay(panel, debts, late, mix, state):
    """Everybody on the panel pays one, a little sooner or later than due (by up to `mix`), made up for next time."""
    for i in panel:
        state[0] = (state[0] * 1103515245 + 12345) & 0x7FFFFFFF
        later = mix * state[0] / 0x7FFFFFFF
        debts[i] -= 1.0 + later - late[i]
        late[i] = later


@compiled
def _quick_turns(
    panel, debts, kind_of, unit_of, kinds, masks, counts, low, high, leave, enter, top, filled, in_panel, used, cap,
    best, owed, blocked, of_best, order,
):  # fmt: skip
    """One quick turn for every member, who has just paid; the best swaps come after."""
    for place in range(panel.shape[0]):
        old = panel[place]
        room(counts, low, high, leave, enter)
        s = first_better(kind_of[old], debts[old], masks, leave, enter, owed, order)
        if s != NONE:
            new = best[s]
            seat(panel, place, new, in_panel, kind_of, unit_of, used, kinds, counts)
            best_after(
                old, new, kind_of, top, filled, debts, in_panel, unit_of, used, cap, best, owed, blocked, of_best
            )


@compiled
def _herd(
    panel, rounds, every, depth, odds, debts, kind_of, unit_of, units, kinds, masks, low, high, cap, codes, parts, at,
    late, mix, state,
):  # fmt: skip
    """`rounds` right panels, one a row, members ascending, each climbed to from the one before."""
    n, size, kinds_n = kind_of.shape[0], panel.shape[0], kinds.shape[0]
    found = np.empty((rounds, size), np.int64)
    counts, used, in_panel = np.zeros(low.shape[0], np.int64), np.zeros(units, np.int64), np.zeros(n, np.bool_)
    top, filled = np.empty((kinds_n, depth), np.int64), np.zeros(kinds_n, np.int64)
    best, blocked, owed = np.empty(kinds_n, np.int64), np.empty(kinds_n, np.int64), np.empty(kinds_n)
    of_best = np.empty((2, kinds_n), np.int64)
    moves, gains, to = np.empty((PAIRS, 2), np.int64), np.empty(PAIRS), np.empty(4, np.int64)
    leave, enter = np.zeros(masks.shape[1], np.int64), np.zeros(masks.shape[1], np.int64)
    order, places, paid = np.arange(kinds_n), np.arange(size), np.empty(size)
    _count(panel, kind_of, unit_of, kinds, low, high, counts, used, in_panel)
    for t in range(rounds):
        for i in range(n):
            debts[i] += odds[i]
        if t % every == 0:
            refresh(kind_of, debts, top, filled)
        best_of_all(top, filled, debts, in_panel, unit_of, used, cap, best, owed, blocked, of_best)
        sort_down(order, owed)
        _quick_turns(
            panel, debts, kind_of, unit_of, kinds, masks, counts, low, high, leave, enter, top, filled, in_panel, used,
            cap, best, owed, blocked, of_best, order,
        )  # fmt: skip
        for _ in range(50 * size):
            sort_down(order, owed)
            for j in range(size):
                paid[j] = -debts[panel[j]]
            sort_down(places, paid)
            room(counts, low, high, leave, enter)
            place, new = single(panel, debts, kind_of, unit_of, masks, leave, enter, best, owed, blocked, order, places)
            twice = new == NONE
            if twice:
                if not crossing(
                    panel, debts, kind_of, unit_of, codes, parts, at, best, owed, order, cap, used, to
                ) and not double(
                    panel, debts, kind_of, unit_of, kinds, masks, counts, low, high, leave, enter, best, owed, order,
                    places, cap, used, moves, gains, to,
                ):  # fmt: skip
                    break
                place, new = to[0], to[1]
            for _ in range(2):
                old = panel[place]
                seat(panel, place, new, in_panel, kind_of, unit_of, used, kinds, counts)
                best_after(
                    old, new, kind_of, top, filled, debts, in_panel, unit_of, used, cap, best, owed, blocked, of_best
                )
                if not twice:
                    break
                place, new = to[2], to[3]
        found[t] = np.sort(panel)
        _pay(panel, debts, late, mix, state)
        for i in panel:
            sink(kind_of[i], top, filled, debts)
    return found


@compiled
def _mend(panel, odds, kind_of, unit_of, units, kinds, low, high, cap):
    """Swap single members while fewer seats are wrong; returns how many still are."""
    counts, used = np.zeros(low.shape[0], np.int64), np.zeros(units, np.int64)
    in_panel = np.zeros(kind_of.shape[0], np.bool_)
    wrong = _count(panel, kind_of, unit_of, kinds, low, high, counts, used, in_panel)
    while wrong:
        to_place, newcomer, most, likely = 0, NONE, 0, LOWEST
        for new in range(kind_of.shape[0]):
            u = unit_of[new]
            for place in range(panel.shape[0] if not in_panel[new] else 0):
                old = panel[place]
                if u != NONE and used[u] >= cap and unit_of[old] != u:
                    continue
                change = _change(kinds, counts, low, high, kind_of[old], kind_of[new])
                if change < most or (change == most and change < 0 and odds[new] - odds[old] > likely):
                    to_place, newcomer, most, likely = place, new, change, odds[new] - odds[old]
        if newcomer == NONE:
            break
        wrong += most
        seat(panel, to_place, newcomer, in_panel, kind_of, unit_of, used, kinds, counts)
    return wrong


@compiled
def _greedy(size, odds, unit_of, units, cap):
    """The experts with the largest odds that keep the cap, as a start."""
    used = np.zeros(units, np.int64)
    panel, n = np.empty(size, np.int64), 0
    for i in np.argsort(-odds, kind="mergesort"):
        u = unit_of[i]
        if u != NONE and used[u] >= cap:
            continue
        if u != NONE:
            used[u] += 1
        panel[n] = i
        n += 1
        if n == size:
            break
    return panel[:n]


def first_panel(problem: Problem, odds: Floats) -> Ints | None:
    """Some right panel, by swaps from the experts with the largest odds; None when the swaps find none."""
    p = problem
    panel = _greedy(p.size, odds, p.unit_of, len(p.units), p.cap)
    if len(panel) < p.size or _mend(panel, odds, p.kind_of, p.unit_of, len(p.units), p.kinds, p.low, p.high, p.cap):
        return None
    return panel


def masks_of(problem: Problem) -> Ints:
    """Kind → the rows it counts for, as bits, BITS rows a word."""
    masks = np.zeros((len(problem.kinds), len(problem.quotas) // BITS + 1), dtype=np.int64)
    for kind, rows in enumerate(problem.rows_of_kind):
        for row in rows:
            masks[kind, row // BITS] |= 1 << (row % BITS)
    return masks


class Herd:
    """Herding that can go on: keeps panel and debts between calls."""

    def __init__(self, problem: Problem, odds: Floats, panel: Ints) -> None:
        """`odds`: by expert; `panel`: a right panel to start from."""
        self.problem, self.odds, self.panel = problem, odds, np.array(panel, dtype=np.int64)
        self.debts, self.masks = np.zeros(problem.experts), masks_of(problem)
        self.late, self.state = np.zeros(problem.experts), np.ones(1, dtype=np.int64)
        self.mix = 0.3 if len(problem.kinds) <= FEW_KINDS else 0.0
        self.crossings = Crossings(problem.kinds)
        # Of a kind with many seats many leave the list of candidates each round: it is longer then, or renewed sooner.
        seats = float(np.bincount(problem.kind_of, weights=odds).max())
        self.depth = max(8, math.ceil(4 * seats))
        self.every = max(1, min(problem.experts // (problem.size * 16), int(self.depth / (4 * max(seats, 1e-9)))))

    def go(self, rounds: int) -> Ints:
        """The next `rounds` panels, members ascending."""
        p = self.problem
        return _herd(
            self.panel, rounds, self.every, self.depth, self.odds, self.debts,
            p.kind_of, p.unit_of, len(p.units), p.kinds, self.masks, p.low, p.high, p.cap,
            self.crossings.codes, self.crossings.parts, self.crossings.at,
            self.late, self.mix, self.state,
        )  # fmt: skip
