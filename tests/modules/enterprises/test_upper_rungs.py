"""创新型, 专精特新, “小巨人” and the research centres: each condition, each part's minimum, each size."""

from __future__ import annotations

from datetime import date

import pytest

from keji.lib.rules.found import Total, walk
from keji.lib.rules.rule import rules
from tests.modules.enterprises.firms import known
from tests.modules.enterprises.test_rungs import numbers_on

BEFORE, AFTER = date(2024, 12, 10), date(2026, 6, 1)
SOUND = {"resident": 1, "sme_scale": 1, "restricted": 0, "listed_abnormal": 0, "serious_incident_3y": 0}
NO_ROUTE = dict.fromkeys(("award_province", "hnte", "innovation_demo", "ip_demo", "institution"), 0)
NO_SRDI_ROUTE = {"award_province_top": 0, "maker_top500": 0}
NO_EQUITY = {"equity_raised": (0, 0, 0)}


def judge(code, on=BEFORE, **facts):
    return rules()[code].program(on, numbers_on(on)).judge(known(**SOUND | facts))


def node(verdict, key):
    return next(n for n in walk(verdict.nodes) if getattr(n, "key", "") == key)


INNOVATIVE = {
    **NO_ROUTE,
    **NO_EQUITY,
    "class1_high_value": 0,
    "class1_own": 1,
    "class1_kept": 1,
    "class2_kept": 3,
    "rd_staff_cost": (100, 100, 200),
    "revenue": (4000, 4500, 5000),
    "main_revenue": (3000, 3200, 3520),
    "assets": (3000, 3000, 4000),
    "liabilities": (1000, 1000, 2200),
    "emerging_industry": 0,
}


def test_an_innovative_firm_needs_sixty_points_and_a_minimum_of_each_part():
    verdict = judge("innovative_sme", **INNOVATIVE)
    parts = {key: node(verdict, key).low for key in ("ability", "growth", "focus", "score")}
    assert parts == {"ability": 30, "growth": 25, "focus": 25, "score": 80}
    assert verdict.passed is True


@pytest.mark.parametrize(
    ("change", "part", "points"),
    [
        ({"class1_own": 0, "class1_kept": 0, "class2_kept": 1, "rd_staff_cost": (0, 0, 149)}, "ability", 15),
        ({"main_revenue": (3000, 3600, 3500), "liabilities": (0, 0, 2201)}, "growth", 5),
        ({"main_revenue": (2000, 2300, 2700)}, "focus", 10),
    ],
)
def test_one_weak_part_fails_whatever_the_sum(change, part, points):
    verdict = judge("innovative_sme", **INNOVATIVE | {"class1_high_value": 1} | change | (
        {"class1_high_value": 0} if part == "ability" else {}
    ))  # fmt: skip
    assert (node(verdict, part).low, node(verdict, part).passed) == (points, False)
    assert verdict.passed is False


def test_five_million_of_paid_in_equity_is_a_route_of_its_own():
    poor = INNOVATIVE | {"class1_own": 0, "class1_kept": 0, "class2_kept": 0}
    assert judge("innovative_sme", **poor | {"equity_raised": (200, 100, 199)}).passed is False
    assert judge("innovative_sme", **poor | {"equity_raised": (200, 100, 200)}).passed is True


def test_an_edge_value_takes_the_higher_band_of_what_should_be_low():
    at = judge("innovative_sme", **INNOVATIVE | {"liabilities": (0, 0, 3000)})
    debt = next(n for n in walk(at.nodes) if n.label == "资产负债率")
    assert (debt.found, debt.low, debt.more) == ("75%", 5, "不超过 55% 得 10 分")
    beyond = judge("innovative_sme", **INNOVATIVE | {"liabilities": (0, 0, "3000.0001")})
    assert next(n for n in walk(beyond.nodes) if n.label == "资产负债率").low == 0


def test_from_april_2026_the_first_tier_keeps_the_former_standard():
    for code in ("innovative_sme", "tech_sme"):
        rule = rules()[code]
        old, new = (rule.program(on, numbers_on(on)) for on in (date(2026, 3, 31), date(2026, 4, 1)))
        assert (old.cites != new.cites, old.keys) == (True, new.keys)


SRDI = {
    **NO_SRDI_ROUTE,
    **NO_EQUITY,
    "niche_years": 6,
    "niche_field": 1,
    "revenue": (4000, 4500, 5000),
    "main_revenue": (3600, 4000, 4400),
    "rd_staff_cost": (200, 220, 250),
    "digital_level": 2,
    "quality_items": 2,
    "net_profit": 400,
    "assets": (3000, 3000, 4000),
    "liabilities": (1000, 1000, 2000),
    "province_feature": 8,
    "class1_high_value": 0,
    "class1_own": 1,
    "class1_kept": 1,
    "class2_kept": 5,
    "rnd_staff": 12,
    "staff": 100,
    "institute_level": 2,
}


def test_thirteen_scores_of_a_specialised_firm():
    verdict = judge("srdi", **SRDI)
    total = node(verdict, "score")
    assert [(s.label[:3], s.low, s.full) for s in total.scores] == [
        ("专业化", 21, 25),  # 88% → 5, average growth 10.56% → 10, six years → 3, field → 3
        ("精细化", 21, 25),  # second level 3, two quality items 5, net profit 8% → 8, debts 50% → 5
        ("特色化", 8, 15),
        ("创新能", 19, 35),  # own Ⅰ类 8, 250万 → 4, 12% → 3, city centre → 4
    ]
    assert (total.low, verdict.passed) == (69, True)


def test_a_city_centre_is_worth_four_points_and_a_provincial_one_eight():
    scores = [node(judge("srdi", **SRDI | {"institute_level": level}), "score").low for level in (0, 1, 2, 3, 4)]
    assert [s - scores[0] for s in scores] == [0, 2, 4, 8, 10]


def test_while_the_province_has_not_given_its_points_the_sum_is_open():
    facts = {k: v for k, v in SRDI.items() if k != "province_feature"} | {"niche_field": 0, "digital_level": 1}
    total = node(judge("srdi", **facts), "score")
    assert (total.low, total.high, total.passed, total.missing) == (55, 70, None, ())


def test_the_amount_and_the_share_of_rnd_are_two_conditions():
    verdict = judge("srdi", **SRDI | {"rd_staff_cost": (0, 0, 149)})
    assert [(n.key, n.gap) for n in verdict.failing] == [("rnd_share", "差 0.02 个百分点，约1 万元")]
    small = judge("srdi", **SRDI | {"revenue": (800, 900, 999), "rd_staff_cost": (0, 0, 100)})
    assert [n.key for n in small.failing][:1] == ["scale"]


def test_since_2026_specialised_firms_are_held_to_new_numbers():
    facts = SRDI | {"innovative_held": 1, "institution": 0, "srdi_platform_score": 50}
    assert judge("srdi", AFTER, **facts).passed is True
    fails = judge("srdi", AFTER, **facts | {"niche_years": 2, "srdi_platform_score": 49, "class1_kept": 0})
    assert [n.key for n in fails.failing] == ["niche_years", "rights", "platform_score"]
    waived = judge("srdi", AFTER, **facts | {"class1_kept": 0, "institution": 1})
    assert waived.passed is True


GIANT = {
    "srdi_held": 1,
    "niche_years": 3,
    "main_revenue": (7600, 8000, 8400),
    "revenue": (9000, 9500, 9999),
    "assets": (9000, 9000, 10000),
    "liabilities": (0, 0, 7000),
    "market_share": 1000,
    "own_brands": 1,
    "class1_kept": 2,
    "rnd_staff": 60,
    "staff": 100,
    **NO_EQUITY,
}


@pytest.mark.parametrize(
    ("revenue", "rnd", "condition", "passed"),
    [
        (10_000, 300, "rnd_share_large", True),
        (10_000, "299.9999", "rnd_share_large", False),
        ("9999.9999", 600, "rnd_share_middle", True),
        (5_000, 299, "rnd_share_middle", False),
        (5_000, 300, "rnd_share_middle", True),
        ("4999.9999", 2999, "small_rnd", False),
        ("4999.9999", 3000, "small_rnd", True),
    ],
)
def test_what_rnd_a_little_giant_needs_depends_on_its_size(revenue, rnd, condition, passed):
    facts = GIANT | {"revenue": (9000, 9500, revenue), "rd_staff_cost": (0, 0, rnd), "equity_raised": (0, 4000, 4000)}
    verdict = judge("little_giant", **facts)
    asked = {n.key for n in walk(verdict.nodes) if getattr(n, "key", "").startswith(("rnd_share", "small"))}
    assert condition in asked
    assert node(verdict, condition).passed is passed


def test_compound_growth_is_compared_without_a_root():
    facts = GIANT | {"award": 0, "market_top3": 0, "key_link": 1, "class1_first3": 4, "srdi_platform_score": 60}
    facts |= {"rd_staff_cost": (0, 600, 600), "market_share": 1000}
    at, below = (
        judge("little_giant", AFTER, **facts | {"revenue": (8000, 8400, latest), "main_revenue": (1, 1, 8000)})
        for latest in ("8820", "8819.9999")
    )
    assert (node(at, "growth").passed, node(below, "growth").passed) == (True, False)


@pytest.mark.parametrize(
    ("main", "rnd", "passed"),
    [(20_000, 800, True), (20_000, 799, False), (30_000, 899, False), (30_000, 900, True), (19_999, 800, True),
     (19_999, 799, False), (5_000, 500, True), (5_000, 499, False), ("4999.9999", 300, True), (100, 299, False)],
)  # fmt: skip
def test_a_provincial_centre_asks_for_rnd_by_size(main, rnd, passed):
    facts = {"province_tech_firm": 1, "age_days": 365, "serious_violation_1y": 0, "software_class": 0}
    facts |= {"rnd_site": 600, "rnd_equipment": 600, "main_revenue": (0, 0, main), "rd_staff_cost": (0, 0, rnd)}
    assert judge("province_centre", **facts).passed is passed


def test_software_firms_need_half_the_site_and_an_officer_looks_at_their_equipment():
    facts = {"province_tech_firm": 1, "age_days": 365, "serious_violation_1y": 0, "software_class": 1}
    facts |= {"rnd_site": 300, "main_revenue": (0, 0, 100), "rd_staff_cost": (0, 0, 300)}
    assert judge("province_centre", **facts).missing == ("研发设备达到软件类企业的要求",)
    assert judge("province_centre", **facts, software_equipment=1).passed is True
    assert judge("province_centre", **facts | {"software_class": 0}).passed is False


def test_the_city_s_centre_is_judged_by_neighbours_numbers_and_says_so():
    facts = {"age_days": 365, "serious_violation_1y": 0, "rnd_site": 200, "rnd_equipment": 200, "centre_staff": 10}
    facts |= {"class1_ip": 0, "class2_ip": 1}
    small = judge("city_centre", **facts, revenue=(0, 0, 9_000), rd_staff_cost=(0, 0, 180))
    assert [(n.key, n.gap) for n in small.failing] == [("rnd", "差 20 万元")]
    assert "待核" in small.failing[0].cites
    large = judge("city_centre", **facts, revenue=(0, 0, 10_000), rd_staff_cost=(0, 0, 200))
    assert large.passed is True


def test_every_total_of_the_ladder_says_how_far_off_it_is():
    verdict = judge("innovative_sme", **INNOVATIVE | {"class1_own": 0, "class1_kept": 0, "class2_kept": 0})
    totals = [n for n in walk(verdict.nodes) if isinstance(n, Total)]
    assert all(t.gap.startswith("差 ") for t in totals if t.passed is False)
