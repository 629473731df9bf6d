"""Judging everybody by every rung, and keeping what the run came to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.db.models import Count

from keji.kernel.audit.log import log, writing
from keji.kernel.jobs.models import Job
from keji.kernel.jobs.runner import submit
from keji.kernel.people.roles import Actor
from keji.kernel.rules.judging import assess
from keji.kernel.rules.models import Assessment, AssessmentRun, OutcomeChange
from keji.modules.enterprises.rungs import LADDER

KIND = "assess"
NAMES = {True: "passed", False: "failed", None: "open"}


def judge_everybody(
    reason: str,
    *,
    on: date,
    actor: Actor,
    at: datetime,
    progress: Callable[[int, int], None] = lambda done, of: None,
    ended: Callable[[], datetime] | None = None,
) -> AssessmentRun:
    """Judge every firm by every rung in force; only those with other facts or other law are judged again."""
    with writing(actor, at):
        run = AssessmentRun.objects.create(on=on, reason=reason, by=actor.name, started_at=at)
        log("开始评判", run, {"reason": [None, reason]})
    tally = assess(LADDER, on=on, at=at, progress=progress)
    run.units, run.judged, run.changed, run.counts = tally.units, tally.judged, tally.changed, standings()
    run.ended_at = ended() if ended else at
    with writing(actor, at):
        run.save()
        OutcomeChange.objects.bulk_create(
            [
                OutcomeChange(run=run, party_id=c.party, rule=c.rule, before=c.before, after=c.after)
                for c in tally.changes
            ],
            batch_size=1000,
        )
        log("完成评判", run, {"judged": [None, run.judged], "changed": [None, run.changed]})
    return run


def standings() -> dict[str, dict[str, int]]:
    """How many firms stand where with each rung."""
    found = {code: dict.fromkeys(NAMES.values(), 0) for code in LADDER}
    rows = Assessment.objects.filter(rule__in=LADDER).order_by().values_list("rule", "passed")
    for rule, passed, count in rows.annotate(n=Count("pk")):
        found[rule][NAMES[passed]] = count
    return found


def judge_soon(reason: str, *, actor: Actor) -> Job | None:
    """Have everybody judged in the background, as after an import; one that is waiting already is enough."""
    if Job.objects.filter(kind=KIND, state=Job.State.WAITING).exists():
        return None
    return submit(KIND, f"评判：{reason}", actor=actor, params={"reason": reason})
