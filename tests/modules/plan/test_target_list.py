"""The plain list of targets: each with the newest figure that is frozen or confirmed, never one that still moves."""

from __future__ import annotations

from decimal import Decimal

import pytest

from keji.desk.desk import desks
from keji.kernel.people.roles import Actor
from keji.modules.plan.models import TargetProgress

pytestmark = pytest.mark.django_db


def listed():
    return {t.subject: t for t in desks()["targets"].records(Actor.system())}


def test_a_counted_target_shows_its_newest_frozen_figure(make_target, certify, freeze_month):
    make_target("高企总数", "ge", "750", indicator="t_stock")
    certify(3)
    assert (listed()["高企总数"].figure, listed()["高企总数"].figure_period) == (None, "")
    freeze_month(2024, 9)
    certify(2)
    found = listed()["高企总数"]
    assert (found.figure, found.figure_unit, found.figure_period, found.asks) == (3, "家", "2024-09", "750家以上")


def test_a_filed_target_shows_what_was_confirmed_and_a_milestone_that_it_is_done(make_target, city, now):
    team, stone = make_target("科技特派团", "eq", "20"), make_target("制定清单", "milestone", unit="")
    filed = {"region": city, "evidence": "台账", "filed_by": "甲", "filed_at": now}
    TargetProgress.objects.create(target=team, period="2024-09", value=18, confirmed_at=now, **filed)
    TargetProgress.objects.create(target=team, period="2024-10", value=19, **filed)
    TargetProgress.objects.create(target=stone, period="2024-10", done=True, confirmed_at=now, **filed)
    found = listed()
    assert (found["科技特派团"].figure, found["科技特派团"].figure_period) == (Decimal(18), "2024-09")
    assert found["制定清单"].figure == "已完成"


def test_what_is_not_tracked_is_not_listed(make_target):
    make_target("不跟踪的", dropped=True)
    assert listed() == {}


def test_the_list_opens_and_leads_to_the_targets_own_page(make_target, officer, enter):
    target = make_target("高企总数", "ge", "750", indicator="t_stock")
    page = enter(officer).get("/d/targets/").content.decode()
    assert f"/plan/targets/{target.pk}" in page
    assert "750家以上" in page
