"""Everybody is judged as the year ends, and counties keep some verdicts for firms that asked."""

from __future__ import annotations

from datetime import datetime

from keji.kernel.clock import day_of
from keji.kernel.parties.models import Party
from keji.kernel.people.models import Account
from keji.kernel.people.roles import Actor
from keji.kernel.rules.models import Assessment
from keji.modules.enterprises import api as enterprises

KEPT = 3  # verdicts kept of each outcome of each rung


def judge_everybody(at: datetime) -> int:
    """The nightly run of a month ago and of this morning; → how many firms were looked at."""
    actor = Actor.system("每日评判")
    month_ago = at.replace(month=at.month - 1)
    enterprises.judge_everybody("每日评判", on=month_ago.date(), actor=actor, at=month_ago)
    return enterprises.judge_everybody("每日评判", on=day_of(at), actor=actor, at=at).units


def keep_some(at: datetime) -> int:
    """The bureau's officer keeps a few verdicts of every outcome; → how many."""
    officer = Account.objects.get(username="gaoxin").actor(day_of(at))
    kept = 0
    for code in enterprises.LADDER[:4]:
        for passed in (True, False, None):
            rows = Assessment.objects.filter(rule=code, passed=passed).order_by("open_count", "party")
            for party in Party.objects.filter(pk__in=list(rows.values_list("party", flat=True)[:KEPT])).order_by("pk"):
                enterprises.keep_judgement(code, party, day_of(at), actor=officer, at=at)
                kept += 1
    return kept
