"""The two R&D totals: exact, capped where the law caps them, the same items read twice."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keji.lib.rnd_items import NAMES, CostItems, Counting, add, round_together
from keji.lib.rnd_items import deductible as deductible_by
from keji.lib.rnd_items import recognised as recognised_by

LAW = Counting(Fraction(4, 5), Fraction(1, 5), Fraction(1, 10), Fraction(2, 3))


def recognised(found):
    return recognised_by(found, LAW)


def deductible(found):
    return deductible_by(found, LAW)


amounts = st.decimals(min_value=0, max_value=10**10, places=2)
items = st.builds(
    lambda values, building: CostItems(
        **dict(zip(NAMES, values, strict=True)), building_depreciation=min(building, values[2])
    ),
    st.lists(amounts, min_size=9, max_size=9),
    amounts,
)
SHEET = CostItems(
    staff_cost=900, direct_cost=300, depreciation=200, amortisation=50, design_cost=30, trial_cost=20,
    commissioned_home=500, other_cost=520,
)  # fmt: skip


def test_other_costs_count_up_to_a_fifth_of_the_total_that_contains_them():
    found = recognised(SHEET)
    assert found.total == 2375
    assert dict(found.lines)["其他费用（不超过总额的20%）"] == 475 == Fraction(1, 5) * found.total
    assert found.total / 59375 == Fraction(4, 100)


def test_the_same_items_make_another_total_for_the_tax_office():
    found = deductible(SHEET)
    assert dict(found.lines)["其他相关费用（不超过10%）"] == Fraction(1480, 9)
    assert found.total == Fraction(18400, 9)
    assert f"{float(found.total):.2f}" == "2044.44"


def test_buildings_count_for_recognition_and_not_for_the_deduction():
    plant = CostItems(staff_cost=100, depreciation=80, building_depreciation=50)
    assert (recognised(plant).total, deductible(plant).total) == (180, 130)


def test_research_abroad_counts_four_fifths_and_never_more_than_two_thirds_of_that_at_home():
    much = CostItems(staff_cost=300, commissioned_abroad=1000)
    assert deductible(much).total == 500
    little = CostItems(staff_cost=300, commissioned_abroad=100)
    assert deductible(little).total == 380
    assert recognised(much).home == 300
    assert recognised(much).home_share == Fraction(300, 1100)


@pytest.mark.parametrize(
    ("abroad", "total", "words"),
    [
        (Fraction(2, 3), 500, "按80%，不超过境内的三分之二"),
        (Fraction(1, 3), 400, "按80%，不超过境内的三分之一"),
        (Fraction(1, 2), 450, "按80%，不超过境内的50%"),
        (Fraction(0), 300, "当年不得加计扣除"),
    ],
)
def test_the_cap_abroad_is_the_number_of_the_year_and_the_line_says_it(abroad, total, words):
    found = deductible_by(CostItems(staff_cost=300, commissioned_abroad=1000), replace(LAW, abroad=abroad))
    assert found.total == total
    assert found.lines[-1] == (f"委托境外研究开发（{words}）", total - 300)


def test_nothing_spent_has_no_share_at_home():
    assert recognised(CostItems()).home_share is None
    assert deductible(CostItems()).total == 0


def test_bad_amounts_are_refused_with_a_sentence():
    with pytest.raises(ValueError, match="设计费用不能为负"):
        CostItems(design_cost=-1)
    with pytest.raises(ValueError, match="建筑物折旧大于"):
        CostItems(depreciation=1, building_depreciation=2)
    with pytest.raises(TypeError):
        CostItems(staff_cost=1.5)


@given(items)
def test_no_total_counts_more_than_was_spent_and_caps_hold(found):
    for total in (recognised(found), deductible(found)):
        assert 0 <= total.total <= found.spent
        assert total.total + total.cut == found.spent
        assert sum(amount for _, amount in total.lines) == total.total
        assert total.home <= total.total
    other = recognised(found).lines[-1][1]
    assert other <= Fraction(1, 5) * recognised(found).total
    assert other == found.other_cost or other == Fraction(1, 5) * recognised(found).total


@given(items, items)
def test_more_spending_never_lowers_a_total(first, second):
    both = add((first, second))
    assert both.spent == first.spent + second.spent
    for total in (recognised, deductible):
        assert total(both).total >= max(total(first).total, total(second).total)
        # A cap over all projects is never tighter than the caps of each.
        assert total(both).total >= total(first).total + total(second).total


@given(st.lists(amounts, max_size=40), st.sampled_from([1, 1000, 10_000]))
def test_rounded_parts_sum_to_the_rounded_whole(parts, unit):
    found = round_together(parts, unit)
    whole = sum((Fraction(p) for p in parts), Fraction(0)) / unit
    assert sum(found) == (whole + Fraction(1, 2)).__floor__()
    assert all(abs(shown - Fraction(exact) / unit) < 1 for shown, exact in zip(found, parts, strict=True))


def test_the_remainder_goes_to_the_largest_rest_then_to_the_first():
    assert round_together([Decimal(1400), Decimal(1400), Decimal(1400)], 1000) == [2, 1, 1]
    assert round_together([1500, 1600], 1000) == [1, 2]
