"""科技型中小企业评价: the worked examples, every edge of every band, and the shortest list of what is missing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keji.kernel.rules.rule import Total, rules
from keji.modules.enterprises.models import FACT_NAMES
from keji.modules.enterprises.regulations import (
    COST_BANDS,
    SALES_BANDS,
    STAFF_BANDS,
    achievement_score,
    points_for,
    rnd_score,
    staff_score,
)
from keji.modules.enterprises.showing import walk

ON = date(2024, 8, 1)
CLEAN = {"resident": True, "restricted": False, "misconduct": False, "listed_abnormal": False}
NO_ROUTE = {"hnte": False, "award": False, "institution": False, "standard": False}
SMALL = {"staff": 100, "sales": Decimal(6000), "assets": Decimal(5000)}
RULE = rules()["tech_sme"]
LABELS = RULE.labels


def judge(**facts):
    return RULE.judge(facts, ON)


def firm(**facts):
    return judge(**{**CLEAN, **NO_ROUTE, **SMALL, "class1_ip": 0, "class2_ip": 0, "total_cost": None} | facts)


def points(verdict) -> list[int]:
    total = next(n for n in walk(verdict.nodes) if isinstance(n, Total))
    return [s.low for s in total.scores]


def test_t1_thirty_per_cent_staff_five_per_cent_rnd_two_second_class_rights():
    verdict = firm(rnd_staff=30, rnd_expense=Decimal(300), class2_ip=2, total_cost=Decimal(5800))
    assert (points(verdict), verdict.word) == ([20, 40, 12], "符合")


def test_t2_a_firm_without_sales_is_judged_by_its_costs():
    verdict = firm(rnd_staff=12, sales=Decimal(0), rnd_expense=Decimal(76), total_cost=Decimal(290), class1_ip=1)
    assert (points(verdict), verdict.word) == ([4, 40, 30], "符合")


def test_t3_no_rounding_up_to_ten_per_cent_and_staff_points_must_not_be_zero():
    verdict = firm(staff=495, rnd_staff=49, rnd_expense=Decimal(360), class1_ip=1, total_cost=Decimal(6000))
    assert (points(verdict), verdict.word) == ([0, 50, 30], "不符合")
    gaps = [n.gap for n in walk(verdict.nodes) if getattr(n, "label", "") == "科技人员指标得分不为零"]
    assert gaps == ["还差 1 名科技人员"]


@pytest.mark.parametrize(
    ("rnd", "second_class", "sum_", "word"),
    [(360, 1, 60, "符合"), (300, 2, 56, "不符合"), (300, 3, 62, "符合")],
)
def test_t4_sixty_passes_and_fifty_six_does_not(rnd, second_class, sum_, word):
    verdict = firm(rnd_staff=12, rnd_expense=Decimal(rnd), class2_ip=second_class, total_cost=Decimal(6000))
    assert (sum(points(verdict)), verdict.word) == (sum_, word)


def test_t5_scale_comes_before_the_direct_route():
    edge = {"sales": Decimal(20000), "assets": Decimal(20000), "hnte": True}
    too_many = judge(**CLEAN, staff=501, **edge)
    assert too_many.word == "不符合"
    assert [(n.label, n.gap) for n in too_many.failing] == [("职工总数", "超出 1 人")]
    assert judge(**CLEAN, staff=500, **edge).word == "符合"
    assert judge(**CLEAN, staff=500, **edge | {"assets": Decimal("20000.0001")}).word == "不符合"


def test_unknown_is_never_no():
    assert judge().word == "资料不足"
    assert judge(**CLEAN, **SMALL, rnd_staff=0).word == "资料不足"
    assert firm(rnd_staff=0, rnd_expense=Decimal(360)).word == "不符合"


def test_a_veto_decides_whatever_else_is_unknown():
    verdict = judge(misconduct=True)
    assert verdict.word == "不符合"
    assert verdict.missing == ()


def test_every_failing_condition_is_named_not_only_the_first():
    verdict = judge(**{**CLEAN, "restricted": True}, staff=600, sales=Decimal(30000), assets=Decimal(1))
    assert [n.label for n in verdict.failing] == ["职工总数", "年销售收入", "产品（服务）属禁止、限制或淘汰类"]


def test_one_certificate_is_the_shortest_way_when_nothing_of_the_score_is_known():
    verdict = judge(**CLEAN, **SMALL)
    assert len(verdict.missing) == 1


def test_without_a_route_the_list_asks_for_what_the_score_takes_and_no_more():
    verdict = judge(**CLEAN, **NO_ROUTE, **SMALL)
    assert set(verdict.missing) == {LABELS["rnd_staff"], LABELS["rnd_expense"]}
    verdict = judge(**CLEAN, **NO_ROUTE, **SMALL, rnd_staff=30, class1_ip=0, class2_ip=0)
    assert verdict.missing == (LABELS["rnd_expense"],)
    verdict = judge(**CLEAN, **NO_ROUTE, **SMALL, rnd_staff=12, rnd_expense=Decimal(240))
    assert verdict.missing == (LABELS["class1_ip"],)


def edges(bands):
    return st.sampled_from([edge for edge, _ in bands])


@given(edge=edges(STAFF_BANDS), staff=st.integers(1, 500))
def test_the_smallest_step_over_an_edge_of_the_staff_bands_changes_the_points(edge, staff):
    at = -(-edge.numerator * staff // edge.denominator)  # the fewest people that reach the edge
    facts = {"staff": staff, "rnd_staff": at}
    exact = Fraction(at, staff)
    score = staff_score(RULE_FACTS(facts))
    assert score.low == score.high == points_for(exact, STAFF_BANDS)
    assert exact >= edge
    if at:
        below = staff_score(RULE_FACTS({"staff": staff, "rnd_staff": at - 1}))
        assert below.low == points_for(Fraction(at - 1, staff), STAFF_BANDS)
        assert below.low <= score.low


@given(
    edge=edges(SALES_BANDS),
    sales=st.decimals("0.01", "20000", places=2),
)
def test_the_lower_edge_belongs_to_the_band_of_rnd_over_sales(edge, sales):
    exact = sales * edge.numerator / edge.denominator
    unit = Decimal("0.0001")
    on = rnd_score(RULE_FACTS({"rnd_expense": exact, "sales": sales, "total_cost": Decimal(10**9)}))
    under = rnd_score(RULE_FACTS({"rnd_expense": exact - unit, "sales": sales, "total_cost": Decimal(10**9)}))
    assert on.low == dict(SALES_BANDS)[edge]
    assert under.low == points_for((Fraction(exact) - Fraction(unit)) / Fraction(sales), SALES_BANDS) < on.low


@given(
    rnd=st.decimals("0", "9000", places=4),
    sales=st.decimals("0", "20000", places=4),
    cost=st.decimals("0", "20000", places=4),
)
def test_the_firm_gets_the_better_of_the_two_ratios(rnd, sales, cost):
    score = rnd_score(RULE_FACTS({"rnd_expense": rnd, "sales": sales, "total_cost": cost}))
    each = [
        points_for(Fraction(rnd) / Fraction(whole), bands)
        for whole, bands in ((sales, SALES_BANDS), (cost, COST_BANDS))
        if whole > 0
    ]
    assert score.low == score.high == max(each, default=0)


@given(first=st.none() | st.integers(0, 3), second=st.none() | st.integers(0, 6))
def test_open_points_hold_every_value_the_unknown_could_take(first, second):
    score = achievement_score(RULE_FACTS({"class1_ip": first, "class2_ip": second}))
    firsts = [first] if first is not None else [0, 1]
    seconds = [second] if second is not None else range(7)
    possible = {achievement_score(RULE_FACTS({"class1_ip": a, "class2_ip": b})).low for a in firsts for b in seconds}
    assert (score.low, score.high) == (min(possible), max(possible))


BEST = {**CLEAN, **SMALL, "rnd_staff": 30, "rnd_expense": Decimal(2400), "total_cost": Decimal(6000)}
BEST |= {"class1_ip": 1, "class2_ip": 4, "hnte": True, "award": True, "institution": True, "standard": True}
WORST = {"rnd_staff": 0, "rnd_expense": Decimal(0), "class1_ip": 0, "class2_ip": 0} | NO_ROUTE


@given(
    unknown=st.sets(st.sampled_from(FACT_NAMES), max_size=7),
    poor=st.sets(st.sampled_from(sorted(WORST)), max_size=8),
)
def test_the_missing_list_suffices_and_no_shorter_one_would(unknown, poor):
    known = {k: WORST[k] if k in poor else v for k, v in BEST.items() if k not in unknown}
    verdict = judge(**known)
    if verdict.passed is not None:
        return
    named = {name for name, label in LABELS.items() if label in verdict.missing}
    assert named <= unknown
    assert judge(**known, **{k: BEST[k] for k in named}).passed is True
    for fewer in combinations(sorted(unknown), len(named) - 1):
        assert judge(**known, **{k: BEST[k] for k in fewer}).passed is not True


def test_the_same_facts_give_the_same_explanation():
    facts = {**CLEAN, **NO_ROUTE, **SMALL, "rnd_staff": 12}
    assert judge(**facts).trace() == judge(**dict(reversed(facts.items()))).trace()


def test_before_the_rule_was_in_force_it_says_so():
    with pytest.raises(LookupError, match="尚未施行"):
        RULE.judge({}, date(2017, 5, 2))


@pytest.mark.django_db
def test_every_document_an_edition_names_stands_on_the_shelf():
    from keji.kernel.rules.models import Regulation

    cited = {cites for _, _, cites in RULE._editions}
    assert cited <= set(Regulation.objects.values_list("number", flat=True))


def RULE_FACTS(facts):
    from keji.kernel.rules.rule import Facts

    return Facts(facts, LABELS)
