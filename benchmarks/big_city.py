"""A city of 100,000 firms, thirty times the demo: freezing a month, one bulletin, and the pages people wait for.

Run: python -m benchmarks.big_city. With KEJI_DATA=folder the city is built there once and used again the next time.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from benchmarks import house
from benchmarks.web import Page, ask, cookie_of, server, worked

SCALE = "31.25"
REQUESTS, AT_ONCE = 60, 4
AIM_MS = 150
_WORDS = ("恒瑞", "鼎盛", "华诚", "宏远", "创新", "科力", "中正", "天成", "瑞丰", "博远", "新材料", "汽车", "9134150")
_REGIONS = ("341502", "341503", "341504", "341522", "341523", "341524", "341525", "341500-KFQ")


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
    if not (folder / "city.keji").exists():
        house.keji("backup", str(folder / "city.keji"), data=data)
    return spent


def _print_month(by_database: dict[str, dict[str, float]]) -> None:
    print(f"| a month's work, seconds | {' | '.join(by_database)} |\n|---|{'---:|' * len(by_database)}")
    for step in by_database["SQLite"]:
        print(f"| {step} | {' | '.join(f'{times[step]:.2f}' for times in by_database.values())} |")
    print()


def _print_pages(by_database: dict[str, list[list[Any]]]) -> None:
    heads = [f"{kind} {how}" for kind in by_database for how in ("one by one", f"{AT_ONCE} at once", "CPU")]
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
    """[[page, [p50, p95] one by one, [p50, p95] several at once, CPU of the workers], …] in milliseconds."""
    found = []
    wanted = _pages()
    cookies = {page.username: cookie_of(page.username) for page in wanted}
    with server() as (port, master):
        for page in wanted:
            cookie = cookies[page.username]
            ask(port, page, cookie, 8, at_once=AT_ONCE)  # both workers have seen the page once
            row: list[Any] = [page.name]
            before = worked(master)
            for at_once in (1, AT_ONCE):
                times = ask(port, page, cookie, REQUESTS, at_once=at_once)
                row.append([times.at(0.5), times.at(0.95)])
            row.append((worked(master) - before) * 1000 / (2 * REQUESTS))
            found.append(row)
            print(row, file=sys.stderr)
    return found


def _pages() -> list[Page]:
    """Words, regions and orders change from request to request, as they do between people."""
    from keji.modules.plan.models import PlanTarget

    counted = PlanTarget.objects.filter(basis="indicator", dropped=False, merged_into=None, plan__state="adopted")
    targets = list(counted.values_list("pk", flat=True))

    def narrowed(desk: str, sorts: str, **more: str) -> Callable[[int], str]:
        choices = sorts.split()

        def path(n: int) -> str:
            asked = {"q": _WORDS[n % len(_WORDS)], "region": _REGIONS[n % len(_REGIONS)], **more}
            return f"/d/{desk}/?" + urlencode(asked | {"sort": choices[n % len(choices)], "page": "2"})

        return path

    def sorted_by(desk: str, sorts: str) -> Callable[[int], str]:
        choices = sorts.split()
        return lambda n: f"/d/{desk}/?" + urlencode({"sort": choices[n % len(choices)], "page": "2"})

    def changed(path: str) -> Callable[[int], str]:
        """Whatever was remembered of the figures does not hold any more: they are counted anew."""
        from keji.kernel import clock
        from keji.kernel.audit.log import log, writing
        from keji.kernel.people.roles import Actor

        plan = PlanTarget.objects.select_related("plan")[0].plan

        def path_after_a_change(n: int) -> str:
            with writing(Actor.system("测速"), clock.now()):
                log("测速", plan)
            return path

        return path_after_a_change

    def plain(path: str) -> Callable[[int], str]:
        return lambda _: path

    titles = "-issued_on certificate_code party valid_until"
    firms = "name -established_on uscc industry_code"
    return [
        Page("certifications, as opened", "gaoxin", plain("/d/certifications/")),
        Page("certifications, sorted, page 2", "gaoxin", sorted_by("certifications", titles)),
        Page(
            "certifications, filter + search + sort + page 2", "gaoxin", narrowed("certifications", titles, kind="hnte")
        ),
        Page("certifications, a word nothing has", "gaoxin", plain("/d/certifications/?q=%E9%BE%98%E9%BE%98")),
        Page("certifications of a county", "jinan", plain("/d/certifications/")),
        Page("parties, as opened", "gaoxin", plain("/d/parties/")),
        Page("parties, sorted, page 2", "gaoxin", sorted_by("parties", firms)),
        Page("parties, filter + search + sort + page 2", "gaoxin", narrowed("parties", firms)),
        Page("parties, a word nothing has", "gaoxin", plain("/d/parties/?q=%E9%BE%98%E9%BE%98")),
        Page("search over everything", "gaoxin", lambda n: "/search?" + urlencode({"q": _WORDS[n % len(_WORDS)]})),
        Page("tracker", "guihua", plain("/plan/")),
        Page("tracker, something logged before each request", "guihua", changed("/plan/")),
        Page("tracker of a county", "jinan", plain("/plan/")),
        Page("tracker of a frozen month", "guihua", plain("/plan/?period=2024-10")),
        Page("one target", "guihua", lambda n: f"/plan/targets/{targets[n % len(targets)]}"),
        Page("home of an officer", "gaoxin", plain("/")),
        Page("home of the head", "juzhang", plain("/")),
        Page("home of a county", "jinan", plain("/")),
    ]


if __name__ == "__main__":
    run()
