"""The way of a platform's yearly figures: reported by host or county, confirmed by somebody else."""

from __future__ import annotations

from keji.kernel.people.roles import Role
from keji.kernel.records.steps import REPORTERS, ConfirmByAnother, Resend, SendBack

FILERS = REPORTERS | {Role.ENTERPRISE, Role.INSTITUTION}


class ConfirmYear(ConfirmByAnother):
    roles = REPORTERS


class SendBackYear(SendBack):
    roles = REPORTERS


class ResendYear(Resend):
    roles = FILERS
