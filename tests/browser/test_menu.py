"""The folded menu in a real browser: by mouse, by keyboard, on a phone, without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_an_officers_menu_fits_the_screen_and_remembers_what_was_opened(visit):
    page = visit("gaoxin")
    menu = page.get_by_role("navigation", name="主菜单")
    assert menu.evaluate("e => e.scrollHeight <= e.clientHeight")
    expect(menu.get_by_role("link", name="科技资质")).to_be_hidden()
    menu.get_by_text("创新主体", exact=True).click()
    menu.get_by_role("link", name="科技资质").click()
    expect(menu.get_by_role("link", name="科技资质")).to_have_attribute("aria-current", "page")
    menu.get_by_role("link", name="工作台").click()
    expect(menu.get_by_role("link", name="科技资质")).to_be_visible()
    menu.get_by_text("创新主体", exact=True).focus()
    page.keyboard.press("Enter")
    page.reload()
    expect(menu.get_by_role("link", name="科技资质")).to_be_hidden()


def test_the_menu_unfolds_on_a_phone(visit):
    page = visit("gaoxin", phone=True)
    page.get_by_role("button", name="打开菜单").tap()
    menu = page.get_by_role("navigation", name="主菜单")
    menu.get_by_text("公文", exact=True).tap()
    menu.get_by_role("link", name="公文对外公开").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("公文")
    page.get_by_role("button", name="打开菜单").tap()
    expect(menu.get_by_role("link", name="公文对外公开")).to_be_visible()


def test_the_menu_unfolds_without_scripts(house, chromium):
    context = chromium.new_context(java_script_enabled=False, base_url=house, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto("/login")
    page.get_by_label("用户名").fill("gaoxin")
    page.get_by_label("密码", exact=True).fill("Keji-2024")
    page.get_by_role("button", name="登录").click()
    menu = page.get_by_role("navigation", name="主菜单")
    menu.get_by_text("创新平台", exact=True).click()
    expect(menu.get_by_role("link", name="平台总览")).to_be_visible()
    context.close()
