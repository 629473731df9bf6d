"""What a firm's own user sees first."""

from __future__ import annotations

from datetime import date

import pytest

from keji.kernel.people.roles import Actor
from keji.modules.enterprises import api

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm(make_party, now):
    party = make_party("六安某科技有限公司")
    row = {
        "party": party,
        "kind": "hnte",
        "certificate_code": "GR202134000009",
        "issued_on": date(2021, 11, 20),
        "batch": "",
    }
    made = api.report_certifications([row], actor=Actor.system(), at=now, source="page")
    api.confirm_in_bulk([made[0].pk], actor=Actor.system(), at=now)
    return party


def test_a_firm_sees_its_own_titles_and_which_lapse_soon(firm, person, enter):
    page = enter(person("enterprise", party=firm)).get("/").content.decode()
    assert "六安某科技有限公司" in page
    assert "还有 7 天到期" in page
    assert "资格评价" in page


def test_another_firms_titles_are_not_shown(firm, make_party, person, enter):
    page = enter(person("enterprise", party=make_party("别家公司"))).get("/").content.decode()
    assert "GR202134000009" not in page
    assert "没有有效期内的科技资质" in page
