"""The way of a claim: the county opens the account over the firm, or refuses with a reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from keji.kernel.audit.log import log
from keji.kernel.clock import day_of
from keji.kernel.people.models import Account, Grant
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, Step

DOORKEEPERS = frozenset({Role.OFFICER, Role.COUNTY})


def open_to(account: Account, party: Any, at: datetime) -> Grant:
    """Let an account speak for a firm from today on. Raises Refused where roles must not meet in one person."""
    grant = Grant(account=account, role=Role.ENTERPRISE, party=party, from_on=day_of(at))
    held = Grant.objects.filter(account=account).in_force(day_of(at))
    if held.filter(role=Role.ENTERPRISE, party=party).exists():
        raise Refused("这个账号已经对应这家单位")
    if held.exclude(role=Role.ENTERPRISE).exists():
        raise Refused("这个账号另有职责，请为企业另开账号")
    grant.save()
    log("开通企业账号", account, {"单位": [None, str(party)]})
    return grant


class Open(Step):
    name, label = "open", "核对无误，开通"
    source, target = ("waiting",), "confirmed"
    roles = DOORKEEPERS
    confirm = "开通后该账号可以查看和填报这家单位的全部资料，已与单位核对？"
    limit = 5

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        Account.objects.filter(pk=record.account_id).update(is_active=True)
        open_to(record.account, record.party, at)


class Refuse(Step):
    name, label = "refuse", "不予开通"
    source, target = ("waiting",), "refused"
    roles = DOORKEEPERS
    needs_reason, tone, in_todo = True, "secondary", False
    reason_most = 200

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.reason = reason
