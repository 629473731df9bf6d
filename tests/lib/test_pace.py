"""Lights by value against pace, completion, forecasts and bridges: the worked examples and the traps of the trade."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keji.lib.pace import (
    LightKind,
    Linear,
    Milestones,
    Op,
    Season,
    bridge,
    completion,
    expected,
    forecast_flow,
    forecast_stock,
    growth_rate,
    judge,
    linear_year,
    quarterly,
)

YEAR = linear_year(2023)
QUARTERS = quarterly(2024)
JUNE, SEPTEMBER, YEAR_END, AFTER = date(2024, 6, 30), date(2024, 9, 30), date(2024, 12, 31), date(2025, 1, 5)


def light(*args, **options):
    found = judge(*args, **options)
    assert found.reason.endswith("。")
    assert found.word
    return found.kind.value


def test_the_worked_examples_of_completion():
    assert completion(720, 750, "ge") == 96
    assert round(completion(1480, 1350, "ge"), 2) == Decimal("109.63")
    assert round(completion(Decimal("1.65"), Decimal("1.80"), "ge"), 2) == Decimal("91.67")
    for done, target, printed in [(62, 120, "51.67"), (35, 53, "66.04"), (14826, 20000, "74.13"), (145, 170, "85.29")]:
        assert round(completion(done, target, "ge"), 2) == Decimal(printed)
    assert round(completion(Decimal("78.93"), 91, "ge"), 2) == Decimal("86.74")
    assert round(completion(145, 165, "ge"), 1) == Decimal("87.9")  # what the page printed: another denominator


def test_the_float_trap_growth_of_exactly_fifteen_per_cent_is_reached():
    rate = growth_rate(Decimal("24.15"), Decimal("21.00"))
    assert rate == 15
    assert (24.15 / 21.00 - 1) * 100 < 15  # what floats would have said
    assert light(rate, 15, "growth_ge", YEAR, date(2023, 12, 31)) == "done"
    assert light(growth_rate(Decimal("24.1499"), 21), 15, "growth_ge", YEAR, date(2023, 12, 31)) == "behind"
    assert completion(Decimal("7.56"), 420, "ge") == Decimal("1.8")


def test_growth_without_a_positive_base_is_not_a_number():
    assert growth_rate(5, 0) is None
    assert growth_rate(5, -1) is None
    assert growth_rate(5, None) is None
    assert growth_rate(None, 5) is None


def test_nothing_is_ever_divided_by_a_missing_or_zero_target():
    for op in Op:
        target = (0, 0) if op in (Op.RANGE, Op.GROWTH_RANGE) else 0
        completion(5, target, op)
        completion(0, target, op)
        completion(5, None, op)
        light(5, target, op, YEAR, JUNE)
        light(0, None, op, YEAR, JUNE, stock=True)
    assert completion(0, 0, "ge") is None
    assert completion(None, 750, "ge") is None
    assert completion(12, 15, "growth_ge") is None


def test_completion_of_limits_ranges_clearing_and_milestones():
    assert completion(4, 5, "le") == 100
    assert completion(5, 5, "lt") == 100  # limit ÷ value, but judge says red
    assert completion(10, 5, "le") == 50
    assert completion(3, (4, 6), "range") == 75
    assert completion(5, (4, 6), "range") == 100
    assert completion(7, (4, 6), "range") is None
    assert completion(30, None, "drive_to_zero", base=40) == 25
    assert completion(0, None, "drive_to_zero") == 100
    assert completion(3, None, "drive_to_zero") is None
    assert completion(True, None, "milestone") == 100
    assert completion(45, 60, "coverage_all") == 75


def test_what_each_curve_expects():
    assert expected(YEAR, date(2023, 1, 1)) == Fraction(1, 365)
    assert expected(YEAR, date(2023, 12, 31)) == expected(YEAR, AFTER) == 1
    assert expected(YEAR, date(2022, 12, 31)) is None
    assert expected(QUARTERS, date(2024, 3, 30)) == 0
    assert expected(QUARTERS, date(2024, 3, 31)) == Fraction(1, 4)
    assert expected(QUARTERS, SEPTEMBER) == Fraction(3, 4)
    season = Season(date(2024, 7, 1), date(2024, 9, 30))
    assert expected(season, JUNE) is None
    assert expected(season, date(2024, 7, 1)) == Fraction(1, 92)
    assert expected(None, JUNE) is None


def test_curves_that_make_no_sense_are_refused():
    for make in (
        lambda: Linear(JUNE, date(2024, 1, 1)),
        lambda: Season(JUNE, date(2024, 1, 1)),
        lambda: Milestones(()),
        lambda: Milestones(((JUNE, Fraction(1, 2)), (SEPTEMBER, Fraction(1, 4)))),
        lambda: Milestones(((JUNE, Fraction(3, 2)),)),
    ):
        with pytest.raises(ValueError):
            make()


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "not_reported"),
        (500, "on_pace"),
        (499, "behind"),
        (400, "behind"),
        (399, "at_risk"),
        (0, "at_risk"),
        (1000, "done"),
        (1001, "over"),
    ],
)
def test_a_flow_is_green_at_pace_yellow_within_ten_points_and_red_below(value, kind):
    assert light(value, 1000, "ge", QUARTERS, JUNE, unit="家") == kind


def test_the_sentence_shows_what_was_expected_and_what_is():
    told = judge(300, 750, "ge", QUARTERS, JUNE, unit="家")
    assert told.reason == "截至2024年6月30日应完成全年的 50.0%（375家），实际 300家，落后不超过 10 个百分点。"
    assert told.word == "偏慢"
    assert LightKind.AT_RISK.word == "滞后"


def test_a_flow_at_rest_before_anything_is_expected_has_not_started():
    early = date(2024, 2, 1)
    assert light(0, 10, "ge", QUARTERS, early) == "not_started"
    assert light(None, 10, "ge", QUARTERS, early) == "not_started"
    assert light(1, 10, "ge", QUARTERS, early) == "on_pace"


def test_a_season_is_not_late_before_it_opens():
    season = Season(date(2024, 7, 1), SEPTEMBER)
    assert light(None, 100, "ge", season, JUNE) == "not_started"
    assert light(0, 100, "ge", season, JUNE) == "not_started"
    assert light(None, 100, "ge", season, date(2024, 7, 2)) == "not_reported"
    assert light(0, 100, "ge", season, date(2024, 8, 31)) == "at_risk"


def test_overdue_is_red_however_near():
    assert light(999, 1000, "ge", QUARTERS, YEAR_END) == "behind"
    assert light(999, 1000, "ge", QUARTERS, AFTER) == "at_risk"
    assert light(1000, 1000, "gt", QUARTERS, AFTER) == "at_risk"
    assert light(1001, 1000, "gt", QUARTERS, AFTER) == "over"


def test_a_stock_is_paced_from_its_base_and_reached_only_at_the_end():
    stock = {"stock": True, "base": 680}
    assert light(715, 750, "ge", QUARTERS, JUNE, **stock) == "on_pace"
    assert light(714, 750, "ge", QUARTERS, JUNE, **stock) == "behind"
    assert light(707, 750, "ge", QUARTERS, JUNE, **stock) == "at_risk"
    assert light(760, 750, "ge", QUARTERS, JUNE, **stock) == "on_pace"
    assert "到期" in judge(760, 750, "ge", QUARTERS, JUNE, **stock).reason
    assert light(760, 750, "ge", QUARTERS, YEAR_END, **stock) == "over"
    assert light(740, 750, "ge", QUARTERS, JUNE, stock=True, base=755) == "at_risk"


def test_a_stock_without_a_base_is_told_so_and_not_divided():
    assert light(720, 750, "ge", QUARTERS, JUNE, stock=True) == "behind"
    assert "没有年初基数" in judge(720, 750, "ge", QUARTERS, JUNE, stock=True).reason
    assert light(50, 100, "ge", QUARTERS, JUNE, stock=True, base=0) == "on_pace"


def test_about_counts_within_five_per_cent():
    assert light(2375, 2500, "about", QUARTERS, YEAR_END) == "done"
    assert light(2625, 2500, "about", QUARTERS, YEAR_END) == "done"
    assert light(2626, 2500, "about", QUARTERS, YEAR_END) == "over"
    assert light(2374, 2500, "about", QUARTERS, AFTER) == "at_risk"
    assert "目标约 2,500" in judge(2374, 2500, "about", QUARTERS, AFTER).reason


def test_a_limit_is_kept_until_the_end_or_red_at_once():
    assert light(4, 5, "le", QUARTERS, JUNE) == "on_pace"
    assert light(0, 5, "le", QUARTERS, date(2024, 1, 5)) == "on_pace"
    assert light(5, 5, "le", QUARTERS, YEAR_END) == "done"
    assert light(6, 5, "le", QUARTERS, JUNE) == "at_risk"
    assert light(5, 5, "lt", QUARTERS, JUNE) == "at_risk"


def test_a_range_has_two_ends():
    assert light(5, (4, 6), "range", QUARTERS, YEAR_END) == "done"
    assert light(7, (4, 6), "range", QUARTERS, YEAR_END) == "over"
    assert light(3, (4, 6), "range", QUARTERS, AFTER) == "at_risk"
    with pytest.raises(ValueError):
        judge(5, 5, "range", QUARTERS, JUNE)
    with pytest.raises(ValueError):
        judge(5, (4, 6), "ge", QUARTERS, JUNE)


def test_a_growth_target_is_a_level_not_a_sum():
    march = date(2024, 3, 31)
    assert light(15, 15, "growth_ge", QUARTERS, march) == "on_pace"  # not "done": the rate may fall again
    assert light(Decimal("13.5"), 15, "growth_ge", QUARTERS, march) == "behind"
    assert light(5, 15, "growth_ge", QUARTERS, march) == "at_risk"  # a quarter gone, yet no quarter of a rate will do
    assert light(-2, 0, "growth_ge", QUARTERS, march) == "at_risk"
    assert light(16, 15, "growth_ge", QUARTERS, YEAR_END) == "over"
    assert light(15, 15, "growth_gt", QUARTERS, YEAR_END) == "behind"
    assert light(14, 15, "growth_ge", QUARTERS, AFTER) == "at_risk"
    assert light(6, 5, "growth_le", QUARTERS, march) == "at_risk"
    assert light(4, 5, "growth_le", QUARTERS, YEAR_END) == "done"
    assert light(7, (6, 8), "growth_range", QUARTERS, YEAR_END) == "done"
    assert light(0, 15, "growth_ge", QUARTERS, date(2024, 1, 5)) == "at_risk"


def test_covering_all_depends_on_how_many_there_are():
    assert light(0, 0, "coverage_all", QUARTERS, JUNE) == "not_applicable"
    assert light(30, 60, "coverage_all", QUARTERS, JUNE) == "on_pace"
    assert light(61, 60, "coverage_all", QUARTERS, JUNE) == "done"


def test_driving_to_zero_counts_what_is_left():
    assert light(20, None, "drive_to_zero", QUARTERS, JUNE, base=40) == "on_pace"
    assert light(24, None, "drive_to_zero", QUARTERS, JUNE, base=40) == "behind"
    assert light(25, None, "drive_to_zero", QUARTERS, JUNE, base=40) == "at_risk"
    assert light(0, None, "drive_to_zero", QUARTERS, JUNE, base=40) == "on_pace"
    assert light(0, None, "drive_to_zero", QUARTERS, YEAR_END, base=40) == "done"
    assert light(1, None, "drive_to_zero", QUARTERS, AFTER, base=40) == "at_risk"
    assert light(3, None, "drive_to_zero", QUARTERS, JUNE) == "behind"
    assert light(3, None, "drive_to_zero", QUARTERS, JUNE, base=0) == "behind"


def test_a_milestone_is_done_open_or_overdue():
    due = Milestones(((SEPTEMBER, Fraction(1)),))
    assert light(False, None, "milestone", due, JUNE) == "not_started"
    assert light(False, None, "milestone", linear_year(2024), JUNE) == "on_pace"
    assert light(True, None, "milestone", due, JUNE) == "done"
    assert light(False, None, "milestone", due, YEAR_END) == "at_risk"


def test_without_a_target_or_a_time_there_is_no_light():
    assert light(5, None, "ge", QUARTERS, JUNE) == "not_applicable"
    assert light(5, 10, "ge", None, JUNE) == "not_applicable"


NUMBERS = st.integers(0, 2000)
DAYS = st.dates(date(2024, 1, 1), date(2024, 12, 31))
ORDER = ["not_started", "at_risk", "behind", "on_pace", "done", "over"]


@given(NUMBERS, NUMBERS, st.integers(1, 2000), DAYS)
def test_more_is_never_worse(a, b, target, on):
    low, high = sorted((a, b))
    assert ORDER.index(light(low, target, "ge", QUARTERS, on)) <= ORDER.index(light(high, target, "ge", QUARTERS, on))


@given(NUMBERS, st.integers(1, 2000), DAYS, DAYS)
def test_the_same_figure_looks_no_better_later(value, target, a, b):
    early, late = sorted((a, b))
    curve = linear_year(2024)
    assert ORDER.index(light(value, target, "ge", curve, late)) <= ORDER.index(light(value, target, "ge", curve, early))


@given(NUMBERS, st.integers(1, 2000), DAYS, st.integers(1, 1000))
def test_the_unit_of_the_figures_does_not_matter(value, target, on, scale):
    curve = linear_year(2024)
    assert light(value, target, "ge", curve, on) == light(value * scale, target * scale, "ge", curve, on)


def test_a_flow_is_forecast_from_its_own_pace():
    history = [(date(2023, 3, 31), 90), (date(2023, 6, 30), 181)]
    told = forecast_flow(history, date(2023, 7, 10), date(2023, 12, 31), unit="家")
    assert (told.low, told.mid, told.high) == (365, 365, 365)  # one a day
    uneven = forecast_flow([(date(2023, 3, 31), 0), (date(2023, 6, 30), 181)], date(2023, 7, 10), date(2023, 12, 31))
    assert (uneven.low, uneven.mid, uneven.high) == (181, 365, 547)
    assert "全年约 365家" in told.sentence
    assert forecast_flow([], JUNE, YEAR_END) is None
    assert forecast_flow([(YEAR_END, 5)], JUNE, YEAR_END) is None
    money = forecast_flow([(JUNE, Decimal("10.55"))], JUNE, YEAR_END)
    assert (money.low, money.mid, money.high) == (Decimal("21.21"), Decimal("21.22"), Decimal("21.22"))


def test_a_correction_downwards_counts_as_standing_still():
    told = forecast_flow([(date(2023, 3, 31), 90), (date(2023, 6, 30), 80)], date(2023, 7, 1), date(2023, 12, 31))
    assert told.low == 80
    assert told.low <= told.mid <= told.high


def test_a_stock_is_forecast_from_what_lapses_is_renewed_and_comes():
    told = forecast_stock(720, 60, Decimal("0.8"), 50)
    assert (told.low, told.mid, told.high) == (758, 758, 758)
    assert told.sentence == "现有 720家，年内到期 60家，按复核通过 80.0% 保住 48家，在办可新增 50家，年底约 758家。"
    spread = forecast_stock(720, 60, (Decimal("0.7"), Decimal("0.8"), Decimal("0.9")), (30, 50, 60))
    assert (spread.low, spread.mid, spread.high) == (732, 758, 774)
    assert "（732家 至 774家）" in spread.sentence
    for bad in [(10, 11, 1, 0), (10, 5, 2, 0), (10, 5, 1, -1), (10, 5, (1, Decimal("0.5"), 1), 0)]:
        with pytest.raises(ValueError):
            forecast_stock(*bad)


@given(st.lists(st.tuples(DAYS, st.integers(0, 10_000)), max_size=12), DAYS)
def test_a_forecast_keeps_its_order(history, on):
    told = forecast_flow(history, on, YEAR_END)
    assert told is None or told.low <= told.mid <= told.high


def test_a_change_is_told_by_reasons_that_sum():
    before, after = ["a", "b", "c", "d"], ["b", "c", "e", "f", "g"]
    told = bridge(before, after, lambda i: "迟报" if i == "g" else "新增", lambda i: "到期")
    assert [(p.reason, p.ids, p.change) for p in told.parts] == [
        ("新增", ("e", "f"), 2),
        ("迟报", ("g",), 1),
        ("到期", ("a", "d"), -2),
    ]
    assert told.sentence("家") == "上期 4家，新增 +2家、迟报 +1家、到期 -2家，本期 5家。"
    assert bridge([], [], str, str).sentence("家") == "上期 0家，没有变化，本期 0家。"


def test_amounts_that_were_corrected_have_their_own_part():
    told = bridge({"a": Decimal("1.1"), "b": 2}, {"a": Decimal("1.3"), "c": 4}, lambda i: "新增", lambda i: "撤销")
    assert [(p.reason, p.change) for p in told.parts] == [("新增", 4), ("撤销", -2), ("更正", Decimal("0.2"))]
    with pytest.raises(TypeError):
        bridge({"a": 0.1}, {}, str, str)


AMOUNTS = st.dictionaries(st.integers(0, 30), st.integers(-100, 100) | st.decimals(-100, 100, places=2), max_size=20)


@given(AMOUNTS, AMOUNTS)
def test_the_parts_of_a_bridge_always_sum_exactly(before, after):
    told = bridge(before, after, lambda i: f"入{i % 3}", lambda i: f"出{i % 2}")
    assert told.opening + sum(part.change for part in told.parts) == told.closing
    assert told.change == sum(after.values()) - sum(before.values())
    counted = bridge(before.keys(), after.keys(), lambda i: f"入{i % 3}", lambda i: f"出{i % 2}")
    assert counted.opening + sum(part.change for part in counted.parts) == len(after)
