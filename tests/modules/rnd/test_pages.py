"""The pages as firm, county, officer and strangers meet them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from keji.kernel.indicators.freeze import freeze
from keji.kernel.indicators.services import report_figures
from keji.kernel.records.flow import take
from keji.lib.figures import Period
from keji.modules.rnd.models import Equipment, RndStatement, SpendMonth, Visit, ZeroingCase
from keji.modules.rnd.services.monitor import proxies
from keji.modules.rnd.services.zeroing import recompute

from .conftest import SYSTEM

pytestmark = pytest.mark.django_db
YI = Decimal(100_000_000)
NOTHING = {"project_count": 0, "rnd_expense": Decimal(0), "institutes": 0}


@pytest.fixture
def firm(make_party, person, enter):
    party = make_party(industry_code="3670")
    return party, enter(person("enterprise", party=party))


WATCHED = ("/rnd/", "/rnd/missing", "/rnd/growth", "/rnd/zeroing", "/rnd/zeroing/scope", "/rnd/exports")
DESKS = ("rnd-projects", "rnd-statements", "rnd-cases", "rnd-spend", "rnd-codes")


@pytest.mark.parametrize("role", ["leader", "officer", "inspector", "county"])
def test_empty_pages_open_and_say_what_to_do(role, person, enter):
    client = enter(person(role, region="341502" if role == "county" else None))
    for address in (*WATCHED, *(f"/d/{desk}/" for desk in DESKS)):
        answer = client.get(address)
        assert answer.status_code == 200, address
    assert "已经清零" in client.get("/rnd/zeroing").content.decode()


def test_a_firm_has_its_own_page_and_not_the_bureau_s(firm):
    _, client = firm
    assert "还没有登记研发项目" in client.get("/rnd/mine").content.decode()
    for address in ("/rnd/", "/rnd/missing", "/rnd/growth", "/rnd/zeroing", "/rnd/zeroing/scope"):
        assert client.get(address).status_code == 403, address


def test_an_expert_has_no_business_here(person, enter):
    client = enter(person("expert"))
    for address in (*WATCHED, "/rnd/mine", "/d/rnd-projects/"):
        assert client.get(address).status_code == 403, address


def test_a_firm_fills_a_month_from_last_month_on_a_small_form(firm, noted, spend):
    party, client = firm
    project = noted(party=party)
    spend(project, 2024, 9, staff_cost=8000, other_cost=300)
    html = client.get("/rnd/mine").content.decode()
    assert "2024年10月支出" in html
    assert "未填" in html
    address = f"/rnd/projects/{project.pk}/month/2024/10"
    assert "已知 2024年9月支出合计 8,300 元" in client.get(address).content.decode()
    copied = client.get(f"{address}?copy=1").content.decode()
    assert 'value="8000"' in copied
    assert "尚未保存" in copied
    assert SpendMonth.objects.count() == 1, "looking saves nothing"
    assert client.post(address, {"staff_cost": "8100", "other_cost": "300"}).status_code == 302
    assert SpendMonth.objects.get(month=10).total == 8400
    assert SpendMonth.objects.get(month=10).source == "party"


def test_two_people_with_the_same_month_open(firm, noted, spend):
    party, client = firm
    project = noted(party=party)
    address = f"/rnd/projects/{project.pk}/month/2024/10"
    seen = client.get(address).content.decode().split('name="as_read" value="')[1].split('"')[0]
    spend(project, 2024, 10, staff_cost=1)
    answer = client.post(address, {"staff_cost": "2", "as_read": seen})
    assert answer.status_code == 422
    assert "您打开表单之后" in answer.content.decode()
    assert SpendMonth.objects.get().total == 1


@pytest.mark.parametrize("values", [{"staff_cost": "-1"}, {"staff_cost": "一万"}, {"staff_cost": "1e30"}])
def test_bad_amounts_are_met_on_the_form(firm, noted, values):
    party, client = firm
    project = noted(party=party)
    assert client.post(f"/rnd/projects/{project.pk}/month/2024/10", values).status_code == 422
    assert SpendMonth.objects.count() == 0


def test_another_firm_s_project_does_not_exist(firm, noted):
    _, client = firm
    stranger = noted()
    for address in ("month/2024/10", "year/2024"):
        assert client.get(f"/rnd/projects/{stranger.pk}/{address}").status_code == 404
    assert client.post(f"/rnd/projects/{stranger.pk}/equipment", {"name": "x"}).status_code == 404
    assert client.get(f"/rnd/projects/{stranger.pk}/month/2024/13").status_code == 404


def test_the_year_s_figures_are_checked_with_the_year_s_spending(firm, noted, spend):
    party, client = firm
    project = noted(party=party)
    spend(project, 2024, 9, staff_cost=8000)
    address = f"/rnd/projects/{project.pk}/year/2024"
    assert client.get(address).status_code == 200
    html = client.post(address, {"staff": "3", "person_months": "40", "government": "9000"}).content.decode()
    assert "超过 3 人 × 12 个月 = 36 人月" in html
    assert "政府资金 9,000 元大于项目经费内部支出 8,000 元" in html
    assert client.post(address, {"staff": "4", "person_months": "40", "government": "100"}).status_code == 302
    assert project.years.get(year=2024).staff == 4


def test_equipment_is_listed_and_dropped(firm, noted):
    party, client = firm
    project = noted(party=party)
    client.post(f"/rnd/projects/{project.pk}/equipment", {"name": "三坐标测量机", "value": "860000"})
    row = Equipment.objects.get()
    assert "三坐标测量机" in client.get(f"/d/rnd-projects/{project.pk}").content.decode()
    client.post(f"/rnd/equipment/{row.pk}/drop")
    assert not Equipment.objects.exists()


def test_the_year_s_statement_opens_filled_with_what_is_known(firm, noted, spend):
    party, client = firm
    spend(noted(party=party), 2024, 9, staff_cost=8000, other_cost=500)
    answer = client.get("/rnd/year/2024")
    assert answer.status_code == 302
    html = client.get(answer["Location"]).content.decode()
    assert 'value="8000.00"' in html
    assert client.get("/rnd/year/2040").status_code == 404
    values = {"party": party.uscc, "year": 2024, "revenue": "1200000", "rnd_expense": "9000", "staff_cost": "8000"}
    assert "与八项之和 8,000 元不符" in client.post("/d/rnd-statements/new", values).content.decode()
    values |= {"rnd_expense": "", "institutes": "1", "recognised_institutes": "2"}
    assert "大于“期末研发机构数（个）”" in client.post("/d/rnd-statements/new", values).content.decode()
    values |= {"recognised_institutes": "1"}
    assert client.post("/d/rnd-statements/new", values).status_code == 302
    made = RndStatement.objects.get()
    assert (made.rnd_expense, made.state, made.source) == (8000, "reported", "party")
    assert client.get(f"/d/rnd-statements/{made.pk}").status_code == 200
    assert "已填报" in client.post("/d/rnd-statements/new", values).content.decode()


def test_a_firm_on_the_list_reads_why(firm, stated, now):
    party, client = firm
    stated(party, 2023, revenue=YI, **NOTHING)
    recompute(actor=SYSTEM, at=now)
    assert "本单位列在“双清零”清单上：无研发活动且无研发机构" in client.get("/rnd/mine").content.decode()
    case = ZeroingCase.objects.get()
    assert client.get(f"/d/rnd-cases/{case.pk}").status_code == 200
    assert client.post(f"/rnd/cases/{case.pk}/visit", {"on": "2024-11-01"}).status_code == 403


def test_a_county_hands_out_visits_and_claims(person, enter, make_party, stated, now):
    stated(make_party(region="341502", industry_code="3670"), 2023, revenue=YI, **NOTHING)
    stated(make_party(region="341503", industry_code="3670"), 2023, revenue=YI, **NOTHING)
    recompute(actor=SYSTEM, at=now)
    clerk = person("county", region="341502")
    client = enter(clerk)
    html = client.get("/rnd/zeroing").content.decode()
    assert "裕安区" not in html
    client.post("/rnd/zeroing/assign", {"region": "341503", "all-officer": clerk.pk})
    assert not ZeroingCase.objects.filter(state="assigned").exists()
    client.post("/rnd/zeroing/assign", {"region": "341502", "all-officer": clerk.pk, "all-due_on": "2024-12-01"})
    case = ZeroingCase.objects.get(state="assigned")
    assert (case.officer, case.region_id) == (clerk, "341502")
    visit = {"on": "2024-11-01", "way": "visit", "found": "没有立项", "agreed": ""}
    client.post(f"/rnd/cases/{case.pk}/visit", visit)
    assert Visit.objects.get().by == clerk.name
    other = ZeroingCase.objects.get(region="341503")
    assert client.post(f"/rnd/cases/{other.pk}/visit", visit).status_code == 404
    step = {"evidence": "project", "evidence_number": "YF-2024-0001"}
    html = client.post(f"/d/rnd-cases/{case.pk}/step/claim", step, follow=True).content.decode()
    assert "没有编号为 YF-2024-0001" in html
    assert client.post("/rnd/zeroing/recompute").status_code == 403


def test_every_figure_of_the_county_table_opens_as_many(person, enter, make_party, stated, now):
    for _ in range(3):
        stated(make_party(industry_code="3670"), 2023, revenue=YI, **NOTHING)
    recompute(actor=SYSTEM, at=now)
    settled = ZeroingCase.objects.first()
    stated(settled.party, 2024, revenue=YI, **NOTHING)
    take("leave", settled, actor=SYSTEM, at=now, reason="停产")
    client = enter(person("officer"))
    html = client.get("/rnd/zeroing").content.decode()
    assert '<a href="/d/rnd-cases/?region=341502&amp;open=true">2</a>' in html
    assert "共 2 条" in client.get("/d/rnd-cases/?region=341502&open=true").content.decode()
    assert '<a href="/rnd/zeroing/scope?region=341502">3</a>' in html


def test_the_county_sees_who_has_not_filed(person, enter, make_party, noted, spend, stated):
    late, done = make_party(), make_party()
    noted(party=late)
    spend(noted(party=done), 2024, 10, staff_cost=1)
    none = make_party(industry_code="3670")
    stated(none, 2023, revenue=YI, **NOTHING)
    html = enter(person("county", region="341502")).get("/rnd/missing").content.decode()
    assert late.name in html
    assert done.name not in html
    assert none.name in html
    assert "应于2024年11月15日前填报" in html


def test_proxies_stand_beside_the_official_figure_each_with_its_caliber(
    person, enter, city, make_party, noted, spend, now
):
    party, fresh = make_party(), make_party()
    old = noted(party=party, starts="202301", ends="202512", stage_code="1")
    spend(old, 2023, 3, staff_cost=100_000)
    spend(old, 2024, 3, staff_cost=150_000)
    spend(noted(party=fresh), 2024, 5, staff_cost=900_000)
    row = {"indicator": "rd_growth", "region": city, "period": "2023", "value": Decimal("16.8")}
    figure = report_figures([row | {"caliber": "x", "owner": "市统计局"}], actor=SYSTEM, at=now, source="page")[0]
    take("confirm", take("send", figure, actor=SYSTEM, at=now), actor=SYSTEM, at=now)
    freeze(Period.month(2024, 10), actor=SYSTEM, at=now, only=["rd_growth"])
    spent, same, budget = proxies(date(2024, 11, 12))
    assert (spent.value, spent.before, spent.growth) == (1_050_000, 100_000, Decimal("9.5"))
    assert (same.value, same.before, same.growth) == (150_000, 100_000, Decimal("0.5"))
    assert budget.growth is None
    html = enter(person("leader")).get("/rnd/growth").content.decode()
    assert "16.8" in html
    assert "增长 50.0%" in html
    assert html.count("口径：") >= 5


@pytest.mark.parametrize(("name", "value"), [("rnd.due.month_day", 31), ("rnd.due.statement_firm", 1332)])
def test_a_wrong_day_in_a_parameter_closes_no_page(firm, noted, name, value):
    from keji.kernel.rules.models import ParameterValue

    party, client = firm
    noted(party=party)
    ParameterValue.objects.filter(name=name).update(value=value)
    assert client.get("/rnd/mine").status_code == 200


def test_huge_texts_and_odd_addresses_do_no_harm(person, enter, noted):
    client = enter(person("officer"))
    assert client.get("/rnd/exports?year=99999999").status_code == 200
    assert client.get("/rnd/missing?region=' or 1=1").status_code == 200
    project = noted()
    assert client.get(f"/d/rnd-projects/{project.pk}?year=0000").status_code == 200
    answer = client.post(f"/rnd/projects/{project.pk}/equipment", {"name": "长" * 500}, follow=True)
    assert "没有登记" in answer.content.decode()
