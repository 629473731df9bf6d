# mypy: allow-untyped-defs, allow-untyped-calls
"""Two members give way to two others who have the same values between them, only dealt differently.

Where quotas leave no room (each category's numbers are fixed) hardly a single swap is right, but such a crossing always
is: every category keeps its values. Any two panels with the same tallies are joined by crossings (the basic moves of
tables with given margins, Diaconis and Sturmfels 1998), as far as somebody of each kind on the way can be had.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from keji.lib.draw.climbing import EPS
from keji.lib.draw.compiled import compiled
from keji.lib.draw.problem import NONE, Ints

MOST_CODES = 1 << 22  # a table of all conceivable kinds is kept up to this size
MOST_SPLITS = 31


class Crossings:
    """Where the crossed kinds are found: `parts[split, kind]` is the part of a kind's code that goes over.

    `at[code]` is the kind of a code or NONE. Without any split (one category, or too many conceivable kinds) nothing
    is ever crossed.
    """

    def __init__(self, kinds: Ints) -> None:
        columns = kinds.shape[1]
        digits = [np.unique(column, return_inverse=True) for column in kinds.T]
        total, worth = 1, []
        for values, _ in digits:
            worth.append(total)
            total *= len(values)
        usable = columns > 1 and total <= MOST_CODES
        splits = _splits(columns) if usable else []
        self.codes = np.zeros(len(kinds), dtype=np.int64)
        self.parts = np.zeros((len(splits), len(kinds)), dtype=np.int64)
        self.at = np.full(total if usable else 1, NONE, dtype=np.int64)
        if not usable:
            return
        coded = np.array([place.reshape(-1) * worth[c] for c, (_, place) in enumerate(digits)])
        self.codes = coded.sum(axis=0)
        self.at[self.codes] = np.arange(len(kinds))
        for number, split in enumerate(splits):
            self.parts[number] = coded[list(split)].sum(axis=0)


def _splits(columns: int) -> list[tuple[int, ...]]:
    """Which columns go over: small sets first, of a set and its complement one only."""
    found: list[tuple[int, ...]] = []
    for size in range(1, columns // 2 + 1):
        for split in combinations(range(columns), size):
            if 2 * size < columns or 0 in split:
                found.append(split)
    return found[:MOST_SPLITS]


@compiled
def crossing(panel, debts, kind_of, unit_of, codes, parts, at, best, owed, order, cap, used, to):
    """The crossing that gains most: places and newcomers in `to`, returns whether there is one."""
    size, most, found = panel.shape[0], EPS, False
    if parts.shape[0] == 0 or order.shape[0] < 2:
        return False
    hope = owed[order[0]] + owed[order[1]]
    for i in range(size):
        if found:
            break
        a = kind_of[panel[i]]
        for j in range(i + 1, size):
            b = kind_of[panel[j]]
            if a == b:
                continue
            paid = debts[panel[i]] + debts[panel[j]]
            if hope - paid <= most:
                continue
            for s in range(parts.shape[0]):
                moved = parts[s, b] - parts[s, a]
                if moved == 0:
                    continue
                first = at[codes[a] + moved]
                if first == NONE or first == b:  # noqa: SIM109 - compiled
                    continue
                second = at[codes[b] - moved]
                if second == NONE or owed[first] + owed[second] - paid <= most:
                    continue
                if _fits(unit_of, cap, used, panel[i], panel[j], best[first], best[second]):
                    most, found = owed[first] + owed[second] - paid, True
                    to[0], to[1], to[2], to[3] = i, best[first], j, best[second]
    return found


@compiled
def _fits(unit_of, cap, used, old1, old2, new1, new2):
    """Does every employer stay within the cap?"""
    u, v = unit_of[new1], unit_of[new2]
    for unit in (u, v):
        if unit == NONE:
            continue
        after = used[unit] - (unit_of[old1] == unit) - (unit_of[old2] == unit) + (u == unit) + (v == unit)
        if after > cap:
            return False
    return True
