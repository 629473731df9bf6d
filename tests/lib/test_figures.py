"""Figures without artefacts, dates and periods as a Chinese reader expects them."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keji.lib import figures
from keji.lib.figures import Period, format_number, parse_period


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (1350, "家", "1,350家"),
        (Decimal("1234567.50"), "万元", "1,234,567.5万元"),
        (Decimal("1.8"), "%", "1.8%"),
        (Decimal("1E+6"), "", "1,000,000"),
        (Decimal("-0.00"), "", "0"),
        (-1200, "元", "-1,200元"),
        (Fraction(1, 8), "", "0.125"),
        (None, "家", "—"),
        (0, "家", "0家"),
    ],
)
def test_numbers_have_thousands_separators_and_no_artefacts(value, unit, shown):
    assert format_number(value, unit) == shown


def test_rounding_is_half_up_and_only_for_show():
    assert format_number(Decimal("85.295"), "%", places=2) == "85.30%"
    assert format_number(Fraction(145, 170) * 100, "%", places=2) == "85.29%"
    assert format_number(Decimal("0.5"), places=0) == "1"
    assert format_number(Fraction(-1, 8), places=2) == "-0.13"
    assert format_number(Fraction(-1, 800), places=2) == "0.00"
    assert figures.format_percent(Decimal("0.96")) == "96.0%"
    assert figures.format_percent(Fraction(62, 120), places=2) == "51.67%"
    assert figures.format_percent(None) == "—"


def test_floats_and_endless_fractions_are_refused():
    with pytest.raises(TypeError):
        format_number(14.999999999999991)
    with pytest.raises(TypeError):
        format_number(True)
    with pytest.raises(ValueError):
        format_number(Fraction(1, 3))


def test_amounts_grow_to_a_larger_unit_only_when_nothing_is_lost():
    assert format_number(12000, "万元", scale=True) == "1.2亿元"
    assert format_number(340000, "万元", scale=True) == "34亿元"
    assert format_number(Decimal("12345.6"), "万元", scale=True) == "12,345.6万元"
    assert format_number(9999, "万元", scale=True) == "9,999万元"
    assert format_number(10**12, "元", scale=True) == "10,000亿元"
    assert format_number(12000, "家", scale=True) == "12,000家"


def test_a_change_shows_its_sign():
    assert figures.format_change(12, "家") == "+12家"
    assert figures.format_change(-3, "家") == "-3家"
    assert figures.format_change(Decimal("0.0")) == "持平"
    assert figures.format_change(None) == "—"


def test_dates_are_written_out_without_zeros():
    assert figures.plain_date(date(2024, 3, 5)) == "2024年3月5日"
    assert figures.plain_date(None) == "—"


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2024年3月", Period.month(2024, 3)),
        ("2024年3月份", Period.month(2024, 3)),
        ("２０２４－０３", Period.month(2024, 3)),
        ("202403", Period.month(2024, 3)),
        ("2024.12", Period.month(2024, 12)),
        ("2024年1—2月", Period.jan_feb(2024)),
        ("2024年1-2月", Period.jan_feb(2024)),
        ("2024 年第一季度", Period.quarter(2024, 1)),
        ("2024年四季度", Period.quarter(2024, 4)),
        ("2024年3季度", Period.quarter(2024, 3)),
        ("2024q2", Period.quarter(2024, 2)),
        ("2024年度", Period.whole_year(2024)),
        ("2024", Period.whole_year(2024)),
    ],
)
def test_periods_are_read_in_the_spellings_people_use(text, period):
    assert parse_period(text) == period
    assert parse_period(period.label) == period


@pytest.mark.parametrize("text", ["", "三月", "2024年13月", "202413", "1024年", "2024年5季度", "24年3月", "2024-2-30"])
def test_other_periods_are_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match="。"):
        parse_period(text)


def test_a_period_knows_its_days_months_and_neighbours():
    quarter = Period.quarter(2024, 1)
    assert (quarter.start, quarter.end) == (date(2024, 1, 1), date(2024, 3, 31))
    assert quarter.months == (1, 2, 3)
    assert quarter.previous() == Period.quarter(2023, 4)
    assert quarter.same_last_year() == Period.quarter(2023, 1)
    assert Period.month(2024, 2).end == date(2024, 2, 29)
    assert Period.month(2024, 1).previous() == Period.month(2023, 12)
    assert Period.whole_year(2024).previous() == Period.whole_year(2023)
    assert date(2024, 2, 29) in Period.month(2024, 2)
    assert Period.jan_feb(2024).label == "2024年1—2月"
    assert str(Period.month(2024, 3)) == "2024-03"
    assert Period.month(2024, 5).cumulative_label == "2024年1—5月"
    assert Period.month(2024, 1).cumulative_label == "2024年1月"
    assert Period.month(2024, 12).cumulative_label == "2024年"


def test_january_and_february_may_be_one_member_of_a_series():
    joined = Period.jan_feb(2024)
    assert Period.month(2024, 3).previous(joined=True) == joined
    assert Period.month(2024, 3).previous() == Period.month(2024, 2)
    assert joined.previous() == Period.month(2023, 12)
    assert joined.next() == Period.month(2024, 3)
    assert joined.month_index == Period.month(2024, 2).month_index
    assert Period.of(date(2024, 2, 1), "jan_feb") == joined
    with pytest.raises(ValueError):
        Period.of(date(2024, 3, 1), "jan_feb")
    with pytest.raises(ValueError):
        Period("week", 2024, 1)


PERIODS = st.builds(
    lambda kind, year, number: Period(
        kind, year, number if kind == "month" else 1 + number % 4 if kind == "quarter" else 1
    ),
    st.sampled_from(["month", "quarter", "year"]),
    st.integers(1902, 2098),
    st.integers(1, 12),
)


@given(PERIODS)
def test_neighbours_touch_and_labels_read_back(period):
    assert period.previous().end + timedelta(days=1) == period.start
    assert period.next().previous() == period
    assert parse_period(period.label) == period
    assert Period.at_month_index(period.month_index).end == period.end


@given(st.decimals(-(10**12), 10**12, places=4))
def test_a_shown_number_is_the_number(value):
    shown = format_number(value)
    assert Decimal(shown.replace(",", "")) == value
    scaled, unit = figures.scale_unit(value, "元")
    assert Fraction(scaled) * {"元": 1, "万元": 10**4, "亿元": 10**8}[unit] == Fraction(value)
