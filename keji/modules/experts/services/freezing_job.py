"""Freezing a large pool: behind a progress bar instead of a page that hangs, and still once only.

Nothing is written until pool, rules and odds are worked out: a worker that is killed leaves the draw as it was, with
no number sealed and none published, and the next worker begins anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from threading import Event, Thread

from django.db import DatabaseError, connection
from django.db.models import QuerySet

from keji.kernel import clock
from keji.kernel.audit.log import writing
from keji.kernel.jobs.models import Job
from keji.kernel.jobs.runner import Report, submit
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused, take
from keji.kernel.records.saving import locked
from keji.modules.experts.models import Draw, FrozenPool
from keji.modules.experts.services.freezing import Terms, freeze_draw, prepare
from keji.modules.experts.services.snapshot import pool_size

KIND = "draw-freeze"
#: Up to so many experts a freeze takes about as long as a page may; above, it is a job.
AT_ONCE = 2000
BEAT_SECONDS = 10.0


def start_freeze(draw: Draw, terms: Terms, *, actor: Actor, at: datetime) -> Job | None:
    """Freeze at once where the pool is small (→ None), else as a job; while one is under way everybody gets that one.

    Raises Refused with a sentence.
    """
    if pool_size(draw) <= AT_ONCE:
        freeze_draw(draw, terms, actor=actor, at=at)
        return None
    with writing(actor, at):
        fresh: Draw = locked(draw)  # two clicks, or two officers: the second finds the job of the first
        if why := Draw.flow["freeze"].refusal(actor, fresh):
            raise Refused(why)
        if under_way := open_freeze(fresh):
            return under_way
        params = {"draw": fresh.pk, "terms": asdict(terms)}
        return submit(KIND, f"冻结专家库：{fresh.title}（{fresh.number}）", actor=actor, params=params)


def open_freeze(draw: Draw) -> Job | None:
    """The job that freezes this draw now, waiting or running."""
    return freezes_of(draw).filter(state__in=[Job.State.WAITING, Job.State.RUNNING]).first()


def freezes_of(draw: Draw) -> QuerySet[Job]:
    """Every attempt to freeze this draw in the background, the last first."""
    return Job.objects.filter(kind=KIND, params__draw=draw.pk).select_related("created_by").order_by("-pk")


def last_failure(draw: Draw) -> str:
    """Why the last attempt in the background came to nothing; "" when there was none or it did not fail."""
    last = freezes_of(draw).first()
    return last.message if last is not None and last.state == Job.State.FAILED else ""


def freeze_behind(draw: Draw, terms: Terms, report: Report, *, actor: Actor) -> bool:
    """What the job does; → whether this attempt froze the pool, False where another had done so.

    Raises Refused with a sentence, and then nothing has been written.
    """
    if FrozenPool.objects.filter(draw=draw).exists():
        return False
    if why := Draw.flow["freeze"].refusal(actor, draw):
        raise Refused(why)
    at, size = clock.now(), pool_size(draw)
    with beating(report, size):
        prepared = prepare(draw, terms, at)
    report(size, size, "正在写入冻结文件……")
    try:
        take("freeze", draw, actor=actor, at=at, prepared=prepared)
    except Refused:
        if FrozenPool.objects.filter(draw=draw).exists():
            return False
        raise
    return True


@contextmanager
def beating(report: Report, total: int) -> Iterator[None]:
    """Sign of life while one long calculation goes on: without it another worker would take the job for abandoned."""
    over = Event()

    def beat() -> None:
        try:
            while not over.is_set():
                with suppress(DatabaseError):  # somebody else writes: the next beat will do
                    report(0, total, "正在计算每人的机会……")
                over.wait(BEAT_SECONDS)
        finally:
            connection.close()

    helper = Thread(target=beat, daemon=True)
    helper.start()
    try:
        yield
    finally:
        over.set()
        helper.join()
