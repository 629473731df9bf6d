"""The pages as each role meets them."""

from __future__ import annotations

from datetime import date

import pytest

from keji.kernel.indicators.models import ReportedFigure
from keji.kernel.rules.models import ParameterValue, parameter
from keji.modules.enterprises.models import EnterpriseProfile

pytestmark = pytest.mark.django_db
DESKS = ("parties", "certifications", "figures", "duplicates", "parameters", "regulations")


@pytest.mark.parametrize("desk", DESKS)
def test_an_officer_opens_every_desk_and_its_form(desk, person, enter):
    client = enter(person("officer"))
    assert client.get(f"/d/{desk}/").status_code == 200
    if desk != "duplicates":
        assert client.get(f"/d/{desk}/new").status_code == 200


@pytest.mark.parametrize("desk", ["parties", "certifications", "figures"])
def test_a_county_gets_the_template_of_what_it_uploads(desk, person, enter):
    answer = enter(person("county", region="341502")).get(f"/d/{desk}/template")
    assert answer.status_code == 200
    assert answer.content[:2] == b"PK"


def test_an_expert_has_no_business_here(person, enter, make_party):
    client = enter(person("expert"))
    assert client.get("/d/certifications/").status_code == 403
    assert client.get(f"/enterprises/{make_party().pk}/tech-sme").status_code == 403
    assert client.get("/enterprises/lapsing").status_code == 403


def test_a_firm_s_page_tells_its_life(person, enter, confirmed, make_party):
    party = make_party(established_on=date(2015, 3, 2))
    party.names.create(name="六安老名字有限公司", until_on=date(2019, 5, 31))
    confirmed("hnte", date(2021, 10, 8), party=party)
    confirmed("tech_sme", date(2024, 8, 1), party=party)
    html = enter(person("leader")).get(f"/d/parties/{party.pk}").content.decode()
    for words in (
        "取得高新技术企业",
        "高新技术企业到期",
        "取得科技型中小企业",
        "原名“六安老名字有限公司”",
        "已到期",
        "成立",
    ):
        assert words in html


def test_an_officer_puts_a_firm_on_file_and_renames_it(person, enter):
    from keji.kernel.parties.models import Party

    client = enter(person("officer"))
    values = {
        "uscc": " 91341503ma8n12a31c",
        "name": "六安 某某科技有限公司",
        "kind": "enterprise",
        "region": "341503",
        "industry": "leading",
        "above_scale": "True",
    }
    assert client.post("/d/parties/new", values).status_code == 302
    party = Party.objects.get()
    assert (party.uscc, party.name, party.region_id) == ("91341503MA8N12A31C", "六安某某科技有限公司", "341503")
    assert EnterpriseProfile.objects.get().above_scale is True
    values |= {"uscc": party.uscc, "name": "六安新名科技有限公司"}
    assert client.post(f"/d/parties/{party.pk}/edit", values).status_code == 302
    assert [n.name for n in party.names.all()] == ["六安某某科技有限公司"]


def test_a_county_files_no_firm_of_another_county(person, enter):
    client = enter(person("county", region="341502"))
    values = {"uscc": "91341503MA8N12A31C", "name": "六安某某科技有限公司", "kind": "enterprise", "region": "341503"}
    answer = client.post("/d/parties/new", values)
    assert answer.status_code == 422
    assert "裕安区不在您的管理范围内" in answer.content.decode()


@pytest.mark.parametrize(
    ("kind", "code", "issued_on", "sentence"),
    [
        ("hnte", "GR202434000001", "2023-10-08", "证书编号里的年份是 2024，发证日期是 2023 年"),
        ("hnte", "GR202431000001", "2024-10-08", "本省证书应为“34”"),
        ("tech_sme", "20233415020000001", "2024-08-01", "应为 18 位，现在是 17 位"),
        ("srdi", "ZJTX1", "2025-08-01", "发证日期2025年8月1日在今天之后"),
    ],
)
def test_a_wrong_code_or_date_is_said_in_a_sentence(kind, code, issued_on, sentence, person, enter, make_party):
    client = enter(person("county", region="341502"))
    values = {"party": make_party().uscc, "kind": kind, "certificate_code": code, "issued_on": issued_on}
    answer = client.post("/d/certifications/new", values)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_editing_a_record_into_another_s_code_is_refused_with_a_sentence(person, enter, report):
    first, second = report("hnte", date(2024, 10, 8)), report("hnte", date(2024, 10, 8))
    client = enter(person("county", region="341502"))
    values = {
        "party": second.party.uscc,
        "kind": "hnte",
        "certificate_code": first.certificate_code,
        "issued_on": "2024-10-08",
    }
    answer = client.post(f"/d/certifications/{second.pk}/edit", values)
    assert answer.status_code == 422
    assert "这个编号已登记给" in answer.content.decode()
    values["certificate_code"] = second.certificate_code
    assert client.post(f"/d/certifications/{second.pk}/edit", values | {"batch": "第一批"}).status_code == 302


def test_certificates_about_to_lapse_are_listed_with_their_days(person, enter, confirmed):
    soon, later = confirmed("hnte", date(2021, 11, 30)), confirmed("hnte", date(2022, 11, 30))
    client = enter(person("county", region="341502"))
    html = client.get("/enterprises/lapsing?days=30").content.decode()
    assert soon.certificate_code in html
    assert later.certificate_code not in html
    assert "金安区 1 家" in html


FIGURE = {
    "indicator": "fiscal_share",
    "region": "341500",
    "period": "2024-10",
    "value": "1.72",
    "caliber": "206科目占一般公共预算支出，累计",
    "owner": "市财政局",
}


def test_a_figure_is_filed_sent_and_confirmed_by_another_person(person, enter):
    first, second = person("officer"), person("officer")
    client = enter(first)
    assert client.post("/d/figures/new", FIGURE).status_code == 302
    record = ReportedFigure.objects.get()
    client.post(f"/d/figures/{record.pk}/step/send")
    client.post(f"/d/figures/{record.pk}/step/confirm")
    record.refresh_from_db()
    assert record.state == "sent"
    enter(second).post(f"/d/figures/{record.pk}/step/confirm")
    record.refresh_from_db()
    assert record.state == "confirmed"
    html = client.get("/d/figures/").content.decode()
    assert "财政科技支出占比" in html


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"period": "2024-13"}, "没有“2024-13”这样的时期"),
        ({"period": "2024-12"}, "2024年12月还没有开始"),
        ({"indicator": "rd_growth"}, "“全社会研发经费增速”是每年的数，期间请填年度"),
        ({"indicator": "hightech_value_added_growth", "period": "2024-01"}, "1 月不单独发布"),
    ],
)
def test_a_figure_of_the_wrong_period_is_refused(changes, sentence, person, enter):
    answer = enter(person("officer")).post("/d/figures/new", FIGURE | changes)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_number_of_a_rule_changes_by_two_people(person, enter):
    first, second = person("officer"), person("officer")
    values = {
        "name": "tech_sme.valid_days_after_year_end",
        "label": "科技型中小企业登记编号在年末之后的有效天数",
        "value": "90",
        "from_on": "2024-01-01",
        "cites": "科室意见",
    }
    assert enter(first).post("/d/parameters/new", values).status_code == 302
    record = ParameterValue.objects.get(state="proposed")
    enter(first).post(f"/d/parameters/{record.pk}/step/approve")
    assert parameter(record.name, date(2024, 6, 1)) == 0
    enter(second).post(f"/d/parameters/{record.pk}/step/approve")
    assert parameter(record.name, date(2024, 6, 1)) == 90
