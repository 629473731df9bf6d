"""The officer's five questions, each answered from real records within three clicks of the first page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .test_facts import expect_plain_dates, expect_to_fit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PAGES = (
    "/enterprises/ladder/",
    "/enterprises/ladder/near",
    "/enterprises/ladder/due",
    "/enterprises/ladder/renewal",
    "/enterprises/ladder/outlook",
    "/enterprises/ladder/campaigns",
    "/enterprises/ladder/chains",
    "/platforms/overview",
    "/platforms/standing",
    "/platforms/incubators",
    "/platforms/incubators/tenants",
    "/platforms/graduates?show=all",
    "/d/platform-applications/",
    "/enterprises/standing",
    "/enterprises/runs",
    "/enterprises/burden",
    "/rnd/",
    "/rnd/zeroing",
    "/rnd/growth",
)


#: Tables of figures that are read whole on a phone: none is pushed aside.
FIGURES = (
    "/enterprises/ladder/",
    "/enterprises/ladder/due",
    "/enterprises/ladder/outlook",
    "/platforms/overview",
    "/enterprises/burden",
    "/enterprises/runs",
    "/rnd/",
    "/rnd/zeroing",
)


class Clicks:
    """From the first page by pressing only; every press counts."""

    def __init__(self, page):
        self.page, self.count = page, 0
        page.goto("/")

    def press(self, found):
        self.count += 1
        found.click()

    def menu(self, group, entry):
        menu = self.page.get_by_role("navigation", name="主菜单")
        link = menu.get_by_role("link", name=entry, exact=True)
        if link.is_hidden():  # the menu remembers what was unfolded
            self.press(menu.get_by_text(group, exact=True))
        self.press(link)

    def card(self, name):
        """A figure of the board; the number it shows."""
        link = self.page.locator(".ladder-questions").get_by_role("link", name=name)
        expect(link).to_be_visible()
        shown = int(re.sub(r"\D", "", link.inner_text()))
        self.press(link)
        return shown


def test_who_lapses_who_is_one_fact_away_and_who_was_not_evaluated(visit):
    page = visit("gaoxin")
    for card, head in (
        (re.compile("前谁的高企到期：还没有新证"), "有效期至"),
        (re.compile("：差一项资料 "), "差在哪里"),
        (re.compile("：差一项条件 "), "差在哪里"),
        (re.compile("：应评未评 "), "办到哪一步"),
    ):
        walk = Clicks(page)
        walk.menu("创新主体", "梯度培育")
        shown = walk.card(card)
        assert walk.count <= 3
        assert shown > 0
        expect(page.get_by_text(f"共 {shown} 条").first).to_be_visible()
        expect(page.get_by_role("columnheader", name=head)).to_be_visible()
        cells = page.locator(f"tbody td[data-label='{head}']")
        expect(cells).to_have_count(min(shown, 50))
        assert all(text.strip() not in ("", "—") for text in cells.all_inner_texts())


def test_which_incubator_misses_which_provincial_condition(visit):
    page = visit("gaoxin")
    walk = Clicks(page)
    walk.menu("创新平台", "孵化载体看板")
    assert walk.count <= 3
    matrix = page.locator("#matrix")
    expect(matrix.get_by_role("heading")).to_contain_text("省级科技企业孵化器")
    short = matrix.locator("tbody tr").filter(has_text="不满足")
    expect(short.first).to_be_visible()
    row = short.first
    said = int(re.sub(r"\D", "", row.locator("td").first.inner_text()))
    assert row.get_by_text("不满足", exact=True).count() + row.get_by_text("资料不足", exact=True).count() >= said
    walk.press(row.get_by_role("link"))
    assert walk.count <= 3
    expect(page.get_by_text("省级科技企业孵化器").first).to_be_visible()


def test_which_large_manufacturers_have_no_research(visit):
    page = visit("gaoxin")
    walk = Clicks(page)
    walk.menu("研发备案", "双清零")
    assert walk.count <= 3
    figure = page.get_by_role("link", name=re.compile("^未清零 "))
    expect(figure).to_be_visible()
    left = int(re.sub(r"\D", "", figure.inner_text()))
    card = page.locator("section").filter(has=page.get_by_role("heading", name="未清零企业"))
    rows = card.locator("tbody tr")
    expect(rows).to_have_count(left)
    for reason in rows.locator("td[data-label='原因']").all_inner_texts():
        assert re.search("无研发(活动|机构)", reason)
    walk.press(figure)
    assert walk.count <= 3
    expect(page.get_by_text(f"共 {left} 条")).to_be_visible()


def test_no_axis_counts_half_a_firm_and_no_label_begins_with_a_comma(visit):
    page = visit("gaoxin")
    page.goto("/platforms/incubators")
    marks = page.locator("svg text")
    expect(marks.filter(has_text=re.compile("孵化器")).first).to_be_visible()
    card = page.locator("section").filter(has=page.get_by_role("heading", name="各载体里有多少企业和团队"))
    expect(card.locator("svg text").first).to_be_visible()
    assert not [t for t in card.locator("svg text").all_text_contents() if re.fullmatch(r"\d+\.\d+", t)]
    page.goto("/enterprises/ladder/")  # who moved, and the industries, come by themselves
    expect(page.get_by_role("columnheader", name="期初＼期末")).to_be_visible()
    expect(page.get_by_role("region", name="按产业")).to_be_visible()
    page.goto("/enterprises/ladder/outlook")
    expect(marks.filter(has_text="今天存量").first).to_be_visible()
    assert not [t for t in marks.all_text_contents() if t[:1] in "，、。；" and t]


def test_the_pages_fit_a_phone(visit):
    page = visit("gaoxin", phone=True)
    for path in PAGES:
        assert page.goto(path).status == 200, path
        expect_to_fit(page)
        expect_plain_dates(page)
        for tab in page.locator(".tabs [aria-current]").all():
            expect(tab).to_be_in_viewport(ratio=0.5) if tab.bounding_box()["y"] < 700 else None
        if path in FIGURES:
            page.wait_for_function(
                "[...document.querySelectorAll('.table-wrap')].every(t => t.scrollWidth <= t.clientWidth + 1)"
            )
