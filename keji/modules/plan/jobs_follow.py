"""The daily reminder to sections that owe a progress note."""

from __future__ import annotations

from typing import Any

from keji.kernel import clock
from keji.kernel.jobs.models import Job
from keji.kernel.jobs.runner import Report, actor_of, job
from keji.modules.plan.services.urging import urge


@job("urge")
def run(row: Job, report: Report) -> dict[str, Any]:
    """Twice on one day is harmless: whoever was reminded is left alone for days."""
    sent = urge(clock.today(), actor=actor_of(row), at=clock.now())
    report(len(sent), len(sent), "")
    if not sent:
        return {"message": "今天没有需要催办的人"}
    return {"message": f"已催办 {len(sent)} 人、{sum(len(d.debts) for d in sent)} 项进展"}
