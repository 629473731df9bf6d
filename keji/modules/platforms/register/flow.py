"""The way of a platform's entry: reported, confirmed by somebody else, and withdrawn when the title is taken back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor
from keji.kernel.records import steps
from keji.kernel.records.flow import Refused, Step
from keji.lib.figures import plain_date


class WithdrawTitle(Step):
    """The issuing body took the title back; the platform counts up to the day before."""

    name, label = "withdraw", "撤销"
    source, target = ("confirmed",), "withdrawn"
    roles = steps.OFFICER
    needs_reason, tone, in_todo = True, "danger", False
    confirm = "撤销后自撤销之日起不再计入平台总数，确定撤销？"
    reason_most = 300

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        on: date = data.get("withdrawn_on") or day_of(at)
        if on < record.recognised_on:
            raise Refused(f"撤销日期不能早于认定日期{plain_date(record.recognised_on)}")
        record.withdrawn_on, record.withdrawn_reason = on, reason
