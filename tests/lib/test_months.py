"""Months as time limits count them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keji.lib.months import add_months, whole_months

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        (date(2022, 3, 1), 24, date(2024, 3, 1)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 3, 31), -1, date(2024, 2, 29)),
        (date(2024, 12, 15), 1, date(2025, 1, 15)),
    ],
)
def test_the_same_day_some_months_on(day, months, found):
    assert add_months(day, months) == found


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        (date(2022, 3, 1), date(2024, 2, 28), 23),
        (date(2022, 3, 1), date(2024, 2, 29), 23),
        (date(2022, 3, 1), date(2024, 3, 1), 24),
        (date(2022, 3, 1), date(2024, 3, 2), 24),
        (date(2024, 1, 31), date(2024, 2, 29), 1),
        (date(2024, 5, 1), date(2024, 5, 1), 0),
        (date(2024, 5, 2), date(2024, 5, 1), 0),
        (date(2024, 5, 2), date(2024, 4, 1), -1),
    ],
)
def test_full_months_between_two_days(start, end, found):
    assert whole_months(start, end) == found


@given(DAYS, st.integers(0, 400))
def test_full_months_undo_adding(day, months):
    assert whole_months(day, add_months(day, months)) == months


@given(DAYS, DAYS)
def test_full_months_are_the_most_that_fit(start, end):
    if start <= end:
        months = whole_months(start, end)
        assert add_months(start, months) <= end < add_months(start, months + 1)


@given(DAYS, st.integers(1, 120))
def test_a_limit_is_kept_on_the_day_and_broken_the_day_after(day, months):
    limit = add_months(day, months)
    assert whole_months(day, limit) == months
    assert whole_months(day, limit - timedelta(days=1)) < months
