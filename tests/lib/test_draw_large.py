"""Large pools, and quotas that leave no room: the relaxed odds are reached by right panels, proved, always the same."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from keji.lib.draw import Expert, Frozen, Pool, Quota, Request, Shares, commitment_of, draw, freeze, freezing
from keji.lib.draw.climbing import _mends, _second, recount
from keji.lib.draw.climbing import room as room_for
from keji.lib.draw.crossing import Crossings
from keji.lib.draw.face import face_of
from keji.lib.draw.leximin import leximin
from keji.lib.draw.panels import Herd, first_panel, masks_of
from keji.lib.draw.problem import NONE, problem_of
from keji.lib.draw.verify_draw import verify

NONCE = "cd" * 32
SHARES = Shares(NONCE, "483920")
VALUES = {"学科": "甲乙丙丁戊", "类型": "技管财", "地区": "内外", "性别": "男女", "职称": "高副其"}


def made(size: int, categories: int, room: int, seats: int = 9, cap: int = 1, seed: int = 1) -> tuple[Pool, Request]:
    """Experts of employers of very unequal size, and quotas around the pool's own shares with so much room."""
    r = random.Random(seed)
    chosen = list(VALUES)[:categories]
    experts = [
        Expert(
            f"E{i:05d}",
            f"U{min(int(r.paretovariate(0.6)), size // 8)}",
            {c: r.choices(VALUES[c], range(len(VALUES[c]), 0, -1))[0] for c in chosen},
        )
        for i in range(size)
    ]
    quotas = []
    for category in chosen:
        counts = Counter(e.features[category] for e in experts)
        shares = {v: Fraction(seats * counts[v], size) for v in VALUES[category]}
        seated = {v: int(share) for v, share in shares.items()}
        for v in sorted(shares, key=lambda v: seated[v] - shares[v])[: seats - sum(seated.values())]:
            seated[v] += 1
        quotas += [Quota(category, v, max(0, n - room), n + room) for v, n in seated.items()]
    return Pool.of(experts), Request(seats, tuple(quotas), employer_cap=cap, substitutes=3)


def frozen_of(pool: Pool, request: Request, **kept: object) -> Frozen:
    return freeze(pool, request, commitment=commitment_of(NONCE), at="x", **kept)


UNSEEN = "（注意：组合太多，上限未逐组核对）"


def checked(frozen: Frozen) -> list[str]:
    """What the verifier objects to or warns of."""
    return [
        told for _, right, told in verify(frozen.content, draw(frozen, SHARES).content) if not right or "注意" in told
    ]


@pytest.mark.parametrize("categories", [0, 1, 2, 3, 5])
@pytest.mark.parametrize("room", [0, 1])
def test_a_thousand_experts_get_the_fairest_odds_by_the_rules_alone(categories, room):
    """With no quotas or few, employers at their cap and no room at all: each stood still for many minutes once."""
    pool, request = made(1000, categories, room)
    frozen = frozen_of(pool, request)
    assert frozen.fairness.proof == "rules"
    assert 0 <= frozen.fairness.gap <= Fraction(1, 10**9)
    assert sum(frozen.odds().values()) == request.size
    assert checked(frozen) == []


@given(st.integers(60, 160), st.integers(0, 5), st.integers(0, 2), st.sampled_from((0, 1, 2)), st.integers(1, 10**6))
@example(60, 2, 0, 1, 1)
@settings(max_examples=12)
def test_middling_pools_are_fair_with_proof_whatever_they_look_like(size, categories, room, cap, seed):
    pool, request = made(size, min(categories, 3), room, 7, cap, seed)
    try:
        frozen = frozen_of(pool, request)
    except freezing.Impossible:
        return
    assert frozen.fairness.gap <= Fraction(1, 10**9)
    # Where the rules alone prove nothing the bound is one over all panels: too many of them to go through one by one.
    assert all(frozen.fairness.proof == "panels" and told.endswith(UNSEEN) for told in checked(frozen))


@given(st.integers(60, 200), st.integers(1, 5), st.integers(1, 10**6))
@settings(max_examples=12)
def test_every_herded_panel_meets_exactly_what_the_odds_meet_exactly(size, categories, seed):
    problem = problem_of(*made(size, categories, 1, 7, 1, seed))
    relaxed = leximin(problem)
    if relaxed is None:
        return
    odds = relaxed.odds[problem.type_of]
    face = face_of(problem, odds)
    start = first_panel(face, odds)
    if start is None:
        return
    for panel in Herd(face, odds, start).go(60):
        assert len(set(panel.tolist())) == problem.size
        units = Counter(u for u in problem.unit_of[panel].tolist() if u != NONE)
        assert max(units.values(), default=0) <= problem.cap
        for row in range(len(problem.quotas)):
            n = int((problem.kinds[problem.kind_of[panel]] == row).sum())
            sums = float(odds[(problem.kinds[problem.kind_of] == row).any(axis=1)].sum())
            assert problem.low[row] <= n <= problem.high[row]
            assert n == problem.high[row] or sums < problem.high[row] - 1e-9
            assert n == problem.low[row] or sums > problem.low[row] + 1e-9


@given(st.lists(st.tuples(*[st.integers(-1, 2)] * 3), min_size=2, max_size=30, unique=True))
def test_a_crossing_deals_the_same_values_anew(rows):
    kinds = np.array(sorted(rows), dtype=np.int64)
    found = Crossings(kinds)
    for split in range(len(found.parts)):
        for a in range(len(kinds)):
            for b in range(len(kinds)):
                moved = found.parts[split, b] - found.parts[split, a]
                one, other = int(found.at[found.codes[a] + moved]), int(found.at[found.codes[b] - moved])
                if one != NONE and other != NONE:
                    for before, after in zip(kinds[[a, b]].T, kinds[[one, other]].T, strict=True):
                        assert sorted(before.tolist()) == sorted(after.tolist())


def test_odds_out_of_reach_of_a_large_pool_are_told_as_a_gap(monkeypatch):
    """Nobody waits for hours: the nearest lottery is published, and the verifier says it is not proved."""
    monkeypatch.setattr(freezing, "MOST_PRICED", 0)
    monkeypatch.setattr(freezing, "BATCHES", (0.2, 0.1))
    frozen = frozen_of(*made(150, 3, 1))
    assert frozen.fairness.gap > Fraction(1, 10**9)
    assert sum(frozen.odds().values()) == 9
    warned = checked(frozen)
    assert len(warned) == 1 and "未证明是最公平的" in warned[0]


def test_progress_is_told_and_may_end_the_freeze():
    told: list[tuple[int, int]] = []
    frozen_of(*made(400, 2, 1), progress=lambda done, total: told.append((done, total)))
    assert len(told) >= 10 and told[-1][0] == told[-1][1]
    assert [done for done, _ in told] == sorted(done for done, _ in told)

    class Stop(Exception):
        pass

    def stop(done: int, total: int) -> None:
        raise Stop

    with pytest.raises(Stop):
        frozen_of(*made(400, 2, 1), progress=stop)


def test_a_large_file_is_the_same_under_another_hash_seed():
    code = (
        "from tests.lib.test_draw_large import frozen_of, made\n"
        "import sys; sys.stdout.write(frozen_of(*made(500, 5, 0)).sha256)"
    )
    kept = {**os.environ, "PYTHONHASHSEED": "7", "NUMBA_NUM_THREADS": "2", "OMP_NUM_THREADS": "2"}
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], env=kept, cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == frozen_of(*made(500, 5, 0)).sha256


@given(st.integers(40, 90), st.integers(2, 5), st.integers(0, 1), st.integers(1, 10**6))
@settings(max_examples=15)
def test_the_second_of_two_swaps_is_the_best_of_all_that_mend_the_first(size, categories, room, seed):
    """Most are passed over unseen; what is found gains as much as looking at every one."""
    problem = problem_of(*made(size, categories, room, 7, 1, seed))
    odds = np.full(problem.experts, 1.0)
    panel = first_panel(problem, odds)
    if panel is None:
        return
    p, debts = problem, np.random.default_rng(seed).normal(size=problem.experts)
    masks, places = masks_of(p), np.argsort(debts[panel], kind="stable")
    best = np.array([max(np.flatnonzero(p.kind_of == k), key=lambda i: debts[i]) for k in range(len(p.kinds))])
    owed = debts[best]
    order = np.argsort(-owed, kind="stable")
    first, new = int(places[0]), int(best[order[0]])
    counts = np.array([sum((p.kinds[p.kind_of[i]] == r).any() for i in panel) for r in range(len(p.quotas))])
    recount(p.kinds, counts, p.kind_of[panel[first]], p.kind_of[new])
    leave, enter, over, under = (np.zeros(masks.shape[1], dtype=np.int64) for _ in range(4))
    room_for(counts, p.low, p.high, leave, enter)
    for row in range(len(p.quotas)):
        over[0] |= int(counts[row] > p.high[row]) << row
        under[0] |= int(counts[row] < p.low[row]) << row
    used = np.zeros(len(p.units), dtype=np.int64)
    gains = [
        owed[kind] - debts[panel[place]]
        for place in range(p.size)
        for kind in range(len(p.kinds))
        if place != first
        and best[kind] != new
        and _mends(masks, leave, enter, over, under, p.kind_of[panel[place]], kind)
    ]
    fit, cap = np.empty(p.size, dtype=np.int64), p.size
    place, newcomer, gain = _second(
        panel, first, new, -1e9, debts, p.kind_of, p.unit_of, masks, leave, enter, over, under, best, owed, order,
        places, cap, used, fit,
    )  # fmt: skip
    assert (newcomer == NONE) == (not gains)
    if gains:
        assert gain == max(gains) == debts[newcomer] - debts[panel[place]]
