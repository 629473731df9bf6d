"""What an incubator must have: the worked cases of the law, each edge on both sides, and what is not known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keji.kernel.rules.models import ParameterValue
from keji.lib.rules.rule import rules
from keji.modules.platforms.incubators.services.facts import incubator_facts
from keji.modules.platforms.incubators.services.rules import judge_house, judge_houses
from keji.modules.platforms.incubators.showing import asked, gap_of, gaps, tally
from keji.modules.platforms.incubators.terms import Terms
from tests.modules.platforms.incubators.conftest import ON

pytestmark = pytest.mark.django_db

GENERAL = {
    "type": "general",
    "legal_person": True,
    "operating_since": date(2019, 5, 1),
    "statistics_years": 3,
    "site_area": 12000,
    "fund": 600,
    "staff": 12,
    "professional_staff": 10,
    "mentors": 6,
}
SPECIAL = GENERAL | {
    "type": "special",
    "industry": "vehicles",
    "site_area": 16000,
    "fund": 500,
    "staff": 10,
    "professional_staff": 8,
    "mentors": 4,
    "own_platform": True,
}


def national(house, on=ON):
    return next(v for v in judge_house(house, incubator_facts(house, on), on) if v.rule == "incubator_national")


def failing(verdict):
    return [n.label for n in verdict.nodes if n.passed is False]


@pytest.fixture
def general(house, settle, tell, fund, know, graduate):
    """I-1: 12,000 ㎡, 52 tenants on 5,200 ㎡ and 4,000 ㎡ of public space, 21 graduates."""
    know(**GENERAL, public_area=4000)
    graduate(settle(21))
    firms = settle(52)
    tell(firms[:20], 2023, patents_applied=1, valid_ip=1)
    tell(firms[20:], 2023, patents_applied=0, valid_ip=0)
    for firm in firms[18:20]:
        firm.years.update(valid_ip=0)
    fund(firms[:3])
    fund(firms[3:6], own=False)
    return house


def test_i1_a_general_incubator_meets_every_national_condition(general):
    facts = incubator_facts(general, ON)
    assert facts["occupancy"] == Fraction(9200, 12000)
    assert (facts["tenants"], facts["graduates"], facts["people_needed"]) == (52, 21, 6)
    assert facts["density"] == Fraction(52, 12)
    assert (facts["funded_tenants"], facts["fund_cases"]) == (6, 3)
    assert (facts["patent_tenants"], facts["ip_tenants"]) == (20, 18)
    verdict = national(general)
    assert (verdict.passed, failing(verdict)) == (True, [])
    rights = next(n for n in verdict.nodes if n.label == "知识产权")
    assert [p.passed for p in rights.parts[:2]] == [False, True]  # 38.5% < 50%, but 34.6% >= 30%
    assert tally(verdict)["word"] == "全部满足"


def special_park(tenants, house, settle, tell, fund, know, graduate):
    know(**SPECIAL, public_area=12000 - 100 * tenants)
    graduate(settle(15, field="vehicles"))
    firms = settle(24, field="vehicles") + settle(tenants - 24, field="materials")
    tell(firms[:10], 2023, patents_applied=2, valid_ip=1)
    tell(firms[10:12], 2023, patents_applied=2, valid_ip=0)
    tell(firms[12:], 2023, patents_applied=0, valid_ip=0)
    fund(firms[:3])
    fund(firms[3:4], own=False)


def test_i2_a_specialised_incubator_with_31_tenants_is_one_short(house, settle, tell, fund, know, graduate):
    special_park(31, house, settle, tell, fund, know, graduate)
    assert incubator_facts(house, ON)["occupancy"] == Fraction(3, 4)  # equal passes
    verdict = national(house)
    assert (verdict.passed, failing(verdict)) == (False, ["每千平方米平均在孵企业"])
    density = next(n for n in verdict.nodes if n.label == "每千平方米平均在孵企业")
    assert (density.found, density.gap, density.short) == ("1.94 家/千㎡", "差 1 家", 1)
    assert list(gaps(verdict)) == ["每千平方米平均在孵企业：差 1 家"]


def test_i2_with_32_tenants_it_meets_every_condition(house, settle, tell, fund, know, graduate):
    special_park(32, house, settle, tell, fund, know, graduate)
    facts = incubator_facts(house, ON)
    assert (facts["density"], facts["people_needed"], facts["same_industry"]) == (2, 4, 24)
    assert Fraction(facts["ip_tenants"], facts["tenants"]) == Fraction(5, 16)  # 31.25%
    assert national(house).passed is True


def test_the_two_types_ask_for_different_things(general):
    labels = {n.label for n in asked(national(general))}
    assert not {"同一产业在孵企业占比", "自建公共技术服务平台"} & labels
    tenants = next(n for n in national(general).nodes if n.label == "在孵企业")
    assert tenants.need == "不低于 50 家"


def test_without_a_type_nothing_is_guessed(house, know):
    know(site_area=12000)
    verdict = national(house)
    tenants = next(n for n in verdict.nodes if n.label == "在孵企业")
    assert tenants.passed is None
    assert "专业孵化器" in tenants.missing


def test_an_incubator_nobody_has_told_of_is_not_called_failing(house):
    verdict = national(house)
    by_label = {n.label: n for n in verdict.nodes}
    assert by_label["可自主支配场地面积"].passed is None
    assert by_label["累计毕业企业"].passed is None  # how many it takes depends on the type
    assert gap_of(by_label["可自主支配场地面积"]) == "补齐：可自主支配场地面积"


def test_tenants_who_have_not_told_of_rights_leave_the_question_open(general, settle):
    settle(40)  # 92 tenants, 40 of them silent: 20/92 and 18/92 are too few, but the silent ones could make it up
    verdict = national(general)
    rights = next(n for n in verdict.nodes if n.label == "知识产权")
    assert rights.passed is None
    assert rights.missing == ("全部在孵企业的知识产权年度数据",)


def test_silent_tenants_that_could_not_make_it_up_do_not_help(house, settle, tell, know):
    know(**GENERAL, public_area=4000)
    tell(settle(20), 2023, patents_applied=0, valid_ip=0)
    settle(1)
    rights = next(n for n in national(house).nodes if n.label == "知识产权")
    assert rights.passed is False


def test_in_a_remote_area_a_fifth_less_is_enough(general, know):
    know(as_of=date(2024, 11, 1), site_area=9000, fund=400)
    assert failing(national(general)) == ["可自主支配场地面积", "种子（孵化）资金规模"]
    know(as_of=date(2024, 11, 2), remote_area=True)
    assert failing(national(general)) == []


def test_what_a_later_row_leaves_blank_still_holds(house, know):
    know(as_of=date(2024, 1, 1), site_area=5000, fund=300)
    know(as_of=date(2024, 9, 1), fund=350)
    facts = incubator_facts(house, ON)
    assert (facts["site_area"], facts["fund"], facts["as_of"]) == (5000, 350, date(2024, 9, 1))
    assert incubator_facts(house, date(2024, 8, 31))["fund"] == 300


def test_teams_and_those_whose_time_is_up_do_not_count(house, settle):
    settle(2)
    settle(1, firm=None, name="光子团队", established_on=None)
    settle(1, entered_on=date(2020, 11, 11), established_on=date(2020, 1, 1))  # 48 months ended yesterday
    settle(1, entered_on=date(2020, 11, 12), established_on=date(2020, 1, 1))  # they end today: the day counts
    settle(1, entered_on=date(2020, 11, 11), established_on=date(2020, 1, 1), field="biomedicine")  # 60 months
    facts = incubator_facts(house, ON)
    assert (facts["tenants"], facts["teams"], facts["overdue"]) == (4, 1, 1)


def test_from_2025_three_more_conditions_hold(general, tell, fund):
    on = date(2025, 3, 1)
    verdict = national(general, on)
    assert verdict.edition == date(2025, 1, 1)
    added = {n.label: n.passed for n in verdict.nodes[-3:]}
    assert added["营业收入或研发投入快速增长的在孵企业占比"] is None  # nobody has told two years
    assert added["房租、物业以外收入占总收入"] is None
    invested = next(n for n in verdict.nodes if n.label == "上年投融资")
    assert invested.passed is False  # 3/52 by the house itself, 6/52 by anybody
    assert "待核" in verdict.cites


def test_growth_of_a_fifth_exactly_is_not_more_than_a_fifth(house, settle, tell):
    grown, equal, from_zero = settle(3)
    for tenant, before, after in ((grown, "100", "120.01"), (equal, "100", "120"), (from_zero, "0", "50")):
        tell([tenant], 2023, revenue=Decimal(before))
        tell([tenant], 2024, revenue=Decimal(after))
    facts = incubator_facts(house, date(2025, 3, 1))
    assert (facts["growing_tenants"], facts["growth_unknown"]) == (1, 1)  # from nothing there is no rate


def test_provincial_numbers_are_marked_as_unsure(house, know):
    know(**GENERAL, public_area=100)
    verdict = judge_house(house, incubator_facts(house, ON), ON)[0]
    assert verdict.rule == "incubator_provincial"
    assert "待核" in verdict.cites
    rows = ParameterValue.objects.filter(name__startswith="incubator.provincial")
    assert rows and not any(row.certain for row in rows)


def test_the_bureau_changes_a_number_and_the_verdict_follows(general):
    ParameterValue.objects.create(
        name="incubator.national.site_area",
        label="场地",
        value=13000,
        from_on=date(2024, 7, 1),
        cites="修订",
        state="in_force",
    )
    assert failing(national(general)) == ["可自主支配场地面积"]
    assert national(general, date(2024, 6, 30)).numbers["incubator.national.site_area"] == 10000


def test_a_makerspace_by_area_or_by_seats(make_house, settle, know):
    space = make_house("六安众创空间", kind="makerspace")
    know(space, site_area=300, public_area=240, seats=30, mentors=3, events=10)
    settle(10, where=space, entered_on=date(2024, 5, 1), established_on=date(2024, 4, 1))
    settle(10, where=space, entered_on=date(2024, 5, 1), firm=None, name="团队", established_on=None)
    (verdict,) = judge_house(space, incubator_facts(space, ON), ON)
    assert (verdict.rule, verdict.passed) == ("makerspace_national", True)
    settle(1, where=space, entered_on=date(2022, 11, 11), established_on=date(2022, 10, 1))  # longer than 24 months
    (verdict,) = judge_house(space, incubator_facts(space, ON), ON)
    assert failing(verdict) == ["超过入驻时限的团队和企业"]


def test_many_houses_are_judged_in_as_many_questions_as_one(general, make_house, settle, django_assert_max_num_queries):
    others = [make_house(f"第{i}孵化器") for i in range(5)]
    for other in others:
        settle(2, where=other)
    with django_assert_max_num_queries(6):
        judged = judge_houses([general, *others], ON)
    assert judged[general.pk][0] == incubator_facts(general, ON)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    tenants=st.integers(1, 80),
    site=st.integers(1, 40_000),
    used=st.integers(0, 40_000),
    staff=st.integers(1, 20),
    mentors=st.integers(0, 20),
)
def test_conditions_are_what_the_plain_arithmetic_says(db, tenants, site, used, staff, mentors):
    words = {
        "house_special": 0, "house_remote": 0, "house_tenants": tenants, "house_site_area": site * 100,
        "house_used_area": used * 100, "house_professional_staff": staff, "house_mentors": mentors,
        "house_people_needed": -(-tenants // 10),
    }  # fmt: skip
    verdict = rules()["incubator_national"].judge(words, ON, Terms(ON).numbers)
    said = {n.label: n.passed for n in verdict.nodes}
    assert said["可自主支配场地面积"] is (site >= 10_000)
    assert said["在孵企业使用面积（含公共服务）占比"] is (used * 4 >= site * 3)
    assert said["每千平方米平均在孵企业"] is (tenants * 1000 >= 3 * site)
    assert said["专业孵化服务人员"] is (staff * 10 >= tenants)
    assert said["创业导师"] is (mentors * 10 >= tenants)
