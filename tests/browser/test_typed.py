"""What was typed survives a refusal, a log-in that ran out and a page too old; nothing of it outlives a log-out."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
KEPT = "sessionStorage.getItem('keji-typed')"


def log_in(page, username):
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码", exact=True).fill("Keji-2024")
    page.get_by_role("button", name="登录").click()


def test_what_was_typed_is_put_back_when_it_was_not_taken(visit):
    page = visit("guihua")
    page.goto("/d/proposals/?state=recommended")
    page.locator("tbody a").first.click()
    page.wait_for_url("**/d/proposals/*")
    step = page.get_by_role("button", name="退回补正…")
    reason = page.locator("#reason-return_once")
    words = "营业执照看不清。\n" * 3
    step.click()
    reason.fill(words)
    page.context.clear_cookies(name="sessionid")  # the log-in runs out while they write
    page.locator("dialog[open]").get_by_role("button", name="退回补正").click()
    expect(page.get_by_text("登录已过期")).to_be_visible()
    log_in(page, "guihua")
    expect(step).to_be_visible()
    step.click()
    expect(reason).to_have_value(words)
    expect(page.locator("dialog[open] .typed-note")).to_contain_text("已经放回")

    reason.evaluate("e => e.removeAttribute('maxlength')")
    reason.fill("长" * 501)  # refused by the house itself
    page.locator("dialog[open]").get_by_role("button", name="退回补正").click()
    expect(page.get_by_text("理由最多 500 字")).to_be_visible()
    expect(reason).to_have_value("长" * 501)

    step.click()
    reason.fill("请补交营业执照。")
    page.evaluate("document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach(e => e.value = 'x'.repeat(64))")
    page.locator("dialog[open]").get_by_role("button", name="退回补正").click()
    expect(page.get_by_role("heading", name="页面停留太久")).to_be_visible()
    page.get_by_role("link", name="回到刚才的页面").click()
    step.click()
    expect(reason).to_have_value("请补交营业执照。")
    page.locator("dialog[open]").get_by_role("button", name="退回补正").click()
    expect(page.get_by_text("已退回补正。")).to_be_visible()
    assert page.evaluate(KEPT) is None  # taken: forgotten


def test_words_of_one_reader_are_never_put_before_another(visit):
    page = visit("guihua")
    page.goto("/d/proposals/?state=recommended")
    page.locator("tbody a").last.click()
    page.wait_for_url("**/d/proposals/*")
    page.get_by_role("button", name="退回补正…").click()
    page.locator("#reason-return_once").fill("只给自己看的话")
    page.context.clear_cookies(name="sessionid")
    page.locator("dialog[open]").get_by_role("button", name="退回补正").click()
    expect(page.get_by_text("登录已过期")).to_be_visible()
    log_in(page, "gaoxin")
    expect(page.get_by_role("button", name="退回补正…")).to_be_visible()
    expect(page.locator("#reason-return_once")).to_have_value("")
    assert page.evaluate(KEPT) is None
