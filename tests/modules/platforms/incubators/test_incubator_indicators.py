"""在孵企业数 and 当年毕业: counted from the very tenants, and the change between two months explained."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from keji.kernel import clock
from keji.kernel.indicators.indicator import get, suggest
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import take
from keji.lib.figures import Period
from keji.modules.platforms.models import Tenant

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER = Period.month(2024, 10), Period.month(2024, 11)
SYSTEM = Actor.system()


def counted(code, period):
    return set(get(code).records(period).values_list("pk", flat=True))


def test_a_stock_of_firms_in_incubators_within_their_time(house, make_house, settle):
    (inside,) = settle(1)
    settle(1, confirm=False)
    settle(1, firm=None, name="光子团队", established_on=None)
    settle(1, where=make_house("众创空间", kind="makerspace"))
    (ends,) = settle(1, entered_on=date(2020, 11, 30), established_on=date(2020, 1, 1))
    (over,) = settle(1, entered_on=date(2020, 11, 29), established_on=date(2020, 1, 1))
    assert counted("incubated_stock", NOVEMBER) == {inside.pk, ends.pk}  # the last day counts
    assert counted("incubated_stock", OCTOBER) == {inside.pk, ends.pk, over.pk}
    assert get("incubated_stock").lapsing(NOVEMBER, date(2024, 12, 31)) == {"341502": 1}


def test_why_the_stock_changed(house, settle, graduate, now):
    moved, graduated, over = (
        settle(1, entered_on=date(2020, 11, day), established_on=date(2020, 1, 1))[0] for day in (28, 27, 5)
    )
    graduate([graduated], on=date(2024, 11, 6))
    take("move_out", moved, actor=SYSTEM, at=now, reason="扩产", left_on=date(2024, 11, 8))
    gone = counted("incubated_stock", OCTOBER) - counted("incubated_stock", NOVEMBER)
    assert get("incubated_stock").why_left(gone, NOVEMBER) == {moved.pk: "迁出", graduated.pk: "毕业", over.pk: "到期"}
    (fresh,) = settle(1, entered_on=date(2024, 11, 4))
    (late,) = settle(1, entered_on=date(2024, 9, 4))
    assert get("incubated_stock").why_entered({fresh.pk, late.pk}, NOVEMBER) == {fresh.pk: "新增", late.pk: "迟报"}


def test_graduates_count_from_january_by_the_day_they_left(settle, graduate):
    this, before = settle(2)
    graduate([before], on=date(2023, 12, 31))
    graduate([this], on=date(2024, 1, 1))
    assert counted("graduated_flow", NOVEMBER) == {this.pk}
    assert counted("graduated_flow", Period.month(2023, 12)) == {before.pk}
    assert get("graduated_flow").why_left({before.pk}, Period.month(2024, 1)) == {before.pk: "跨年"}


def test_a_graduation_told_late_changes_an_earlier_month(settle, graduate):
    (tenant,) = settle(1)
    later = timezone.make_aware(datetime(2024, 11, 20, 9))
    with clock.stopped_at(later):
        graduate([tenant], on=date(2024, 10, 20))
    Tenant.objects.filter(pk=tenant.pk).update(state_since=later + timedelta(hours=1))
    assert get("graduated_flow").why_entered({tenant.pk}, NOVEMBER) == {tenant.pk: "迟报"}


def test_the_institutes_own_graduates_are_not_taken_for_those_of_all_incubators():
    assert "graduated_flow" not in {i.code for i in suggest("孵化毕业企业数")}
