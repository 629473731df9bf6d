"""Takes the pictures of README.md from a running demo city: `make run` in one terminal, `make screenshots` in another.

`tools/screenshots.py [http://127.0.0.1:8000]`. Needs the test packages and Chromium (`make test` installs both).
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

OUT = Path(__file__).resolve().parents[1] / "docs" / "images"
MOST_BYTES = 300_000
DESK, PHONE = (1440, 900), (390, 844)


@dataclass(frozen=True)
class Shot:
    name: str
    who: str
    size: tuple[int, int]
    go: Callable[[Page], object]


def tracker(page: Page) -> None:
    page.goto("/plan/")


def target(page: Page) -> None:
    """The stock of 高企: its light, its forecast, why it changed."""
    page.goto("/plan/")
    page.get_by_role("link", name="高新技术企业总数").first.click()


def adopt(page: Page) -> None:
    """The plan's text beside the targets read from it."""
    page.goto("/d/plan/")
    page.locator("tbody a").first.click()
    page.get_by_role("link", name="目标核对").first.click()


def bulletin(page: Page) -> None:
    page.goto("/plan/bulletins")
    page.get_by_role("link", name="全市科技工作要点推进情况的通报").first.click()


def ladder(page: Page) -> None:
    page.goto("/enterprises/ladder/")


def verdict(page: Page) -> None:
    """The firm's own view of what it takes to be a 高新技术企业."""
    page.goto("/")
    page.get_by_role("link", name="高新技术企业认定").first.click()


def incubators(page: Page) -> None:
    page.goto("/platforms/incubators")


SHOTS = (
    Shot("tracker", "guihua", DESK, tracker),
    Shot("target", "guihua", DESK, target),
    Shot("adopt", "guihua", (1440, 780), adopt),
    Shot("bulletin", "juzhang", DESK, bulletin),
    Shot("ladder", "gaoxin", DESK, ladder),
    Shot("verdict", "qiye", DESK, verdict),
    Shot("incubators", "gaoxin", DESK, incubators),
    Shot("phone", "jinan", PHONE, tracker),
)


def log_in(page: Page, who: str) -> None:
    """The demo's login page prints the password the accounts share."""
    page.goto("/login")
    password = page.locator(".login p .mono").inner_text()
    page.fill("#id_username", who)
    page.fill("#id_password", password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/login" not in url)


def take(browser: Browser, address: str, shot: Shot) -> int:
    width, height = shot.size
    context = browser.new_context(
        base_url=address, viewport={"width": width, "height": height}, locale="zh-CN", is_mobile=shot.size == PHONE
    )
    page = context.new_page()
    log_in(page, shot.who)
    shot.go(page)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(800)  # charts draw themselves in
    file = OUT / f"{shot.name}.png"
    page.screenshot(path=file)
    context.close()
    return file.stat().st_size


def main(address: str = "http://127.0.0.1:8000") -> int:
    OUT.mkdir(parents=True, exist_ok=True)
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        sys.exit("没有找到 Chromium，请先执行 tools/system.sh browser")
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=sandbox)
        for shot in SHOTS:
            size = take(browser, address, shot)
            print(f"{shot.name}.png {size // 1024} KB")
            if size > MOST_BYTES:
                sys.exit(f"{shot.name}.png 超过 {MOST_BYTES // 1000} KB")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
