"""The checks of 107-1, each with its sentence, on the edges where people go wrong."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keji.modules.rnd.checks import CHECKS, Line, findings

GOOD = Line(
    2024, "202403", "202412", staff=10, person_months=Decimal(80), spend=Decimal(900_000), government=Decimal(100_000)
)


def said(line: Line, *, year_end: bool = True) -> list[str]:
    return [f.sentence for f in findings(line, year_end=year_end)]


def test_a_sound_project_passes_every_check():
    assert said(GOOD) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"starts": "202413"}, "不是六位年月"),
        ({"ends": "2025"}, "不是六位年月"),
        ({"starts": "202406", "ends": "202405"}, "晚于完成年月"),
        ({"starts": "202501", "ends": "202512", "stage": "1"}, "不属于 2024 年度，请核对年度或起始年月"),
        ({"starts": "202301", "ends": "202312", "stage": "1"}, "不属于 2024 年度，请核对年度或完成年月"),
        ({"ends": "202501"}, "项目跨 2024 年度，应填主要进展阶段"),
        ({"starts": "202312"}, "项目跨 2024 年度，应填主要进展阶段"),
        ({"stage": "2"}, "不是跨年项目"),
        ({"ends": "202501", "stage": "9", "stages": {"1": "研究阶段"}}, "没有进展阶段“9”"),
        ({"person_months": Decimal("120.1")}, "超过 10 人 × 12 个月 = 120 人月"),
        ({"staff": 0}, "参加项目人员为 0"),
        ({"person_months": Decimal(0)}, "实际工作时间却为 0"),
        ({"government": Decimal("900000.01")}, "政府资金 900,000.01 元大于项目经费内部支出 900,000 元"),
        ({"spend": None}, "没有填研发支出"),
        ({"form": "commissioned"}, "技术合同登记编号"),
        ({"staff": None}, "没有填参加项目人员或实际工作时间"),
    ],
)
def test_each_slip_has_its_sentence(change, words):
    found = said(replace(GOOD, **change))
    assert any(words in sentence for sentence in found), found


def test_what_is_equal_passes():
    assert said(replace(GOOD, person_months=Decimal(120), government=GOOD.spend)) == []
    assert said(replace(GOOD, starts="202401", ends="202401")) == []


def test_an_open_end_is_no_sign_of_crossing_years():
    assert said(replace(GOOD, ends="000000")) == []
    assert not replace(GOOD, ends="").crosses_years
    assert replace(GOOD, starts="202306", ends="").crosses_years


def test_in_spring_nobody_is_asked_for_the_whole_year_s_figures():
    early = replace(GOOD, spend=None, government=Decimal(500_000), staff=None, person_months=None)
    assert said(early, year_end=False) == []
    assert len(said(early)) == 2


months = st.builds(lambda y, m: f"{y}{m:02d}", st.integers(2015, 2030), st.integers(1, 12))


@given(st.integers(2016, 2029), months, months | st.just(""), st.sampled_from(["", "1"]), st.integers(0, 50))
def test_a_line_that_passes_keeps_every_relation_of_the_form(year, starts, ends, stage, staff):
    line = Line(year, starts, ends, stage, staff, staff * 3, Fraction(10), Fraction(3))
    if not said(line):
        assert starts <= f"{year}12"
        assert not ends or (starts <= ends and ends >= f"{year}01")
        crossing = starts < f"{year}01" or bool(ends and ends > f"{year}12")
        assert bool(stage) == crossing


def test_every_check_names_its_columns_and_whose_it_is():
    assert all(check.columns and check.cites for check in CHECKS)
