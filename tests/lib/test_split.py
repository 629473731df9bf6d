"""A city target suggested to seven counties: sums exactly, treats equals equally, never invents or goes below zero."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keji.lib.split import by_base, by_equal_growth, by_increment, by_share

BASES = {"金安区": 150, "裕安区": 160, "叶集区": 60, "霍邱县": 90, "舒城县": 100, "金寨县": 50, "霍山县": 70}


def test_a_target_is_shared_by_last_years_base_in_whole_firms():
    split = by_base(750, BASES)
    assert split.total == 750
    expected = {"金安区": 166, "裕安区": 177, "叶集区": 66, "霍邱县": 99, "舒城县": 110, "金寨县": 55, "霍山县": 77}
    assert split.parts == expected
    assert all(abs(split.parts[k] - Fraction(750 * BASES[k], 680)) < 1 for k in BASES)


def test_the_largest_remainders_get_the_steps_left_over():
    assert by_share(10, {"甲": 1, "乙": 1, "丙": 1}).parts == {"甲": 3, "乙": 3, "丙": 4}  # of equals, 丙 sorts first
    assert by_share(7, {"甲": 3, "乙": 2, "丙": 1}).parts == {"甲": 4, "乙": 2, "丙": 1}


def test_a_unit_without_a_base_gets_none_and_is_named():
    split = by_base(100, {"甲": 30, "乙": 20, "新区": 0})
    assert split.parts == {"甲": 60, "乙": 40, "新区": 0}
    assert split.notes == ("依据数为零，没有分到：新区，请人工核定。",)
    even = by_base(9, {"甲": 0, "乙": 0})
    assert sorted(even.parts.values()) == [4, 5]
    assert even.notes == ("各单位的依据数都是零，按平均分。",)


def test_steps_may_be_tens_or_tenths():
    assert by_share(Decimal("1.0"), {"甲": 2, "乙": 1}, step=Decimal("0.1")).parts == {
        "甲": Decimal("0.7"),
        "乙": Decimal("0.3"),
    }
    tens = by_share(105, {"甲": 2, "乙": 1}, step=10)
    assert tens.parts == {"甲": 75, "乙": 30}
    assert tens.notes == ("不足最小单位的 5 计入甲。",)


def test_an_increment_leaves_every_base_untouched():
    split = by_increment(750, BASES, dict.fromkeys(BASES, 1))
    assert split.total == 750
    assert all(split.parts[k] - BASES[k] == 10 for k in BASES)
    cut = by_increment(340, BASES, dict.fromkeys(BASES, 1))
    assert cut.parts["金安区"] == 75
    assert "同比例下调" in cut.notes[-1]
    with pytest.raises(ValueError):
        by_increment(750, BASES, {"金安区": 1})


def test_equal_growth_lets_nobody_fall_below_its_base():
    split = by_equal_growth(751, BASES)
    assert split.total == 751
    assert all(split.parts[k] >= BASES[k] for k in BASES)
    assert by_equal_growth(816, BASES).parts == {k: v * 12 // 10 for k, v in BASES.items()}


def test_what_cannot_be_split_is_refused():
    with pytest.raises(ValueError):
        by_share(10, {})
    with pytest.raises(ValueError):
        by_share(-1, {"甲": 1})
    with pytest.raises(ValueError):
        by_share(10, {"甲": 1}, step=0)
    with pytest.raises(ValueError, match="甲的依据数为负"):
        by_share(10, {"甲": -1})
    with pytest.raises(TypeError):
        by_share(10, {"甲": 0.5})


KEYS = st.text(alphabet="甲乙丙丁戊己庚辛", min_size=1, max_size=3)
WEIGHTS = st.dictionaries(KEYS, st.integers(0, 1000) | st.decimals(0, 1000, places=2), min_size=1, max_size=9)


@given(st.integers(0, 10**6), WEIGHTS, st.integers(1, 50))
def test_parts_always_sum_and_are_never_negative(total, weights, step):
    for split in (by_share(total, weights, step=step), by_equal_growth(total, weights, step=step)):
        assert split.total == total
        assert all(part >= 0 for part in split.parts.values())


@given(st.integers(0, 10**5), WEIGHTS, st.randoms())
def test_the_order_of_the_units_does_not_matter(total, weights, random):
    items = list(weights.items())
    random.shuffle(items)
    assert by_share(total, dict(items)).parts == by_share(total, weights).parts


@given(st.integers(0, 10**5), WEIGHTS)
def test_a_larger_weight_never_gets_less(total, weights):
    parts = by_share(total, weights).parts
    ranked = sorted(weights, key=lambda key: weights[key])
    for smaller, larger in zip(ranked, ranked[1:], strict=False):
        if weights[smaller] < weights[larger]:
            assert parts[smaller] <= parts[larger]


@given(st.integers(0, 10**5), WEIGHTS)
def test_no_part_is_a_whole_step_away_from_its_exact_share(total, weights):
    whole = sum(Fraction(w) for w in weights.values())
    if whole:
        for key, part in by_share(total, weights).parts.items():
            assert abs(Fraction(part) - total * Fraction(weights[key]) / whole) < 1


@given(st.integers(0, 1000), st.dictionaries(KEYS, st.integers(0, 1000), min_size=1, max_size=9))
def test_growth_is_shared_on_top_of_the_bases(added, bases):
    split = by_equal_growth(sum(bases.values()) + added, bases)
    assert all(split.parts[key] >= bases[key] for key in bases)
