"""One source read two ways: what a rule says of a case it says of the same case in a column, at every edge."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from keji.lib.rules.formula import Constant, Greatest, Least, Share, When, yuan
from keji.lib.rules.found import walk
from keji.lib.rules.law import Among, AnyOf, Condition, Every, Names, Where, no, yes
from keji.lib.rules.rule import Rule, code_of, leaves, rules, short_of, since
from keji.lib.rules.scores import Band, Banded, Best, Block, Given, Graded, Pass, bands
from keji.lib.rules.vocabulary import Fact, Kind, Unit, declare

declare(
    Fact("t_money", "金额", Kind.MONEY, "元", annual=False),
    Fact("t_whole", "总额", Kind.MONEY, "元", annual=False),
    Fact("t_other", "其他", Kind.MONEY, "元", annual=False),
    Fact("t_count", "件数", unit="件", annual=False),
    Fact("t_yes", "是否", Kind.YES_NO, annual=False),
    Fact("t_choice", "等级", Kind.CHOICE, annual=False, choices={0: "无", 1: "低", 2: "高"}),
    Fact("t_points", "给分", unit="分", annual=False),
)
KEYS = ("t_money", "t_whole", "t_other", "t_count", "t_yes", "t_choice", "t_points")
DAY = date(2024, 1, 1)
F = Names()
MONEY, WHOLE, OTHER, COUNT = (F.now(k) for k in KEYS[:4])


class EveryWord(Rule):
    """A rule that uses every word there is, with edges the numbers below fall upon."""

    code, title = "every_word_of_the_tests", "测试规则"

    @since("2020-01-01", cites="甲号")
    def first(self, f, n):
        share = Share(MONEY + Least(OTHER, MONEY * Fraction(1, 4)), WHOLE)
        yield Condition("不低于", MONEY, ">=", yuan(1), key="at_least")
        yield Condition("超过", COUNT, ">", 3, key="above")
        yield Condition("不超过", WHOLE - OTHER, "<=", yuan(2), key="at_most")
        yield Condition("低于", Greatest(MONEY, OTHER), "<", WHOLE * Fraction(3, 7), key="below")
        tier = When(WHOLE - yuan(2), Fraction(3, 100), When(WHOLE - yuan(1), Fraction(1, 3), Fraction(5, 100)))
        yield Condition("占比", share, ">=", tier, key="share")
        yield Condition("占比不高于", Share(OTHER, WHOLE), "<=", Fraction(1, 3), key="share_at_most")
        yield Condition("占比高于零", Share(OTHER, WHOLE), ">", 0, key="share_above_nothing")
        growth = (Share(MONEY, WHOLE) + Share(OTHER, MONEY)) * Fraction(1, 2) - 1
        yield Condition("增长", growth, ">=", Fraction(-1, 2), key="growth")
        yield Condition("两比相较", Share(MONEY, WHOLE), ">=", Share(OTHER, WHOLE), key="two_shares")
        chosen = When(COUNT, Share(MONEY, WHOLE), Share(OTHER, WHOLE), or_zero=True)
        yield Condition("择一占比", chosen, ">=", Fraction(1, 3), key="chosen")
        yield Among("等级", f.now("t_choice"), (1, 2), "低或高", key="grade")
        yield AnyOf(
            "三选二",
            (yes(f.now("t_yes")), Condition("件数", COUNT, ">=", 2, key="inner"), Every("都", (no(f.now("t_yes")),))),
            key="two_of_three",
            count=2,
        )
        big = Every("大", (Condition("大户", COUNT, ">=", 5, key="big"), yes(f.now("t_yes"))))
        small = Condition("小户", Share(MONEY, WHOLE), "<", Fraction(1, 2), key="small")
        yield Where("按规模", WHOLE - yuan(1), big, small, or_zero=True, key="by_size")
        yield Pass("得分", self.scores(f, growth, share), 20, above=True)

    def scores(self, f, growth, share):
        ladder = (*bands((35, 9, 10), (0, 3, 4), per=100), Band(Fraction(-1, 2), 1, 2, strict=True))
        by_share = Banded("占比", 8, share, bands((50, 8), (25, 4), per=100))
        graded = Graded("评", 4, f.now("t_choice"), {2: (3, 4), 1: (1, 2)})
        return (
            Banded("增长", 10, growth, ladder),
            Best("择优", 8, (by_share, Banded("件", 6, COUNT, bands((3, 6))))),
            Block("小计", 9, (graded, Given("给", 6, f.now("t_points")))),
            Banded("负债率", 5, Share(OTHER, WHOLE), bands((55, 5), (75, 3), per=100), falling=True, undefined=(1, 2)),
        )  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def forget_the_rule():
    yield
    rules().pop("every_word_of_the_tests", None)


PROGRAM = rules()["every_word_of_the_tests"].program(DAY)
near_edges = [0, 1, -1, 3, 7, 9_999, 10_000, 10_001, 19_999, 20_000, 20_001, 5_000, 8_571, 8_572, 6_666, 6_667, -30_000]
money = (
    st.none() | st.sampled_from(near_edges) | st.integers(-20_000, 60_000) | st.sampled_from([10**9, 10**13, -(10**15)])
)
cases = st.fixed_dictionaries(
    dict.fromkeys(KEYS[:3], money)
    | {
        "t_count": st.none() | st.integers(-1, 6),
        "t_yes": st.none() | st.integers(0, 1),
        "t_choice": st.none() | st.integers(0, 2),
        "t_points": st.none() | st.integers(-1, 8),
    }
)  # fmt: skip


def columns(rows):
    return {k: np.array([np.nan if r[k] is None else float(r[k]) for r in rows]) for k in KEYS}


def known(row):
    return {k: v for k, v in row.items() if v is not None}


def assert_same(program, found, row, case):
    verdict = program.judge(case)
    assert found.truth(row) is verdict.passed
    nodes = {n.key: n for n in leaves(verdict.nodes)}
    for i, key in enumerate(found.keys):
        node = nodes.get(key)
        assert found.conditions[i, row] == (2 if node is None else code_of(node.passed)), key
        assert found.short[i, row] == pytest.approx(short_of(node), rel=1e-9, abs=1e-9), key
    totals = {n.key: n for n in walk(verdict.nodes) if hasattr(n, "at_least")}
    for key, (low, high) in found.scores.items():
        assert (low[row], high[row]) == (totals[key].low, totals[key].high)


@settings(max_examples=300)
@given(st.lists(cases, min_size=1, max_size=12))
@example([dict.fromkeys(KEYS)])
@example([dict.fromkeys(KEYS, 0)])
def test_a_column_says_what_the_case_says(rows):
    found = PROGRAM.judge_many(columns(rows), len(rows))
    for i, row in enumerate(rows):
        assert_same(PROGRAM, found, i, known(row))


@settings(max_examples=300)
@given(cases, st.data())
def test_learning_more_never_turns_a_settled_condition(row, data):
    """With amounts that are not below zero: whatever the unknown turns out to be, yes stays yes and no stays no."""
    row = {k: abs(v) if v is not None and k in KEYS[:4] else v for k, v in row.items()}
    hidden = data.draw(st.sets(st.sampled_from(KEYS), min_size=1))
    full = {k: v for k, v in row.items() if v is not None}
    partly = {k: v for k, v in full.items() if k not in hidden}
    before = {n.key: n for n in leaves(PROGRAM.judge(partly).nodes)}
    after = {n.key: n for n in leaves(PROGRAM.judge(full).nodes)}
    for key, node in before.items():
        if node.passed is not None:
            assert after[key].passed is node.passed, key
        if key == "score":
            assert node.low <= after[key].low <= after[key].high <= node.high


@pytest.mark.parametrize("distance", [-1, 0, 1])
@pytest.mark.parametrize("whole", [3 * 10**9, 999_999_999, 7, 30_000_000_001])
def test_one_yuan_decides_at_the_edge_of_a_share(whole, distance):
    """A third is no number of binary fractions: one 元 below fails, the very third passes, in both readings."""
    whole -= whole % 3
    row = {"t_money": whole // 3 + distance, "t_whole": whole, "t_other": 0, "t_count": 1}
    row |= {"t_yes": 1, "t_choice": 1, "t_points": 0}
    found = PROGRAM.judge_many(columns([row]), 1)
    assert_same(PROGRAM, found, 0, row)
    assert found.conditions[found.keys.index("chosen"), 0] == (0 if distance < 0 else 2)


def test_sums_of_quotients_are_settled_exactly_where_float64_cannot():
    """½(Y2/Y1 + Y3/Y2) − 1 at exactly 35%: 1000 → 1350 → 1822.5 in 元 is the edge, one 元 less is below it."""
    growth = (Share(WHOLE, MONEY) + Share(OTHER, WHOLE)) * Fraction(1, 2) - 1
    condition = Condition("增长", growth, ">=", Fraction(35, 100), key="g")

    class Growing(Rule):
        code, title = "growing_in_tests", "增长"

        @since("2020-01-01", cites="甲号")
        def first(self, f, n):
            yield condition

    rule = rules().pop("growing_in_tests")
    program = rule.program(DAY)
    rows = [
        dict.fromkeys(KEYS) | {"t_money": 10**7, "t_whole": 13_500_000, "t_other": o} for o in (18_224_999, 18_225_000)
    ]
    assert [program.judge_many(columns(rows), 2).truth(i) for i in (0, 1)] == [False, True]


def test_a_fact_too_large_for_a_column_is_judged_by_itself():
    assert 10**10 < PROGRAM.most < 2**53
    giant = dict.fromkeys(KEYS, 1) | {"t_money": 2**52 + 1, "t_whole": 3 * 2**52 + 3, "t_other": 0}
    rows = [giant, giant | {"t_money": 2**52}]
    table = columns(rows)
    found = PROGRAM.judge_many(table, 2)
    for i, row in enumerate(rows):
        assert_same(PROGRAM, found, i, {k: int(table[k][i]) for k in row})


def test_pieces_come_together_in_order():
    rng = np.random.default_rng(7)
    size = 40_000
    table = {k: rng.integers(0, 30_000, size).astype(float) for k in KEYS[:3]}
    table |= {k: rng.integers(0, 3, size).astype(float) for k in KEYS[3:]} | {"t_yes": rng.integers(0, 2, size) * 1.0}
    found = PROGRAM.judge_many(table, size, threads=2)
    for i in (0, 16_383, 16_384, 32_768, size - 1):
        assert_same(PROGRAM, found, i, {k: int(c[i]) for k, c in table.items()})


def test_a_share_is_exact_does_not_exist_or_is_nothing():
    one = Share(MONEY, WHOLE).one()
    assert one({"t_money": 1, "t_whole": 3}) == (1, 3)
    assert repr(one({"t_money": 1, "t_whole": 0})) == repr(one({"t_whole": -1})) == "UNDEFINED"
    assert one({"t_money": 0}) == one({"t_money": 0, "t_whole": 0}) == (0, 1)
    assert one({"t_money": 1}) is None


def test_an_undefined_part_makes_a_sum_undefined_whatever_else_is_unknown():
    formula = Share(MONEY, WHOLE) + Share(OTHER, COUNT)
    assert repr(formula.one()({"t_money": 1, "t_whole": 0})) == "UNDEFINED"
    assert repr(formula.one()({"t_other": 1, "t_count": 0})) == "UNDEFINED"
    assert formula.one()({"t_money": 1}) is None


def test_quotients_are_no_parts_of_shares_and_choices_no_amounts():
    with pytest.raises(TypeError, match="quotients"):
        Share(Share(MONEY, WHOLE), OTHER)
    with pytest.raises(TypeError, match="quotients"):
        Least(Share(MONEY, WHOLE), OTHER)
    with pytest.raises(TypeError, match="Among"):
        Condition("等级", F.now("t_choice"), ">=", 1)


def test_two_conditions_of_one_key_are_a_mistake():
    class Twice(Rule):
        code, title = "twice_in_tests", "两次"

        @since("2020-01-01", cites="甲号")
        def first(self, f, n):
            yield Condition("一", COUNT, ">=", 1, key="same")
            yield Condition("二", COUNT, ">=", 2, key="same")

    program = rules().pop("twice_in_tests").program(DAY)
    with pytest.raises(TypeError, match="one key"):
        program.judge_many({"t_count": np.zeros(1)}, 1)


def gap(condition, **facts):
    found = condition.one()(facts)
    return found.passed, found.need, found.found, found.gap


def test_a_gap_says_percentage_points_and_the_amount_that_closes_them():
    share = Condition("研发费用占比", Share(MONEY, WHOLE), ">=", Fraction(5, 100))
    assert gap(share, t_money=2_760_000, t_whole=60_000_000) == (
        False,
        "不低于5%",
        "4.6%",
        "差 0.4 个百分点，约24 万元",
    )
    assert gap(share, t_money=2_999_999, t_whole=60_000_000)[3] == "差 不到0.01 个百分点，约0.01 万元"
    assert gap(share, t_money=3_000_000, t_whole=60_000_000) == (True, "不低于5%", "5%", "")
    assert gap(share, t_money=0) == (False, "不低于5%", "0%", "差 5 个百分点")
    assert gap(share, t_money=5, t_whole=0)[0] is None
    people = Condition(
        "科技人员占比",
        Share(
            COUNT,
            F.now("t_points"),
        ),
        ">=",
        Fraction(1, 10),
    )
    assert gap(people, t_count=49, t_points=495)[3] == "差 0.1 个百分点，约1 件"
    most = Condition("负债率", Share(OTHER, WHOLE), "<=", Fraction(7, 10))
    assert gap(most, t_other=750, t_whole=1_000)[3] == "超出 5 个百分点，约0.01 万元"
    turned = Condition("增长率", (Share(MONEY, WHOLE) + 0) - 1, ">=", Fraction(1, 10))
    assert gap(turned, t_money=105, t_whole=100)[3] == "差 5 个百分点"


def test_an_amount_short_is_rounded_up_so_that_it_is_enough():
    least = Condition("收入", MONEY, ">=", yuan(100))
    assert gap(least, t_money=999_999) == (False, "不低于 100 万元", "99.9999 万元", "差 0.01 万元")
    assert gap(least, t_money=-500_000)[3] == "差 150 万元"
    assert gap(Condition("件数", COUNT, ">=", 3), t_count=1) == (False, "不低于 3 件", "1 件", "差 2 件")
    assert gap(Condition("件数", COUNT, "<=", 3), t_count=5)[3] == "超出 2 件"
    assert gap(Condition("天数", COUNT, ">=", Constant(365, Unit("天"))), t_count=400)[1] == "不低于 365 件"


@pytest.mark.parametrize(
    ("sense", "have", "said"),
    [
        (">", 3, "正好相等，须超过才符合"),
        ("<", 3, "正好相等，须低于才符合"),
        (">", 2, "差 1 件"),
        ("<", 5, "超出 2 件"),
    ],
)
def test_a_strict_mark_is_not_met_by_the_very_number(sense, have, said):
    assert gap(Condition("件数", COUNT, sense, 3), t_count=have)[::3] == (False, said)
    share = gap(Condition("占比", Share(COUNT, F.now("t_points")), sense, Fraction(1, 2)), t_count=1, t_points=2)
    assert share[::3] == (False, f"正好相等，须{'超过' if sense == '>' else '低于'}才符合")


def test_a_choice_is_shown_in_its_words():
    among = Among("等级", F.now("t_choice"), (1, 2), "低或高")
    found = [among.one()(facts) for facts in ({"t_choice": 2}, {"t_choice": 0}, {})]
    assert [(c.passed, c.found) for c in found] == [(True, "高"), (False, "无"), (None, "资料不足")]


def test_the_next_band_is_named_rising_and_falling():
    rising = Banded("占比", 8, Share(MONEY, WHOLE), bands((50, 8), (25, 4), per=100))
    assert rising.one()({"t_money": 30, "t_whole": 100}).more == "达到 50% 得 8 分"
    falling = Banded("负债率", 5, Share(OTHER, WHOLE), bands((55, 5), (75, 3), per=100), falling=True)
    scores = [falling.one()({"t_other": o, "t_whole": 100}) for o in (55, 56, 75, 76)]
    assert [(s.low, s.more) for s in scores] == [
        (5, ""), (3, "不超过 55% 得 5 分"), (3, "不超过 55% 得 5 分"), (0, "不超过 75% 得 3 分")
    ]  # fmt: skip


def test_the_trace_is_the_same_json_for_the_same_facts_in_whatever_order():
    import json

    row = {"t_money": 5, "t_whole": 20_000, "t_yes": 1}
    first, second = (
        json.dumps(PROGRAM.judge(dict(r)).trace(), ensure_ascii=False) for r in (row.items(), reversed(row.items()))
    )
    assert first == second
    assert json.loads(first)["checks"][0] == {
        "label": "不低于", "passed": False, "need": "不低于 1 万元", "cites": "", "found": "0.0005 万元",
        "key": "at_least", "gap": "差 1 万元", "short": "9995",
    }  # fmt: skip
