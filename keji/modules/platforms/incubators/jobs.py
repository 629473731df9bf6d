"""Every morning those whose time in a house is near or past its end are told."""

from __future__ import annotations

from typing import Any

from keji.kernel import clock
from keji.kernel.jobs.models import Job
from keji.kernel.jobs.runner import Report, actor_of, job
from keji.modules.platforms.incubators.services.tenancy import remind


@job("tenancy")
def run_remind(row: Job, report: Report) -> dict[str, Any]:
    sent = remind(actor=actor_of(row), at=clock.now())
    return {"message": f"已发出 {sent} 条孵化期满提醒。" if sent else "今天没有要提醒的孵化期满。"}
