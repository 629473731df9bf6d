"""Background work: progress anyone can watch, all or nothing, taken up again after the machine was switched off."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from keji.kernel.jobs import runner
from keji.kernel.jobs.models import Job
from keji.kernel.jobs.runner import JobFailed, job, resume_stale, run_job, submit
from keji.kernel.people.roles import Actor

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


@pytest.fixture
def works():
    known = dict(runner._works)
    yield runner._works
    runner._works.clear()
    runner._works.update(known)


def run(row):
    run_job.func(row.pk)
    row.refresh_from_db()
    return row


def test_a_job_reports_its_progress_and_result(works):
    @job("count")
    def count(row, report):
        report(5, 10, "一半")
        return {"message": "数完了", "total": 10}

    row = run(submit("count", "数数", actor=SYSTEM))
    assert (row.state, row.percent, row.message) == ("done", 100, "数完了")
    assert row.ended_at


def test_a_problem_somebody_must_mend_is_told_in_a_sentence(works):
    @job("fail")
    def fail(row, report):
        raise JobFailed("表里没有数据行。")

    assert run(submit("fail", "失败", actor=SYSTEM)).message == "表里没有数据行。"


def test_an_unforeseen_error_ends_the_job_without_its_traceback_on_the_page(works):
    @job("crash")
    def crash(row, report):
        raise RuntimeError("secret detail")

    row = run(submit("crash", "崩溃", actor=SYSTEM))
    assert row.state == "failed"
    assert "secret" not in row.message


def test_a_finished_job_is_not_done_twice(works):
    times = []

    @job("once")
    def once(row, report):
        times.append(1)

    row = run(submit("once", "一次", actor=SYSTEM))
    run(row)
    assert times == [1]


def test_what_a_killed_worker_left_is_taken_up_again(works):
    @job("slow")
    def slow(row, report):
        return {"message": "做完"}

    row = submit("slow", "中断", actor=SYSTEM)
    long_ago = timezone.now() - timedelta(minutes=5)
    Job.objects.filter(pk=row.pk).update(state="running", beat_at=long_ago, attempts=1)
    assert resume_stale() == 1
    assert run(row).state == "done"


def test_a_job_that_keeps_killing_its_worker_is_given_up(works):
    row = submit("slow", "总是中断", actor=SYSTEM)
    Job.objects.filter(pk=row.pk).update(state="running", beat_at=timezone.now() - timedelta(minutes=5), attempts=3)
    assert resume_stale() == 0
    row.refresh_from_db()
    assert row.state == "failed"


def test_a_job_at_work_is_left_alone(works):
    row = submit("slow", "正在做", actor=SYSTEM)
    Job.objects.filter(pk=row.pk).update(state="running", beat_at=timezone.now(), attempts=1)
    assert resume_stale() == 0
    run(row)
    assert row.state == "running"


def test_the_timetable_starts_each_daily_job_once_a_day(works):
    from datetime import datetime

    from keji.kernel import clock
    from keji.site.timetable import start_due

    works.clear()  # only one of the daily jobs is known in this house
    job("urge")(lambda row, report: None)

    def urged() -> list[str]:
        return [j.kind for j in start_due() if j.kind == "urge"]

    with clock.stopped_at(datetime(2024, 11, 12, 7, 0)):
        assert urged() == []
    with clock.stopped_at(datetime(2024, 11, 12, 8, 31)):
        assert urged() == ["urge"]
        assert start_due() == []
    with clock.stopped_at(datetime(2024, 11, 13, 9, 0)):
        assert urged() == ["urge"]
