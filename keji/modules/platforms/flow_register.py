"""The way of a platform's yearly figures: reported by host or county, confirmed by somebody else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from keji.kernel.people.roles import Actor, Role
from keji.modules.platforms.flow import Confirm, Resend, SendBack

CHECKERS = frozenset({Role.OFFICER, Role.COUNTY})
FILERS = frozenset({Role.OFFICER, Role.COUNTY, Role.ENTERPRISE, Role.INSTITUTION})


class ConfirmYear(Confirm):
    roles = CHECKERS


class SendBackYear(SendBack):
    roles = CHECKERS


class ResendYear(Resend):
    roles = FILERS

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.reported_by_id = actor.id
