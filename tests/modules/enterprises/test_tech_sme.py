"""科技型中小企业评价: the worked examples, every edge of every band, and the shortest list of what is missing."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keji.lib.rules.condition import label_of
from keji.lib.rules.found import Total, walk
from keji.lib.rules.law import Names
from keji.lib.rules.rule import rules
from keji.modules.enterprises.rungs.tech_sme import (
    COST_BANDS,
    SALES_BANDS,
    STAFF_BANDS,
    TechSmeEvaluation,
    achievement_score,
    rnd_score,
)
from tests.modules.enterprises.firms import CLEAN, NO_ROUTE, YEAR, known

ON = date(2024, 8, 1)
NUMBERS = {
    "rnd.outsourced_counted": Fraction(4, 5),
    "deduction.other_share": Fraction(1, 10),
    "deduction.abroad_thirds": Fraction(2),
}
PROGRAM = rules()["tech_sme"].program(ON, NUMBERS)
SMALL = {"staff": 100, "revenue": 6000, "assets": 5000}


def judge(**facts):
    return PROGRAM.judge(known(**facts))


def firm(**facts):
    return judge(**{**CLEAN, **NO_ROUTE, **SMALL, "class1_ip": 0, "class2_ip": 0} | facts)


def points(verdict) -> list[int]:
    total = next(n for n in walk(verdict.nodes) if isinstance(n, Total))
    return [s.low for s in total.scores]


def test_t1_thirty_per_cent_staff_five_per_cent_rnd_two_second_class_rights():
    verdict = firm(rnd_staff=30, rd_staff_cost=300, class2_ip=2, total_cost=5800)
    assert (points(verdict), verdict.word) == ([20, 40, 12], "符合")


def test_t2_a_firm_without_sales_is_judged_by_its_costs():
    verdict = firm(rnd_staff=12, revenue=0, rd_staff_cost=76, total_cost=290, class1_ip=1)
    assert (points(verdict), verdict.word) == ([4, 40, 30], "符合")


def test_t3_no_rounding_up_to_ten_per_cent_and_staff_points_must_not_be_zero():
    verdict = firm(staff=495, rnd_staff=49, rd_staff_cost=360, class1_ip=1, total_cost=6000)
    assert (points(verdict), verdict.word) == ([0, 50, 30], "不符合")
    gaps = [n.gap for n in walk(verdict.nodes) if n.label == "科技人员指标得分不为零"]
    assert gaps == ["差 0.1 个百分点，约1 人"]


@pytest.mark.parametrize(
    ("rnd", "second_class", "sum_", "word"),
    [(360, 1, 60, "符合"), (300, 2, 56, "不符合"), (300, 3, 62, "符合")],
)
def test_t4_sixty_passes_and_fifty_six_does_not(rnd, second_class, sum_, word):
    verdict = firm(rnd_staff=12, rd_staff_cost=rnd, class2_ip=second_class, total_cost=6000)
    assert (sum(points(verdict)), verdict.word) == (sum_, word)


def test_t5_scale_comes_before_the_direct_route():
    edge = {"revenue": 20000, "assets": 20000, "hnte": 1}
    too_many = judge(**CLEAN, staff=501, **edge)
    assert too_many.word == "不符合"
    assert [(n.label, n.gap) for n in too_many.failing] == [("职工总数", "超出 1 人")]
    assert judge(**CLEAN, staff=500, **edge).word == "符合"
    assert judge(**CLEAN, staff=500, **edge | {"assets": "20000.0001"}).word == "不符合"


def test_part_time_people_of_six_months_count_on_both_sides():
    verdict = firm(rnd_staff=9, rnd_part_time_6m=2, part_time_6m=10, rd_staff_cost=360, class1_ip=1, total_cost=6000)
    assert (points(verdict), verdict.word) == ([4, 50, 30], "符合")


def test_unknown_is_never_no():
    assert judge().word == "资料不足"
    assert judge(**CLEAN, **SMALL, rnd_staff=0).word == "资料不足"
    assert firm(rnd_staff=0, rd_staff_cost=360).word == "不符合"


def test_nobody_in_technical_work_is_settled_even_if_nobody_knows_the_staff():
    assert judge(**CLEAN, **NO_ROUTE, rnd_staff=0).word == "不符合"


def test_a_veto_decides_whatever_else_is_unknown():
    verdict = judge(research_dishonesty=1)
    assert verdict.word == "不符合"
    assert verdict.missing == ()


def test_every_failing_condition_is_named_not_only_the_first():
    verdict = judge(**{**CLEAN, "restricted": 1}, staff=600, revenue=30000, assets=1)
    assert [n.label for n in verdict.failing] == ["职工总数", "年销售收入", "产品（服务）属禁止、限制或淘汰类"]
    assert [n.gap for n in verdict.failing] == ["超出 100 人", "超出 10,000 万元", ""]


def test_one_certificate_is_the_shortest_way_when_nothing_of_the_score_is_known():
    verdict = judge(**CLEAN, **SMALL)
    assert len(verdict.missing) == 1


def test_without_a_route_the_list_asks_for_what_the_score_takes_and_no_more():
    unknown = {"rd_staff_cost": None}
    verdict = judge(**CLEAN, **NO_ROUTE, **SMALL, **unknown)
    assert set(verdict.missing) == {"2023年在职科技人员数", "2023年人员人工费用"}
    verdict = judge(**CLEAN, **NO_ROUTE, **SMALL, **unknown, rnd_staff=30, class1_ip=0, class2_ip=0)
    assert verdict.missing == ("2023年人员人工费用",)
    verdict = judge(**CLEAN, **NO_ROUTE, **SMALL, rnd_staff=12, rd_staff_cost=240)
    assert verdict.missing == ("Ⅰ类知识产权数",)


def expected(value, bands):
    return next((b.low for b in bands if value >= b.edge), 0)


@given(band=st.sampled_from(STAFF_BANDS), staff=st.integers(1, 500))
def test_the_smallest_step_over_an_edge_of_the_staff_bands_changes_the_points(band, staff):
    at = -(-band.edge.numerator * staff // band.edge.denominator)  # the fewest people that reach the edge
    for people in (at, at - 1):
        if people >= 0:
            assert points(firm(staff=staff, rnd_staff=people))[0] == expected(Fraction(people, staff), STAFF_BANDS)


@given(band=st.sampled_from(SALES_BANDS), hundreds=st.integers(1, 2_000_000))
def test_the_lower_edge_belongs_to_the_band_of_rnd_over_sales(band, hundreds):
    score = rnd_score(Names(), NUMBERS.__getitem__).one()
    sales = hundreds * 100  # 元
    at = int(sales * band.edge)
    facts = known() | {"revenue-1": sales, "total_cost-1": 10**13}
    on, under = (score(facts | {"rd_staff_cost-1": spent}) for spent in (at, at - 1))
    assert (on.low, on.high) == (band.low, band.low)
    assert under.low == expected(Fraction(at - 1, sales), SALES_BANDS) < on.low


@given(rnd=st.integers(0, 9_000), sales=st.integers(0, 20_000), cost=st.integers(0, 20_000))
def test_the_firm_gets_the_better_of_the_two_ratios(rnd, sales, cost):
    score = rnd_score(Names(), NUMBERS.__getitem__).one()(known(rd_staff_cost=rnd, revenue=sales, total_cost=cost))
    each = [
        expected(Fraction(rnd, whole), bands)
        for whole, bands in ((sales, SALES_BANDS), (cost, COST_BANDS))
        if whole > 0
    ]
    assert score.low == score.high == max(each, default=0)


@given(first=st.none() | st.integers(0, 3), second=st.none() | st.integers(0, 6))
def test_open_points_hold_every_value_the_unknown_could_take(first, second):
    score = achievement_score(Names()).one()
    found = score(known(class1_ip=first, class2_ip=second))
    firsts = [first] if first is not None else [0, 1]
    seconds = [second] if second is not None else range(7)
    possible = {score(known(class1_ip=a, class2_ip=b)).low for a in firsts for b in seconds}
    assert (found.low, found.high) == (min(possible), max(possible))


BEST = known(**CLEAN, **SMALL, rnd_staff=30, rd_staff_cost=2400, total_cost=6000, class1_ip=1, class2_ip=4)
BEST |= dict.fromkeys(NO_ROUTE, 1)
WORST = NO_ROUTE | {"rnd_staff-1": 0, "rd_staff_cost-1": 0, "class1_ip": 0, "class2_ip": 0}
ASKED = sorted(WORST.keys() | CLEAN.keys() | {"staff-1", "revenue-1", "assets-1", "total_cost-1"})


@settings(max_examples=150)
@given(
    unknown=st.sets(st.sampled_from(ASKED), max_size=7),
    poor=st.sets(st.sampled_from(sorted(WORST)), max_size=8),
)
def test_the_missing_list_suffices_and_no_shorter_one_would(unknown, poor):
    facts = {k: WORST[k] if k in poor else v for k, v in BEST.items() if k not in unknown}
    verdict = PROGRAM.judge(facts)
    if verdict.passed is not None:
        return
    named = {key for key in unknown if label_of(key, {"year": YEAR}) in verdict.missing}
    assert len(named) == len(verdict.missing)
    assert PROGRAM.judge(facts | {k: BEST[k] for k in named}).passed is True
    for fewer in combinations(sorted(unknown), len(named) - 1):
        assert PROGRAM.judge(facts | {k: BEST[k] for k in fewer}).passed is not True


def test_before_the_rule_was_in_force_it_says_so():
    with pytest.raises(LookupError, match="尚未施行"):
        TechSmeEvaluation().program(date(2017, 5, 2))
