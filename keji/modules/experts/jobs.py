"""What runs later: every night who should leave is listed (leaving stays with people); large pools are frozen."""

from __future__ import annotations

from typing import Any

from keji.kernel import clock
from keji.kernel.jobs.models import Job
from keji.kernel.jobs.runner import JobFailed, Report, actor_of, job
from keji.kernel.records.flow import Refused
from keji.modules.experts.models import Draw
from keji.modules.experts.services.credit import propose_exits
from keji.modules.experts.services.freezing import Terms
from keji.modules.experts.services.freezing_job import KIND, STOP, freeze_behind


@job("expert_exits")
def run_exits(row: Job, report: Report) -> dict[str, Any]:
    """Open a case for everybody an exit rule speaks of."""
    made = propose_exits(actor=actor_of(row), at=clock.now())
    report(1, 1, "")
    return {"message": f"新列出 {len(made)} 件出库。", "url": "/d/expert-exits/"}


@job(KIND)
def run_freeze(row: Job, report: Report) -> dict[str, Any]:
    """Freeze a large pool; whoever comes second finds it frozen and is told so."""
    draw = Draw.objects.get(pk=row.params["draw"])
    try:
        terms = Terms(**row.params["terms"])
        own = freeze_behind(draw, terms, report, actor=actor_of(row), stopped=lambda: _stopped_by(row))
    except Refused as why:
        raise JobFailed(f"没有冻结：{why}。") from None
    said = "已冻结并公布摘要，请监督人到场。" if own else "这次抽取已经冻结，没有重复冻结。"
    return {"message": said, "url": f"/experts/draws/{draw.pk}"}


def _stopped_by(row: Job) -> str:
    """Who has asked for the job to end, "" for nobody."""
    params = Job.objects.filter(pk=row.pk).values_list("params", flat=True).first()
    return str((params or {}).get(STOP, ""))
