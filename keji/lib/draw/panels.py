"""Many good panels by herding: each round the panel owed most, found by swapping one or two members at a time.

Each round everybody's debt grows by their odds; the round's panel is (nearly) the right panel with the largest sum of
debts, and its members pay one each. Debts that stay bounded mean that the panels' average comes near the odds as 1/n
(Welling 2009 for the idea). Compiled once, cached on disk; one thread, fixed order, so always the same panels.
"""

# mypy: allow-untyped-defs, allow-untyped-calls
from __future__ import annotations

import numpy as np
from numba import njit

from keji.lib.draw.problem import NONE, Floats, Ints, Problem

TOP = 8  # candidates kept of each kind between two refreshments
PAIRS = 2  # how many promising single swaps are tried with a second one
EPS = 1e-12
LOWEST = -1e300


@njit(cache=True)
def _refresh(kind_of, debts, top, filled):
    """Fill `top` with the positions of the TOP largest debts of each kind, descending."""
    filled[:] = 0
    for i in range(kind_of.shape[0]):
        s = kind_of[i]
        n = filled[s]
        if n < TOP:
            place = n
            filled[s] = n + 1
        elif debts[i] > debts[top[s, TOP - 1]]:
            place = TOP - 1
        else:
            continue
        while place > 0 and debts[top[s, place - 1]] < debts[i]:
            top[s, place] = top[s, place - 1]
            place -= 1
        top[s, place] = i


@njit(cache=True)
def _sink(kind, top, filled, debts):
    """Put one kind's list back in order after some debts were paid."""
    for j in range(1, filled[kind]):
        i = top[kind, j]
        place = j
        while place > 0 and debts[top[kind, place - 1]] < debts[i]:
            top[kind, place] = top[kind, place - 1]
            place -= 1
        top[kind, place] = i


@njit(cache=True)
def _best(top, filled, debts, in_panel, unit_of, used, cap, best, owed, blocked):
    """Per kind the candidate owed most whose employer has room, and the first owed more that has none (`blocked`)."""
    for s in range(top.shape[0]):
        best[s] = NONE
        blocked[s] = NONE
        owed[s] = LOWEST
        for j in range(filled[s]):
            i = top[s, j]
            if in_panel[i]:
                continue
            u = unit_of[i]
            if u != NONE and used[u] >= cap:
                if blocked[s] == NONE:
                    blocked[s] = i
            else:
                best[s] = i
                owed[s] = debts[i]
                break


@njit(cache=True)
def _sort_down(order, keys):
    """Order positions by descending key; quick when nearly in order already."""
    for j in range(1, order.shape[0]):
        s = order[j]
        place = j
        while place > 0 and keys[order[place - 1]] < keys[s]:
            order[place] = order[place - 1]
            place -= 1
        order[place] = s


@njit(cache=True)
def _off(count, low, high):
    """By how many seats one row is wrong."""
    if count < low:
        return low - count
    if count > high:
        return count - high
    return 0


@njit(cache=True)
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


@njit(cache=True)
def _keeps(kinds, leave, enter, old, new):
    """Does a right panel stay right when one of kind `old` gives way to one of kind `new`?"""
    for c in range(kinds.shape[1]):
        a, b = kinds[old, c], kinds[new, c]
        if a != b and ((a != NONE and not leave[a]) or (b != NONE and not enter[b])):
            return False
    return True


@njit(cache=True)
def _recount(kinds, counts, old, new):
    for c in range(kinds.shape[1]):
        if kinds[old, c] != NONE:
            counts[kinds[old, c]] -= 1
        if kinds[new, c] != NONE:
            counts[kinds[new, c]] += 1


@njit(cache=True)
def _seat(panel, place, new, in_panel, kind_of, unit_of, used, kinds, counts):
    old = panel[place]
    in_panel[old] = False
    in_panel[new] = True
    if unit_of[old] != NONE:
        used[unit_of[old]] -= 1
    if unit_of[new] != NONE:
        used[unit_of[new]] += 1
    _recount(kinds, counts, kind_of[old], kind_of[new])
    panel[place] = new


@njit(cache=True)
def _single(panel, debts, kind_of, unit_of, kinds, counts, low, high, best, owed, blocked, order, places):
    """The best single swap of a right panel: place and newcomer, NONE for no swap."""
    leave, enter = counts > low, counts < high
    to_place, newcomer, gain = 0, NONE, EPS
    least = debts[panel[places[0]]]
    for s in order:
        if owed[s] - least <= gain:
            break
        for place in places:
            old = panel[place]
            if owed[s] - debts[old] <= gain:
                break
            if _keeps(kinds, leave, enter, kind_of[old], s):
                to_place, newcomer, gain = place, best[s], owed[s] - debts[old]
                break
    for s in range(blocked.shape[0]):
        new = blocked[s]
        if new == NONE or debts[new] - least <= gain:
            continue
        for place in places:
            old = panel[place]
            if debts[new] - debts[old] <= gain:
                break
            if unit_of[old] == unit_of[new] and _keeps(kinds, leave, enter, kind_of[old], s):
                to_place, newcomer, gain = place, new, debts[new] - debts[old]
                break
    return to_place, newcomer


@njit(cache=True)
def _promising(panel, debts, kind_of, kinds, counts, low, high, best, owed, order, places, moves, gains):
    """The single swaps that would gain most if they were right: place and newcomer in `moves`; returns how many."""
    kept, least = 0, debts[panel[places[0]]]
    leave, enter = counts > low, counts < high
    for s in order:
        if owed[s] - least <= EPS or (kept == PAIRS and owed[s] - least <= gains[kept - 1]):
            break
        for place in places:
            gain = owed[s] - debts[panel[place]]
            if gain <= EPS or (kept == PAIRS and gain <= gains[kept - 1]):
                break
            if _keeps(kinds, leave, enter, kind_of[panel[place]], s):
                continue  # right on its own, and was not taken
            if kept < PAIRS:
                kept += 1
            at = kept - 1
            while at > 0 and gains[at - 1] < gain:
                gains[at] = gains[at - 1]
                moves[at, 0], moves[at, 1] = moves[at - 1, 0], moves[at - 1, 1]
                at -= 1
            gains[at] = gain
            moves[at, 0], moves[at, 1] = place, best[s]
    return kept


@njit(cache=True)
def _second(
    panel,
    first,
    new1,
    gain,
    wrong,
    debts,
    kind_of,
    unit_of,
    kinds,
    counts,
    low,
    high,
    best,
    owed,
    order,
    places,
    cap,
    used,
):
    """The swap that makes a first one (already in `counts`) right, gaining more than `gain`: place, newcomer, gain."""
    to_place, newcomer = 0, NONE
    least = debts[panel[places[0]]]
    for s in order:
        new = best[s]
        if owed[s] - least <= gain:
            break
        if new == new1:
            continue
        u = unit_of[new]
        for place in places:
            old = panel[place]
            if owed[s] - debts[old] <= gain:
                break
            if place == first or wrong + _change(kinds, counts, low, high, kind_of[old], s) != 0:
                continue
            full = u != NONE and u == unit_of[new1]
            if full and used[u] + 2 - (unit_of[old] == u) - (unit_of[panel[first]] == u) > cap:
                continue
            to_place, newcomer, gain = place, new, owed[s] - debts[old]
            break
    return to_place, newcomer, gain


@njit(cache=True)
def _double(
    panel, debts, kind_of, unit_of, kinds, counts, low, high, best, owed, order, places, cap, used, moves, gains, to
):
    """The best pair of swaps that only together keep the panel right; in `to`, returns whether there is one."""
    kept = _promising(panel, debts, kind_of, kinds, counts, low, high, best, owed, order, places, moves, gains)
    most, found = EPS, False
    for j in range(kept):
        first, new1 = moves[j, 0], moves[j, 1]
        old_kind, new_kind = kind_of[panel[first]], kind_of[new1]
        wrong = _change(kinds, counts, low, high, old_kind, new_kind)
        _recount(kinds, counts, old_kind, new_kind)
        place, new2, gain = _second(
            panel, first, new1, most - gains[j], wrong,
            debts, kind_of, unit_of, kinds, counts, low, high, best, owed, order, places, cap, used,
        )  # fmt: skip
        _recount(kinds, counts, new_kind, old_kind)
        if new2 != NONE:
            most, found = gains[j] + gain, True
            to[0], to[1], to[2], to[3] = first, new1, place, new2
    return found


@njit(cache=True)
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


@njit(cache=True)
def _herd(panel, rounds, every, odds, debts, kind_of, unit_of, units, kinds, low, high, cap):
    """`rounds` right panels, one a row, members ascending, each climbed to from the one before."""
    n, size, kinds_n = kind_of.shape[0], panel.shape[0], kinds.shape[0]
    found = np.empty((rounds, size), np.int64)
    counts, used, in_panel = np.zeros(low.shape[0], np.int64), np.zeros(units, np.int64), np.zeros(n, np.bool_)
    top, filled = np.empty((kinds_n, TOP), np.int64), np.zeros(kinds_n, np.int64)
    best, blocked, owed = np.empty(kinds_n, np.int64), np.empty(kinds_n, np.int64), np.empty(kinds_n)
    moves, gains, to = np.empty((PAIRS, 2), np.int64), np.empty(PAIRS), np.empty(4, np.int64)
    order, places, paid = np.arange(kinds_n), np.arange(size), np.empty(size)
    _count(panel, kind_of, unit_of, kinds, low, high, counts, used, in_panel)
    for t in range(rounds):
        for i in range(n):
            debts[i] += odds[i]
        if t % every == 0:
            _refresh(kind_of, debts, top, filled)
        for _ in range(50 * size):
            _best(top, filled, debts, in_panel, unit_of, used, cap, best, owed, blocked)
            _sort_down(order, owed)
            for j in range(size):
                paid[j] = -debts[panel[j]]
            _sort_down(places, paid)
            place, new = _single(
                panel, debts, kind_of, unit_of, kinds, counts, low, high, best, owed, blocked, order, places
            )
            if new != NONE:
                _seat(panel, place, new, in_panel, kind_of, unit_of, used, kinds, counts)
                continue
            if not _double(
                panel, debts, kind_of, unit_of, kinds, counts, low, high, best, owed, order, places, cap, used,
                moves, gains, to,
            ):  # fmt: skip
                break
            _seat(panel, to[0], to[1], in_panel, kind_of, unit_of, used, kinds, counts)
            _seat(panel, to[2], to[3], in_panel, kind_of, unit_of, used, kinds, counts)
        found[t] = np.sort(panel)
        for i in panel:
            debts[i] -= 1.0
        for i in panel:
            _sink(kind_of[i], top, filled, debts)
    return found


@njit(cache=True)
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
        _seat(panel, to_place, newcomer, in_panel, kind_of, unit_of, used, kinds, counts)
    return wrong


@njit(cache=True)
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


class Herd:
    """Herding that can go on: keeps panel and debts between calls."""

    def __init__(self, problem: Problem, odds: Floats, panel: Ints) -> None:
        """`odds`: by expert; `panel`: a right panel to start from."""
        self.problem, self.odds, self.panel = problem, odds, np.array(panel, dtype=np.int64)
        self.debts = np.zeros(problem.experts)

    def go(self, rounds: int) -> Ints:
        """The next `rounds` panels, members ascending."""
        p, units = self.problem, len(self.problem.units)
        every = max(1, p.experts // (p.size * 16))
        return _herd(
            self.panel, rounds, every, self.odds, self.debts, p.kind_of, p.unit_of, units, p.kinds, p.low, p.high, p.cap
        )
