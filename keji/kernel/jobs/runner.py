"""Submitting and running jobs.

A job is a function `(job, report)`; `report(done, total, message)` moves the bar from outside the job's own
transaction, so people see it while the job's writes are still all-or-nothing. A worker that was killed leaves a job
without a heartbeat: the next worker takes it up again from its beginning, which all-or-nothing makes safe.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django_tasks import task

from keji.kernel import clock
from keji.kernel.jobs.models import Job
from keji.kernel.people.models import Account
from keji.kernel.people.roles import Actor

Report = Callable[[int, int, str], None]
Work = Callable[[Job, Report], dict[str, Any] | None]

_works: dict[str, Work] = {}
STALE = timedelta(seconds=60)
MOST_ATTEMPTS = 3

logger = logging.getLogger(__name__)


class JobFailed(Exception):
    """The job met something a person must mend; the message is a sentence for them."""


def job(kind: str) -> Callable[[Work], Work]:
    """Register the function that does jobs of this kind."""

    def register(work: Work) -> Work:
        _works[kind] = work
        return work

    return register


def known() -> frozenset[str]:
    """The kinds of jobs some module has registered."""
    return frozenset(_works)


def submit(kind: str, title: str, *, actor: Actor, params: dict[str, Any] | None = None) -> Job:
    """Queue a job; it starts when the transaction around this call has ended well."""
    row = Job.objects.create(
        kind=kind, title=title, params=params or {}, created_by_id=actor.id, created_at=clock.now()
    )
    transaction.on_commit(lambda: run_job.enqueue(row.pk))
    return row


@task()
def run_job(job_id: int) -> None:
    """What a worker does with a queued job."""
    now = timezone.now()
    taken = (
        Job.objects.filter(pk=job_id)
        .exclude(state__in=[Job.State.DONE, Job.State.FAILED])
        .exclude(state=Job.State.RUNNING, beat_at__gt=now - STALE)
        .update(state=Job.State.RUNNING, started_at=now, beat_at=now, message="", done=0)
    )
    if not taken:
        return
    row = Job.objects.get(pk=job_id)
    row.attempts += 1
    row.save(update_fields=["attempts"])
    try:
        result = _works[row.kind](row, _reporter(row))
        row.state, row.result, row.message = Job.State.DONE, result or {}, (result or {}).get("message", "")
    except JobFailed as problem:
        row.state, row.message = Job.State.FAILED, str(problem)
    except Exception:
        logger.exception("job %s (%s) failed", row.pk, row.kind)
        row.state, row.message = Job.State.FAILED, "处理时出现意外错误，没有写入任何数据。请把任务编号告诉系统管理员。"
    row.ended_at = timezone.now()
    row.save(update_fields=["state", "result", "message", "ended_at", "file", "file_name"])


def _reporter(row: Job) -> Report:
    """Progress is written through another connection: the job's own transaction would hide it until the end.

    What somebody has ended meanwhile tells no more.
    """

    def report(done: int, total: int, message: str = "") -> None:
        values = {"done": done, "total": total, "message": message[:500], "beat_at": timezone.now()}
        if connection.vendor == "sqlite" and connection.in_atomic_block:
            return  # SQLite has one writer: the bar rests while the job writes
        if connection.in_atomic_block:
            thread = threading.Thread(target=_write_elsewhere, args=(row.pk, values))
            thread.start()
            thread.join()
        else:
            Job.objects.filter(pk=row.pk, ended_at=None).update(**values)

    return report


def _write_elsewhere(pk: int, values: dict[str, Any]) -> None:
    try:
        Job.objects.filter(pk=pk, ended_at=None).update(**values)
    finally:
        connection.close()


def resume_stale() -> int:
    """Queue again what a killed worker left half-way; too many attempts end a job instead."""
    stale = Job.objects.filter(state=Job.State.RUNNING, beat_at__lt=timezone.now() - STALE)
    stale.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=Job.State.FAILED, message="多次中断，没有写入任何数据。请联系系统管理员。", ended_at=timezone.now()
    )
    waiting = list(stale.filter(attempts__lt=MOST_ATTEMPTS))
    for row in waiting:
        run_job.enqueue(row.pk)
    return len(waiting)


def actor_of(row: Job) -> Actor:
    """Whoever submitted the job, with the authority they have now; the platform for nightly jobs."""
    if row.created_by_id is None:
        return Actor.system()
    return Account.objects.get(pk=row.created_by_id).actor(clock.today())
