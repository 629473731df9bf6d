"""Legal limits counted on the 调休 calendar: the official vectors, and laws that hold for any table."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keji.lib.workdays import Span, WorkCalendar, check_spans, load_default, load_spans, parse_csv

CALENDAR = load_default()

VECTORS = [
    ("2024-02-08", 5, "2024-02-21"),
    ("2024-09-12", 5, "2024-09-20"),
    ("2024-09-30", 10, "2024-10-18"),
    ("2025-01-24", 5, "2025-02-07"),
    ("2025-09-26", 5, "2025-10-10"),
    ("2025-09-30", 20, "2025-11-04"),
    ("2026-01-02", 1, "2026-01-04"),
    ("2026-02-13", 5, "2026-02-27"),
    ("2026-02-13", 10, "2026-03-05"),
    ("2026-05-08", 1, "2026-05-09"),
    ("2026-09-24", 5, "2026-10-09"),
    ("2026-09-30", 5, "2026-10-13"),
]

PER_MONTH = {
    2024: [22, 18, 21, 22, 21, 19, 23, 22, 21, 19, 21, 22],
    2025: [19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23],
    2026: [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23],
}


@pytest.mark.parametrize(("start", "n", "due"), VECTORS)
def test_a_legal_limit_ends_on_the_official_day(start, n, due):
    start, due = date.fromisoformat(start), date.fromisoformat(due)
    assert CALENDAR.add(start, n) == due
    assert CALENDAR.between(start, due) == n


@pytest.mark.parametrize("year", PER_MONTH)
def test_each_month_has_the_published_number_of_working_days(year):
    counts = [
        sum(CALENDAR.is_working(date(year, month, day)) for day in range(1, monthrange(year, month)[1] + 1))
        for month in range(1, 13)
    ]
    assert counts == PER_MONTH[year]
    assert sum(counts) == {2024: 251, 2025: 248, 2026: 248}[year]


def test_new_years_eve_of_2024_was_worked_because_it_was_not_yet_a_holiday():
    assert CALENDAR.is_working(date(2024, 2, 9))
    assert not CALENDAR.is_working(date(2025, 1, 28))


def test_a_deadline_on_a_holiday_moves_to_the_next_working_day():
    assert CALENDAR.next_working(date(2026, 10, 1)) == date(2026, 10, 8)
    assert CALENDAR.next_working(date(2026, 9, 20)) == date(2026, 9, 20)  # a Sunday that is worked
    assert CALENDAR.previous_working(date(2026, 10, 7)) == date(2026, 9, 30)


def test_a_deadline_in_a_year_without_a_notice_is_marked_uncertain_and_counted_by_weekends():
    due = CALENDAR.add(date(2026, 12, 30), 3)
    assert due == date(2027, 1, 4)  # weekends only: Friday 1 January 2027 counts for the time being
    assert CALENDAR.uncertain(due)
    assert not CALENDAR.uncertain(date(2026, 12, 31))
    assert not CALENDAR.known(2027)
    assert CALENDAR.uncertain(date(2023, 6, 1))


def test_each_known_year_names_its_notice():
    assert set(CALENDAR.notices) == CALENDAR.known_years == {2024, 2025, 2026}
    assert "国办发明电〔2025〕7号" in CALENDAR.notices[2026]


def test_the_shared_calendar_cannot_be_changed_in_passing():
    with pytest.raises(TypeError):
        CALENDAR.days[date(2026, 1, 5)] = False
    assert hash(CALENDAR) == hash(WorkCalendar.from_spans(load_spans()))


def test_an_edited_table_is_told_what_is_wrong_with_it():
    ok = Span(date(2027, 1, 1), date(2027, 1, 3), False, "元旦", 2027)
    assert check_spans([*load_spans(), ok]) == []
    backwards = Span(date(2027, 5, 5), date(2027, 5, 1), False, "劳动节", 2027)
    weekday = Span(date(2027, 2, 3), date(2027, 2, 3), True, "春节调休", 2027)
    wrong_year = Span(date(2026, 12, 25), date(2026, 12, 25), False, "试", 2028)
    too_long = Span(date(2027, 5, 1), date(2028, 5, 5), False, "长", 2027)
    for bad, words in [(backwards, "早于"), (weekday, "不是周末"), (wrong_year, "不在 2028 年"), (too_long, "超过")]:
        assert words in check_spans([bad])[0]
    assert "只留一处" in check_spans([ok, ok])[0]
    with pytest.raises(ValueError, match="不是周末"):
        WorkCalendar.from_spans([weekday])
    with pytest.raises(ValueError, match="off 或 work"):
        parse_csv("first,last,kind,name,year,notice\n2027-01-01,2027-01-01,假,元旦,2027,\n")


def test_a_county_may_extend_the_table_by_one_year():
    longer = WorkCalendar.from_spans(
        [*load_spans(), Span(date(2027, 1, 1), date(2027, 1, 3), False, "元旦", 2027, "甲")]
    )
    assert longer.known(2027)
    assert longer.add(date(2026, 12, 31), 1) == date(2027, 1, 4)
    assert longer.notices[2027] == "甲"


DAYS = st.dates(date(2022, 1, 1), date(2029, 12, 31))


@given(DAYS, st.integers(0, 260))
def test_counting_forward_then_measuring_gives_the_same_number(start, n):
    assert CALENDAR.between(start, CALENDAR.add(start, n)) == n


@given(DAYS, st.integers(1, 200))
def test_a_due_day_is_worked_and_coming_back_lands_on_a_working_day_not_after_the_start(start, n):
    due = CALENDAR.add(start, n)
    assert CALENDAR.is_working(due)
    assert CALENDAR.add(due, -n) <= start
    if CALENDAR.is_working(start):
        assert CALENDAR.add(due, -n) == start


@given(DAYS, st.integers(0, 60), st.integers(0, 60))
def test_limits_add_up(start, a, b):
    assert CALENDAR.add(CALENDAR.add(start, a), b) == CALENDAR.add(start, a + b)


@given(DAYS, DAYS, DAYS)
def test_measuring_is_additive_and_antisymmetric(a, b, c):
    assert CALENDAR.between(a, b) + CALENDAR.between(b, c) == CALENDAR.between(a, c)
    assert CALENDAR.between(a, b) == -CALENDAR.between(b, a)


@given(DAYS)
def test_next_working_never_goes_back_nor_skips_a_working_day(day):
    moved = CALENDAR.next_working(day)
    assert moved >= day
    assert CALENDAR.is_working(moved)
    assert not any(CALENDAR.is_working(day + timedelta(days=i)) for i in range((moved - day).days))
