"""Who runs a house files for it, a host applies for its platform, and the county checks both."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .test_facts import expect_plain_dates, expect_to_fit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TEAM = "晨曦视觉检测团队"
CALL = re.compile("2024年第三批六安市企业研发中心")


def test_a_team_moves_in_and_the_county_confirms_it(visit):
    page = visit("fuhuaqi")
    page.goto("/platforms/incubators/mine")
    page.get_by_role("link", name="登记入驻").click()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text(re.compile(r"有 \d+ 处需要改正"))).to_be_visible()
    page.get_by_label("企业（团队）名称").fill(TEAM)
    page.get_by_label(re.compile("^技术领域")).select_option(label="电子信息")
    page.get_by_label(re.compile("^入驻日期")).fill("2024-12-02")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url(re.compile(r"/d/tenants/\d+"))
    address = page.url
    expect(page.get_by_role("heading", name=re.compile(TEAM)).first).to_be_visible()
    expect(page.get_by_role("button", name="确认入驻")).to_be_disabled()

    clerk = visit("kaifaqu")
    clerk.goto(address)
    clerk.get_by_role("button", name="确认入驻").click()
    expect(clerk.locator("h1").get_by_text("在孵")).to_be_visible()
    stranger = visit("jinan")
    assert stranger.goto(address).status == 404, "another county's house"


def test_a_host_applies_for_a_platform_and_is_told_what_is_still_missing(visit):
    page = visit("fuhuaqi")
    page.goto("/d/platform-calls/")
    page.get_by_role("link", name=CALL).first.click()
    page.get_by_role("button", name=re.compile("^以.*申报$")).click()
    page.wait_for_url(re.compile(r"/d/platform-applications/\d+"))
    expect(page.get_by_text("必交，未交").first).to_be_visible()
    expect(page.get_by_role("button", name="提交县区")).to_be_disabled()

    having = visit("pingtai")
    having.goto("/d/platform-calls/")
    having.get_by_role("link", name=CALL).first.click()
    expect(having.get_by_text("必交").first).to_be_visible()
    expect(having.get_by_role("button", name=re.compile("^以.*申报$"))).to_have_count(0)


def test_the_county_checks_an_application_and_recommends_it(visit):
    page = visit("jinan")
    page.goto("/d/platform-applications/?state=submitted")
    page.locator("tbody a").first.click()
    expect(page.locator("#materials")).to_contain_text("已交")
    expect(page.get_by_role("button", name=re.compile("^退回补正"))).to_be_visible()
    page.get_by_role("button", name=re.compile("^审核推荐")).click()
    expect(page.locator("h1").get_by_text("待形式审查")).to_be_visible()


@pytest.mark.parametrize(
    ("username", "paths"),
    [
        ("fuhuaqi", ("/", "/platforms/incubators/mine", "/d/tenants/", "/d/tenants/new", "/platforms/graduates")),
        ("pingtai", ("/", "/d/platform-calls/", "/d/assessments/", "/d/platforms/", "/d/platform-years/")),
    ],
)
def test_their_pages_fit_a_phone(visit, username, paths):
    page = visit(username, phone=True)
    for path in paths:
        assert page.goto(path).status == 200, path
        expect_to_fit(page)
        expect_plain_dates(page)
