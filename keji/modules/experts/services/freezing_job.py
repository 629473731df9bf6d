"""Freezing asked for on a page: always a job, so that no page computes; a quick one is there before the page is.

How long it takes cannot be told from the pool's size: quotas without room can take twenty times as long as the same
experts with some. So nothing is tried in the page and begun anew elsewhere; the page waits a moment for the worker.
Nothing is written until pool, rules and odds are worked out: a worker that is killed leaves the draw as it was, with
no number sealed and none published, and the next worker begins anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from secrets import token_hex
from threading import Event, Thread
from time import monotonic, sleep

from django.db import DatabaseError, connection
from django.db.models import QuerySet

from keji.kernel import clock
from keji.kernel.audit.log import log, writing
from keji.kernel.jobs.models import Job
from keji.kernel.jobs.runner import Report, submit
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused, take
from keji.kernel.records.saving import locked
from keji.lib.draw import seconds_about
from keji.modules.experts.models import Draw, FrozenPool
from keji.modules.experts.services.freezing import Chance, Terms, prepare
from keji.modules.experts.services.snapshot import pool_size

KIND = "draw-freeze"
#: So long a page waits for a freeze that may be quick before it shows the bar instead.
SOON_SECONDS = 3.0
LOOK_SECONDS = 0.1
#: From so many seconds on, by the pool's size, people are told before.
TOLD_SECONDS = 5
BEAT_SECONDS = 2.0
STOP = "stopped_by"  # in the job's parameters: who asked for it to end


def start_freeze(draw: Draw, terms: Terms, *, actor: Actor, at: datetime) -> Job:
    """Freeze as a job; while one is under way everybody gets that one. Raises Refused with a sentence."""
    with writing(actor, at):
        fresh: Draw = locked(draw)  # two clicks, or two officers: the second finds the job of the first
        if why := Draw.flow["freeze"].refusal(actor, fresh):
            raise Refused(why)
        if under_way := open_freeze(fresh):
            return under_way
        params = {"draw": fresh.pk, "terms": asdict(terms)}
        return submit(KIND, f"冻结专家库：{fresh.title}（{fresh.number}）", actor=actor, params=params)


def wait_a_moment(row: Job) -> Job:
    """The job as it stands when it has ended, or after SOON_SECONDS if it has not by then."""
    until = monotonic() + SOON_SECONDS
    while not row.ended and monotonic() < until:
        sleep(LOOK_SECONDS)
        row.refresh_from_db()
    return row


def stop_freeze(draw: Draw, *, actor: Actor, at: datetime) -> None:
    """End what freezes this draw in the background; nothing was written, and it may be frozen anew at once.

    The worker may need a minute to the end of the step it is in; what it comes to is thrown away. Raises Refused with a
    sentence where nothing is under way or this actor may not freeze.
    """
    with writing(actor, at):
        fresh: Draw = locked(draw)
        if why := Draw.flow["freeze"].refusal(actor, fresh):
            raise Refused(why)
        job = open_freeze(fresh)
        if job is None:
            raise Refused("现在没有在后台冻结")
        job.params = job.params | {STOP: actor.name}
        job.state, job.message, job.ended_at = Job.State.FAILED, f"没有冻结：{actor.name}已停止。", at
        job.save(update_fields=["params", "state", "message", "ended_at"])
        log("停止后台冻结", fresh)


def waiting_said(draw: Draw) -> str:
    """What is told before a large pool is frozen: how long it may take; "" where the page will hardly wait."""
    size = pool_size(draw)
    seconds = seconds_about(size, draw.size)
    if seconds < TOLD_SECONDS:
        return ""
    about = f"{max(10, round(seconds, -1)):.0f} 秒" if seconds < 55 else f"{round(seconds / 60):.0f} 分钟"
    return (
        f"专家库 {size:,} 人，每人的机会要在后台计算，大约 {about}，名额没有余地时更久。"
        "计算中可以离开本页，也可以停止，停止后什么都不会留下。"
    )


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


def freeze_behind(
    draw: Draw,
    terms: Terms,
    report: Report,
    *,
    actor: Actor,
    stopped: Callable[[], str] = lambda: "",
    chance: Chance = token_hex,
) -> bool:
    """What the job does; → whether this attempt froze the pool, False where another had done so.

    `stopped`: who has asked for it to end, "" while nobody has. Raises Refused with a sentence, and then nothing has
    been written.
    """
    if FrozenPool.objects.filter(draw=draw).exists():
        return False
    if why := Draw.flow["freeze"].refusal(actor, draw):
        raise Refused(why)
    if by := stopped():
        raise Refused(f"{by}已停止")
    at = clock.now()
    with beating(report, pool_size(draw), stopped) as beat:
        prepared = prepare(draw, terms, at, chance, progress=beat.tell)
    report(beat.total, beat.total, "正在写入冻结文件……")
    try:
        with writing(actor, at):
            locked(draw)  # who stops it holds the draw as well: either it is stopped or it is frozen
            if by := stopped():
                raise Refused(f"{by}已停止")
            take("freeze", draw, actor=actor, at=at, prepared=prepared)
    except Refused:
        if FrozenPool.objects.filter(draw=draw).exists():
            return False
        raise
    return True


@dataclass
class Beat:
    """How far the calculation is, passed from the calculating thread to the one that reports."""

    total: int
    done: int = 0
    stopped_by: str = ""
    over: Event = field(default_factory=Event)

    def tell(self, done: int, total: int) -> None:
        """How much is done of how much. Raises Refused once somebody has asked for it to end."""
        self.done = self.total * done // max(1, total)
        if self.stopped_by:
            raise Refused(f"{self.stopped_by}已停止")


@contextmanager
def beating(report: Report, total: int, stopped: Callable[[], str] = lambda: "") -> Iterator[Beat]:
    """Sign of life while one long calculation goes on: without it another worker would take the job for abandoned."""
    beat = Beat(total)

    def tell() -> None:
        try:
            while not beat.over.is_set():
                with suppress(DatabaseError):  # somebody else writes: the next beat will do
                    beat.stopped_by = stopped()
                    report(beat.done, total, "正在计算每人的机会……")
                beat.over.wait(BEAT_SECONDS)
        finally:
            connection.close()

    helper = Thread(target=tell, daemon=True)
    helper.start()
    try:
        yield beat
    finally:
        beat.over.set()
        helper.join()
