"""A real house for the browser: the demo city at a twentieth of its size, served by `keji run` on a free port."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
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


class House:
    """A demo house in a folder, its server and worker on a port; it can be put to another day."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(("KEJI_", "DJANGO_"))}
        self.env |= {"KEJI_DATA": str(folder)}
        self.keji = [sys.executable, "-m", "keji.cli"]

    def furnish(self) -> None:
        command = [*self.keji, "demo", "--scale", "1/20"]
        subprocess.run(command, cwd=ROOT, env=self.env, check=True, stdout=subprocess.DEVNULL)

    def start(self) -> None:
        log = (self.folder / "server.log").open("a")
        command = [*self.keji, "run", "--demo", "--addr", f"127.0.0.1:{self.port}"]
        self.server = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=log, stderr=log)
        for _ in range(240):
            try:
                urlopen(f"{self.address}/login", timeout=2).read()
                return
            except OSError:
                assert self.server.poll() is None, (self.folder / "server.log").read_text()
                time.sleep(0.25)

    def stop(self) -> None:
        self.server.terminate()
        self.server.wait(timeout=30)

    def tell(self, script: str, *words: str) -> str:
        """Let the house's own services do something in between; what the script prints."""
        setup = "import django, sys; django.setup()\n"
        env = self.env | {"DJANGO_SETTINGS_MODULE": "keji.site.settings"}
        command = [sys.executable, "-c", setup + script, *words]
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def twin(self, folder: Path) -> House:
        """A second house with the same records, not yet started: what happens in it stays in it."""
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("*.sqlite3*"))
        for path in self.folder.glob("*.sqlite3"):
            with sqlite3.connect(path) as own, sqlite3.connect(folder / path.name) as other:
                own.backup(other)
        return House(folder)

    @contextmanager
    def living_on(self, moment: datetime) -> Iterator[None]:
        """The same house on another day; back to its own time afterwards."""
        kept = (self.folder / "clock.json").read_text()
        self._move(json.dumps({"house": moment.isoformat(), "world": datetime.now(UTC).isoformat()}))
        try:
            yield
        finally:
            self._move(kept)

    def _move(self, clock: str) -> None:
        self.stop()
        (self.folder / "clock.json").write_text(clock)
        self.start()


@pytest.fixture(scope="session")
def whole_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    found = House(tmp_path_factory.mktemp("house"))
    found.furnish()
    found.start()
    try:
        yield found
    finally:
        found.stop()


@pytest.fixture(scope="session")
def house(whole_house: House) -> str:
    """The address of a running demo house; its server and worker end with the tests."""
    return whole_house.address


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
    with visiting(house, chromium) as open_as:
        yield open_as


@pytest.fixture
def own_house(whole_house: House, tmp_path: Path) -> Iterator[House]:
    """A house of its own for a test that lets days pass: its clock and its nightly work touch nobody else's."""
    found = whole_house.twin(tmp_path / "own")
    found.start()
    try:
        yield found
    finally:
        found.stop()


@contextmanager
def visiting(house: str, chromium: Any) -> Iterator[Callable[..., Any]]:
    """Log-ins of several people at one house, closed together."""
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
