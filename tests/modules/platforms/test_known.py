"""What the registers of platforms and tenants answer for others."""

from __future__ import annotations

from datetime import date

import pytest

from keji.kernel.facts.known import answered, known
from keji.kernel.facts.services import Said, state_facts
from keji.kernel.people.roles import Actor
from keji.modules.platforms.models import Platform

pytestmark = pytest.mark.django_db
ON = date(2024, 6, 1)


def platform(firm, now, **more):
    row = {"kind": "key_laboratory", "level": "provincial", "name": "省重点实验室", "recognised_on": date(2023, 1, 1)}
    row |= {"number": "PT-2023-0900", "state": "confirmed", "region": firm.region, "created_at": now, "updated_at": now}
    return Platform.objects.create(party=firm, **row | more)


def test_the_host_of_a_provincial_laboratory_has_an_institution_whatever_it_states(make_party, now):
    firm = make_party()
    state_facts([Said(firm, "institution", 0)], actor=Actor.system(), at=now)
    assert known(firm.pk, 2024, ON, ["institution"])["institution"] == 0
    platform(firm, now)
    assert known(firm.pk, 2024, ON, ["institution"])["institution"] == 1


@pytest.mark.parametrize("more", [{"level": "city"}, {"kind": "incubator"}, {"valid_until": date(2024, 5, 31)}])
def test_a_city_centre_an_incubator_or_a_lapsed_title_does_not_answer(make_party, now, more):
    firm = make_party()
    platform(firm, now, **more)
    assert "institution" not in known(firm.pk, 2024, ON, ["institution"])


def test_a_firm_that_is_in_no_incubator_is_known_not_to_be(make_party):
    firm = make_party()
    assert answered("incubated", [firm.pk], ON) == {firm.pk: 0}
