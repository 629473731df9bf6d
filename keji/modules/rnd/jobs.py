"""What this module does by itself: the zeroing list is brought up to the facts every day."""

from __future__ import annotations

from typing import Any

from keji.kernel import clock
from keji.kernel.jobs.models import Job
from keji.kernel.jobs.runner import Report, actor_of, job
from keji.modules.rnd.services.zeroing import recompute, said_of


@job("rnd_zeroing")
def run_zeroing(row: Job, report: Report) -> dict[str, Any]:
    """Open, narrow and answer cases; clearing stays with people."""
    done = recompute(actor=actor_of(row), at=clock.now())
    report(1, 1, "")
    return {"message": said_of(done), "url": "/rnd/zeroing", **done}
