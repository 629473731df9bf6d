"""Another system's first steps, in a real browser: a token given out, the document read under the strict policy."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_the_documents_page_draws_itself_from_this_house_alone(chromium, house, phone):
    size = {"width": 390, "height": 844} if phone else {"width": 1440, "height": 900}
    page = chromium.new_context(viewport=size).new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{house}/api/v1/docs")
    expect(page.get_by_text("报送科技资质")).to_be_visible()
    assert [url for url in asked if not url.startswith((house, "data:"))] == []
    assert said == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 1
    page.context.close()


def test_a_token_is_shown_once_and_gone_on_reloading(visit):
    page = visit("anquan")
    page.goto("/d/clients/1")
    page.get_by_role("button", name="发放令牌").dblclick()
    token = page.locator("code.token").inner_text()
    assert token.startswith("keji_")
    page.reload()
    expect(page.get_by_text("刚刚已经发放过令牌")).to_be_visible()
    assert token not in page.content()
