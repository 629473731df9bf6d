"""Freezing in the background, whatever the pool's size, and the days before which nobody draws."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from datetime import date, datetime
from pathlib import Path
from time import sleep

import pytest
from django.db import transaction

from keji.kernel import clock
from keji.kernel.jobs.models import Job
from keji.kernel.jobs.runner import run_job
from keji.kernel.people.models import Account
from keji.kernel.records.flow import Refused, take
from keji.kernel.rules.models import ParameterValue
from keji.modules.experts.asking import PLACE, QuotaRow, Subject
from keji.modules.experts.models import Draw, DrawResult, Expert, FrozenPool
from keji.modules.experts.services import freezing_job
from keji.modules.experts.services.drawing import draw_with_witness
from keji.modules.experts.services.freezing import Terms, freeze_draw
from keji.modules.experts.services.freezing_job import (
    KIND,
    freeze_behind,
    open_freeze,
    start_freeze,
    stop_freeze,
    waiting_said,
)

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
MATTER = Subject("SB-2024-0001", "一种轴承")


@pytest.fixture
def asked(make_experts, ask):
    """A draw nobody has frozen yet."""
    make_experts(9)
    return ask([MATTER])


@pytest.fixture
def enter(client):
    """enter(actor) → a browser of that person."""

    def log_in(actor):
        backend = "django.contrib.auth.backends.ModelBackend"
        client.force_login(Account.objects.get(pk=actor.id), backend=backend)
        return client

    return log_in


@pytest.fixture
def worker(monkeypatch):
    """While a page waits a moment the worker does what is queued."""

    def turn(seconds):
        for row in Job.objects.filter(state=Job.State.WAITING):
            run_job.func(row.pk)

    monkeypatch.setattr(freezing_job, "sleep", turn)
    monkeypatch.setattr(freezing_job, "SOON_SECONDS", 60)


def test_a_quick_freeze_is_there_before_the_page_is(asked, people, enter, worker):
    page = enter(people.second).post(f"/experts/draws/{asked.pk}/freeze", {"digits": "6"}, follow=True)
    assert "已冻结并公布摘要，请监督人到场。" in page.content.decode()
    assert FrozenPool.objects.get().frozen_by_id == people.second.id


def test_a_page_waits_no_longer_than_a_moment_and_shows_the_bar(asked, people, enter):
    officer = enter(people.second)
    page = officer.post(f"/experts/draws/{asked.pk}/freeze", {"digits": "6"}, follow=True).content.decode()
    assert "等待后台冻结" in page and "<progress" in page and "停止冻结" in page and "现在冻结会怎样" not in page
    assert not FrozenPool.objects.exists()
    Job.objects.update(state="running", done=3, total=9, beat_at=clock.now(), message="正在计算每人的机会……")
    live = f"/experts/draws/{asked.pk}/freeze/live"
    part = officer.get(live)
    assert "33%" in part.content.decode() and "HX-Refresh" not in part
    stop_freeze(asked, actor=people.officer, at=clock.now())
    assert officer.get(live)["HX-Refresh"] == "true"
    page = officer.get(f"/experts/draws/{asked.pk}").content.decode()
    assert "没有冻结：申请人已停止。" in page and "停止冻结" not in page and "冻结并公布摘要" in page


def test_what_is_stopped_during_its_longest_step_is_thrown_away_when_that_ends(asked, people, now, monkeypatch):
    row = start_freeze(asked, Terms(), actor=people.second, at=now)
    real = freezing_job.prepare

    def one_long_step(*args, **kwargs):
        stop_freeze(asked, actor=people.officer, at=now)
        return real(*args, **kwargs)

    with monkeypatch.context() as once:
        once.setattr(freezing_job, "prepare", one_long_step)
        run_job.func(row.pk)
    row.refresh_from_db()
    assert (row.state, row.message) == ("failed", "没有冻结：申请人已停止。")
    assert not FrozenPool.objects.exists()
    again = start_freeze(asked, Terms(), actor=people.second, at=now)
    assert again.pk != row.pk
    run_job.func(again.pk)
    assert FrozenPool.objects.count() == 1


def test_somebody_who_comes_back_to_the_page_sees_how_far_it_is_or_what_came_of_it(asked, people, enter, now):
    row = start_freeze(asked, Terms(), actor=people.second, at=now)
    watcher, page = enter(people.inspector), f"/experts/draws/{asked.pk}"
    shown = watcher.get(page).content.decode()
    assert "等待后台冻结" in shown and "第二人于" in shown and "停止冻结" not in shown
    run_job.func(row.pk)
    assert watcher.get(f"{page}/live?seen=requested")["HX-Refresh"] == "true"
    assert watcher.get(f"{page}/freeze/live")["HX-Refresh"] == "true"
    assert "见证并抽取" in watcher.get(page).content.decode()


def test_the_worker_writes_the_bytes_that_are_written_at_once(asked, people, now):
    def chance(size):
        return "5e" * size

    with clock.stopped_at(now):
        with transaction.atomic():
            at_once = freeze_draw(asked, Terms(), actor=people.second, at=now, chance=chance).frozen.file.read()
            transaction.set_rollback(True)
        assert freeze_behind(asked, Terms(), lambda *told: None, actor=people.second, chance=chance)
    assert FrozenPool.objects.get().file.read() == at_once


def test_what_was_agreed_on_the_seed_is_frozen_with_it(asked, people, now):
    row = start_freeze(asked, Terms(digits=8, public="某日彩票"), actor=people.second, at=now)
    assert not FrozenPool.objects.exists()
    run_job.func(row.pk)
    row.refresh_from_db()
    frozen = FrozenPool.objects.get()
    assert (row.state, row.result["url"]) == ("done", f"/experts/draws/{asked.pk}")
    assert (frozen.digits, frozen.public, frozen.frozen_by_id) == (8, "某日彩票", people.second.id)


def test_two_clicks_and_two_officers_get_the_one_job(asked, people, now):
    rows = [start_freeze(asked, Terms(), actor=a, at=now) for a in (people.second, people.second, people.officer)]
    assert len({r.pk for r in rows}) == Job.objects.filter(kind=KIND).count() == 1


def test_whoever_may_freeze_may_stop_it_and_nothing_is_left(asked, people, client, now):
    row = start_freeze(asked, Terms(), actor=people.second, at=now)
    client.force_login(Account.objects.get(pk=people.second.id), backend="django.contrib.auth.backends.ModelBackend")
    assert "停止冻结" in client.get(f"/experts/draws/{asked.pk}").content.decode()
    client.post(f"/experts/draws/{asked.pk}/freeze/stop")
    assert open_freeze(asked) is None
    run_job.func(row.pk)
    row.refresh_from_db()
    assert row.state == "failed" and "已停止" in row.message and not FrozenPool.objects.exists()
    with pytest.raises(Refused, match="没有在后台冻结"):
        stop_freeze(asked, actor=people.second, at=now)
    run_job.func(start_freeze(asked, Terms(), actor=people.second, at=now).pk)
    assert FrozenPool.objects.count() == 1


def test_a_calculation_under_way_ends_when_asked_to(asked, people, now, monkeypatch):
    """Somebody asks while the odds are being worked out: seen at the next sign of progress."""
    monkeypatch.setattr(freezing_job, "BEAT_SECONDS", 0.01)
    row = start_freeze(asked, Terms(), actor=people.second, at=now)
    real, seen = freezing_job.prepare, []

    def long_one(*args, progress, **kwargs):
        for n in range(500):
            sleep(0.01)
            seen.append(n)
            progress(n, 500)
        return real(*args, progress=progress, **kwargs)

    monkeypatch.setattr(freezing_job, "prepare", long_one)
    monkeypatch.setattr("keji.modules.experts.jobs._stopped_by", lambda row: "某人" if len(seen) > 3 else "")
    run_job.func(row.pk)
    row.refresh_from_db()
    assert row.message == "没有冻结：某人已停止。" and 3 < len(seen) < 499


def test_before_a_long_freeze_people_are_told_how_long(asked, people, client, monkeypatch):
    assert waiting_said(asked) == ""
    monkeypatch.setattr(freezing_job, "TOLD_SECONDS", 0)
    assert "大约 10 秒" in waiting_said(asked)
    client.force_login(Account.objects.get(pk=people.second.id), backend="django.contrib.auth.backends.ModelBackend")
    assert "大约 10 秒" in client.get(f"/experts/draws/{asked.pk}").content.decode()


def test_a_killed_worker_left_nothing_and_the_next_one_freezes_once(asked, people, now, monkeypatch):
    row = start_freeze(asked, Terms(), actor=people.second, at=now)

    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as once:
        once.setattr(freezing_job, "prepare", killed)
        with pytest.raises(KeyboardInterrupt):
            run_job.func(row.pk)
    asked.refresh_from_db()
    assert asked.state == "requested" and not FrozenPool.objects.exists()
    Job.objects.filter(pk=row.pk).update(beat_at=datetime(2024, 1, 1, tzinfo=now.tzinfo))
    run_job.func(row.pk)
    assert Draw.objects.get(pk=asked.pk).state == "frozen" and FrozenPool.objects.count() == 1


def test_a_job_that_comes_second_changes_nothing_and_says_so(asked, people, now):
    row = start_freeze(asked, Terms(), actor=people.second, at=now)
    first = freeze_draw(asked, actor=people.officer, at=now).frozen.sha256
    run_job.func(row.pk)
    row.refresh_from_db()
    assert (row.state, FrozenPool.objects.get().sha256) == ("done", first) and "没有重复冻结" in row.message


def test_what_cannot_be_frozen_is_told_on_the_job_and_on_the_page(make_experts, ask, people, client, now):
    make_experts(9, in_city=True)
    draw = ask([MATTER], quotas=(QuotaRow(PLACE, "市外", 2),))
    client.force_login(Account.objects.get(pk=people.second.id), backend="django.contrib.auth.backends.ModelBackend")
    client.post(f"/experts/draws/{draw.pk}/freeze", {"digits": "6"})
    page = client.get(f"/experts/draws/{draw.pk}").content.decode()
    assert "等待后台冻结" in page
    run_job.func(open_freeze(draw).pk)
    page = client.get(f"/experts/draws/{draw.pk}").content.decode()
    assert "下限由 2 降为 0" in page and "冻结并公布摘要" in page
    assert Job.objects.get().state == "failed"


@pytest.mark.parametrize(
    ("today", "refused"),
    [
        (datetime(2024, 11, 7, 9, 0), True),
        (datetime(2024, 11, 8, 9, 0), False),  # Friday before a Tuesday: Monday and Friday are the two days
        (datetime(2024, 11, 10, 9, 0), False),
        (datetime(2024, 11, 12, 9, 0), False),
    ],
)
def test_nobody_draws_earlier_than_two_working_days_before_the_review(make_experts, ask, people, now, today, refused):
    with clock.stopped_at(datetime(2024, 11, 4, 9, 0)):
        make_experts(9)
        draw = freeze_draw(ask([MATTER], review_on=date(2024, 11, 12)), actor=people.second, at=clock.now())
    with clock.stopped_at(today):
        if refused:
            with pytest.raises(Refused, match="最早在评审前 2 个工作日（2024年11月8日）抽取"):
                draw_with_witness(draw, "123456", actor=people.inspector, at=clock.now())
            assert not DrawResult.objects.exists()
        else:
            assert draw_with_witness(draw, "123456", actor=people.inspector, at=clock.now()).state == "sealed"


def test_how_many_days_is_a_dated_number(make_experts, ask, people, now):
    ParameterValue.objects.filter(name="experts.draw_earliest_workdays").update(value=5)
    make_experts(9)
    draw = freeze_draw(ask([MATTER], review_on=date(2024, 11, 19)), actor=people.second, at=now)
    assert draw_with_witness(draw, "123456", actor=people.inspector, at=now).state == "sealed"


def test_a_witness_called_away_after_looking_is_succeeded_without_a_second_draw(make_experts, ask, people, client, now):
    """The first opens the page and types one number; the second draws; the first comes back to a page of before."""
    make_experts(9)
    draw = freeze_draw(ask([MATTER]), actor=people.second, at=now)
    backend = "django.contrib.auth.backends.ModelBackend"
    client.force_login(Account.objects.get(pk=people.inspector.id), backend=backend)
    assert "见证并抽取" in client.get(f"/experts/draws/{draw.pk}").content.decode()
    client.post(f"/experts/draws/{draw.pk}/witness", {"digits": "123456", "again": ""})
    assert not DrawResult.objects.exists()
    done = draw_with_witness(draw, "654321", actor=people.other_inspector, at=now)
    client.post(f"/experts/draws/{draw.pk}/witness", {"digits": "123456", "again": "123456"})
    result = DrawResult.objects.get()
    assert (result.sha256, result.witness_id) == (done.result.sha256, people.other_inspector.id)
    with pytest.raises(Refused):
        take("witness", draw, actor=people.inspector, at=now, digits="123456")


CROWD = """
import django, threading
django.setup()
from datetime import date
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0)
from keji.kernel import clock
from keji.kernel.audit.log import verify
from keji.kernel.jobs.models import Job
from keji.kernel.jobs.runner import run_job
from keji.kernel.parties.models import Region
from keji.kernel.people.models import Account, Grant
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused
from keji.modules.experts.asking import Subject
from keji.modules.experts.models import *
from keji.modules.experts.services import freezing_job
from keji.modules.experts.services.drawing import draw_with_witness
from keji.modules.experts.services.freezing import Terms, freeze_draw, prepare
from keji.modules.experts.services.register import register_experts
from keji.modules.experts.services.requests import request_draw
from keji.modules.experts.services.seats import answer

now, on = clock.now(), clock.today()
Region.objects.create(code="341500", level="city", name="六安市", short_name="六安")

def account(role, n):
    made = Account.objects.create_user(f"{role}{n}", "x", name=f"{role}{n}")
    Grant.objects.create(account=made, role=role, from_on=date(2020, 1, 1))
    return made

officers = [account("officer", n) for n in range(4)]
inspectors = [account("inspector", n) for n in range(4)]
field = Discipline.objects.get(code="510")
register_experts([{
    "name": f"专家{n:03d}", "employer": f"大学{n:03d}", "party": None, "born_on": date(on.year - 50, 3, 1),
    "phone": f"138{n:08d}", "kind": "technical", "level": "associate", "in_city": True, "discipline": field,
    "agreed_on": on} for n in range(12)], actor=Actor.system("测试"), at=now)
Expert.objects.update(state="active", joined_on=on, confirmed_until=date(on.year + 1, 12, 31))
asker = officers[0].actor(on)

def asked():
    number = request_draw([Subject("SB-1", "题")], title="评审", size=3, review_on=on, substitutes=4,
                          contact=officers[1].pk, actor=asker, at=now)
    return Draw.objects.get(number=number)

errors = []

def at_once(acts):
    told, gate = [], threading.Barrier(len(acts))
    def work(act):
        try:
            gate.wait()
            told.append(act())
        except Refused as why:
            told.append(str(why))
        except Exception as problem:
            errors.append(repr(problem))
        finally:
            connection.close()
    threads = [threading.Thread(target=work, args=(a,)) for a in acts]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert not errors, errors
    return told

draw = asked()
told = at_once([lambda o=o: freeze_draw(Draw.objects.get(pk=draw.pk), actor=o.actor(on), at=now) for o in officers])
assert sum(isinstance(t, Draw) for t in told) == FrozenPool.objects.count() == 1, told

behind = asked()
jobs = at_once([
    lambda o=o: freezing_job.start_freeze(Draw.objects.get(pk=behind.pk), Terms(), actor=o.actor(on), at=now).pk
    for o in officers
])
assert len(set(jobs)) == 1, jobs
at_once([lambda: run_job.func(jobs[0]) for _ in range(3)])
assert FrozenPool.objects.filter(draw=behind).count() == 1 and Job.objects.get(pk=jobs[0]).state == "done"

told = at_once([
    lambda i=i: draw_with_witness(Draw.objects.get(pk=draw.pk), f"12345{i.pk}", actor=i.actor(on), at=now)
    for i in inspectors
])
assert sum(isinstance(t, Draw) for t in told) == DrawResult.objects.count() == 1, told
assert Seat.objects.count() == 3

seat = Seat.objects.first()
told = at_once([
    lambda: answer(Seat.objects.get(pk=seat.pk), False, why="busy", actor=officers[1].actor(on), at=now).state
    for _ in range(4)
])
assert told == ["declined"] * 4, told
assert Seat.objects.count() == 4 and len(DrawResult.objects.get().versions) == 2
first, second = Seat.objects.exclude(state="declined")[:2]
at_once([
    lambda s=s: answer(Seat.objects.get(pk=s.pk), False, why="health", actor=officers[1].actor(on), at=now)
    for s in (first, second)
])
assert Seat.objects.exclude(state="declined").count() == 3 and len(DrawResult.objects.get().versions) == 4
assert verify().sound
print("one draw")
"""


def test_many_at_once_freeze_once_draw_once_and_answer_once(tmp_path):
    """Real threads and transactions, on the database the suite runs on."""
    env = os.environ | {"KEJI_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "keji.site.settings"}
    if server := os.environ.get("KEJI_DATABASE_URL", ""):
        import psycopg

        name = f"draw_{uuid.uuid4().hex[:8]}"
        with psycopg.connect(server, autocommit=True) as link:
            link.execute(f"CREATE DATABASE {name}")
        env["KEJI_DATABASE_URL"] = server.rsplit("/", 1)[0] + f"/{name}"
    script = [sys.executable, "-c", CROWD]
    done = subprocess.run(script, cwd=ROOT, env=env, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "one draw" in done.stdout
    assert not Expert.objects.exists()


def test_the_name_of_the_public_figure_is_kept_whole_or_refused(asked, people, enter):
    said = {"digits": "6", "public": "彩" * 121}
    page = enter(people.second).post(f"/experts/draws/{asked.pk}/freeze", said, follow=True).content.decode()
    assert "没有冻结：公开数字的名称最多 120 字，现有 121 字" in page and not Job.objects.exists()
