"""What the house does by itself, and when: one line per daily job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from django.utils import timezone

from keji.kernel import clock
from keji.kernel.jobs.models import Job
from keji.kernel.jobs.runner import known, submit
from keji.kernel.people.roles import Actor


@dataclass(frozen=True)
class Daily:
    kind: str
    title: str
    at: time


TIMETABLE = (
    Daily("close_notices", "公示期满结束", time(0, 10)),
    Daily("facts-expire", "资料到期整理", time(0, 20)),
    Daily("race_schemes", "赛马方案到期", time(0, 30)),
    Daily("burden", "填报负担统计", time(1, 0)),
    Daily("assess", "每日评判", time(1, 30)),
    Daily("prospects", "更新后备名单", time(5, 0)),  # after the night's judging
    Daily("rnd_zeroing", "双清零名单每日更新", time(5, 30)),
    Daily("expert_exits", "列出应出库的评审专家", time(5, 45)),
    Daily("statistics", "更新数据库统计信息", time(6, 0)),  # after the night has filled the tables
    Daily("tenancy", "孵化期满提醒", time(8, 0)),
    Daily("urge", "每日催办", time(8, 30)),
)


def start_due() -> list[Job]:
    """Submit each daily job whose hour has come and that has not been submitted today."""
    now = timezone.localtime(clock.now())
    started = []
    for entry in TIMETABLE:
        if entry.kind not in known() or now.time() < entry.at:
            continue
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        if not Job.objects.filter(kind=entry.kind, created_by=None, created_at__gte=midnight).exists():
            started.append(submit(entry.kind, entry.title, actor=Actor.system()))
    return started
