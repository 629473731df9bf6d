"""One clock, on the bureau's wall."""

from __future__ import annotations

from datetime import UTC, date, datetime

from keji.kernel import clock

SMALL_HOURS = datetime(2024, 12, 9, 16, 30, tzinfo=UTC)  # half past midnight of the 10th in the bureau


def test_in_the_small_hours_it_is_the_bureau_s_day_not_greenwich_s():
    with clock.stopped_at(SMALL_HOURS):
        assert clock.today() == clock.now().date() == date(2024, 12, 10)


def test_a_moment_from_the_database_has_the_bureau_s_day():
    assert clock.day_of(SMALL_HOURS) == date(2024, 12, 10)
