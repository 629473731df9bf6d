"""A confirmed statement is told to the firm's file once; what the file knows is not asked again."""

from __future__ import annotations

from decimal import Decimal

import pytest

import keji.modules.enterprises.facts.declared  # noqa: F401  # declares what a firm's file holds
from keji.kernel.facts.models import FactFile, Origin, Statement
from keji.kernel.facts.services import Said, state_facts
from keji.kernel.records.flow import Refused
from keji.modules.rnd.services.facts import offered, put_on_file

from .conftest import SYSTEM

pytestmark = pytest.mark.django_db


def test_a_confirmed_statement_goes_on_file_with_its_number(stated, make_party, now):
    record = stated(make_party(), 2023, revenue=Decimal("126000000.50"), staff_cost=Decimal(900), other_cost=Decimal(0))
    assert put_on_file(record, actor=SYSTEM, at=now) == 3
    file = FactFile.objects.get()
    assert (file.year, file.values) == (2023, {"revenue": 126_000_001, "rd_staff_cost": 900, "rd_other": 0})
    assert set(Statement.objects.values_list("evidence", flat=True)) == {f"年度研发情况 {record.number}"}
    assert put_on_file(record, actor=SYSTEM, at=now) == 0, "said twice is said once"


def test_what_nobody_confirmed_is_not_written(stated, make_party, now):
    record = stated(make_party(), 2023, confirm=False, revenue=Decimal(1_000_000))
    with pytest.raises(Refused, match="只有已确认的"):
        put_on_file(record, actor=SYSTEM, at=now)


def test_sources_that_differ_stay_side_by_side(stated, make_party, now, person, enter):
    party = make_party()
    state_facts([Said(party, "revenue", 5_000_000, 2023)], actor=SYSTEM, at=now, origin=Origin.PARTY)
    record = stated(party, 2023, revenue=Decimal(6_000_000))
    client = enter(person("officer"))
    assert "不一致" in client.get(f"/d/rnd-statements/{record.pk}").content.decode()
    client.post(f"/rnd/statements/{record.pk}/facts")
    assert sorted(Statement.objects.values_list("value", flat=True)) == [5_000_000, 6_000_000]
    assert FactFile.objects.get().unsettled == ["revenue"] or "revenue" in FactFile.objects.get().values


def test_the_form_asks_only_for_the_rest(make_party, now, person, enter):
    party = make_party()
    state_facts([Said(party, "revenue", 5_000_000, 2024)], actor=SYSTEM, at=now)
    assert offered(party, 2024) == {"revenue": 5_000_000}
    answer = enter(person("enterprise", party=party)).get("/rnd/year/2024")
    assert "revenue=5000000" in answer["Location"]


def test_another_county_writes_nothing(stated, make_party, person, enter):
    record = stated(make_party(region="341503"), 2023, revenue=Decimal(6_000_000))
    assert enter(person("county", region="341502")).post(f"/rnd/statements/{record.pk}/facts").status_code == 404
    assert not Statement.objects.exists()
