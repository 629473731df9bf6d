"""A call that drew 5,000 applications with three reviews each: closing it, and the pages that show it.

Run: python -m benchmarks reviews (in data folders of its own). The applications are put in by rows, not by services:
they are the weight to be carried; what is measured goes through services and pages as in any house.
"""

from __future__ import annotations

import time
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from benchmarks import house

PROPOSALS, EACH, EXPERTS, LOOKS = 5_000, 3, 60, 3
POINTS = (27, 22, 21, 8, 7)


def run() -> None:
    """Print Markdown tables: seconds of closing; queries and CPU time of each page, small and large."""
    found: dict[str, dict[str, Any]] = {}
    with house.folder() as folder:
        for kind in house.DATABASES:
            with house.database(kind) as url:
                found[kind] = house.ask("benchmarks.reviews", "measure", data=folder / kind.lower(), url=url)
    print(f"| seconds ({house.machine()}) | {' | '.join(found)} |\n|---|{'---:|' * len(found)}")
    every = list(found.values())
    for step in every[0]["steps"]:
        print(f"| {step} | {' | '.join(format(f['steps'][step], '.2f') for f in every)} |")
    print(f"\n| page: queries, CPU ms | {' | '.join(found)} |\n|---|{'---:|' * len(found)}")
    for name in every[0]["pages"]:
        cells = [f["pages"][name] for f in every]
        print(f"| {name} | {' | '.join(f'{asked}, {spent:.0f}' for asked, spent in cells)} |")


def measure() -> dict[str, Any]:
    """{steps: {step: seconds}, pages: {page: [queries, CPU ms of a middling request]}} in this process's house."""
    from django.utils import timezone

    from keji.kernel import clock
    from keji.kernel.people.roles import Actor
    from keji.kernel.records.flow import take
    from keji.modules.projects.reviews.services import scoring

    now = timezone.make_aware(datetime(2024, 12, 10, 10))
    steps: dict[str, float] = {}
    with clock.stopped_at(now):
        people, city = _people(now)
        small = _batch(people, city, 20, now, "小批次")
        large = _batch(people, city, PROPOSALS, now, "大批次")
        pages = {
            f"{n:,}, under way: {k}": v for n, b in ((20, small), (PROPOSALS, large)) for k, v in _pages(b).items()
        }
        system = Actor.system("测速")
        steps["why it cannot be closed yet"] = house.seconds(lambda: scoring.closing_problem(large))
        steps[f"closing: {PROPOSALS * EACH:,} sheets to {PROPOSALS:,} scores, logged"] = house.seconds(
            lambda: take("close", large, actor=system, at=now)
        )
        steps["ranking"] = house.seconds(lambda: scoring.ranked(large.guideline))
        large.refresh_from_db()
        pages |= {f"{PROPOSALS:,}, closed: {k}": v for k, v in _pages(large).items()}
    return {"steps": steps, "pages": pages}


def _people(now: datetime) -> tuple[list[Any], Any]:
    """Sixty experts who can log in, and an officer; → (the experts, the city)."""
    from keji.kernel.parties.models import Person, Region
    from keji.kernel.people.models import Account, Grant

    city = Region.objects.create(code="341500", level="city", name="六安市", short_name="六安")
    made = []
    for n in range(EXPERTS + 1):
        account = Account.objects.create(
            username=f"u{n}", name=f"专家{n:02d}", password="!", password_changed_on=now.date()
        )
        role = "expert" if n else "officer"
        Grant.objects.create(account=account, role=role, from_on=date(2024, 1, 1))
        if n:
            made.append(Person.objects.create(name=account.name, account=account, created_at=now))
    return made, city


def _batch(people: list[Any], city: Any, size: int, now: datetime, title: str) -> Any:
    """A running batch with every sheet in."""
    from keji.kernel.parties.models import Party
    from keji.modules.projects import models as m

    told = {"region": city, "created_at": now, "updated_at": now, "state_since": now, "source": "bureau"}
    scheme = m.ReviewScheme.objects.create(number=f"PF-{title}", title=title, state="frozen", panel_least=EACH, **told)
    criteria = [m.Criterion.objects.create(scheme=scheme, order=n, name=f"指标{n}", full=f) for n, f in
                enumerate((30, 25, 25, 10, 10), 1)]  # fmt: skip
    call = m.Guideline.objects.create(
        number=f"ZN-{title}", title=title, state="open", scheme=scheme, year=2024, opens_on=date(2024, 9, 1),
        closes_on=date(2024, 10, 8), money=size * 100_000, grant_most=300_000, county_days=10, form_days=10,
        resubmit_days=5, publicity_days=5, programme=m.Programme.objects.create(name=title), **told,
    )  # fmt: skip
    batch = m.ReviewBatch.objects.create(
        number=f"PS-{title}", guideline=call, title=title, due_on=date(2024, 12, 20), state="running", **told
    )
    parties = Party.objects.bulk_create(
        [Party(uscc=f"{title[0]}{n:017d}", name=f"{title}{n:05d}有限公司", kind="enterprise", region=city,
               created_at=now) for n in range(size)], batch_size=500,
    )  # fmt: skip
    proposals = m.Proposal.objects.bulk_create(
        [m.Proposal(number=f"{title[0]}{n:06d}", guideline=call, batch=batch, party=p, title=f"{p.name}关键技术研究",
                    state="reviewing", business=300_000, months=24, **told) for n, p in enumerate(parties)],
        batch_size=500,
    )  # fmt: skip
    sheets = m.Review.objects.bulk_create(
        [m.Review(batch=batch, proposal=p, person=people[who], code=f"Z{who + 1:02d}", state="submitted",
                  state_since=now, total=Decimal(sum(POINTS) - (n * 7 + k) % 11), comment="技术路线可行，建议支持。")
         for n, p in enumerate(proposals) for k in range(EACH) for who in [(n * EACH + k) % EXPERTS]],
        batch_size=500,
    )  # fmt: skip
    m.Mark.objects.bulk_create(
        [m.Mark(review=s, criterion=c, points=points) for s in sheets
         for c, points in zip(criteria, POINTS, strict=True)], batch_size=500,
    )  # fmt: skip
    m.Review.objects.filter(pk__in=[s.pk for s in sheets[:: EXPERTS * 2 - 1]]).update(state="assigned", total=None)
    m.Review.objects.filter(batch=batch, state="assigned").exclude(person=people[0]).update(state="submitted", total=80)
    if size == PROPOSALS:
        m.Review.objects.filter(batch=batch, state="assigned").update(state="submitted", total=80)
    return batch


def _pages(batch: Any) -> dict[str, list[float]]:
    """Queries and CPU time of the pages that show one batch."""
    from keji.modules.projects.models import Review

    sheet = Review.objects.filter(batch=batch, person__account__username="u1").first()
    wanted = [
        ("the batch's page", "u0", f"/d/review-batches/{batch.pk}"),
        ("progress, as the open page asks", "u0", f"/projects/batches/{batch.pk}/progress"),
        ("the meeting that decides", "u0", f"/projects/guidelines/{batch.guideline_id}/meeting"),
        ("proposals by score", "u0", f"/d/proposals/?guideline={batch.guideline_id}&sort=-score"),
        ("an expert's own tasks", "u1", "/projects/reviews"),
        ("an expert's sheet", "u1", f"/projects/reviews/{sheet.pk}" if sheet else "/projects/reviews"),
    ]
    return {name: _looked(username, path) for name, username, path in wanted}


def _looked(username: str, path: str) -> list[float]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from keji.kernel.people.models import Account

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(Account.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    client.get(path)
    times = []
    for _ in range(LOOKS):
        before = time.process_time()
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(path)
        times.append((time.process_time() - before) * 1000)
        assert answer.status_code == 200, (path, answer.status_code)
    return [len(asked), sorted(times)[LOOKS // 2]]
