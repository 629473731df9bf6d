"""Changing one reviewer of one proposal by hand, with a reason; and how the sheets there are compare with the best."""

from __future__ import annotations

from datetime import datetime

from keji.kernel.audit.log import log, writing
from keji.kernel.parties.models import Person
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.saving import locked, whole
from keji.modules.projects.models import Review, ReviewBatch
from keji.modules.projects.reviews.services.allocating import Facts, facts_of


def swap(sheet: Review, person: Person, reason: str, *, actor: Actor, at: datetime) -> Review:
    """Give a sheet's proposal to another of the batch's people instead.

    Before the batch begins the sheet goes; once it runs only an expert who stepped back is replaced, and the old sheet
    stays. Raises Refused with a sentence.
    """
    if not actor.has(Role.OFFICER):
        raise Refused("评审由业务科室分配")
    if not reason.strip():
        raise Refused("请写明换人的理由")
    with writing(actor, at):
        batch: ReviewBatch = locked(sheet.batch)
        old = Review.objects.select_for_update(of=("self",)).filter(pk=sheet.pk).first()
        if old is None:
            raise Refused("这位专家刚刚已被换下，请刷新后再看")
        draft = batch.state == ReviewBatch.State.DRAFT
        if batch.state == ReviewBatch.State.CLOSED:
            raise Refused("评审已结束，不能再换人")
        if not draft and old.state != Review.State.RECUSED:
            raise Refused("评审已经开始，请先让这位专家回避或解除安排，再换人")
        facts = facts_of(batch)
        if why := swap_refusal(facts, old, person):
            raise Refused(why)
        codes = dict(batch.reviews.values_list("person", "code"))
        code = codes.get(person.pk) or _next_code(set(codes.values()))
        if draft:
            old.delete()
        made: Review = Review.objects.create(
            batch=batch, proposal=old.proposal, person=person, code=code, draw_number=old.draw_number, state_since=at
        )
        changed = {"项目": [None, old.proposal.number], "专家": [old.code, code]}
        log("更换评审专家", batch, changed, reason=whole(reason, 300, "理由"))
    return made


def swap_refusal(facts: Facts, old: Review, person: Person) -> str:
    """Why this person may not take the sheet; "" when they may."""
    who = next((i for i, p in enumerate(facts.people) if p.pk == person.pk), None)
    at = next((i for i, p in enumerate(facts.proposals) if p.pk == old.proposal_id), None)
    if who is None or at is None:
        return "只能换成本批次抽取或安排的专家"
    if Review.objects.filter(proposal=old.proposal_id, person=person).exists():
        return f"{person.name}已在这个项目的评审组里"
    if why := facts.forbidden.get((at, who)):
        return why
    leader = old.proposal.leader_id
    led = [p.pk for p in facts.proposals if p.leader_id == person.pk]
    if leader and led and Review.objects.filter(proposal__in=led, person=leader).exists():
        return f"{person.name}负责的项目正由这个项目的负责人评审，不能互评"
    return ""


def _next_code(taken: set[str]) -> str:
    n = len(taken) + 1
    while f"Z{n:02d}" in taken:
        n += 1
    return f"Z{n:02d}"
