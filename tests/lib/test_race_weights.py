"""Ways to find weights: textbook results, and what each says of itself."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keji.lib.race import weights
from keji.lib.race.doubt import benefit_of_doubt, maximise

CODES = ("a", "b", "c")


def test_equal_weights_add_up_to_one_all_the_same():
    found = weights.equal(CODES)
    assert sum(found.weights.values()) == 1
    assert sorted(found.weights.values()) == [Decimal("0.333333"), Decimal("0.333333"), Decimal("0.333334")]


def test_a_budget_is_the_mean_of_the_ballots():
    ballots = {"甲": {"a": Fraction(50), "b": Fraction(30), "c": Fraction(20)},
               "乙": {"a": Fraction(30), "b": Fraction(30), "c": Fraction(40)}}  # fmt: skip
    found = weights.budget(ballots)
    assert found.weights == {"a": Decimal("0.4"), "b": Decimal("0.3"), "c": Decimal("0.3")}
    assert found.sentence == "2 人各把 100 分分给各项指标，取平均。"
    with pytest.raises(ValueError, match="不一样"):
        weights.budget(ballots | {"丙": {"a": Fraction(10), "b": Fraction(0), "c": Fraction(0)}})
    with pytest.raises(ValueError, match="不完整"):
        weights.budget(ballots | {"丙": {"a": Fraction(100)}})


def test_ahp_of_consistent_comparisons_is_exact():
    compared = {("a", "b"): Fraction(2), ("a", "c"): Fraction(6), ("b", "c"): Fraction(3)}
    found = weights.ahp(CODES, compared)
    assert found.weights == {"a": Decimal("0.6"), "b": Decimal("0.3"), "c": Decimal("0.1")}
    assert found.consistency == pytest.approx(0, abs=1e-12)
    assert found.warnings == ()
    turned = {("b", "a"): Fraction(1, 2), ("a", "c"): Fraction(6), ("c", "b"): Fraction(1, 3)}
    assert weights.ahp(CODES, turned).weights == found.weights


def test_ahp_of_a_textbook_matrix():
    """Rows 1 1/3 5, 3 1 7, 1/5 1/7 1: λmax 3.0649, weights .2790 .6491 .0719, ratio .0649/2/.58 = .0559."""
    compared = {("a", "b"): Fraction(1, 3), ("a", "c"): Fraction(5), ("b", "c"): Fraction(7)}
    found = weights.ahp(CODES, compared)
    assert [float(w) for w in found.weights.values()] == pytest.approx([0.2790, 0.6491, 0.0719], abs=5e-5)
    assert found.consistency == pytest.approx(0.0559, abs=1e-4)


def test_contradicting_comparisons_are_named():
    compared = {("a", "b"): Fraction(5), ("b", "c"): Fraction(5), ("a", "c"): Fraction(1, 5)}
    found = weights.ahp(CODES, compared)
    assert found.consistency > 0.1
    assert "前后矛盾" in found.warnings[0]
    with pytest.raises(ValueError, match="缺少"):
        weights.ahp(CODES, {("a", "b"): Fraction(2)})
    with pytest.raises(ValueError, match="最多"):
        weights.ahp([str(i) for i in range(16)], {})


def test_what_is_alike_for_all_weighs_nothing_by_entropy():
    found = weights.entropy(CODES, [(1, 5, 1), (1, 3, 2), (1, 1, 9)])
    assert found.weights["a"] == 0
    assert found.weights["c"] > found.weights["b"] > 0
    alike = weights.entropy(CODES, [(1, 1, 1)] * 3)
    assert "按等权计" in alike.warnings[0]
    with pytest.raises(ValueError, match="不为负"):
        weights.entropy(CODES, [(-1, 0, 1), (1, 1, 1)])


def test_entropy_by_hand():
    """Shares 1/2 1/2 have entropy 1, shares 1/4 3/4 have .811278: diversities 0 and .188722."""
    assert weights.entropy("ab", [(1, 1), (1, 3)]).weights == {"a": 0, "b": 1}
    found = weights.entropy("ab", [(1, 1), (3, 3)])
    assert found.weights == {"a": Decimal("0.5"), "b": Decimal("0.5")}


def test_critic_by_hand():
    """Two copies and their opposite: every spread alike, disagreement 2, 2 and 4."""
    found = weights.critic(CODES, [(0, 0, 2), (1, 1, 1), (2, 2, 0)])
    assert found.weights == {"a": Decimal("0.25"), "b": Decimal("0.25"), "c": Decimal("0.5")}


def test_principal_components_share_by_loadings():
    found = weights.pca(CODES, [(0, 0, 5), (1, 1, 5), (2, 2, 5), (3, 3, 5)])
    assert found.weights == {"a": Decimal("0.5"), "b": Decimal("0.5"), "c": 0}
    assert weights.pca(CODES, [(0, 1, 2), (1, 0, 2)]).warnings[0].startswith("单位只有 2 个")


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 100)] * 3), min_size=2, max_size=8))
def test_weights_add_up_to_one_and_the_order_of_units_does_not_matter(rows):
    for way in (weights.entropy, weights.critic, weights.pca):
        found = way(CODES, rows)
        assert sum(found.weights.values()) == 1
        assert all(0 <= w <= 1 for w in found.weights.values())
        again = way(CODES, rows[::-1]).weights
        assert all(abs(again[c] - found.weights[c]) <= Decimal("0.00001") for c in CODES) or way is weights.pca


def test_gaps_are_refused():
    with pytest.raises(ValueError, match="空缺"):
        weights.critic(CODES, [(1, 2, float("nan")), (1, 2, 3)])
    with pytest.raises(ValueError, match="至少要有两个单位"):
        weights.critic(CODES, [(1, 2, 3)])


def test_the_benefit_of_the_doubt_lets_each_shine():
    found = benefit_of_doubt("ab", [(10, 0), (0, 10), (4, 4), (6, 6)])
    assert [b.score for b in found] == pytest.approx([1, 1, 2 / 3, 1])
    assert found[0].shares == pytest.approx({"a": 1, "b": 0})
    bound = benefit_of_doubt("ab", [(10, 0), (0, 10), (4, 4), (6, 6)], least=0.3)
    assert all(least >= 0.3 - 1e-7 for b in bound if b.score for least in b.shares.values())
    assert bound[3].score == pytest.approx(1)
    with pytest.raises(ValueError, match="互相矛盾"):
        benefit_of_doubt("ab", [(1, 2), (2, 1)], least=0.6)


def test_the_little_solver_finds_textbook_optima():
    rows, limits = np.array([[1.0, 0], [0, 2], [3, 2]]), np.array([4.0, 12, 18])
    assert maximise(np.array([3.0, 5]), rows, limits).tolist() == pytest.approx([2, 6])
    # Beale's example goes round in circles under the steepest rule.
    rows = np.array([[0.25, -60, -0.04, 9], [0.5, -90, -0.02, 3], [0, 0, 1, 0]])
    found = maximise(np.array([0.75, -150, 0.02, -6]), rows, np.array([0.0, 0, 1]))
    assert found @ [0.75, -150, 0.02, -6] == pytest.approx(0.05)
    with pytest.raises(ValueError, match="没有最大值"):
        maximise(np.array([1.0]), np.array([[-1.0]]), np.array([1.0]))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 50)] * 3), min_size=2, max_size=7))
def test_nobody_beats_the_best_under_its_own_weights(rows):
    found = benefit_of_doubt(CODES, rows)
    assert all(-1e-9 <= b.score <= 1 + 1e-9 for b in found)
    for i, best in enumerate(zip(*rows, strict=True)):
        leaders = [u for u, row in enumerate(rows) if row[i] == max(best) > 0]
        assert all(found[u].score == pytest.approx(1) for u in leaders)  # first in something: nobody surely beats it


def test_comparisons_furthest_from_the_others_are_named_with_what_would_fit():
    compared = {("a", "b"): Fraction(2), ("a", "c"): Fraction(1, 6), ("b", "c"): Fraction(3)}
    found = weights.ahp(CODES, compared)
    odd = weights.contradictions(compared, found.weights, most=1)
    assert [row[:3] for row in odd] == [("a", "c", Fraction(1, 6))]
    assert odd[0][3] > Fraction(1, 6)  # all of them together put a less far behind c


@given(st.lists(st.integers(1, 9), min_size=3, max_size=3))
@settings(max_examples=40, deadline=None)
def test_comparisons_made_from_weights_contradict_nothing(parts):
    a, b, c = (Fraction(p) for p in parts)
    compared = {("a", "b"): a / b, ("a", "c"): a / c, ("b", "c"): b / c}
    assert weights.contradictions(compared, weights.ahp(CODES, compared).weights) == []
