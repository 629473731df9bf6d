"""What the pool does by itself: who should leave is listed every night; leaving stays with people."""

from __future__ import annotations

from typing import Any

from keji.kernel import clock
from keji.kernel.jobs.models import Job
from keji.kernel.jobs.runner import Report, actor_of, job
from keji.modules.experts.services.credit import propose_exits


@job("expert_exits")
def run_exits(row: Job, report: Report) -> dict[str, Any]:
    """Open a case for everybody an exit rule speaks of."""
    made = propose_exits(actor=actor_of(row), at=clock.now())
    report(1, 1, "")
    return {"message": f"新列出 {len(made)} 件出库。", "url": "/d/expert-exits/"}
