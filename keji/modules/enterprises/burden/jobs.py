"""The burden is measured every night; in January last year once more."""

from __future__ import annotations

from typing import Any

from keji.kernel import clock
from keji.kernel.jobs.models import Job
from keji.kernel.jobs.runner import Report, job
from keji.modules.enterprises.burden.services import measure


@job("burden")
def run_measure(row: Job, report: Report) -> dict[str, Any]:
    now, today = clock.now(), clock.today()
    years = [today.year - 1, today.year] if today.month == 1 else [today.year]
    done = {year: measure(year, at=now) for year in years}
    return {"message": f"已统计 {done[today.year]:,} 家单位{today.year}年的填报负担。", "url": "/enterprises/burden"}
