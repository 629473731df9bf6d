"""A tenant's way in and out: who may enter, how long they may stay, who confirms, and when they may graduate."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from keji.kernel import clock
from keji.kernel.audit.log import verify
from keji.kernel.audit.models import Entry
from keji.kernel.facts.services import Said, state_facts
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused, take
from keji.modules.enterprises import api as enterprises
from keji.modules.platforms.incubators.services.data import confirm_roster, last_quarter
from keji.modules.platforms.incubators.services.graduation import best_pair, judge, routes, routes_held, why_not
from keji.modules.platforms.incubators.services.rules import judge_incubation
from keji.modules.platforms.incubators.services.tenants import correct_tenant, report_tenants
from keji.modules.platforms.incubators.services.titles import titles_of
from keji.modules.platforms.incubators.tenant_forms import TenantForm
from keji.modules.platforms.models import Tenant
from tests.modules.platforms.incubators.conftest import ON

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def entry(house, firm, entered_on, **more):
    return {
        "incubator": str(house.pk),
        "firm": firm.uscc,
        "field": "electronics",
        "entered_on": str(entered_on),
        "area": "80",
        "inside": "true",
        "technology": "true",
    } | more


def said_of(form):
    form.is_valid()
    problems = [str(e) for errors in form.errors.values() for e in errors]
    if not problems:
        problems = [s for found in TenantForm.check_many([form.cleaned_data], form.actor).values() for _, s in found]
    return "；".join(problems)


# --- in --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entered_on", "may"),
    [(date(2024, 2, 28), True), (date(2024, 3, 1), True), (date(2024, 3, 2), False)],
)
def test_i4_a_firm_enters_within_24_calendar_months_of_its_founding(house, make_party, operator, entered_on, may):
    firm = make_party("六安萌芽科技有限公司", established_on=date(2022, 3, 1))
    said = said_of(TenantForm(entry(house, firm, entered_on), actor=operator))
    assert (said == "") is may
    if not may:
        assert "入驻时已超过24个月（最迟2024年3月1日入驻）" in said


def test_a_makerspace_takes_older_firms_too(make_house, make_party, person, actor_for):
    space = make_house("六安众创空间", kind="makerspace")
    firm = make_party(established_on=date(2018, 1, 1))
    actor = actor_for(person("enterprise", party=space.party))
    assert said_of(TenantForm(entry(space, firm, "2024-03-01"), actor=actor)) == ""


def test_a_firm_registered_elsewhere_is_no_tenant(house, make_party, operator):
    firm = make_party(established_on=date(2023, 6, 1))
    said = said_of(TenantForm(entry(house, firm, "2024-03-01", inside="false"), actor=operator))
    assert "不在本孵化器内的，不能作为在孵企业" in said


def test_one_firm_is_not_in_two_incubators(house, make_house, settle, make_party, person, actor_for):
    (tenant,) = settle()
    other = make_house("第二孵化器")
    actor = actor_for(person("enterprise", party=other.party))
    said = said_of(TenantForm(entry(other, tenant.firm, "2023-03-01"), actor=actor))
    assert f"已经在“{house.name}”（{tenant.number}）在孵" in said
    with pytest.raises(IntegrityError), transaction.atomic():
        report_tenants(
            [{"incubator": other, "firm": tenant.firm, "field": "other", "entered_on": ON}],
            actor=SYSTEM,
            at=clock.now(),
            source="page",
        )


def test_a_firm_that_left_may_enter_another_house(make_house, settle, person, actor_for, now):
    (tenant,) = settle(established_on=date(2022, 12, 1))
    take("move_out", tenant, actor=SYSTEM, at=now, reason="扩产", left_on=date(2024, 5, 1))
    other = make_house("第二孵化器")
    actor = actor_for(person("enterprise", party=other.party))
    assert said_of(TenantForm(entry(other, tenant.firm, "2024-06-01"), actor=actor)) == ""


def test_an_operator_writes_for_its_own_house_only(house, make_house, make_party, operator):
    other = make_house("别家孵化器")
    firm = make_party(established_on=date(2023, 6, 1))
    assert "不由您的单位运营" in said_of(TenantForm(entry(other, firm, "2024-03-01"), actor=operator))
    form = TenantForm(actor=operator)
    assert [label for _, label in form.fields["incubator"].choices] == ["请选择", house.name]


def test_a_code_and_a_name_that_are_not_there_are_told(house, operator, make_party):
    form = TenantForm(entry(house, make_party(), "2024-03-01") | {"firm": "", "name": ""}, actor=operator)
    assert "尚未注册的团队请填写团队名称" in said_of(form)


def test_the_founding_date_of_the_register_is_not_overwritten(house, operator, make_party):
    firm = make_party(established_on=date(2021, 1, 1))
    said = said_of(TenantForm(entry(house, firm, "2024-03-01", established_on="2023-01-01"), actor=operator))
    assert "企业名册登记的成立日期是2021年1月1日" in said


def test_the_operator_reports_and_the_county_confirms(house, operator, county, make_party, now):
    form = TenantForm(entry(house, make_party(established_on=date(2023, 6, 1)), "2024-03-01"), actor=operator)
    assert form.is_valid()
    (tenant,) = report_tenants([form.cleaned_data], actor=operator, at=now, source="page")
    assert (tenant.state, tenant.source, tenant.party_id) == ("reported", "party", house.party_id)
    assert tenant.number.startswith("ZF-2024-")
    assert tenant.due_on == date(2028, 3, 1)
    with pytest.raises(Refused, match="确认入驻由"):
        take("confirm", tenant, actor=operator, at=now)
    assert take("confirm", tenant, actor=county, at=now).state == "incubating"
    assert verify().sound


def test_a_county_that_reported_does_not_confirm(house, county, make_party, now):
    form = TenantForm(entry(house, make_party(established_on=date(2023, 6, 1)), "2024-03-01"), actor=county)
    assert form.is_valid()
    (tenant,) = report_tenants([form.cleaned_data], actor=county, at=now, source="page")
    with pytest.raises(Refused, match="必须是两个人"):
        take("confirm", tenant, actor=county, at=now)


def test_a_confirmed_entry_is_not_quietly_moved_by_the_operator(settle, operator, county, now):
    (tenant,) = settle()
    with pytest.raises(Refused, match="由县区科技局更正"):
        correct_tenant(tenant, {"entered_on": date(2023, 9, 1)}, actor=operator, at=now)
    tenant.refresh_from_db()
    correct_tenant(tenant, {"area": Decimal(140)}, actor=operator, at=now)
    tenant.refresh_from_db()
    moved = correct_tenant(tenant, {"entered_on": date(2023, 9, 1)}, actor=county, at=now)
    assert (moved.area, moved.due_on) == (140, date(2027, 9, 1))


# --- the clock -------------------------------------------------------------------------------------------------------


def test_the_clock_says_months_spent_and_months_left(settle):
    (tenant,) = settle(entered_on=date(2023, 1, 10))
    assert tenant.due_on == date(2027, 1, 10)
    assert tenant.clock == "已孵 22 个月，还有 25 个月"
    (late,) = settle(entered_on=date(2020, 11, 1), established_on=date(2020, 1, 1))
    assert late.clock == "已孵 48 个月，超期 11 天"
    (soon,) = settle(entered_on=date(2020, 11, 30), established_on=date(2020, 1, 1))
    assert soon.clock == "已孵 47 个月，还有 18 天"


def test_three_fields_may_stay_longer(settle, make_house):
    assert settle(field="biomedicine")[0].due_on == date(2028, 1, 10)
    assert settle(where=make_house("众创", kind="makerspace"))[0].due_on == date(2025, 1, 10)


def test_whose_time_is_up_no_longer_meets_the_conditions(settle):
    (tenant,) = settle(entered_on=date(2020, 11, 12), established_on=date(2020, 1, 1))
    assert judge_incubation(tenant, ON).passed is True
    assert [n.label for n in judge_incubation(tenant, ON + timedelta(days=1)).failing] == ["在孵化时限内"]


# --- graduation ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("revenues", "passed"),
    [
        ({2022: "480", 2023: "530"}, True),
        ({2022: "500", 2023: "500"}, False),
        ({2022: "500", 2023: "500.0001"}, True),
        ({2021: "600", 2023: "600"}, None),
        ({2023: "2000"}, None),
    ],
)
def test_i3_revenue_of_two_years_running_together_above_ten_million(settle, tell, revenues, passed):
    (tenant,) = settle(entered_on=date(2021, 6, 1), established_on=date(2021, 1, 1))
    for year, revenue in revenues.items():
        tell([tenant], year, revenue=Decimal(revenue))
    state_facts([Said(tenant.firm, "hnte", 0)], actor=SYSTEM, at=clock.now())
    assert judge(tenant, ON).passed is passed
    assert (why_not(tenant, ON) == "") is (passed is True)


@pytest.mark.parametrize(("amount", "passed"), [("500.00", False), ("500.01", True)])
def test_i3_investment_must_exceed_five_million(settle, fund, tell, amount, passed):
    (tenant,) = settle()
    fund([tenant], amount, own=False)
    assert routes(judge(tenant, ON))[1].passed is passed


def test_loans_are_no_investment_and_money_of_several_investors_adds_up(settle, fund):
    (tenant,) = settle()
    fund([tenant], 900, kind="loan")
    assert routes(judge(tenant, ON))[1].found == "0 万元"
    fund([tenant], 300, kind="angel", on=date(2024, 4, 1))
    fund([tenant], "200.5", kind="venture", on=date(2024, 5, 1))
    assert routes_held(tenant, ON) == ["累计获天使投资或风险投资"]
    assert routes_held(tenant, date(2024, 4, 30)) == []


def test_a_certificate_on_file_or_a_listing_is_a_route(settle, now):
    certified, listed = settle(2)
    title = {
        "party": certified.firm,
        "kind": "hnte",
        "certificate_code": "GR202434000001",
        "issued_on": date(2024, 10, 29),
    }
    made = enterprises.report_certifications([title], actor=SYSTEM, at=now, source="page")
    enterprises.confirm_all(made, actor=SYSTEM, at=now)
    state_facts([Said(certified.firm, "hnte", 1)], actor=SYSTEM, at=now)
    assert routes_held(certified, ON) == ["取得高新技术企业资格"]
    assert [t["text"] for t in titles_of(certified.firm_id, ON, SYSTEM)] == ["高新技术企业 GR202434000001"]
    assert titles_of(certified.firm_id, date(2024, 10, 28), SYSTEM) == []
    correct_tenant(listed, {"deal": "listed", "deal_on": date(2024, 8, 1)}, actor=SYSTEM, at=now)
    assert routes_held(listed, ON) == ["被兼并、收购或挂牌、上市"]
    assert routes_held(listed, date(2024, 7, 31)) == []


def test_graduation_is_refused_with_what_each_route_is_short_of(settle, tell, fund, operator, now):
    (tenant,) = settle(entered_on=date(2021, 6, 1), established_on=date(2021, 1, 1))
    tell([tenant], 2022, revenue=Decimal(400))
    tell([tenant], 2023, revenue=Decimal(430))
    fund([tenant], 120)
    with pytest.raises(Refused) as why:
        take("propose_graduation", tenant, actor=operator, at=now, evidence="审计报告")
    assert "累计获天使投资或风险投资 120 万元，差 380 万元" in str(why.value)
    assert "连续两年营业收入累计 830 万元，差 170 万元" in str(why.value)
    assert tenant.refresh_from_db() is None and tenant.state == "incubating"


def test_the_operator_proposes_with_evidence_and_the_county_confirms(settle, fund, operator, county, now):
    (tenant,) = settle()
    fund([tenant], "500.01", own=False)
    proposed = take(
        "propose_graduation", tenant, actor=operator, at=now, left_on=date(2024, 11, 1), evidence="投资协议和到账凭证"
    )
    assert (proposed.state, proposed.left_on, proposed.graduation_route) == (
        "graduating",
        None,
        "累计获天使投资或风险投资",
    )
    done = take("confirm_graduation", proposed, actor=county, at=now)
    assert (done.state, done.left_on, done.leaving) == ("graduated", date(2024, 11, 1), "graduated")


def test_who_proposed_does_not_confirm_and_a_refused_one_stays_inside(settle, fund, county, person, actor_for, now):
    (tenant,) = settle()
    fund([tenant], 501, own=False)
    proposed = take("propose_graduation", tenant, actor=county, at=now, evidence="协议")
    with pytest.raises(Refused, match="申请和确认必须是两个人"):
        take("confirm_graduation", proposed, actor=county, at=now)
    officer = actor_for(person("officer"))
    back = take("refuse_graduation", proposed, actor=officer, at=now, reason="到账凭证不清楚")
    assert (back.state, back.graduation_route, back.graduating_on) == ("incubating", "", None)


def test_evidence_corrected_in_between_stops_the_confirmation(settle, fund, operator, county, now):
    (tenant,) = settle()
    fund([tenant], 501, own=False)
    proposed = take("propose_graduation", tenant, actor=operator, at=now, evidence="协议")
    tenant.financings.update(amount=Decimal(50))
    with pytest.raises(Refused, match="差 450 万元"):
        take("confirm_graduation", proposed, actor=county, at=now)


def test_a_team_does_not_graduate(settle):
    (team,) = settle(firm=None, name="光子团队", established_on=None)
    assert "团队还没有注册为企业" in why_not(team, ON)


@given(st.dictionaries(st.integers(2010, 2023), st.integers(0, 2000).map(Decimal), max_size=8))
def test_the_best_two_years_running_are_the_best(revenues):
    sums = [revenues[y] + revenues[y + 1] for y in revenues if y + 1 in revenues]
    found = best_pair(revenues)
    assert (found is None) is (not sums)
    if found:
        assert found[1] == max(sums) == revenues[found[0]] + revenues[found[0] + 1]


# --- the other ways out ----------------------------------------------------------------------------------------------


def test_only_who_is_over_time_is_cleared_out(settle, operator, now):
    (tenant,) = settle()
    with pytest.raises(Refused, match="2027年1月10日才满"):
        take("clear_out", tenant, actor=operator, at=now, reason="到期", left_on=ON)
    (late,) = settle(entered_on=date(2020, 11, 1), established_on=date(2020, 1, 1))
    gone = take("clear_out", late, actor=operator, at=now, reason="到期未达毕业条件", left_on=ON)
    assert (gone.state, gone.leaving, gone.left_on) == ("left", "cleared", ON)


def test_nobody_leaves_before_entering_or_in_the_future(settle, operator, now):
    (tenant,) = settle()
    with pytest.raises(Refused, match="不能早于入驻日期"):
        take("move_out", tenant, actor=operator, at=now, reason="搬迁", left_on=date(2023, 1, 9))
    with pytest.raises(Refused, match="在今天之后"):
        take("move_out", tenant, actor=operator, at=now, reason="搬迁", left_on=ON + timedelta(days=1))
    with pytest.raises(Refused, match="需要写明理由"):
        take("end", tenant, actor=operator, at=now, left_on=ON)


def test_early_in_the_morning_today_is_today_in_the_bureau_too(settle, operator):
    (tenant,) = settle()
    early = datetime(2024, 11, 11, 23, 30, tzinfo=UTC)  # half past seven on the 12th in 六安
    gone = take("move_out", tenant, actor=operator, at=early, reason="搬迁", left_on=ON)
    assert gone.left_on == ON


def test_another_operator_and_the_firm_itself_change_nothing(settle, make_house, person, actor_for, now):
    (tenant,) = settle()
    stranger = actor_for(person("enterprise", party=make_house("别家孵化器").party))
    firm = actor_for(person("enterprise", party=tenant.firm))
    for actor in (stranger, firm):
        with pytest.raises(Refused, match="不在您的县区或单位范围内"):
            take("move_out", tenant, actor=actor, at=now, reason="搬迁", left_on=ON)
    assert not Tenant.objects.visible_to(stranger).exists()
    assert Tenant.objects.visible_to(firm).get() == tenant


# --- rosters ---------------------------------------------------------------------------------------------------------


def test_the_operator_confirms_last_quarters_list_once(house, settle, operator, now):
    settle(3)
    settle(1, entered_on=date(2024, 10, 8))
    period = last_quarter(ON)
    assert (period.start, period.end) == (date(2024, 7, 1), date(2024, 9, 30))
    made = confirm_roster(house, period, actor=operator, at=now)
    assert (made.quarter, made.count, len(made.numbers)) == ("2024Q3", 3, 3)
    assert Entry.objects.filter(action="确认在孵名单").count() == 1
    with pytest.raises(Refused, match="已经确认过"):
        confirm_roster(house, period, actor=operator, at=now)


def test_a_list_with_returned_entries_is_not_confirmed(house, settle, operator, county, now):
    (tenant,) = settle(confirm=False)
    take("send_back", tenant, actor=county, at=now, reason="面积不符")
    with pytest.raises(Refused, match="1 家2024年三季度末以前入驻的被退回"):
        confirm_roster(house, last_quarter(ON), actor=operator, at=now)


def test_the_quarter_that_ends_today_is_the_last_one():
    assert last_quarter(date(2024, 12, 31)).number == 4
    assert (last_quarter(date(2024, 1, 15)).year, last_quarter(date(2024, 1, 15)).number) == (2023, 4)
