"""What the race does by itself: an edition whose last day is over is in force no longer."""

from __future__ import annotations

from typing import Any

from keji.kernel import clock
from keji.kernel.jobs.models import Job
from keji.kernel.jobs.runner import Report, job
from keji.modules.horserace.services.schemes import retire_schemes


@job("race_schemes")
def run_retiring(row: Job, report: Report) -> dict[str, Any]:
    gone = retire_schemes(at=clock.now())
    report(1, 1, "")
    return {"message": f"{len(gone)} 版方案停止执行。", "url": "/d/race-schemes/"}
