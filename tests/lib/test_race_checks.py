"""Questions before scoring: what looks typed wrong is asked about, and what looks right is left alone."""

from dataclasses import replace
from fractions import Fraction

import pytest

from keji.lib.race.checks import Kind, Limits, questions
from keji.lib.race.scheme import Figure
from tests.lib.races import counties_data, counties_scheme, data, indicator, scheme


def asked(now, before=None, others=("3", "4", "5"), unit="亿元", period="2024年二季度", **more):
    rows = {"甲": (now,)} | {f"乙{i}": (v,) for i, v in enumerate(others)}
    plan = scheme(indicator("x", title="财政科技投入", unit=unit))
    was = data({"甲": (before,)}, "x") if before is not None else None
    found = [q for q in questions(plan, data(rows, "x", period=period), was, **more) if q.unit == "甲"]
    return [(q.kind, q.sentence) for q in found]


def test_what_looks_right_is_left_alone():
    before = counties_data(金安=("18", "3.1", "12.1", "21", "9"))
    same = [q for q in questions(counties_scheme(), counties_data(), before) if q.unit == "金安"]
    assert same == []
    assert asked("3.2", "3.1") == []
    assert asked("3.2") == []


@pytest.mark.parametrize(
    ("now", "before", "unit", "kind", "word"),
    [
        ("32000", "3.1", "亿元", Kind.SCALE, "更小的计量单位"),
        ("0.00032", "3.1", "亿元", Kind.SCALE, "更大的计量单位"),
        ("320000000", "3.1", "亿元", Kind.SCALE, "100,000,000 倍"),
        ("0.125", "12.4", "%", Kind.FRACTION, "写成了小数"),
        ("1250", "12.4", "%", Kind.FRACTION, "多乘了 100"),
        ("-3.2", "3.1", "亿元", Kind.SIGN, "正负号"),
        ("12", "3.1", "亿元", Kind.JUMP, "超过上期的 3 倍"),
        ("0.9", "3.1", "亿元", Kind.JUMP, "不到上期的 3 分之一"),
        ("60", "12", "%", Kind.JUMP, "相差 48 个百分点"),
        ("3.15", "3.15", "亿元", Kind.SAME, "完全相同"),
    ],
)
def test_what_looks_typed_wrong_is_asked_about(now, before, unit, kind, word):
    ((found, sentence),) = asked(now, before, unit=unit)
    assert found is kind
    assert word in sentence
    assert sentence.startswith("甲的财政科技投入")


def test_without_a_figure_before_the_others_are_what_it_is_held_against():
    ((kind, sentence),) = asked("41000")
    assert kind is Kind.SCALE
    assert sentence == (
        "甲的财政科技投入为 41,000亿元，其他单位多在 4亿元 上下，约为 10,000 倍，像是按更小的计量单位填报，请核对。"
    )


def test_cumulative_figures_do_not_fall():
    assert asked("3.0", "3.1") == []
    ((kind, _),) = asked("3.0", "3.1", cumulative=("x",))
    assert kind is Kind.FALLING


def test_january_without_data_is_no_fault():
    assert "1 月份" in asked(None, period="2024年1月")[0][1]
    assert asked(None, period="2024年3月")[0][1] == "甲的财政科技投入没有报送，请补报，或说明没有的原因。"
    assert "财政局未提供" in asked(Figure(note="财政局未提供"))[0][1]


def test_a_base_of_nothing_is_asked_about():
    plan = scheme(indicator("x", "GROWTH", title="科技贷款"))
    found = questions(plan, data({"甲": (Figure(Fraction(3), base=Fraction(0)),)}, "x"))
    assert [(q.kind, q.sentence) for q in found] == [(Kind.BASE, "甲的科技贷款的基数为 0，不能算增速，请核对。")]


def test_figures_stay_as_they_are_and_limits_can_be_set():
    rows = counties_data()
    kept = replace(rows)
    questions(counties_scheme(), rows, rows)
    assert rows == kept
    assert asked("3.9", "3.1", limits=Limits(times=Fraction(6, 5)))[0][0] is Kind.JUMP
    assert {k.word for k in Kind} >= {"缺数", "计量单位"}
