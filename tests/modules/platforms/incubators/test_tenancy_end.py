"""A tenancy near or past its end: house and firm are told once a stage, and find it among their to-dos."""

from __future__ import annotations

from datetime import date

import pytest

from keji.kernel.people.models import Notice
from keji.kernel.people.roles import Actor
from keji.modules.platforms.incubators.services.tenancy import remind, waiting_tenants
from keji.modules.platforms.models import Tenant
from keji.site.todo import todo_count, todo_items

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


@pytest.fixture
def ending(settle, now):
    """ending(due_on) → a tenant whose time is up that day; today is 12 November 2024."""

    def make(due_on, **more):
        tenant = settle(1, **more)[0]
        Tenant.objects.filter(pk=tenant.pk).update(due_on=due_on)
        tenant.refresh_from_db()
        return tenant

    return make


@pytest.mark.parametrize(
    ("due_on", "told"),
    [
        (date(2025, 5, 12), "将于2025年5月12日届满"),
        (date(2024, 12, 1), "将于2024年12月1日届满"),
        (date(2024, 11, 12), "将于2024年11月12日届满"),
        (date(2024, 11, 11), "已于2024年11月11日届满，请办理毕业、迁出或到期清退"),
    ],
)
def test_the_house_is_told_in_time(due_on, told, ending, operator, now):
    tenant = ending(due_on)
    assert remind(actor=SYSTEM, at=now) == 1
    notice = Notice.objects.get(account_id=operator.id)
    assert told in notice.text
    assert notice.url == f"/d/tenants/{tenant.pk}"


def test_with_more_than_half_a_year_left_nobody_is_told(ending, operator, now):
    ending(date(2025, 5, 13))
    assert remind(actor=SYSTEM, at=now) == 0


def test_each_stage_is_told_once_and_a_corrected_clock_anew(ending, operator, now):
    tenant = ending(date(2024, 12, 1))
    assert [remind(actor=SYSTEM, at=now) for _ in range(2)] == [1, 0]
    Tenant.objects.filter(pk=tenant.pk).update(due_on=date(2024, 11, 1))
    assert [remind(actor=SYSTEM, at=now) for _ in range(2)] == [1, 0]


def test_the_firm_is_told_about_itself(ending, operator, person, actor_for, now):
    tenant = ending(date(2024, 11, 11))
    firm = actor_for(person("enterprise", "zaifu", party=tenant.firm))
    assert remind(actor=SYSTEM, at=now) == 2
    assert Notice.objects.get(account_id=firm.id).text.startswith("本单位在")
    assert [i["step"] for i in todo_items(firm)] == ["准备毕业或迁出"]


def test_the_end_waits_as_a_todo_of_the_house_and_of_nobody_else(ending, operator, county, now):
    ending(date(2024, 12, 12))
    late = ending(date(2024, 11, 1))
    ending(date(2025, 1, 1))
    waiting = [i for i in todo_items(operator) if i["step"] == "办理毕业或退出"]
    assert len(waiting) == 2
    assert waiting[0]["number"] == late.number
    assert waiting[0]["days_left"] < 0
    assert todo_count(operator) == len(todo_items(operator))
    assert waiting_tenants(county) == []


def test_who_asked_to_graduate_or_left_is_not_reminded(ending, operator, now):
    tenant = ending(date(2024, 11, 1))
    Tenant.objects.filter(pk=tenant.pk).update(state="graduating")
    assert remind(actor=SYSTEM, at=now) == 0
    assert waiting_tenants(operator) == []
