"""The public pages in a browser, by somebody without an account: read, object, ask, verify; also without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PATHS = [
    "/public/",
    "/public/notices/",
    "/public/catalogues/",
    "/public/catalogues/hnte",
    "/public/papers/",
    "/public/verify",
    "/public/objections",
]
SIZES = {"wide": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture(params=SIZES)
def stranger(request, house, chromium):
    """A page of somebody who has never logged in, on a screen of each size."""
    context = chromium.new_context(
        viewport=SIZES[request.param], is_mobile=request.param == "phone", base_url=house, locale="zh-CN"
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def open_notice(page):
    """The notice that is open in the demo city and takes objections."""
    page.goto("/public/")
    page.get_by_role("link", name=re.compile("企业研发中心名单公示")).first.click()
    page.wait_for_url("**/public/notices/GS-*")
    return page.url


def test_public_pages_follow_the_accessibility_rules_and_never_scroll_sideways(stranger):
    from axe_playwright_python.sync_playwright import Axe

    notice = open_notice(stranger)
    for path in [*PATHS, notice, f"{notice}/object"]:
        assert stranger.goto(path).status == 200, path
        wide = stranger.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 1, f"{path} scrolls sideways by {wide}px"
        found = Axe().run(stranger, options={"runOnly": ["wcag2a", "wcag2aa"]})
        assert found.response["violations"] == [], f"{path}\n{found.generate_report()}"


def test_somebody_objects_keeps_the_receipt_and_asks_what_became_of_it(stranger):
    open_notice(stranger)
    stranger.get_by_role("link", name="提出异议").click()
    stranger.get_by_role("button", name="提交异议").click()
    expect(stranger.get_by_text("还没有提交。")).to_be_visible()
    stranger.get_by_label("异议理由和依据").fill("名单第二家的研发场地与另一家企业共用，请核查租赁合同。")
    stranger.get_by_role("button", name="提交异议").click()
    expect(stranger.get_by_role("heading", name="异议已收到")).to_be_visible()
    said = stranger.locator("main").inner_text()
    number, code = re.search(r"GY-\d{4}-\d+", said)[0], re.search(r"查询码\s+(\w{8})", said)[1]
    stranger.get_by_role("link", name="查询办理情况").click()
    expect(stranger.get_by_label("回执编号")).to_have_value(number)
    stranger.get_by_label("查询码").fill(code)
    stranger.locator("main").get_by_role("button", name="查询").click()
    expect(stranger.get_by_text("正在办理")).to_be_visible()


def test_a_downloaded_paper_is_verified_as_issued(stranger, house):
    stranger.goto("/public/papers/")
    content = stranger.request.get(stranger.get_by_role("link", name="Word").first.get_attribute("href")).body()
    stranger.goto("/public/verify")
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    stranger.set_input_files("#verify-file", {"name": "通报.docx", "mimeType": word, "buffer": content})
    stranger.get_by_role("button", name="核验").click()
    expect(stranger.get_by_text("与印发的公文一致")).to_be_visible()


def test_everything_can_be_read_and_searched_without_scripts(house, chromium):
    context = chromium.new_context(java_script_enabled=False, base_url=house, locale="zh-CN")
    page = context.new_page()
    notice = open_notice(page)
    expect(page.get_by_role("heading", name="名单", exact=True)).to_be_visible()
    page.goto("/public/catalogues/hnte")
    page.get_by_label("关键词").fill("没有这样的企业")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_text("没有符合条件的记录")).to_be_visible()
    page.goto(f"{notice}/object")
    page.get_by_label("异议理由和依据").fill("没有脚本的浏览器也应当能够提出异议。")
    page.get_by_role("button", name="提交异议").click()
    expect(page.get_by_role("heading", name="异议已收到")).to_be_visible()
    context.close()
