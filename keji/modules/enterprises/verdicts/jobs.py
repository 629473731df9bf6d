"""Judging everybody at night, after imports and on request; rehearsing a change of law."""

from __future__ import annotations

from typing import Any

from keji.kernel import clock
from keji.kernel.jobs.models import Job
from keji.kernel.jobs.runner import Report, actor_of, job
from keji.modules.enterprises.ladder.services.prospects import refresh_prospects
from keji.modules.enterprises.verdicts.rehearsal import KIND as REHEARSAL
from keji.modules.enterprises.verdicts.rehearsal import Proposal, rehearsed
from keji.modules.enterprises.verdicts.runs import KIND, judge_everybody


@job(KIND)
def run(row: Job, report: Report) -> dict[str, Any]:
    """Cut off and done again it goes on where it stood: what was judged is passed over."""
    made = judge_everybody(
        str(row.params.get("reason") or "每日评判"),
        on=clock.today(),
        actor=actor_of(row),
        at=clock.now(),
        progress=lambda done, of: report(done, of, "正在评判"),
        ended=clock.now,
    )
    refresh_prospects(on=clock.today(), actor=actor_of(row), at=clock.now())  # the working lists follow at once
    said = f"评判 {made.units:,} 家企业，重新评判 {made.judged:,} 项，结论变化 {made.changed:,} 项"
    return {"message": said, "url": f"/enterprises/runs/{made.pk}"}


@job(REHEARSAL)
def rehearse(row: Job, report: Report) -> dict[str, Any]:
    report(0, 1, "正在预演")
    found = rehearsed(Proposal.read(row.params), on=clock.today())
    return {"message": found.sentence, "rehearsal": found.plain(), "url": f"/enterprises/rehearsal/{row.pk}"}
