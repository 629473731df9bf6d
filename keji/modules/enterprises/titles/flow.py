"""The way of a certification: a county reports, an officer of the bureau confirms; nothing is ever deleted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor
from keji.kernel.records import steps
from keji.kernel.records.flow import Refused, Step
from keji.lib.figures import plain_date


class Confirm(steps.ConfirmByAnother):
    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.confirmed_at = record.confirmed_at or at


class Revoke(Step):
    """The issuing body took the certificate back; it counts up to the day before."""

    name, label = "revoke", "撤销"
    source, target = ("confirmed",), "revoked"
    roles = steps.OFFICER
    needs_reason, tone, in_todo = True, "danger", False
    confirm = "撤销后自撤销之日起不再计入总数，确定撤销？"
    reason_most = 300

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        on: date = data.get("revoked_on") or day_of(at)
        if on < record.issued_on:
            raise Refused(f"撤销日期不能早于发证日期{plain_date(record.issued_on)}")
        record.revoked_on, record.revoked_reason = on, reason


class Reopen(Step):
    """A confirmed record turns out to be wrong: it goes back to be corrected, and does not count meanwhile."""

    name, label = "reopen", "退回更正"
    source, target = ("confirmed",), "returned"
    roles = steps.OFFICER
    needs_reason, tone, in_todo = True, "secondary", False
    confirm = "退回更正期间不计入总数，确定退回？"
