"""What chance gives over several draws: checked against every ball and every outcome."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keji.lib.draw import Expert, Frozen, Pool, Quota, Request, commitment_of, freeze
from keji.lib.draw.company import at_least, joint_odds

shares = st.builds(lambda d, n: Fraction(min(n, d), d), st.integers(1, 50), st.integers(0, 50))


def by_every_outcome(chances: list[Fraction], times: int) -> Fraction:
    total = Fraction(0)
    for happened in product((False, True), repeat=len(chances)):
        if sum(happened) >= times:
            weight = Fraction(1)
            for yes, chance in zip(happened, chances, strict=True):
                weight *= chance if yes else 1 - chance
            total += weight
    return total


@given(st.lists(shares, max_size=7), st.integers(-1, 8))
def test_so_many_hits_are_as_likely_as_going_through_every_outcome_says(chances, times):
    assert at_least(chances, times) == by_every_outcome(chances, times)


@given(st.lists(shares, max_size=12), st.integers(0, 12))
def test_more_hits_are_never_likelier_and_the_order_of_draws_does_not_matter(chances, times):
    assert at_least(chances, times + 1) <= at_least(chances, times) <= 1
    assert at_least(chances[::-1], times) == at_least(chances, times)


@given(st.lists(shares, min_size=1, max_size=12))
def test_the_expected_count_is_what_the_chances_add_up_to(chances):
    assert sum(at_least(chances, n) for n in range(1, len(chances) + 1)) == sum(chances)


def frozen(kinds: str, size: int, quotas: tuple[Quota, ...] = ()) -> Frozen:
    pool = Pool.of(Expert(f"E{i:02d}", features={"类型": kind}) for i, kind in enumerate(kinds))
    return freeze(pool, Request(size, quotas), commitment=commitment_of("ab" * 32), at="x", balls=1_000_000)


@settings(max_examples=12, deadline=None)
@given(st.text("甲乙", min_size=6, max_size=12), st.sampled_from([3, 5]))
def test_a_pair_s_chance_is_the_balls_of_all_panels_with_both(kinds, size):
    file = frozen(kinds, size)
    names = [e.id for e in file.pool.experts]
    found = joint_odds(file, set(combinations(names, 2)))
    for a, b in combinations(range(len(names)), 2):
        both = sum(w for panel, w in zip(file.panels, file.weights, strict=True) if a in panel and b in panel)
        assert found.get((names[a], names[b]), 0) == Fraction(both, file.balls)
    assert sum(found.values()) == size * (size - 1) // 2  # every panel has so many pairs
    for i, name in enumerate(names):  # and a member sits with size − 1 others
        assert sum(p for pair, p in found.items() if name in pair) == (size - 1) * file.odds()[names[i]]


def test_where_every_panel_is_as_likely_a_pair_s_chance_is_hypergeometric():
    file = Frozen.of(
        frozen("甲" * 5, 3).data
        | {"lottery": {"balls": 10, "panels": [list(p) for p in combinations(range(5), 3)], "weights": [1] * 10}}
    )
    assert set(joint_odds(file, {("E00", "E03"), ("E01", "E02")}).values()) == {Fraction(3 * 2, 5 * 4)}


def test_two_who_are_the_only_ones_of_their_kinds_always_sit_together():
    file = frozen("甲乙丙丙丙丙", 3, (Quota("类型", "甲", 1, 1), Quota("类型", "乙", 1, 1)))
    assert joint_odds(file, {("E00", "E01")}) == {("E00", "E01"): Fraction(1)}


@pytest.mark.parametrize("pair", [("E00", "E99"), ("E03", "E00")])
def test_who_is_not_in_the_pool_or_not_in_order_has_no_chance_told(pair):
    assert joint_odds(frozen("甲" * 6, 3), {pair}) == {}
