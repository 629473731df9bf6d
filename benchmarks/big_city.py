"""A city of 100,000 firms, thirty times the demo: freezing a month, one bulletin, and the pages people wait for.

Run: python -m benchmarks big_city. With KEJI_DATA=folder the city is built there once and used again the next time;
then `python -m benchmarks.big_city look` prints queries and CPU time of each page in one process (KEJI_PAGES=regular
expression for some of them), which a busy machine spoils less than times on the clock.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks import house
from benchmarks.city import parts
from benchmarks.city.common import at_work
from benchmarks.web import Page, ask, cookie_of, server, worked

SCALE = "31.25"
REQUESTS, AT_ONCE = 48, 4
AIM_MS = 150
LOOKS = 5


def run() -> None:
    """Print two Markdown tables: the month's work in seconds, the pages in milliseconds."""
    busy = f", load {os.getloadavg()[0]:.1f} by others before" if hasattr(os, "getloadavg") else ""
    with house.folder(may_keep=True) as folder:
        built = build(folder)
        found: dict[str, dict[str, Any]] = {}
        for kind in house.DATABASES:
            with house.database(kind) as url:
                data = folder / kind.lower()
                if url:
                    house.keji("migrate", data=data, url=url)
                    house.keji("restore", str(folder / "city.keji"), data=data, url=url)
                found[kind] = {
                    task: house.ask("benchmarks.big_city", task, data=data, url=url) for task in ("month", "pages")
                }
    size = found["SQLite"]["month"].pop("size")
    found["PostgreSQL"]["month"].pop("size")
    print(f"{size}; {house.machine()}{busy}." + (f" Built in {built:.0f} s." if built else "") + "\n")
    _print_month({kind: both["month"] for kind, both in found.items()})
    _print_pages({kind: both["pages"] for kind, both in found.items()})


def build(folder: Path) -> float:
    """The city in SQLite, and its backup, which fills other databases. Seconds, or 0 when it stood already."""
    data = folder / "sqlite"
    spent = 0.0
    if not (data / "demo.json").exists():
        spent = house.seconds(lambda: house.keji("demo", "--scale", SCALE, data=data))
    if not (data / "grown").exists():
        spent += house.ask("benchmarks.big_city", "grow", data=data)
        (data / "grown").touch()
    if not (folder / "city.keji").exists():
        house.keji("backup", str(folder / "city.keji"), data=data)
    return spent


def _print_month(by_database: dict[str, dict[str, float]]) -> None:
    print(f"| a month's work, seconds | {' | '.join(by_database)} |\n|---|{'---:|' * len(by_database)}")
    for step in by_database["SQLite"]:
        print(f"| {step} | {' | '.join(f'{times[step]:.2f}' for times in by_database.values())} |")
    print()


def _print_pages(by_database: dict[str, list[list[Any]]]) -> None:
    heads = [f"{kind} {how}" for kind in by_database for how in ("still", "at work", f"{AT_ONCE} at once", "CPU")]
    print(f"| page, p50 / p95 ms | {' | '.join(heads)} |\n|---|{'---:|' * len(heads)}")
    for rows in zip(*by_database.values(), strict=True):
        cells = []
        for _, *pairs, cpu in rows:
            cells += [f"{p50:.0f} / {p95:.0f}{'' if p95 < AIM_MS else ' ✗'}" for p50, p95 in pairs] + [f"{cpu:.0f}"]
        print(f"| {rows[0][0]} | {' | '.join(cells)} |")


# --- what runs inside a house ----------------------------------------------------------------------------------------


def month() -> dict[str, Any]:
    """Freeze December, draft, review and issue its bulletin; all of it is rolled back, so the city stays as built."""
    from django.db import transaction

    from keji.demo.plan import YEAR
    from keji.kernel.audit.models import Entry
    from keji.kernel.parties.models import Party
    from keji.kernel.people.models import Account
    from keji.lib.figures import Period
    from keji.modules.enterprises.api import Certification
    from keji.modules.plan import api as plans
    from keji.modules.plan.models import Plan

    times: dict[str, Any] = {
        "size": f"{Party.objects.count():,} parties, {Certification.objects.count():,} certifications, "
        f"{Entry.objects.count():,} log entries"
    }
    period = Period.month(YEAR, 12)
    made: list[Any] = []

    def step(name: str, username: str, day: int, work: Callable[..., Any]) -> None:
        at = datetime(YEAR + 1, 1, day, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
        actor = Account.objects.get(username=username).actor(date(YEAR + 1, 1, day))
        times[name] = house.seconds(lambda: made.append(work(actor=actor, at=at)))

    with transaction.atomic():
        answer_objections(str(period))
        step("freeze all indicators", "guihua", 6, lambda **who: plans.freeze_month(period, **who))
        step("freeze again, nothing changed", "guihua", 6, lambda **who: plans.freeze_month(period, **who))
        plan = Plan.objects.get(year=YEAR, state="adopted")
        step("draft the bulletin", "guihua", 7, lambda **who: plans.draft_bulletin(plan, period, **who))
        step("review it", "gaoxin", 8, lambda **who: plans.review_bulletin(made[-1], **who))
        step("issue it (.docx and PDF)", "juzhang", 9, lambda **who: plans.issue_bulletin(made[-1], **who))
        transaction.set_rollback(True)
    return times


def answer_objections(period: str) -> None:
    """A month is not frozen over a county's open objection."""
    from keji.kernel import clock
    from keji.kernel.indicators.objections import open_objections
    from keji.kernel.people.roles import Actor
    from keji.kernel.records.flow import take

    for objection in open_objections(period):
        take("dismiss", objection, actor=Actor.system(), at=clock.now(), reason="已核对归属。")


def pages() -> list[list[Any]]:
    """[[page, [p50, p95] of requests one by one, the same with an act somewhere before each, the same several at once
    (nobody writing), CPU of the workers], …] in milliseconds."""
    found = []
    wanted = _pages()
    cookies = {page.username: cookie_of(page.username) for page in wanted}
    with server() as (port, master):
        for page in wanted:
            cookie = cookies[page.username]
            ask(port, page, cookie, 8, at_once=AT_ONCE)  # both workers have seen the page once
            row: list[Any] = [page.name]
            before = worked(master)
            for path, at_once in ((page.path, 1), (at_work(page.path), 1), (page.path, AT_ONCE)):
                times = ask(port, replace(page, path=path), cookie, REQUESTS, at_once=at_once)
                row.append([times.at(0.5), times.at(0.95)])
            row.append((worked(master) - before) * 1000 / (3 * REQUESTS))
            found.append(row)
            print(row, file=sys.stderr)
    return found


def _pages() -> list[Page]:
    wanted = os.environ.get("KEJI_PAGES", "")
    return [page for part in parts() for page in part.pages() if re.search(wanted, page.name)]


# --- for one's own decisions -----------------------------------------------------------------------------------------


def grow() -> float:
    """Multiply what the demo told beside firms and titles; seconds."""
    from django.db import connection, transaction

    def all_parts() -> None:
        for part in parts():
            with transaction.atomic():
                part.grow()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    return house.seconds(all_parts)


def look() -> list[list[Any]]:
    """[[page, queries, CPU ms of a middling request, of the slowest]] in one process: holds on a busy machine too."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from keji.kernel.people.models import Account

    clients: dict[str, Client] = {}
    found = []
    for page in _pages():
        if page.username not in clients:
            clients[page.username] = client = Client(SERVER_NAME="127.0.0.1")
            user = Account.objects.get(username=page.username)
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        row = [page.name, *_looked(page, clients[page.username], connection, CaptureQueriesContext)]
        found.append(row)
        print(f"| {row[0]} | {row[1]} | {row[2]:.0f} | {row[3]:.0f} |", file=sys.stderr, flush=True)
    return found


def _looked(page: Page, client: Any, connection: Any, capture: Any) -> tuple[int, float, float]:
    times = []
    for n in range(LOOKS):
        path = page.path(n)
        before = time.process_time()
        answer = client.get(path)
        times.append((time.process_time() - before) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
    path = page.path(0)
    with capture(connection) as queries:
        client.get(path)
    return len(queries), sorted(times)[LOOKS // 2], max(times[1:])


def _look_at_kept() -> None:
    with house.folder(may_keep=True) as folder:
        build(folder)
        house.ask("benchmarks.big_city", "look", data=folder / "sqlite")


if __name__ == "__main__":
    _look_at_kept() if sys.argv[1:] == ["look"] else run()
