"""Why a figure changed, the records behind it, and freezing months."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keji.kernel.audit.models import Entry
from keji.kernel.indicators.models import Reading, ReportedFigure
from keji.kernel.parties.models import Region, Standing
from keji.kernel.records.flow import Refused
from keji.lib.figures import Period
from keji.modules.plan.services.change import Members, between, members, why_changed
from keji.modules.plan.services.months import freeze_month as freeze_as
from keji.modules.plan.services.months import frozen_months, preview

TODAY = date(2024, 11, 12)
OCTOBER, SEPTEMBER = Period.month(2024, 10), Period.month(2024, 9)


class Stub:
    amount = ""

    def why_entered(self, ids, period):
        return {pk: "新增" if pk % 2 else "迟报" for pk in ids}

    def why_left(self, ids, period):
        return {pk: "到期" if pk % 3 else "撤销" for pk in ids}


@given(was=st.sets(st.integers(1, 60)), now=st.sets(st.integers(1, 60)), odd=st.integers(-5, 5))
def test_parts_of_a_bridge_sum_exactly_whatever_was_corrected(was, now, odd):
    before = Members(sorted(was), Decimal(len(was) + odd), SEPTEMBER, live=False)
    after = Members(sorted(now), Decimal(len(now)), OCTOBER, live=False)
    found = between(Stub(), before, after)
    assert found.opening + sum(part.change for part in found.parts) == found.closing
    assert {pk for part in found.parts if part.change > 0 and part.ids for pk in part.ids} <= now - was | was & now


@pytest.mark.django_db
def test_the_bridge_names_what_came_and_what_lapsed(make_target, indicators, certify, freeze_month, city):
    target = make_target("证书总数", "ge", "8", indicator="t_stock")
    certify(4)
    gone = certify(2, until=date(2024, 10, 15))
    freeze_month(2024, 9)
    certify(3, since=date(2024, 10, 5))
    freeze_month(2024, 10)
    change = why_changed(target, city, OCTOBER, on=TODAY)
    assert (change.bridge.opening, change.bridge.closing) == (6, 7)
    assert {p.reason: p.change for p in change.bridge.parts} == {"新增": 3, "到期": -2}
    [left] = [p for p in change.bridge.parts if p.reason == "到期"]
    assert set(left.ids) == {g.pk for g in gone}
    assert "上期 6家" in change.bridge.sentence("家")


@pytest.mark.django_db
def test_from_the_last_frozen_month_to_now(make_target, indicators, certify, freeze_month, city):
    target = make_target("证书总数", "ge", "8", indicator="t_stock")
    certify(4)
    freeze_month(2024, 10)
    certify(2, "341503", since=date(2024, 11, 5))
    county = Region.objects.get(pk="341503")
    assert why_changed(target, county, None, on=TODAY).bridge.change == 2
    assert why_changed(target, Region.objects.get(pk="341502"), None, on=TODAY).bridge.parts == ()
    assert why_changed(target, city, SEPTEMBER, on=TODAY) is None, "September was never frozen"
    assert len(members(target, city, None, on=TODAY).ids) == 6


@pytest.mark.django_db
def test_amounts_corrected_since_go_under_corrections(make_target, indicators, freeze_month, city, now):
    target = make_target("合同成交额", "ge", "100", unit="万元", indicator="t_money")
    rows = [
        ReportedFigure.objects.create(
            number=f"SB-2024-{n}", indicator="contract", region_id="341502", period=f"2024-0{n}", value=Decimal(10 * n),
            state="confirmed", caliber="登记", owner="登记站", created_at=now, updated_at=now,
        )
        for n in (1, 9)
    ]  # fmt: skip
    freeze_month(2024, 8)
    freeze_month(2024, 9)
    ReportedFigure.objects.filter(pk=rows[0].pk).update(value=Decimal("12.5"))
    freeze_month(2024, 9, note="金额录错")
    change = why_changed(target, city, SEPTEMBER, on=TODAY)
    assert {p.reason: p.change for p in change.bridge.parts} == {"新增": 90, "更正": Decimal("2.5")}
    assert change.bridge.opening + sum(p.change for p in change.bridge.parts) == Decimal("102.5")


@pytest.mark.django_db
def test_freezing_twice_writes_nothing(indicators, certify, freeze_month):
    certify(3)
    assert freeze_month(2024, 9) == 36, "four indicators, nine regions"
    entries = Entry.objects.count()
    assert freeze_month(2024, 9) == 0
    assert Entry.objects.count() == entries
    assert preview(SEPTEMBER).differences == []


@pytest.mark.django_db
def test_a_correction_supersedes_with_a_note(indicators, certify, freeze_month, officer, actor_for, now):
    [kept] = certify(1, "341504")
    freeze_month(2024, 9)
    certify(1, "341504", since=date(2024, 8, 1))
    actor = actor_for(officer)
    found = preview(SEPTEMBER)
    assert {d.region.code for d in found.corrections} == {"341504", "341500"}
    with pytest.raises(Refused, match="更正说明"):
        freeze_as(SEPTEMBER, actor=actor, at=now)
    assert freeze_as(SEPTEMBER, actor=actor, at=now, note="叶集区迟报") == 2
    versions = Reading.objects.filter(indicator="t_stock", region="341504", period="2024-09").order_by("version")
    assert [(r.version, r.value, r.current, r.note) for r in versions] == [
        (1, 1, False, ""),
        (2, 2, True, "叶集区迟报"),
    ]
    [month] = frozen_months()
    assert (month.versions, month.corrections) == (2, 2)
    assert Standing.objects.filter(pk=kept.pk).exists()


@pytest.mark.django_db
def test_a_month_is_frozen_once_it_has_ended_and_by_officers(indicators, officer, person, actor_for, now):
    with pytest.raises(Refused, match="还没有结束"):
        freeze_as(Period.month(2024, 11), actor=actor_for(officer), at=now)
    with pytest.raises(Refused, match="业务科室"):
        freeze_as(SEPTEMBER, actor=actor_for(person("leader")), at=now)


@pytest.mark.django_db
def test_missing_figures_are_listed_before_freezing(indicators, city):
    found = preview(SEPTEMBER)
    [(indicator, regions)] = found.missing
    assert indicator.code == "t_share" and len(regions) == 9
