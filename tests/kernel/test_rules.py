"""Three values: yes, no, and not known. Unknown is never no, and a no needs no further question."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keji.kernel.rules.rule import (
    All,
    Any_,
    Check,
    Facts,
    Rule,
    Score,
    Total,
    at_least,
    at_most,
    percent,
    ratio,
    rules,
    shortest,
    since,
)

TRUTHS = st.sampled_from([True, False, None])


def check(passed, *missing):
    return Check("项", passed, missing=missing)


@given(st.lists(TRUTHS, max_size=5))
def test_all_fails_on_one_no_and_waits_on_one_unknown(values):
    expected = False if False in values else None if None in values else True
    assert All("全部", tuple(map(check, values))).passed is expected


@given(st.lists(TRUTHS, max_size=5))
def test_any_passes_on_one_yes_and_waits_on_one_unknown(values):
    expected = True if True in values else None if None in values else False
    assert Any_("任一", tuple(map(check, values))).passed is expected


@given(st.lists(TRUTHS, max_size=4), st.integers(0, 3), st.booleans())
def test_learning_a_fact_never_turns_a_settled_answer(values, place, learned):
    """Whatever an unknown turns out to be, a yes stays a yes and a no stays a no."""
    known = [learned if v is None and i == place else v for i, v in enumerate(values)]
    for node in (All, Any_):
        before, after = node("", tuple(map(check, values))).passed, node("", tuple(map(check, known))).passed
        assert before is None or after is before


@given(st.lists(TRUTHS, max_size=5))
def test_all_and_any_mirror_each_other(values):
    turned = [None if v is None else not v for v in values]
    all_, any_ = All("", tuple(map(check, values))).passed, Any_("", tuple(map(check, turned))).passed
    assert (all_ is None and any_ is None) or all_ is (not any_)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=5), st.integers(0, 100), st.booleans())
def test_a_total_is_open_exactly_while_the_mark_lies_inside_its_interval(pairs, mark, above):
    scores = tuple(Score("", min(p), max(p), 30) for p in pairs)
    total = Total("总分", scores, mark, above=above)
    reaches = (lambda n: n > mark) if above else (lambda n: n >= mark)
    assert total.passed is (True if reaches(total.low) else None if reaches(total.high) else False)


def test_a_cap_holds_both_ends_of_the_interval():
    total = Total("知识产权", (Score("", 25, 28, 28), Score("", 1, 6, 6)), 30, cap=30)
    assert (total.low, total.high, total.passed) == (26, 30, None)


def test_a_mark_that_must_be_exceeded_is_not_reached_by_itself():
    assert Total("", (Score("", 70, 70, 100),), 70, above=True).passed is False
    assert Total("", (Score("", 70, 70, 100),), 70, above=True).gap == "差 1 分"
    assert Total("", (Score("", 60, 60, 100),), 60).passed is True


def test_of_two_open_routes_the_shorter_list_is_asked_for():
    routes = Any_("", (check(None, "甲", "乙"), check(None, "丙"), check(False)))
    assert routes.missing == ("丙",)


def test_a_fact_two_conditions_wait_for_is_asked_once_and_makes_its_route_cheaper():
    nodes = (check(None, "职工总数"), Any_("", (check(None, "职工总数", "科技人员数"), check(None, "奖励", "证书"))))
    assert shortest(nodes) == ("职工总数", "科技人员数")


def test_a_total_asks_for_the_fewest_facts_that_could_reach_the_mark():
    scores = (
        Score("研发", 0, 50, 50, missing=("费用", "收入")),
        Score("成果", 0, 30, 30, missing=("专利",)),
        Score("人员", 20, 20, 20),
    )
    assert Total("", scores, 50).missing == ("专利",)
    assert Total("", scores, 60).missing == ("费用", "收入")
    assert Total("", scores, 20).missing == ()


def test_nothing_is_missing_once_the_answer_is_known():
    assert All("", (check(False), check(None, "甲"))).missing == ()
    assert Any_("", (check(True), check(None, "甲"))).missing == ()


@given(part=st.integers(0, 10**6), whole=st.integers(-5, 10**6))
def test_a_ratio_is_exact_or_does_not_exist(part, whole):
    assert ratio(part, whole) == (Fraction(part, whole) if whole > 0 else None)
    assert ratio(None, whole) is None


def test_comparing_the_unknown_gives_unknown():
    assert at_least(None, 1) is at_most(None, 1) is None
    assert at_least(Decimal("0.10"), Fraction(1, 10)) is True
    assert at_least(Fraction(49, 495), Fraction(1, 10)) is False


def test_a_percentage_is_rounded_only_for_the_eye():
    assert percent(Fraction(49, 495)) == "9.90%"
    assert percent(Fraction(3, 10)) == "30%"
    assert percent(Fraction(1, 1)) == "100%"
    assert percent(None) == "无法计算"


def test_facts_know_what_they_lack_and_what_if():
    facts = Facts({"staff": 0, "sales": None}, {"sales": "销售收入"})
    assert facts["staff"] == 0
    assert facts.lacks("staff", "sales") == ("销售收入",)
    assert facts.with_(sales=1).lacks("sales") == ()
    assert facts["sales"] is None


class Sample(Rule):
    code, title = "sample_of_the_tests", "测试规则"

    @since("2020-01-01", cites="甲号")
    def first(self, f):
        yield check(at_least(f["n"], 1))

    @since("2022-01-01", cites="乙号")
    def second(self, f):
        yield check(at_least(f["n"], 2), *f.lacks("n"))


@pytest.fixture(scope="module", autouse=True)
def forget_the_sample():
    yield
    rules().pop("sample_of_the_tests", None)


@pytest.mark.parametrize(
    ("on", "passed"), [(date(2020, 1, 1), True), (date(2021, 12, 31), True), (date(2022, 1, 1), False)]
)
def test_the_edition_in_force_on_the_day_decides(on, passed):
    assert rules()["sample_of_the_tests"].judge({"n": 1}, on).passed is passed


def test_a_verdict_names_its_edition_and_what_is_missing():
    verdict = rules()["sample_of_the_tests"].judge({}, date(2023, 1, 1))
    assert (verdict.edition, verdict.cites, verdict.word, verdict.missing) == (
        date(2022, 1, 1),
        "乙号",
        "资料不足",
        ("n",),
    )
    with pytest.raises(LookupError, match="尚未施行"):
        rules()["sample_of_the_tests"].judge({}, date(2019, 12, 31))


def test_two_rules_of_one_code_are_a_mistake():
    with pytest.raises(TypeError, match="two rules"):

        class Again(Rule):
            code, title = "sample_of_the_tests", "重复"

            @since("2020-01-01", cites="甲号")
            def first(self, f):
                yield check(True)
