"""Keeping verdicts: what was found of a firm on a day, with edition, numbers and facts, whatever changes later."""

from __future__ import annotations

from datetime import date, datetime

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused
from keji.kernel.rules.judging import judge
from keji.kernel.rules.models import Judgement, keep_verdict


def keeping_refusal(party: Party, actor: Actor) -> str:
    """Why this actor may not keep a verdict on this firm; "" when they may."""
    may = Party.access.reaches(actor, Party.access.write, party)
    return "" if may else "评价结论由业务科室或本县区科技局保存"


def keep(code: str, party: Party, on: date, *, actor: Actor, at: datetime) -> Judgement:
    """Judge and keep. The same verdict kept twice within a day is one. Raises Refused, LookupError."""
    if why := keeping_refusal(party, actor):
        raise Refused(why)
    verdict = judge(code, party, on)
    with writing(actor, at):
        Party.objects.select_for_update(of=("self",)).get(pk=party.pk)  # a double click waits here
        last = Judgement.objects.filter(party=party, rule=code, on=on).first()
        if last and last.trace == verdict.trace() and day_of(last.at) == day_of(at):
            return last
        kept = keep_verdict(verdict, party, on=on, actor=actor, at=at)
        log("保存评价结论", kept, {"passed": [last.passed if last else None, kept.passed]})
    return kept
