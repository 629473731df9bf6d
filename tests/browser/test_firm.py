"""A firm sees the same truth about itself as the bureau, tries what would follow, and files what it knows once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .test_facts import expect_plain_dates, expect_to_fit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

STAFF = "2023年在职科技人员数改为"


def outcome(page):
    """What the verdict says, and the list under it."""
    word = page.locator(".rule-word").first
    expect(word).to_be_visible()
    return word.inner_text(), page.locator(".rule-list").first.all_inner_texts()


def test_a_firm_reads_its_verdict_as_the_officer_does_and_tries_another_number(visit):
    page = visit("qiye")
    page.get_by_role("link", name="高新技术企业认定").first.click()
    page.wait_for_url(re.compile("/rules/hnte"))
    address, own = page.url, outcome(page)

    verdicts = []
    for staff in ("0", "400"):
        page.goto(address)
        page.locator("summary").filter(has_text="人员").click()
        page.get_by_label(STAFF, exact=True).fill(staff)
        page.get_by_role("button", name="试算", exact=True).click()
        expect(page.get_by_role("heading", name="试算结论（不保存）")).to_be_visible()
        verdicts.append(outcome(page))
    assert verdicts[0][0] == "必不过"
    assert "科技人员占职工总数比例" in verdicts[0][1][0]
    assert verdicts[1][0] != "必不过"

    page.goto(address)
    assert outcome(page) == own, "trying changes nothing"
    officer = visit("gaoxin")
    officer.goto(address)
    assert outcome(officer) == own, "the bureau reads the same"


def test_the_form_asks_only_for_what_nobody_said(visit):
    page = visit("qiye")
    page.get_by_role("link", name="填报、更正").first.click()
    page.get_by_role("link", name="高新技术企业认定", exact=True).click()
    top = page.locator(".fact-sum")
    expect(top).to_contain_text(re.compile(r"要填 \d+ 项，已有 \d+ 项不用再填"))
    asked, known = (int(n) for n in re.findall(r"\d+", top.inner_text()))
    assert known > asked
    first = page.locator(".fact-known").first
    first.locator("summary").first.click()
    expect(first.locator(".fact-value").first).not_to_have_text("")
    expect(first.locator(".cell-sub").first).not_to_have_text("")


def test_a_firm_files_a_months_spending_and_both_totals_move(visit):
    page = visit("qiye")
    page.goto("/rnd/mine")
    spent = page.locator(".rnd-narrow dd").first
    expect(spent).to_have_text(re.compile(r"^[\d,]+\.\d\d元$"))
    before = spent.inner_text()
    waiting = page.locator("#month .result").filter(has_text="未填")
    name = waiting.first.get_by_role("link").inner_text()
    waiting.first.get_by_role("link").click()
    page.get_by_label(re.compile("人员人工费用")).fill("120000")
    page.get_by_label(re.compile("委托境外")).fill("1000")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text(re.compile("已保存")).first).to_be_visible()
    page.goto("/rnd/mine")
    expect(page.locator("#month .result").filter(has_text=name)).to_contain_text("121,000")
    expect(spent).not_to_have_text(before)
    page.get_by_role("link", name=name).last.click()
    expect(page.get_by_text("委托境外研究开发（按80%，不超过境内的三分之二）")).to_be_visible()


def test_a_firms_pages_fit_a_phone(visit):
    page = visit("qiye", phone=True)
    for path in ("/rnd/mine", "/rnd/exports", "/enterprises/facts/mine", "/d/rnd-projects/", "/d/applications/"):
        assert page.goto(path).status == 200, path
        expect_to_fit(page)
        expect_plain_dates(page)
    page.goto("/")
    page.get_by_role("link", name="高新技术企业认定").first.click()
    expect(page.locator(".rule-word").first).to_be_visible()
    expect_to_fit(page)
