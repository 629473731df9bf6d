"""Who sees what: the query and the question must always agree."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keji.kernel.indicators.models import ReportedFigure
from keji.kernel.parties.models import Party, Region
from keji.kernel.people.roles import Actor, Authority, Role, clash
from keji.kernel.records.access import refusal

REGIONS = ["341502", "341503", "341500-KFQ"]


@pytest.fixture
def figures(city, now):
    for i, region in enumerate(REGIONS):
        ReportedFigure.objects.create(
            number=f"SB-2024-{i:04d}", region_id=region, indicator="rd", period="2024", value=i, caliber="全口径",
            owner="统计局", state="sent", created_at=now, updated_at=now,
        )  # fmt: skip


authorities = st.lists(
    st.builds(
        Authority,
        role=st.sampled_from(list(Role)),
        region=st.sampled_from([None, *REGIONS]),
        party=st.sampled_from([None, 1, 2, 3]),
    ),
    max_size=3,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(held=authorities)
def test_the_list_shows_exactly_what_the_question_allows(figures, held):
    actor = Actor(id=1, name="某人", authorities=tuple(held))
    seen = set(ReportedFigure.objects.visible_to(actor).values_list("pk", flat=True))
    allowed = {f.pk for f in ReportedFigure.objects.all() if not refusal(actor, "read", f, ReportedFigure.access)}
    assert seen == allowed
    writable = set(ReportedFigure.objects.writable_by(actor).values_list("pk", flat=True))
    may = {f.pk for f in ReportedFigure.objects.all() if not refusal(actor, "write", f, ReportedFigure.access)}
    assert writable == may


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(held=authorities)
def test_parties_are_seen_by_the_same_rule(make_parties, held):
    actor = Actor(id=1, name="某人", authorities=tuple(held))
    seen = set(Party.objects.visible_to(actor).values_list("pk", flat=True))
    assert seen == {p.pk for p in Party.objects.all() if not refusal(actor, "read", p, Party.access)}


@pytest.fixture
def make_parties(make_party):
    return [make_party(region=r) for r in REGIONS for _ in range(2)]


def test_nobody_sees_anything_without_a_role(figures):
    assert not ReportedFigure.objects.visible_to(Actor(id=1, name="新人")).exists()


@pytest.mark.parametrize("pair", list(itertools.combinations(["system_admin", "security_admin", "audit_admin"], 2)))
def test_two_administrators_never_meet_in_one_person(pair):
    assert "必须由不同的人担任" in clash(pair)


def test_an_administrator_does_no_business():
    assert clash(["system_admin", "officer"])
    assert not clash(["officer", "leader"])


def test_a_grant_ends_on_its_last_day(person, db):
    from datetime import date

    account = person("officer")
    account.grants.update(until_on=date(2024, 11, 12))
    assert account.actor(date(2024, 11, 12)).has(Role.OFFICER)
    assert not account.actor(date(2024, 11, 13)).has(Role.OFFICER)


def test_a_switched_off_account_may_nothing(person):
    from datetime import date

    account = person("officer")
    account.is_active = False
    assert not account.actor(date(2024, 11, 12)).authorities


def test_county_names_follow_their_dates(city):
    from datetime import date

    from keji.kernel.parties.models import RegionName

    region = Region.objects.get(code="341504")
    RegionName.objects.create(region=region, name="叶集改革发展试验区", until_on=date(2015, 12, 3))
    assert region.name_on(date(2014, 1, 1)) == "叶集改革发展试验区"
    assert region.name_on(date(2024, 1, 1)) == "叶集区"
