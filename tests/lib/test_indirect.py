"""Indirect costs by slices: the worked figures, and what holds for every sum."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keji.lib.indirect import indirect_ceiling

SLICES = ((5_000_000, 30), (10_000_000, 25), (None, 20))


@pytest.mark.parametrize(
    ("base", "most"), [(80, 24), (400, 120), (500, 150), (700, 200), (1000, 275), (1500, 375), (0, 0)]
)
def test_the_worked_figures(base, most):
    assert indirect_ceiling(base * 10_000, 0, SLICES) == most * 10_000


def test_bought_equipment_does_not_count():
    assert indirect_ceiling(1_000_000, 200_000, SLICES) == 240_000


def test_impossible_sums_are_told():
    with pytest.raises(ValueError, match="设备费"):
        indirect_ceiling(10, 20, SLICES)
    with pytest.raises(ValueError, match="分档"):
        indirect_ceiling(10, 0, ((None, 30), (5, 20)))


@given(st.integers(0, 10**9), st.integers(0, 10**6))
def test_more_base_never_allows_less_and_never_more_than_the_first_share(base, more):
    low, high = indirect_ceiling(base, 0, SLICES), indirect_ceiling(base + more, 0, SLICES)
    assert low <= high <= (base + more) * 30 // 100
