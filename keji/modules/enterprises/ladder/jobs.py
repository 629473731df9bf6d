"""The list of prospects, brought up to date after the night's judging."""

from __future__ import annotations

from typing import Any

from keji.kernel import clock
from keji.kernel.jobs.models import Job
from keji.kernel.jobs.runner import Report, actor_of, job
from keji.modules.enterprises.ladder.services.prospects import refresh_prospects


@job("prospects")
def run(row: Job, report: Report) -> dict[str, Any]:
    """Twice on one day is harmless: only what was judged since is sifted again."""
    made = refresh_prospects(
        on=clock.today(),
        actor=actor_of(row),
        at=clock.now(),
        progress=lambda done, of: report(done, of, "正在筛选……"),
    )
    return {
        "message": f"后备名单已更新：重新筛选 {made.touched:,} 条，现有 {made.total:,} 家次。",
        "url": "/enterprises/ladder/near",
    }
