"""From a city target to the counties' shares: exact sums, objections, issuing together."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keji.kernel.indicators.models import Target
from keji.kernel.records.flow import Refused, take
from keji.modules.plan.models import Allocation, PlanTarget
from keji.modules.plan.services import split
from tests.modules.plan.conftest import COUNTIES

pytestmark = pytest.mark.django_db


@pytest.fixture
def target(make_target, indicators):
    return make_target("高新技术企业总数", "ge", "750", indicator="t_stock", by_county=True)


@pytest.fixture
def office(officer, actor_for):
    return actor_for(officer)


@pytest.fixture
def county(person, actor_for):
    return {code: actor_for(person("county", region=code)) for code in COUNTIES}


def shares(target):
    return {s.region_id: s for s in target.allocations.all()}


@given(
    total=st.integers(0, 5000),
    bases=st.lists(st.integers(0, 400), min_size=8, max_size=8),
    method=st.sampled_from(sorted(split.METHODS)),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_suggestion_sums_exactly_to_the_citys_target(total, bases, method):
    target = PlanTarget(op="ge", value=Decimal(total), unit="家")
    found = split.suggestion(target, method, {c: Decimal(b) for c, b in zip(COUNTIES, bases, strict=True)})
    assert sum(found.parts.values()) == total
    assert min(found.parts.values()) >= 0


def test_a_suggestion_by_last_years_base_follows_the_frozen_december(target, office, now, certify, freeze_month):
    certify(6, "341502", since=date(2022, 1, 1))
    certify(2, "341503", since=date(2022, 1, 1))
    freeze_month(2023, 12)
    certify(50, "341504", since=date(2024, 2, 1))
    split.suggest(target, "base", actor=office, at=now)
    found = shares(target)
    assert (found["341502"].value, found["341503"].value, found["341504"].value) == (563, 187, 0)
    assert found["341502"].base == 6
    assert split.row_of(target).gap == 0


def test_a_county_objects_is_answered_and_confirms(target, office, county, now):
    split.suggest(target, "equal", actor=office, at=now)
    split.propose(target, actor=office, at=now)
    share = shares(target)["341504"]
    with pytest.raises(Refused, match="理由"):
        take("object", share, actor=county["341504"], at=now)
    take("object", share, actor=county["341504"], at=now, reason="辖区企业基数小")
    share.refresh_from_db()
    assert (share.state, share.objection) == ("objected", "辖区企业基数小")
    with pytest.raises(Refused, match="先答复"):
        take("propose", share, actor=office, at=now)
    share = split.answer(share, "采纳，调减10家", value=share.value - 10, actor=office, at=now)
    assert share.state == "proposed"
    take("confirm", share, actor=county["341504"], at=now)
    assert split.row_of(target).gap == 10


def test_a_county_decides_only_about_its_own_share(target, office, county, now):
    split.suggest(target, "equal", actor=office, at=now)
    assert split.matrix(target.plan, county["341502"])[0].shares == {}, "not before it is proposed"
    split.propose(target, actor=office, at=now)
    with pytest.raises(Refused, match="范围"):
        take("confirm", shares(target)["341503"], actor=county["341502"], at=now)
    with pytest.raises(Refused, match="县区科技局办理"):
        take("confirm", shares(target)["341503"], actor=office, at=now)
    assert set(split.matrix(target.plan, county["341502"])[0].shares) == {"341502"}


def confirm_all(target, county, now):
    for region, share in shares(target).items():
        take("confirm", share, actor=county[region], at=now)


def test_shares_are_issued_together_when_all_confirmed_and_the_sum_holds(target, office, county, now):
    split.suggest(target, "equal", actor=office, at=now)
    split.propose(target, actor=office, at=now)
    with pytest.raises(Refused, match="还没有确认"):
        split.issue_split(target, actor=office, at=now)
    confirm_all(target, county, now)
    with pytest.raises(Refused, match="对整个目标一起下达"):
        take("issue", shares(target)["341502"], actor=office, at=now)
    assert split.issue_split(target, actor=office, at=now) == 8
    assert {s.state for s in shares(target).values()} == {"issued"}
    held = Target.objects.get(indicator="t_stock", region="341502", year=2024)
    assert held.value == shares(target)["341502"].value and held.op == "ge"
    with pytest.raises(Refused, match="已经下达"):
        split.issue_split(target, actor=office, at=now)


def test_a_sum_that_does_not_hold_is_issued_only_with_a_reason(target, office, county, now):
    split.suggest(target, "equal", actor=office, at=now)
    split.save_values(target, {"341502": Decimal(100)}, actor=office, at=now)
    split.propose(target, actor=office, at=now)
    confirm_all(target, county, now)
    with pytest.raises(Refused, match="多 6家"):
        split.issue_split(target, actor=office, at=now)
    split.issue_split(target, actor=office, at=now, reason="自我加压，留有余量")
    assert Target.objects.filter(indicator="t_stock").count() == 8


def test_what_a_county_has_before_it_is_taken_back_first(target, office, county, now):
    split.suggest(target, "equal", actor=office, at=now)
    split.propose(target, actor=office, at=now)
    with pytest.raises(Refused, match="先收回"):
        split.save_values(target, {"341502": Decimal(1)}, actor=office, at=now)
    take("revise", shares(target)["341502"], actor=office, at=now, reason="霍邱异议采纳后需重新平衡")
    split.save_values(target, {"341502": Decimal(1)}, actor=office, at=now)
    assert shares(target)["341502"].value == 1


def test_only_officers_split(target, county, now):
    with pytest.raises(Refused, match="业务科室"):
        split.suggest(target, "equal", actor=county["341502"], at=now)


def test_a_rate_is_asked_of_every_county_alike(make_target, indicators, office, now):
    target = make_target("占比", "ge", "1.8", unit="%", indicator="t_share", by_county=True)
    split.suggest(target, "base", actor=office, at=now)
    assert {s.value for s in Allocation.objects.all()} == {Decimal("1.8")}
    assert split.row_of(target).gap is None
