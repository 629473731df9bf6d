"""The burden of filling in: counted from forms and statements, shown by county and by firm, to the firm itself too."""

from __future__ import annotations

from datetime import timedelta

import pytest

from keji.kernel import clock
from keji.kernel.facts.models import Filing, Origin
from keji.kernel.facts.services import Said, state_facts
from keji.kernel.jobs.models import Job
from keji.kernel.jobs.runner import run_job, submit
from keji.kernel.people.roles import Actor
from keji.modules.enterprises.burden.models import Burden
from keji.modules.enterprises.burden.services import burden_of, measure
from keji.modules.enterprises.facts.form import AGREED

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


@pytest.fixture
def firm(make_party):
    return make_party("六安某科技有限公司", region="341502")


@pytest.fixture
def filled(firm, now):
    """The county stated three facts; the firm typed one of them again, agreed to another and answered a new one."""
    county = [Said(firm, "revenue", 30, 2023), Said(firm, "staff", 60, 2023), Said(firm, "assets", 9, 2023)]
    state_facts(county, actor=SYSTEM, at=now - timedelta(days=20), origin=Origin.COUNTY)
    filing = Filing.objects.create(
        party=firm, title="科技型中小企业评价", year=2024, known=3, asked=7, agreed=1, stated=2,
        origin="party", at=now, by="张三",
    )  # fmt: skip
    said = [
        *(Said(firm, "revenue", 30, 2023), Said(firm, "staff", 60, 2023, AGREED)),
        Said(firm, "net_profit", 1, 2023),
    ]
    state_facts(said, actor=SYSTEM, at=now, origin=Origin.PARTY, filing=filing)


def test_counts_of_a_firm(filled, firm, now):
    counts = {"forms": 1, "asked": 7, "known": 3, "agreed": 1, "stated": 2, "filled": 3, "twice": 1, "share": 30}
    assert burden_of(firm, 2024) == counts


def test_last_years_forms_do_not_count_this_year(filled, firm):
    assert burden_of(firm, 2023)["forms"] == 0


def test_measuring_again_replaces_and_units_without_burden_have_no_row(filled, firm, make_party, now):
    make_party("没有填过表的公司")
    assert measure(2024, at=now) == 1
    assert measure(2024, at=now) == 1
    assert Burden.objects.get().twice == 1


def test_a_unit_that_was_folded_into_another_is_not_counted(filled, firm, make_party, now):
    firm.merged_into = make_party("并入后的公司")
    firm.save()
    assert measure(2024, at=now) == 0


def test_the_night_measures(filled):
    job = submit("burden", "填报负担统计", actor=SYSTEM)
    run_job.func(job.pk)
    assert Job.objects.get(pk=job.pk).result["message"] == "已统计 1 家单位2024年的填报负担。"


def test_the_bureau_sees_counties_and_opens_the_firms_behind_a_figure(filled, firm, person, enter, now):
    measure(2024, at=now)
    client = enter(person("officer"))
    page = client.get("/enterprises/burden").content.decode()
    assert "?year=2024&amp;by=twice&amp;region=341502#firms" in page
    listed = client.get("/enterprises/burden?year=2024&by=twice&region=341502").content.decode()
    assert "六安某科技有限公司" in listed
    assert "30%" in listed
    assert "没有单位有这一项" in client.get("/enterprises/burden?by=twice&region=341503").content.decode()


def test_a_county_sees_its_own_only(filled, firm, make_party, person, enter, now):
    other = make_party("邻县公司", region="341503")
    state_facts([Said(other, "staff", 5, 2023)], actor=SYSTEM, at=now, origin=Origin.COUNTY)
    measure(2024, at=now)
    client = enter(person("county", region="341502"))
    page = client.get("/enterprises/burden?by=filled").content.decode()
    assert "六安某科技有限公司" in page
    assert "邻县公司" not in page
    assert client.get("/enterprises/burden?region=341503").status_code == 404
    assert client.get(f"/enterprises/{other.pk}/burden").status_code == 404


def test_a_house_that_never_measured_says_when_it_will(person, enter):
    assert "每天凌晨自动统计" in enter(person("officer")).get("/enterprises/burden").content.decode()


def test_the_firm_sees_the_same_about_itself_from_its_board(filled, firm, person, enter):
    client = enter(person("enterprise", party=firm))
    assert "填表 1 次，询问 7 项，免填 3 项，重复填报 1 项" in client.get("/").content.decode()
    page = client.get(f"/enterprises/{firm.pk}/burden").content.decode()
    assert "科技型中小企业评价" in page
    assert f"/enterprises/{firm.pk}/facts/revenue" in page
    assert f"/enterprises/{firm.pk}/facts/staff" not in page, "agreeing with one tap is not filling in twice"
    assert client.get("/enterprises/burden").status_code == 403


@pytest.mark.parametrize("query", ["by=nonsense", "region=999999"])
def test_an_address_made_up_is_not_found(query, person, enter):
    assert enter(person("officer")).get(f"/enterprises/burden?{query}").status_code == 404


def test_a_year_made_up_shows_this_year(filled, firm, person, enter):
    for year in ("9999", "abc", "12345", "0001"):
        page = enter(person("officer", f"officer-{year}")).get(f"/enterprises/{firm.pk}/burden?year={year}")
        assert f"{clock.today().year}年" in page.content.decode()
