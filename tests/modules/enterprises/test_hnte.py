"""高新技术企业认定: the worked examples, the tiers' edges, growth and its special cases, and experts' intervals."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from keji.lib.rules.found import Score, Total, walk
from keji.lib.rules.rule import rules
from keji.modules.enterprises import regulations  # noqa: F401 - enters the rules
from tests.modules.enterprises.firms import known

ON = date(2024, 6, 1)
NUMBERS = {"rnd.outsourced_counted": Fraction(4, 5), "hnte.other_share": Fraction(1, 5)}
PROGRAM = rules()["hnte"].program(ON, NUMBERS)

GROWING = {
    "revenue": (3000, 3900, 4680),
    "assets": (1000, 1300, 1690),
    "liabilities": (0, 0, 0),
    "rd_staff_cost": (160, 210, 240),
    "staff": 60,
    "rnd_staff": 9,
    "total_income": 4700,
    "hightech_revenue": 3400,
    "conversions": (4, 4, 5),
    "class1_ip": 1,
    "class2_ip": 0,
    "class2_ip_used": 0,
    "own_ip": 1,
    "advance": 3,
    "support": 4,
    "standard_setting": 0,
    "org_system": 5,
    "org_institute": 5,
    "org_reward": 3,
    "org_talent": 3,
    "age_days": 2000,
    "operating_years": 5,
    "technology_field": 8,
    "serious_incident": 0,
}


def judge(**facts):
    return PROGRAM.judge(known(**GROWING | facts))


def node(verdict, key):
    return next(n for n in walk(verdict.nodes) if getattr(n, "key", "") == key)


def score(verdict, label):
    return next(n for n in walk(verdict.nodes) if n.label.startswith(label) and hasattr(n, "full"))


def interval(verdict, label):
    found = score(verdict, label)
    return found.low, found.high


def test_h1_the_mark_lies_within_the_interval_so_experts_decide():
    verdict = judge()
    assert {k: node(verdict, k).found for k in ("rnd_share", "staff_share", "hightech_share")} == {
        "rnd_share": "5.27%",
        "staff_share": "15%",
        "hightech_share": "72.34%",
    }
    assert all(
        node(verdict, k).passed for k in ("age", "rights", "field", "rnd_share", "home_share", "serious_incident")
    )
    assert interval(verdict, "知识产权") == (20, 28)
    assert interval(verdict, "科技成果转化能力") == (19, 24)
    assert interval(verdict, "研究开发组织管理水平") == (16, 16)
    assert interval(verdict, "销售收入增长率") == interval(verdict, "净资产增长率") == (7, 8)
    assert score(verdict, "销售收入增长率").found == "25%"
    total = node(verdict, "score")
    assert (total.low, total.high, verdict.passed, verdict.outlook) == (69, 84, None, "需评审")


def test_h1b_above_the_mark_whatever_experts_say():
    verdict = judge(
        revenue=(18000, 21000, 26000),
        assets=(9000, 10000, 11800),
        rd_staff_cost=(700, 820, 960),
        staff=210,
        rnd_staff=34,
        total_income=26400,
        hightech_revenue=20800,
        conversions=(5, 5, 6),
        class1_ip=3,
        advance=4,
        standard_setting=1,
        org_system=6,
    )
    assert node(verdict, "rnd_share").need == "不低于3%"
    assert node(verdict, "rnd_share").found == "3.82%"
    assert interval(verdict, "知识产权") == (23, 30)
    assert interval(verdict, "科技成果转化能力") == (25, 30)
    assert interval(verdict, "企业成长性") == (8, 10)
    total = node(verdict, "score")
    assert (total.low, total.high, verdict.passed, verdict.outlook) == (73, 87, True, "必过")


def test_h1c_fails_twice_over_and_both_are_named():
    verdict = judge(
        revenue=(5200, 5000, 4700),
        assets=(2000, 2030, 2080),
        rd_staff_cost=(240, 240, 240),
        staff=70,
        rnd_staff=8,
        conversions=(1, 1, 2),
        class1_ip=0,
        class2_ip=3,
        own_ip=0,
        advance=2,
        support=2,
        org_system=4,
        org_institute=4,
        org_reward=2,
        org_talent=2,
    )
    assert node(verdict, "rnd_share").found == "4.83%"
    assert node(verdict, "rnd_share").gap == "差 0.17 个百分点，约25 万元"
    assert interval(verdict, "知识产权") == (10, 15)
    assert interval(verdict, "科技成果转化能力") == (1, 6)
    assert (score(verdict, "销售收入增长率").low, interval(verdict, "净资产增长率")) == (0, (1, 2))
    total = node(verdict, "score")
    assert (total.low, total.high, total.gap, verdict.outlook) == (24, 35, "差 36 分", "必不过")
    assert [n.key for n in verdict.failing] == ["rnd_share", "score"]


@pytest.mark.parametrize(
    ("latest", "tier"), [("5000", "5%"), ("5000.0001", "4%"), ("20000", "4%"), ("20000.0001", "3%"), ("5000.01", "4%")]
)
def test_h2_the_upper_edge_belongs_to_the_tier(latest, tier):
    assert node(judge(revenue=(3000, 4000, latest)), "rnd_share").need == f"不低于{tier}"


def test_h2_at_the_tier_a_firm_of_five_thousand_passes_with_just_five_per_cent():
    sales = (3000, 4000, 5000)
    fails = node(judge(revenue=sales, rd_staff_cost=(165, 200, 200)), "rnd_share")
    assert (fails.passed, fails.found, fails.gap) == (False, "4.71%", "差 0.29 个百分点，约35 万元")
    assert node(judge(revenue=sales, rd_staff_cost=(200, 200, 200)), "rnd_share").passed is True
    assert node(judge(revenue=sales, rd_staff_cost=(200, 200, "199.9999")), "rnd_share").passed is False


def test_h3_other_costs_count_up_to_a_fifth_of_the_total():
    spent = {
        "rd_staff_cost": (0, 0, 900),
        "rd_materials": (0, 0, 300),
        "rd_depreciation": (0, 0, 200),
        "rd_amortisation": (0, 0, 50),
        "rd_design": (0, 0, 30),
        "rd_commissioning": (0, 0, 20),
        "rd_outsourced": (0, 0, 500),
        "rd_other": (0, 0, 520),
    }
    share = node(judge(revenue=(19375, 20000, 20000), **spent), "rnd_share")
    assert (share.passed, share.need, share.found) == (True, "不低于4%", "4%")  # 2375 / 59375
    one_more = node(judge(revenue=(19375, "20000.0001", 20000), **spent), "rnd_share")
    assert one_more.passed is False


def test_h4_seventy_is_not_more_than_seventy():
    total = node(judge(), "score")
    assert (total.at_least, total.above, total.need) == (70, True, "超过 70 分")
    exactly = Total("创新能力评价", (Score("专家评分", 70, 70, 100),), total.at_least, above=total.above)
    one_more = Total("创新能力评价", (Score("专家评分", 71, 71, 100),), total.at_least, above=total.above)
    assert (exactly.passed, one_more.passed) == (False, True)


def test_h4_the_bonus_does_not_lift_the_block_over_thirty():
    verdict = judge(advance=4, class1_ip=2, standard_setting=1)
    assert interval(verdict, "知识产权")[1] == 30
    assert sum(part.high for part in score(verdict, "知识产权").parts) == 32


def test_h5_growth_is_compared_before_it_is_rounded():
    verdict = judge(assets=(1000, 1350, 1822))
    assert (score(verdict, "净资产增长率").found, interval(verdict, "净资产增长率")) == ("34.98%", (7, 8))
    assert interval(judge(assets=(1000, 1350, "1822.5")), "净资产增长率") == (9, 10)
    assert interval(judge(assets=(1000, 1350, "1822.4999")), "净资产增长率") == (7, 8)


@pytest.mark.parametrize(
    ("years", "points", "found"),
    [
        ((0, 1200, 1500), (7, 8), "25%"),
        ((1000, 0, 500), (0, 0), "0%"),
        ((2000, 1800, 1900), (0, 0), "-2.22%"),
        ((-100, -300, -900), (0, 0), "分母为零或负数，无法计算"),
        ((-100, 300, 900), (0, 0), "分母为零或负数，无法计算"),
        ((1000, 1000, 1000), (0, 0), "0%"),
        ((10000, 10000, 10001), (1, 2), "0.01%"),
    ],
)
def test_h6_growth_from_nothing_to_nothing_and_below_nothing(years, points, found):
    """Negative net assets are for a person to look at: the formula would call a growing deficit growth."""
    growth = score(judge(assets=(100000, 100000, 100000), liabilities=tuple(100000 - y for y in years)), "净资产增长率")
    assert ((growth.low, growth.high), growth.found) == (points, found)
    assert bool(growth.note) is (years[0] < 0)


def test_a_firm_in_its_third_year_is_judged_by_the_two_it_has():
    young = {"operating_years": 2, "conversions": (None, 4, 4), "revenue": (None, 1000, 1250)}
    young |= {"assets": (None, 100, 135), "liabilities": (None, 0, 0), "rd_staff_cost": (None, 50, 70)}
    young |= dict.fromkeys(("rd_materials", "rd_depreciation", "rd_amortisation"), (None, 0, 0))
    young |= dict.fromkeys(("rd_design", "rd_commissioning", "rd_outsourced", "rd_other"), (None, 0, 0))
    verdict = judge(**young, rd_outsourced_abroad=(None, 0, 0))
    assert node(verdict, "rnd_share").found == "5.33%"
    assert score(verdict, "科技成果转化能力").found == "4 项/年"
    assert [score(verdict, n).found for n in ("销售收入增长率", "净资产增长率")] == ["25%", "35%"]


def test_a_firm_in_its_second_year_gets_no_points_for_growth():
    young = {"operating_years": 1, "revenue": (None, None, 1000), "assets": (None, None, 100)}
    verdict = judge(**young, liabilities=(None, None, 0))
    assert interval(verdict, "企业成长性") == (0, 0)


def test_commissioned_abroad_counts_in_the_total_and_not_at_home():
    abroad = {"rd_staff_cost": (100, 100, 100), "rd_outsourced_abroad": (50, 50, 125)}
    home = node(judge(**abroad), "home_share")
    assert (home.passed, home.found) == (True, "62.5%")
    assert node(judge(**abroad | {"rd_outsourced_abroad": (50, 75, 125)}), "home_share").passed is True
    less = node(judge(**abroad | {"rd_outsourced_abroad": (50, 76, 125)}), "home_share")
    assert (less.passed, less.gap.partition("，")[0]) == (False, "差 0.1 个百分点")


def test_between_no_conversion_and_one_a_year_a_person_decides():
    conversion = score(judge(conversions=(0, 1, 1)), "科技成果转化能力")
    assert ((conversion.low, conversion.high), conversion.note) == (
        (0, 6),
        "年均转化数在0和1之间，评分表没有规定，由专家确定",
    )
    assert interval(judge(conversions=(0, 0, 0)), "科技成果转化能力") == (0, 0)


def test_with_all_facts_and_no_experts_nothing_is_missing():
    people = dict.fromkeys(("advance", "support", "org_system", "org_institute", "org_reward", "org_talent"))
    verdict = judge(**people)
    assert (verdict.passed, verdict.missing, verdict.outlook) == (None, (), "需评审")


def test_a_missing_fact_is_named_with_its_year():
    verdict = judge(revenue=(3000, None, 4680))
    assert (verdict.passed, verdict.missing, verdict.outlook) == (None, ("2022年销售（营业）收入",), "资料不足")


def test_the_eight_fields_are_named_and_none_of_them_fails():
    found = node(judge(technology_field=0), "field")
    assert (found.passed, found.found) == (False, "不属于国家重点支持的高新技术领域")
    assert node(judge(), "field").found == "先进制造与自动化"


def test_a_second_class_right_used_in_an_earlier_application_does_not_serve_again():
    verdict = judge(class1_ip=0, class2_ip=3, class2_ip_used=3)
    assert node(verdict, "rights").passed is False
    assert interval(judge(class1_ip=0, class2_ip=6, class2_ip_used=2), "知识产权数量") == (3, 4)
