"""Panel scores: published examples, and what holds whatever the points are."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keji.lib.panelscore import panel_score, places, shown

POINTS = st.lists(st.decimals(0, 100, places=1), min_size=1, max_size=15)


def test_five_experts_lose_the_highest_and_the_lowest():
    found = panel_score([86, 91, 78, 88, 95])
    assert (shown(found.score), shown(found.mean), found.dropped) == (Decimal("88.33"), Decimal("87.60"), (2, 4))


def test_three_experts_all_count():
    found = panel_score([80, 85, 90])
    assert (found.score, found.dropped) == (85, ())


def test_one_far_from_the_rest_is_named_and_does_not_move_the_score():
    found = panel_score([72, 74, 90, 71, 73, 75, 70], deviation=15)
    assert (found.score, found.mean, found.median, found.flagged) == (73, 75, 73, (2,))


def test_exactly_at_the_limit_is_not_far():
    assert panel_score([70, 80, 95], deviation=15).flagged == ()
    assert panel_score([70, 80, Decimal("95.1")], deviation=15).flagged == (2,)


def test_no_points_make_no_score():
    with pytest.raises(ValueError, match="没有评分"):
        panel_score([])


def test_equal_scores_share_a_place():
    assert places([Fraction(90), Fraction(88), Fraction(90), Fraction(70)]) == [1, 3, 1, 4]


@given(POINTS)
def test_the_score_lies_between_the_lowest_and_the_highest_and_order_does_not_matter(points):
    found = panel_score(points, deviation=10)
    assert min(points) <= found.score <= max(points)
    assert panel_score(points[::-1]).score == found.score
    assert len(found.dropped) == (2 if len(points) >= 5 else 0)


@given(st.lists(st.integers(0, 100), min_size=5, max_size=9))
def test_one_expert_alone_never_decides(points):
    """Whatever one more point of the highest mark is, the score stays."""
    top = points.index(max(points))
    changed = [100 if i == top else p for i, p in enumerate(points)]
    assert panel_score(changed).score == panel_score(points).score
