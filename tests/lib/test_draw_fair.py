"""The lottery is as fair as the quotas allow: checked against all panels, by exact proof, and by drawing many times."""

from __future__ import annotations

import dataclasses
import os
import random
import subprocess
import sys
from collections import Counter
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keji.lib.draw import Expert, Frozen, Impossible, Pool, Quota, Request, Shares, commitment_of, draw, freeze
from keji.lib.draw.columns import all_columns, by_columns, seat_all
from keji.lib.draw.feasible import examine, relax
from keji.lib.draw.frozen import gini_of
from keji.lib.draw.keeping import Keeping
from keji.lib.draw.leximin import leximin
from keji.lib.draw.lottery import apportion, balls_for
from keji.lib.draw.problem import problem_of
from keji.lib.draw.seed import uniform
from keji.lib.draw.verify_draw import verify

NONCE = "ab" * 32
VALUES = {"类型": "甲乙丙", "性别": "男女", "地区": "内外"}


def frozen_of(pool: Pool, request: Request, **kept: object) -> Frozen:
    return freeze(pool, request, commitment=commitment_of(NONCE), at="x", **kept)


def plain_pool(size: int) -> Pool:
    return Pool.of(Expert(f"E{i:03d}") for i in range(size))


def city(size: int, seed: int = 1) -> tuple[Pool, Request]:
    r = random.Random(seed)
    pool = Pool.of(
        Expert(
            f"E{i:03d}",
            employer=f"U{int(r.paretovariate(1.1)) % 30}",
            features={"类型": "甲乙丙"[r.choice((0, 0, 0, 1, 1, 2))], "性别": "男女"[r.random() < 0.26]},
        )
        for i in range(size)
    )
    quotas = (
        Quota("类型", "甲", 4, 6),
        Quota("类型", "丙", 1, 2),
        Quota("性别", "女", 3, 4),
        Quota("性别", "男", 5, 6),
    )
    return pool, Request(9, quotas, substitutes=9)


@pytest.mark.parametrize(("size", "seats"), [(1, 1), (7, 7), (12, 5), (25, 3), (40, 15), (101, 9), (300, 7)])
def test_without_quotas_everybody_has_exactly_the_same_odds(size, seats):
    frozen = frozen_of(plain_pool(size), Request(seats))
    assert set(frozen.odds().values()) == {Fraction(seats, size)}
    assert frozen.fairness.gini == 0


def test_with_quotas_that_do_not_bind_everybody_has_exactly_the_same_odds():
    pool = Pool.of(
        Expert(f"E{i:03d}", employer=f"U{i // 2}", features={"性别": "女" if i % 3 == 0 else "男"}) for i in range(90)
    )
    frozen = frozen_of(pool, Request(9, (Quota("性别", "女", 1, 6), Quota("性别", "男", 2, 9))))
    assert set(frozen.odds().values()) == {Fraction(1, 10)}
    assert len(frozen.panels) > 90


def test_the_odds_are_the_fairest_level_by_level_with_proof():
    frozen = frozen_of(*city(150))
    fair = frozen.fairness
    assert fair.proof == "rules"
    assert 0 <= fair.gap <= Fraction(1, 10**9)
    assert frozen.balls >= 10**6
    told = {title: (right, text) for title, right, text in verify(frozen.content, draw(frozen, SHARES).content)}
    assert told["最公平的证明"][0]
    assert "注意" not in told["最公平的证明"][1]


SHARES = Shares(NONCE, "483920")


@st.composite
def tight(draw_from):
    """Small pools with quotas around one panel that is right, often with no room at all."""
    r = draw_from(st.randoms(use_true_random=False))
    size, seats = r.randint(6, 15), r.choice((3, 5))
    experts = [
        Expert(f"E{i:02d}", f"U{r.randint(0, size // 2)}", {c: r.choice(v) for c, v in VALUES.items()})
        for i in range(size)
    ]
    picked = r.sample(experts, seats)
    quotas = []
    for category, values in VALUES.items():
        for value in values if r.random() < 0.8 else ():
            n = sum(e.features[category] == value for e in picked)
            quotas.append(Quota(category, value, max(0, n - r.choice((0, 0, 1))), n + r.choice((0, 0, 1))))
    return Pool.of(experts), Request(seats, tuple(quotas), employer_cap=r.choice((0, 1, 1, 2)), substitutes=3)


def right_panels(pool: Pool, request: Request) -> list[tuple[int, ...]]:
    keeping = Keeping(pool, request)
    return [p for p in combinations(range(len(pool.experts)), request.size) if not keeping.problems(p)]


@given(tight())
@settings(max_examples=60)
def test_small_tight_pools_against_all_their_panels(case):
    """The verifier goes through every combination: each level's bound is proved, and met to 1e-9."""
    pool, request = case
    panels = right_panels(pool, request)
    if not panels:
        with pytest.raises(Impossible) as caught:
            frozen_of(pool, request)
        assert right_panels(pool, relax(request, caught.value.finding.changes))
        return
    frozen = frozen_of(pool, request)
    assert set(map(tuple, frozen.panels)) <= set(panels)
    found = verify(frozen.content, draw(frozen, SHARES).content)
    assert [entry for entry in found if not entry[1] or "注意" in entry[2]] == []


@given(tight())
@settings(max_examples=40)
def test_pricing_finds_the_same_odds_as_listing_all_panels(case):
    pool, request = case
    if not right_panels(pool, request):
        return
    problem = problem_of(pool, request)
    columns = all_columns(problem)
    listed = by_columns(problem, [])
    assert columns is not None
    import keji.lib.draw.columns as module

    kept, module.MOST_TYPES = module.MOST_TYPES, 0
    try:
        priced = by_columns(problem, columns[:1])
    finally:
        module.MOST_TYPES = kept
    assert priced.proved
    assert abs(priced.odds - listed.odds).max() < 1e-8
    panels, chances = seat_all(problem, listed)
    assert abs(sum(chances) - 1) < 1e-12
    assert not any(Keeping(pool, request).problems(panel) for panel in panels)


@given(tight())
@settings(max_examples=40)
def test_no_panel_lottery_beats_the_relaxed_odds(case):
    pool, request = case
    problem = problem_of(pool, request)
    relaxed = leximin(problem)
    if not right_panels(pool, request):
        return
    least = float(frozen_of(pool, request).fairness.least_odds)
    assert relaxed is not None
    assert least <= relaxed.levels[0].value + 1e-9


def test_drawn_many_times_everybody_comes_as_often_as_declared():
    """χ² over 20,000 seeds, panel by panel in groups; the seeds are fixed, so the test always says the same."""
    frozen = frozen_of(*city(60))
    owned = [panel for panel, weight in zip(frozen.panels, frozen.weights, strict=True)]
    ends, total = [], 0
    for weight in frozen.weights:
        total += weight
        ends.append(total)
    times, seats = 20_000, Counter()
    import bisect

    for n in range(times):
        ball = uniform(f"{n:064x}", "ball", frozen.balls)
        seats.update(owned[bisect.bisect_right(ends, ball)])
    odds = frozen.data["odds"]
    worst = 0.0
    for expert, n in enumerate(odds):
        chance = n / frozen.balls
        if 0 < chance < 1:
            worst = max(worst, abs(seats[expert] - times * chance) / (times * chance * (1 - chance)) ** 0.5)
    assert worst < 4.2  # of 60 experts, beyond this once in some hundred tests


def test_uniform_numbers_are_uniform():
    counts = Counter(uniform(f"{n:064x}", "ball", 7) for n in range(14_000))
    chi = sum((counts[v] - 2000) ** 2 / 2000 for v in range(7))
    assert chi < 22.5  # 6 degrees of freedom, 0.1 %


@given(st.text("0123456789abcdef", min_size=64, max_size=64), st.integers(1, 1 << 128))
def test_uniform_numbers_are_in_range_and_always_the_same(seed, below):
    assert 0 <= uniform(seed, "ball", below) < below
    assert uniform(seed, "ball", below) == uniform(seed, "ball", below)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50).filter(lambda c: sum(c) > 0), st.integers(10**6, 10**13))
def test_balls_add_up_and_follow_the_chances(chances, balls):
    counts = apportion(chances, balls)
    whole = sum(map(Fraction, chances))
    assert sum(counts) == balls
    assert all(abs(n - balls * Fraction(c) / whole) < 1 for n, c in zip(counts, chances, strict=True))


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=30))
def test_gini_is_the_mean_difference_over_twice_the_mean(values):
    n, total = len(values), sum(values)
    expected = Fraction(sum(abs(a - b) for a in values for b in values), 2 * n * total) if total else 0
    assert gini_of(values) == expected


def test_equal_odds_are_whole_numbers_of_balls():
    problem = problem_of(plain_pool(77), Request(9))
    assert balls_for(problem, 10**6) * 9 % 77 == 0


def test_renaming_the_experts_renames_the_odds():
    pool, request = city(80)
    renamed = Pool.of(dataclasses.replace(e, id="N" + e.id) for e in pool.experts)
    before, after = frozen_of(pool, request), frozen_of(renamed, request)
    assert [o for _, o in sorted(before.odds().items())] == [o for _, o in sorted(after.odds().items())]


def cost(pool: Pool, request: Request, panel: tuple[int, ...]) -> float:
    """By how much the bounds must be moved for this panel to be right; the cap counts half more."""
    experts = [pool.experts[i] for i in panel]
    moved = 0.0
    for quota in request.quotas:
        n = sum(e.features[quota.category] == quota.value for e in experts)
        moved += max(0, quota.least - n, n - quota.most)
    units = Counter(e.employer for e in experts)
    return moved + 1.5 * max(0, max(units.values()) - request.employer_cap if request.employer_cap else 0)


@given(tight(), st.integers(0, 5), st.integers(0, 3))
@settings(max_examples=60)
def test_the_relaxation_is_the_smallest_of_all_and_works(case, number, more):
    pool, request = case
    if not request.quotas:
        return
    number %= len(request.quotas)
    raised = [
        dataclasses.replace(q, least=q.least + more, most=q.most + more) if i == number else q
        for i, q in enumerate(request.quotas)
    ]
    request = dataclasses.replace(request, quotas=tuple(raised))
    found = examine(pool, request)
    smallest = min(cost(pool, request, p) for p in combinations(range(len(pool.experts)), request.size))
    asked = sum((1.5 if c.what == "employer_cap" else 1) * abs(c.after - c.before) for c in found.changes)
    assert found.possible == (smallest == 0)
    assert asked == smallest
    assert found.possible or examine(pool, relax(request, found.changes)).possible
    assert ("最小的放宽办法" in found.sentence) != found.possible


@pytest.mark.parametrize("settings_of_a_process", [("1", "1"), ("2", "2")])
def test_the_file_is_the_same_in_any_process(settings_of_a_process):
    hash_seed, threads = settings_of_a_process
    code = (
        "from tests.lib.test_draw_fair import city, frozen_of\n"
        "import sys; sys.stdout.write(frozen_of(*city(90)).sha256)"
    )
    kept = {**os.environ, "PYTHONHASHSEED": hash_seed, "NUMBA_NUM_THREADS": threads, "OMP_NUM_THREADS": threads}
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], env=kept, cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == frozen_of(*city(90)).sha256
