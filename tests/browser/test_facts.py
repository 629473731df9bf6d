"""A firm confirms and fills its file in a real browser, at a desk and on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def expect_to_fit(page):
    """Nothing scrolls sideways. Waiting, because a press may still be on its way to the next page."""
    page.wait_for_function("document.documentElement?.scrollWidth <= document.documentElement?.clientWidth")


def expect_plain_dates(page):
    """A date stands as people write it, 2024年3月5日, wherever it is read."""
    assert not re.findall(r"\d{4}-\d{2}-\d{2}", page.locator("main").inner_text()), page.url


def test_a_firm_confirms_what_others_said_and_fills_the_rest_on_a_phone(visit):
    page = visit("qiye", phone=True)
    page.get_by_role("link", name="填报、更正").first.click()
    page.get_by_role("link", name="高新技术企业认定", exact=True).click()
    expect(page.get_by_label("2023年在职科技人员数")).to_be_visible()
    expect_to_fit(page)
    page.get_by_label("2023年在职科技人员数").fill("21")
    page.get_by_text("千元", exact=True).click()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存：新填或更正 1 项")).to_be_visible()
    expect_to_fit(page)
    expect(page.get_by_text("来源不一致").first).to_be_visible()


def test_the_unit_stands_behind_every_amount_and_everything_known_is_one_tap(visit):
    page = visit("qiye")
    page.goto("/enterprises/facts/mine")
    page.get_by_role("link", name="填报、更正").click()
    page.get_by_text("万元", exact=True).first.click()
    expect(page.locator("[data-money-unit]").first).to_have_text("万元")
    page.get_by_role("button", name="一键确认").click()
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_text("已保存")).to_be_visible()


def test_a_clerk_settles_a_difference_and_confirms_a_firm(visit):
    page = visit("gaoxin")
    page.goto("/enterprises/facts/conflicts")
    before = page.locator(".fact-case").count()
    first = page.locator(".fact-case").first
    first.locator("input[type=radio]").first.check()
    first.get_by_placeholder("采用的理由").fill("与纳税申报表一致")
    first.get_by_role("button", name="采用所选").click()
    expect(page.get_by_text("已裁定")).to_be_visible()
    expect(page.locator(".fact-case")).to_have_count(before - 1)
    page.goto("/enterprises/facts/unchecked")
    page.locator("input[name=ids]").first.check()
    page.get_by_role("button", name="核实无误").click()
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_text("已核实 1 家单位")).to_be_visible()


@pytest.mark.parametrize("path", ["/enterprises/join", "/enterprises/claim"])
def test_the_door_fits_a_phone(house, chromium, path):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, base_url=house)
    page = context.new_page()
    page.goto(path)
    expect_to_fit(page)
    expect(page.get_by_role("button").first).to_be_visible()
    context.close()
