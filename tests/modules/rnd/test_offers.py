"""What a firm filed of its projects is offered where it is asked again: in its file's form, in an application."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

import keji.modules.rnd.known  # noqa: F401  # offers what was filed
from keji.kernel.facts.models import FactFile, Statement
from keji.kernel.facts.offers import offered
from keji.kernel.facts.services import Said, state_facts
from keji.kernel.records.flow import take
from keji.modules.platforms.recognition.services.known import known_of

from .conftest import SYSTEM

pytestmark = pytest.mark.django_db
ON = date(2024, 6, 1)


@pytest.fixture
def firm(make_party):
    return make_party()


@pytest.fixture
def whole_year(noted, spend, firm):
    """A project of 2023, October to December, every month of it filled in."""
    project = noted(party=firm, starts="202310", ends="202406", year=2023, stage_code="2")
    for month in (10, 11, 12):
        spend(project, 2023, month, staff_cost=100_000, other_cost="5000.50")
    return project


def test_finished_months_are_offered_with_their_source(whole_year, firm):
    offer = offered(firm.pk, [2022, 2023], ON)["rd_staff_cost", 2023]
    assert offer == (300_000, "来自1 个研发项目2023年逐月支出", "1 个研发项目2023年逐月支出")
    assert offered(firm.pk, [2023], ON)["rd_other", 2023].value == 15_002
    assert ("rd_other", 2022) not in offered(firm.pk, [2022, 2023], ON)


def test_a_year_with_a_missing_month_is_not_offered(whole_year, noted, spend, firm):
    spend(noted(party=firm, name="第二个项目", starts="202311", ends="202312", year=2023), 2023, 11, staff_cost=1)
    assert offered(firm.pk, [2023], ON) == {}


def test_a_draft_offers_nothing(draft, firm):
    draft(party=firm, starts="202301", ends="202312", year=2023)
    assert offered(firm.pk, [2023], ON) == {}


def test_a_project_closed_early_has_no_months_after_its_acceptance(noted, spend, firm, now):
    project = noted(party=firm, starts="202310", ends="202312", year=2023)
    for month in (10, 11):
        spend(project, 2023, month, staff_cost=7)
    assert offered(firm.pk, [2023], ON) == {}
    closed = {"outcome": "done", "accepted_on": date(2023, 11, 30), "acceptance": "通过"}
    type(project).objects.filter(pk=project.pk).update(state="closed", **closed)
    assert offered(firm.pk, [2023], ON)["rd_staff_cost", 2023].value == 14


def test_a_years_statement_goes_before_the_months(whole_year, stated, firm):
    record = stated(firm, 2023, confirm=False, staff_cost=Decimal(900), revenue=Decimal(5_000))
    found = offered(firm.pk, [2023], ON)
    assert found["rd_staff_cost", 2023].value == 900
    assert found["revenue", 2023].source == f"来自2023年度研发情况（{record.number}，待确认）"
    assert ("rd_other", 2023) not in found, "a statement and months are not mixed"
    take("void", record, actor=SYSTEM, at=record.created_at, reason="填错")
    assert offered(firm.pk, [2023], ON)["rd_staff_cost", 2023].value == 300_000


def test_the_form_of_the_file_asks_for_one_tap_instead_of_the_amounts(whole_year, firm, person, enter):
    client = enter(person("enterprise", party=firm))
    url = f"/enterprises/{firm.pk}/facts/form?year=2024&for=tech_sme"
    page = client.get(url).content.decode()
    assert "来自1 个研发项目2023年逐月支出" in page
    assert "30 万元" in page
    assert FactFile.objects.count() == 0, "an offer is not a statement"
    answer = client.post(url, {"ok-rd_staff_cost-1": "1", "was-rd_staff_cost-1": "300000"}, follow=True)
    assert "确认 1 项" in answer.content.decode()
    said = Statement.objects.get()
    assert (said.value, said.year, said.origin, said.evidence) == (
        *(300_000, 2023, "party"),
        "1 个研发项目2023年逐月支出",
    )


def test_what_changed_meanwhile_is_shown_again(whole_year, spend, firm, person, enter):
    client = enter(person("enterprise", party=firm))
    spend(whole_year, 2023, 12, staff_cost=200_000)
    url = f"/enterprises/{firm.pk}/facts/form?year=2024&for=tech_sme"
    answer = client.post(url, {"ok-rd_staff_cost-1": "1", "was-rd_staff_cost-1": "300000"})
    assert answer.status_code == 422
    assert "有变动" in answer.content.decode()


def test_an_application_for_a_platform_starts_with_what_was_spent(whole_year, firm):
    known = known_of(firm)
    assert known["rnd_spend"] == (Decimal("31.50"), "来自1 个研发项目2023年逐月支出，八项之和")
    assert known["data_year"][0] == 2023


def test_the_file_goes_before_what_is_only_offered(whole_year, firm, now):
    from keji.modules.platforms.recognition.services.known import SPENT

    said = [Said(firm, name, 20_000, 2023) for name in SPENT]
    state_facts(said[:-1], actor=SYSTEM, at=now)
    assert known_of(firm)["rnd_spend"][0] == Decimal("31.50"), "one part unknown leaves the file's whole unknown"
    state_facts(said, actor=SYSTEM, at=now)
    assert known_of(firm)["rnd_spend"] == (Decimal(18), "来自一企一档2023年度八项研发费用之和")
