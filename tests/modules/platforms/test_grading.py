"""Grades are computed exactly: what a rounded score would decide differently is decided on the fraction."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keji.modules.platforms.assessment.grading import grade, shown, total

BANDS = (("优秀", Decimal(90)), ("良好", Decimal(75)), ("合格", Decimal(60)), ("不合格", Decimal(0)))
points = st.decimals(min_value=0, max_value=10, places=2)
items = st.lists(
    st.tuples(st.decimals(min_value="0.01", max_value=30, places=2), st.lists(points, min_size=1, max_size=7)),
    min_size=1,
    max_size=12,
)


def marks(rows):
    return {f"项{n}": (weight, 10, given) for n, (weight, given) in enumerate(rows)}


@pytest.mark.parametrize(
    ("score", "word"),
    [
        (Fraction(90), "优秀"),
        (Fraction(90) - Fraction(1, 3000), "良好"),
        (Fraction(60), "合格"),
        (Fraction(59999, 1000), "不合格"),
        (Fraction(0), "不合格"),
    ],
)
def test_the_edge_belongs_to_the_higher_band_and_a_hair_below_does_not(score, word):
    assert grade(score, BANDS) == word


def test_a_score_that_rounds_up_to_the_edge_still_misses_it():
    score = total({"甲": (Decimal(100), 10, [Decimal("8.9999"), Decimal("9"), Decimal("9")])})
    assert shown(score, 2) == Decimal("90.00")
    assert grade(score, BANDS) == "良好"


def test_three_experts_make_thirds_and_nothing_is_dropped():
    assert total({"甲": (Decimal(50), 10, [Decimal(10), Decimal(10), Decimal(0)])}) == Fraction(100, 3)


def test_bands_that_leave_a_score_out_are_an_error():
    with pytest.raises(ValueError, match="no band"):
        grade(Fraction(10), BANDS[:3])
    with pytest.raises(ValueError, match="no mark"):
        total({"甲": (Decimal(50), 10, [])})


@settings(deadline=None)
@given(items)
def test_the_score_lies_between_nought_and_the_weights(rows):
    found = total(marks(rows))
    assert 0 <= found <= sum((Fraction(weight) for weight, _ in rows), Fraction(0))


@settings(deadline=None)
@given(items, points)
def test_a_higher_mark_never_lowers_the_score(rows, more):
    before = total(marks(rows))
    weight, given_points = rows[0]
    raised = [(weight, [max(given_points[0], more), *given_points[1:]]), *rows[1:]]
    assert total(marks(raised)) >= before


@settings(deadline=None)
@given(items)
def test_the_order_of_the_experts_does_not_matter(rows):
    assert total(marks(rows)) == total(marks([(w, list(reversed(p))) for w, p in rows]))


@settings(deadline=None)
@given(st.fractions(min_value=0, max_value=100))
def test_what_is_shown_is_the_nearest_and_halves_go_up(score):
    found = Fraction(shown(score, 2))
    assert -Fraction(1, 200) <= score - found < Fraction(1, 200) or found - score == Fraction(1, 200)
