"""Freezing a pool that takes a while: seen by everybody, stopped, asked for anew, and never done twice."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import visiting
from tests.browser.test_batch import PATIENCE, done, press
from tests.browser.test_facts import expect_to_fit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
#: So many experts and seats, and quotas with no room, take half a minute to freeze; nobody waits for the end.
LARGE = """
from datetime import date
from keji.kernel import clock
from keji.kernel.people.models import Account
from keji.kernel.people.roles import Actor
from keji.modules.experts.asking import DISCIPLINE, PLACE, QuotaRow, Subject
from keji.modules.experts.models import Discipline, Draw, Expert
from keji.modules.experts.services.register import register_experts
from keji.modules.experts.services.requests import request_draw
on, fields = clock.today(), list(Discipline.objects.filter(parent=None).order_by("code")[:12])
made = register_experts([{
    "name": f"外聘{n:04d}", "employer": f"某大学{n % 2500:04d}", "party": None, "born_on": date(on.year - 50, 3, 1),
    "phone": f"138{n:08d}", "kind": "technical", "level": "associate", "in_city": n % 3 > 0,
    "discipline": fields[n % 12], "agreed_on": on} for n in range(12000)], actor=Actor.system("入库"), at=clock.now())
Expert.objects.filter(pk__in=[e.pk for e in made]).update(
    state="active", joined_on=on, confirmed_until=date(on.year + 1, 12, 31)
)
number = request_draw(
    [Subject("SB-1", "一种轴承"), Subject("SB-2", "一种齿轮")], title="大评审组", size=99, review_on=on,
    quotas=(QuotaRow(PLACE, "市外", 33, 33), *(QuotaRow(DISCIPLINE, f.code, 8, 8) for f in fields)),
    actor=Account.objects.get(username="gaoxin").actor(on), at=clock.now(),
)
print(Draw.objects.get(number=number).pk)
"""
COUNT = """
from keji.kernel.jobs.models import Job
from keji.modules.experts.models import FrozenPool
pk = int(sys.argv[1])
print(Job.objects.filter(kind="draw-freeze", params__draw=pk).count(), FrozenPool.objects.filter(draw=pk).count())
"""


def test_a_long_freeze_is_watched_stopped_and_asked_for_anew(own_house, chromium):
    path = f"/experts/draws/{own_house.tell(LARGE).split()[-1]}"
    with visiting(own_house.address, chromium) as visit:
        first, second, phone = visit("guihua"), visit("gaoxin"), visit("jijian", phone=True)
        for page in (first, second):
            page.goto(path)
            expect(page.get_by_text("每人的机会要在后台计算")).to_be_visible()
        press(first, "冻结并公布摘要", sure=True)
        press(second, "冻结并公布摘要", sure=True)  # the page of before: the same freeze, not another
        bar = second.get_by_role("progressbar", name="冻结进度")
        expect(bar).to_be_visible()
        first.goto("/")
        phone.goto(path)
        expect(phone.locator("#freezing")).to_contain_text("正在后台冻结")
        expect_to_fit(phone)
        first.goto(path)
        expect(first.locator("#freezing .num")).not_to_have_text("0%", timeout=PATIENCE)
        press(first, "停止冻结", sure=True)
        for page in (first, second):  # the second finds out by itself
            done(page, "已停止")
            expect(page.get_by_role("button", name="冻结并公布摘要")).to_be_visible(timeout=PATIENCE)
        assert own_house.tell(COUNT, path.split("/")[-1]).split() == ["1", "0"]
        asked_anew(second)
        first.goto(second.url)
        press(first, "冻结并公布摘要", sure=True)
        for page in (first, second):  # the worker first ends the step it was stopped in
            expect(page.get_by_text("已冻结，待见证").first).to_be_visible(timeout=4 * PATIENCE)


def asked_anew(officer):
    """Cancelled with its reason, and asked for again with fewer seats and a looser quota; nothing else is typed."""
    officer.get_by_role("button", name="取消抽取").click()
    officer.locator("#reason-cancel").fill("评审组不用这么大")
    with officer.expect_navigation():
        officer.locator("dialog[open]").get_by_role("button", name="取消抽取").click()
    officer.get_by_role("link", name="重新申请").click()
    expect(officer.locator("[name=subjects]")).to_have_value("SB-1 | 一种轴承\nSB-2 | 一种齿轮")
    expect(officer.locator("[name=quotas]")).to_have_value(re.compile("^地域 市外 33 33\n学科 [0-9]+ 8 8\n"))
    officer.locator("[name=size]").fill("5")
    officer.locator("[name=quotas]").fill("地域 市外 2")
    press(officer, "提交申请")
    done(officer, "待冻结")
