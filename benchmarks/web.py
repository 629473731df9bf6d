"""Asking a real web server for pages: gunicorn as `keji run` starts it, plain http.client, a logged-in cookie."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.house import ROOT


@dataclass(frozen=True)
class Page:
    """One kind of page: the n-th request for it asks `path(n)` as `username`."""

    name: str
    username: str
    path: Callable[[int], str]


@dataclass(frozen=True)
class Times:
    """Milliseconds of many requests, sorted."""

    values: Sequence[float]

    def at(self, share: float) -> float:
        return self.values[min(len(self.values) - 1, int(len(self.values) * share))]


@contextmanager
def server() -> Iterator[tuple[int, int]]:
    """Two gunicorn workers on a free port; yields the port and the process number of their master."""
    from keji.site.management.commands.run import GUNICORN

    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = int(s.getsockname()[1])
    process = subprocess.Popen([sys.executable, *GUNICORN, "--bind", f"127.0.0.1:{port}"], cwd=ROOT)
    try:
        _wait_for(port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the web server did not start")


def worked(master: int) -> float:
    """CPU seconds the workers of `master` have used so far: what a page costs, however busy the neighbours are."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # a process that has just ended
        if int(fields[1]) == master:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def cookie_of(username: str) -> str:
    """A session of that account, as the login page would leave it."""
    from django.test import Client

    from keji.kernel.people.models import Account

    client = Client()
    client.force_login(Account.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    return f"sessionid={client.cookies['sessionid'].value}"


def ask(port: int, page: Page, cookie: str, count: int, *, at_once: int = 1) -> Times:
    """`count` requests, `at_once` at a time. Anything but 200 stops the measuring: an error page is quick."""

    def one_visitor(numbers: Sequence[int]) -> list[float]:
        found = []
        for number in numbers:
            path = page.path(number)
            started = time.perf_counter()
            # A connection a request, as nginx asks: kept ones would stay with whichever worker took them first.
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            line.request("GET", path, headers={"Cookie": cookie})
            answer = line.getresponse()
            body = answer.read()
            line.close()
            found.append((time.perf_counter() - started) * 1000)
            if answer.status != 200:
                raise RuntimeError(f"{path} answered {answer.status}: {body[:200]!r}")
        return found

    shares = [range(first, count, at_once) for first in range(at_once)]
    with ThreadPoolExecutor(at_once) as visitors:
        times = [t for found in visitors.map(one_visitor, shares) for t in found]
    return Times(sorted(times))
