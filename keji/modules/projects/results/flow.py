"""Projects of higher levels: a unit, its county or an officer reports, another officer confirms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from keji.kernel.people.roles import Actor, Role
from keji.kernel.records import steps
from keji.kernel.records.flow import Step

REPORTERS = frozenset({Role.OFFICER, Role.COUNTY, Role.ENTERPRISE, Role.INSTITUTION})


class Confirm(steps.ConfirmByAnother):
    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.confirmed_at = record.confirmed_at or at


class Resend(steps.Resend):
    roles = REPORTERS


class Reopen(Step):
    """A confirmed record turns out to be wrong: it goes back, and does not count meanwhile."""

    name, label = "reopen", "退回更正"
    source, target = ("confirmed",), "returned"
    roles = steps.OFFICER
    needs_reason, tone, in_todo = True, "secondary", False


class Void(steps.Void):
    roles = REPORTERS


HIGHER_STEPS: tuple[type[Step], ...] = (Confirm, steps.SendBack, Resend, Reopen, Void)
