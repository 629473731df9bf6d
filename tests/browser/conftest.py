"""A real house for the browser: the demo city at a twentieth of its size, served by `keji run` on a free port."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next((p for p in ("chromium", "chromium-browser", "google-chrome") if shutil.which(p)), None)
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running demo house; its server and worker end with the tests."""
    folder, port = tmp_path_factory.mktemp("house"), free_port()
    env = {k: v for k, v in os.environ.items() if not k.startswith(("KEJI_", "DJANGO_"))} | {"KEJI_DATA": str(folder)}
    keji = [sys.executable, "-m", "keji.cli"]
    subprocess.run([*keji, "demo", "--scale", "1/20"], cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
    log = (folder / "server.log").open("w")
    command = [*keji, "run", "--demo", "--addr", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                urlopen(f"{address}/login", timeout=2).read()
                break
            except OSError:
                assert server.poll() is None, (folder / "server.log").read_text()
                time.sleep(0.25)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    assert CHROMIUM, "没有找到 Chromium，请执行 tools/system.sh browser"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which(CHROMIUM), args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(house: str, chromium: Any) -> Iterator[Callable[..., Any]]:
    """visit("jinan") → a page logged in as that person; visit("jinan", phone=True) on a phone. Console errors fail."""
    opened, errors = [], []

    def open_as(username: str, *, phone: bool = False) -> Any:
        size = {"width": 390, "height": 844} if phone else {"width": 1440, "height": 900}
        context = chromium.new_context(viewport=size, is_mobile=phone, has_touch=phone, base_url=house, locale="zh-CN")
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda e: errors.append(str(e)))
        page.on(
            "console", lambda m: errors.append(m.text) if m.type == "error" and "status of 4" not in m.text else None
        )
        page.goto("/login")
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码", exact=True).fill("Keji-2024")
        page.get_by_role("button", name="登录").click()
        page.wait_for_url("**/")
        return page

    yield open_as
    for context in opened:
        context.close()
    assert errors == []
