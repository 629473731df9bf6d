"""The inspector's observations on a case and the handler's answers."""

from __future__ import annotations

from datetime import datetime

from keji.kernel.audit.log import log, writing
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.modules.integrity.models import Case, Observation
from keji.modules.integrity.services.cases import own_refusal


def observe(case: Case, text: str, *, actor: Actor, at: datetime) -> Observation:
    with writing(actor, at):
        if not actor.has(Role.INSPECTOR):
            raise Refused("监督意见由派驻纪检提出")
        if not text.strip():
            raise Refused("请写明监督意见")
        made = Observation.objects.create(case=case, by=actor.name, at=at, text=text.strip())
        log("提出监督意见", case)
    return made


def answer(observation: Observation, text: str, *, actor: Actor, at: datetime) -> Observation:
    with writing(actor, at):
        if why := own_refusal(observation.case, actor, "handler", "reviewer"):
            raise Refused(why)
        fresh = Observation.objects.select_for_update(of=("self",)).get(pk=observation.pk)
        if fresh.answer:
            raise Refused("这条监督意见已经答复")
        if not text.strip():
            raise Refused("请写明答复")
        fresh.answer, fresh.answered_at = text.strip(), at
        fresh.save(update_fields=["answer", "answered_at"])
        log("答复监督意见", observation.case)
    return fresh
