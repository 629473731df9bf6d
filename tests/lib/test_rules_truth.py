"""Three values: yes, no, and not known. Unknown is never no, and a no needs no further question."""

from __future__ import annotations

from datetime import date
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keji.lib.rules.found import All, Any_, Check, Score, Total, shortest
from keji.lib.rules.law import Condition
from keji.lib.rules.rule import Rule, rules, since
from keji.lib.rules.vocabulary import Fact, declare

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


@given(st.lists(TRUTHS, max_size=6), st.integers(1, 4))
def test_of_several_enough_waits_while_the_unknown_could_make_up_the_number(values, count):
    sure, maybe = values.count(True), values.count(None)
    expected = True if sure >= count else None if sure + maybe >= count else False
    assert Any_("几项", tuple(map(check, values)), count=count).passed is expected


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


def test_facts_asked_for_anyway_make_the_points_they_bring_cheap():
    scores = (
        Score("研发", 0, 50, 50, missing=("费用", "收入", "成本")),
        Score("成果", 0, 50, 50, missing=("专利", "软著")),
    )
    nodes = (Total("", scores, 50), check(None, "费用", "收入", "成本"))
    assert shortest(nodes) == ("费用", "收入", "成本")


def test_the_way_to_fewer_points_is_not_taken_for_the_way_to_many():
    """Of two ways to the same points one asks for less but brings too little."""
    ways = (Score("Ⅱ类", 0, 24, 24, missing=("软著",)), Score("Ⅰ类", 0, 30, 30, missing=("发明", "品种")))
    score = Score("成果", 0, 30, 30, parts=ways, best=True)
    assert Total("", (score,), 30).missing == ("发明", "品种")
    assert Total("", (score,), 20).missing == ("软著",)


def test_points_beyond_the_cap_of_a_block_are_not_counted_on():
    parts = tuple(Score(n, 0, 20, 20, missing=(n,)) for n in "甲乙丙")
    block = Score("知识产权", 0, 30, 30, parts=parts)
    other = Score("转化", 0, 5, 30, missing=("丁",))
    assert len(Total("", (block, other), 30).missing) == 2
    assert len(Total("", (block, other), 33).missing) == 3  # not 甲乙丙: they bring no more than 30


FACTS = st.sampled_from("甲乙丙丁戊")


@st.composite
def trees(draw, depth=2):
    kind = draw(st.sampled_from(["check", "total", "all", "any"] if depth else ["check", "total"]))
    if kind == "check":
        return ("check", draw(st.sets(FACTS, max_size=2)))
    if kind == "total":
        scores = draw(st.lists(st.tuples(st.sets(FACTS, max_size=2), st.integers(0, 9)), min_size=1, max_size=3))
        return ("total", scores, draw(st.integers(0, 15)))
    return (kind, draw(st.lists(trees(depth=depth - 1), min_size=1, max_size=3)))


def grown(tree, known):
    """The node of a tree of conditions that all hold as soon as their facts are known."""
    if tree[0] == "check":
        open_ = tuple(sorted(tree[1] - known))
        return Check("", None if open_ else True, missing=open_)
    if tree[0] == "total":
        scores = [
            Score("", 0 if (open_ := tuple(sorted(facts - known))) else points, points, 9, missing=open_)
            for facts, points in tree[1]
        ]
        return Total("", tuple(scores), tree[2])
    return (All if tree[0] == "all" else Any_)("", tuple(grown(t, known) for t in tree[1]))


@given(trees())
def test_what_is_asked_for_suffices_and_nothing_shorter_would(tree):
    node = grown(tree, frozenset())
    if node.passed is not None:
        return
    asked = frozenset(shortest([node]))
    assert grown(tree, asked).passed is True
    smaller = chain.from_iterable(combinations("甲乙丙丁戊", n) for n in range(len(asked)))
    assert all(grown(tree, frozenset(some)).passed is not True for some in smaller)


def test_nothing_is_missing_once_the_answer_is_known():
    assert All("", (check(False), check(None, "甲"))).missing == ()
    assert Any_("", (check(True), check(None, "甲"))).missing == ()


declare(Fact("counted_in_tests", "测试数", unit="项", annual=False))


@pytest.fixture(scope="module", autouse=True)
def the_sample():
    """Made here and forgotten afterwards: a rule known to one module of tests must not be judged by another's."""

    class Sample(Rule):
        code, title = "sample_of_the_tests", "测试规则"

        @since("2020-01-01", cites="甲号")
        def first(self, f, n):
            yield Condition("数", f.now("counted_in_tests"), ">=", 1)

        @since("2022-01-01", cites="乙号")
        def second(self, f, n):
            yield Condition("数", f.now("counted_in_tests"), ">=", n("sample.least"))

    yield
    rules().pop("sample_of_the_tests", None)


@pytest.mark.parametrize(
    ("on", "passed"), [(date(2020, 1, 1), True), (date(2021, 12, 31), True), (date(2022, 1, 1), False)]
)
def test_the_edition_in_force_on_the_day_decides(on, passed):
    assert rules()["sample_of_the_tests"].judge({"counted_in_tests": 1}, on, {"sample.least": 2}).passed is passed


def test_a_verdict_names_its_edition_its_numbers_and_what_is_missing():
    verdict = rules()["sample_of_the_tests"].judge({}, date(2023, 1, 1), {"sample.least": 2, "other": 5})
    assert (verdict.edition, verdict.cites, verdict.word, verdict.missing, verdict.numbers) == (
        date(2022, 1, 1),
        "乙号",
        "资料不足",
        ("测试数",),
        {"sample.least": 2},
    )
    with pytest.raises(LookupError, match="尚未施行"):
        rules()["sample_of_the_tests"].judge({}, date(2019, 12, 31))


def test_a_rule_without_its_number_does_not_guess():
    with pytest.raises(LookupError, match="sample.least"):
        rules()["sample_of_the_tests"].judge({"counted_in_tests": 1}, date(2022, 1, 1))


def test_other_numbers_make_another_programme_and_the_same_ones_do_not():
    rule, on = rules()["sample_of_the_tests"], date(2022, 1, 1)
    assert rule.program(on, {"sample.least": 2}) is rule.program(on, {"sample.least": 2})
    assert rule.judge({"counted_in_tests": 2}, on, {"sample.least": 2}).passed is True
    assert rule.judge({"counted_in_tests": 2}, on, {"sample.least": 3}).passed is False


def test_two_rules_of_one_code_are_a_mistake():
    with pytest.raises(TypeError, match="two rules"):

        class Again(Rule):
            code, title = "sample_of_the_tests", "重复"

            @since("2020-01-01", cites="甲号")
            def first(self, f, n):
                yield Condition("数", f.now("counted_in_tests"), ">=", 1)
