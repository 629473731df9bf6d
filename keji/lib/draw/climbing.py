# mypy: allow-untyped-defs, allow-untyped-calls
"""The compiled swaps of herding: the best single swap of a right panel, and the best pair that only works together.

A panel's tallies are `counts` by quota row and `used` by employer. Which rows a kind counts for is a set of bits
(`masks[kind]`, BITS rows a word), so that whether a swap keeps all quotas is a handful of word operations.
"""

from __future__ import annotations

import numpy as np

from keji.lib.draw.compiled import compiled
from keji.lib.draw.problem import NONE

BITS = 62
PAIRS = 4  # how many promising single swaps are tried with a second one
EPS = 1e-12
LOWEST = -1e300
NOBODY, NO_UNIT = NONE - 1, NONE - 2  # no candidate, and what the employer of none is compared with


@compiled
def refresh(kind_of, debts, top, filled):
    """Fill `top` with the positions of the largest debts of each kind, descending, as many as it has room for."""
    filled[:] = 0
    depth = top.shape[1]
    for i in range(kind_of.shape[0]):
        s = kind_of[i]
        n = filled[s]
        if n < depth:
            place = n
            filled[s] = n + 1
        elif debts[i] > debts[top[s, depth - 1]]:
            place = depth - 1
        else:
            continue
        while place > 0 and debts[top[s, place - 1]] < debts[i]:
            top[s, place] = top[s, place - 1]
            place -= 1
        top[s, place] = i


@compiled
def sink(kind, top, filled, debts):
    """Put one kind's list back in order after some debts were paid."""
    for j in range(1, filled[kind]):
        i = top[kind, j]
        place = j
        while place > 0 and debts[top[kind, place - 1]] < debts[i]:
            top[kind, place] = top[kind, place - 1]
            place -= 1
        top[kind, place] = i


@compiled
def _best_of(s, top, filled, debts, in_panel, unit_of, used, cap, best, owed, blocked, units):
    best[s] = NONE
    blocked[s] = NONE
    owed[s] = LOWEST
    units[0, s] = units[1, s] = NOBODY
    for j in range(filled[s]):
        i = top[s, j]
        if in_panel[i]:
            continue
        u = unit_of[i]
        if u != NONE and used[u] >= cap:
            if blocked[s] == NONE:
                blocked[s] = i
                units[1, s] = u
        else:
            best[s] = i
            owed[s] = debts[i]
            units[0, s] = u
            break


@compiled
def best_of_all(top, filled, debts, in_panel, unit_of, used, cap, best, owed, blocked, units):
    """Per kind the candidate owed most whose employer has room, and the first owed more that has none (`blocked`).

    `units`: the employers of both, so that who is concerned by a swap is found without looking people up.
    """
    for s in range(top.shape[0]):
        _best_of(s, top, filled, debts, in_panel, unit_of, used, cap, best, owed, blocked, units)


@compiled
def best_after(old, new, kind_of, top, filled, debts, in_panel, unit_of, used, cap, best, owed, blocked, units):
    """The same after one swap: only kinds are looked at anew whose candidates it concerns."""
    left, joined = unit_of[old], unit_of[new]
    if left == NONE:
        left = NO_UNIT
    if joined == NONE:
        joined = NO_UNIT
    for s in range(top.shape[0]):
        if units[0, s] == joined or units[1, s] == left or s == kind_of[old] or s == kind_of[new]:
            _best_of(s, top, filled, debts, in_panel, unit_of, used, cap, best, owed, blocked, units)


@compiled
def sort_down(order, keys):
    """Order positions by descending key; quick when nearly in order already."""
    for j in range(1, order.shape[0]):
        s = order[j]
        place = j
        while place > 0 and keys[order[place - 1]] < keys[s]:
            order[place] = order[place - 1]
            place -= 1
        order[place] = s


@compiled
def room(counts, low, high, leave, enter):
    """The rows that may lose one, and those that may gain one, as bits."""
    leave[:] = 0
    enter[:] = 0
    for r in range(counts.shape[0]):
        if counts[r] > low[r]:
            leave[r // BITS] |= 1 << (r % BITS)
        if counts[r] < high[r]:
            enter[r // BITS] |= 1 << (r % BITS)


@compiled
def _keeps(masks, leave, enter, old, new):
    """Does a right panel stay right when one of kind `old` gives way to one of kind `new`?"""
    for w in range(masks.shape[1]):
        a, b = masks[old, w], masks[new, w]
        if (a & ~b & ~leave[w]) | (b & ~a & ~enter[w]):
            return False
    return True


@compiled
def _mends(masks, leave, enter, over, under, old, new):
    """The same for a panel with one too many in the rows `over` and one too few in `under`: is it right afterwards?"""
    for w in range(masks.shape[1]):
        a, b = masks[old, w], masks[new, w]
        out, into = a & ~b, b & ~a
        if (out & ~leave[w]) | (into & ~enter[w]) | (over[w] & ~out) | (under[w] & ~into):
            return False
    return True


@compiled
def recount(kinds, counts, old, new):
    for c in range(kinds.shape[1]):
        if kinds[old, c] != NONE:
            counts[kinds[old, c]] -= 1
        if kinds[new, c] != NONE:
            counts[kinds[new, c]] += 1


@compiled
def seat(panel, place, new, in_panel, kind_of, unit_of, used, kinds, counts):
    old = panel[place]
    in_panel[old] = False
    in_panel[new] = True
    if unit_of[old] != NONE:
        used[unit_of[old]] -= 1
    if unit_of[new] != NONE:
        used[unit_of[new]] += 1
    recount(kinds, counts, kind_of[old], kind_of[new])
    panel[place] = new


@compiled
def first_better(kind, debt, masks, leave, enter, owed, order):
    """The first kind in order whose candidate is owed more and may take the seat; NONE for none."""
    for s in order:
        if owed[s] > debt + EPS and _keeps(masks, leave, enter, kind, s):
            return s
    return NONE


@compiled
def single(panel, debts, kind_of, unit_of, masks, leave, enter, best, owed, blocked, order, places):
    """The best single swap of a right panel: place and newcomer, NONE for no swap."""
    to_place, newcomer, gain = 0, NONE, EPS
    least = debts[panel[places[0]]]
    for s in order:
        if owed[s] - least <= gain:
            break
        for place in places:
            old = panel[place]
            if owed[s] - debts[old] <= gain:
                break
            if _keeps(masks, leave, enter, kind_of[old], s):
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
            if unit_of[old] == unit_of[new] and _keeps(masks, leave, enter, kind_of[old], s):
                to_place, newcomer, gain = place, new, debts[new] - debts[old]
                break
    return to_place, newcomer


@compiled
def _promising(panel, debts, kind_of, masks, leave, enter, best, owed, order, places, moves, gains):
    """The single swaps that would gain most if they were right: place and newcomer in `moves`; returns how many."""
    kept, least = 0, debts[panel[places[0]]]
    for s in order:
        if owed[s] - least <= EPS or (kept == PAIRS and owed[s] - least <= gains[kept - 1]):
            break
        for place in places:
            gain = owed[s] - debts[panel[place]]
            if gain <= EPS or (kept == PAIRS and gain <= gains[kept - 1]):
                break
            if _keeps(masks, leave, enter, kind_of[panel[place]], s):
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


@compiled
def _second(
    panel, first, new1, gain, debts, kind_of, unit_of, masks, leave, enter, over, under, best, owed, order, places, cap,
    used, fit,
):  # fmt: skip
    """The swap that makes a first one right, gaining more than `gain`: place, newcomer, gain."""
    to_place, newcomer, fits = 0, NONE, 0
    for place in places:  # whoever gives way has all there is too much of, and nothing there is too little of
        if place != first and _has(masks, kind_of[panel[place]], over, under):
            fit[fits] = place
            fits += 1
    if fits == 0:
        return to_place, newcomer, gain
    least = debts[panel[fit[0]]]
    for s in order:
        new = best[s]
        if owed[s] - least <= gain:
            break
        if new == new1 or not _has(masks, s, under, over):
            continue
        u = unit_of[new]
        for j in range(fits):
            place = fit[j]
            old = panel[place]
            if owed[s] - debts[old] <= gain:
                break
            if not _mends(masks, leave, enter, over, under, kind_of[old], s):
                continue
            full = u != NONE and u == unit_of[new1]
            if full and used[u] + 2 - (unit_of[old] == u) - (unit_of[panel[first]] == u) > cap:
                continue
            to_place, newcomer, gain = place, new, owed[s] - debts[old]
            break
    return to_place, newcomer, gain


@compiled
def _has(masks, kind, all_of, none_of):
    """Does a kind count for all rows of one set and for none of the other?"""
    for w in range(masks.shape[1]):  # noqa: SIM110 - compiled
        if (all_of[w] & ~masks[kind, w]) | (none_of[w] & masks[kind, w]):
            return False
    return True


@compiled
def double(
    panel, debts, kind_of, unit_of, kinds, masks, counts, low, high, leave, enter, best, owed, order, places, cap, used,
    moves, gains, to,
):  # fmt: skip
    """The best pair of swaps that only together keep the panel right; in `to`, returns whether there is one."""
    kept = _promising(panel, debts, kind_of, masks, leave, enter, best, owed, order, places, moves, gains)
    words = masks.shape[1]
    over, under = np.zeros(words, np.int64), np.zeros(words, np.int64)
    leave1, enter1 = np.zeros(words, np.int64), np.zeros(words, np.int64)
    fit = np.empty(panel.shape[0], np.int64)
    most, found = EPS, False
    for j in range(kept):
        first, new1 = moves[j, 0], moves[j, 1]
        old_kind, new_kind = kind_of[panel[first]], kind_of[new1]
        recount(kinds, counts, old_kind, new_kind)
        room(counts, low, high, leave1, enter1)
        over[:] = 0
        under[:] = 0
        for r in range(counts.shape[0]):
            if counts[r] > high[r]:
                over[r // BITS] |= 1 << (r % BITS)
            elif counts[r] < low[r]:
                under[r // BITS] |= 1 << (r % BITS)
        place, new2, gain = _second(
            panel, first, new1, most - gains[j],
            debts, kind_of, unit_of, masks, leave1, enter1, over, under, best, owed, order, places, cap, used,
            fit,
        )  # fmt: skip
        recount(kinds, counts, new_kind, old_kind)
        if new2 != NONE:
            most, found = gains[j] + gain, True
            to[0], to[1], to[2], to[3] = first, new1, place, new2
    return found
