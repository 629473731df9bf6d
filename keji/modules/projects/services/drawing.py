"""The panel of a review batch comes from a draw of the expert pool: asked for here, taken over once it is opened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.parties.models import Person
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.saving import locked
from keji.modules.experts import api as experts
from keji.modules.projects.models import Proposal, Review, ReviewBatch
from keji.modules.projects.services.panel import assign_panel, proposals_of


def ask_for_draw(
    batch: ReviewBatch,
    *,
    size: int,
    review_on: date,
    outside: int = 0,
    finance: int = 0,
    substitutes: int = 3,
    actor: Actor,
    at: datetime,
) -> str:
    """Ask for a panel over everything in the batch; → the draw's number, noted on the batch.

    `outside`, `finance`: how many at least from outside the city, and finance experts. Raises Refused with a sentence.
    """
    with writing(actor, at):
        fresh = locked(batch)
        if fresh.state != ReviewBatch.State.DRAFT:
            raise Refused("评审已经开始，不能再申请抽取")
        if fresh.draw_number and _state_of(fresh.draw_number) not in ("", experts.Draw.State.CANCELLED):
            raise Refused(f"本批次已申请抽取 {fresh.draw_number}，需要重抽请先在专家库注销")
        subjects = [_subject(p) for p in proposals_of(fresh)]
        if not subjects:
            raise Refused("批次里没有项目")
        quotas = [
            experts.QuotaRow(category, value, least)
            for category, value, least in ((experts.PLACE, experts.OUTSIDE, outside), (experts.KIND, "财务", finance))
            if least
        ]
        number = experts.request_draw(
            subjects, title=fresh.title, size=size, review_on=review_on, quotas=quotas, substitutes=substitutes,
            actor=actor, at=at,
        )  # fmt: skip
        fresh.draw_number, fresh.updated_at = number, at
        fresh.save(update_fields=["draw_number", "updated_at"])
        log("申请抽取专家", fresh, {"抽取编号": [None, number]})
    return number


def take_over_panel(batch: ReviewBatch, *, actor: Actor, at: datetime) -> list[Review]:
    """Give the batch to the people its draw named, once that is opened. Raises Refused with a sentence."""
    return assign_panel(batch, drawn_people(batch), batch.draw_number, actor=actor, at=at)


def drawn_people(batch: ReviewBatch) -> list[Person]:
    """Whom the batch's opened draw named, as they stand now. Refused where there is none, or one cannot log in."""
    if not batch.draw_number:
        raise Refused("本批次还没有申请抽取")
    try:
        drawn = experts.panel_of(batch.draw_number)
    except LookupError as why:
        raise Refused(str(why)) from None
    if not drawn.opened:
        raise Refused(f"抽取 {drawn.number} 现为“{drawn.state_label}”，评审日启封后才能引入名单")
    if closed := [m.name for m in drawn.members if m.account is None]:
        raise Refused(f"{'、'.join(closed)}还没有登录账号，请先在专家库发出邀请、完成注册")
    people = {p.pk: p for p in Person.objects.filter(pk__in=[m.person for m in drawn.members]).select_related("party")}
    return [people[m.person] for m in drawn.members]


def draw_of(batch: ReviewBatch) -> dict[str, Any]:
    """How the batch's draw stands: {number, label, opened}; {} when there is none in the house's pool."""
    if not batch.draw_number:
        return {}
    try:
        drawn = experts.panel_of(batch.draw_number)
    except LookupError:
        return {}
    return {"number": drawn.number, "label": drawn.state_label, "opened": drawn.opened, "state": drawn.state}


def may_ask(actor: Actor, batch: ReviewBatch) -> bool:
    known = draw_of(batch)
    again = not known or known["state"] == experts.Draw.State.CANCELLED
    return actor.has(Role.OFFICER) and batch.state == ReviewBatch.State.DRAFT and again


def _state_of(number: str) -> str:
    try:
        return experts.panel_of(number).state
    except LookupError:
        return ""


def _subject(proposal: Proposal) -> experts.Subject:
    partners = [p.party_id for p in proposal.partners.all() if p.party_id]
    name = proposal.leader.name if proposal.leader else proposal.leader_name
    leader = [experts.PersonRef(name, proposal.leader_id)] if name else []
    team = [experts.PersonRef(m.name, None, m.unit) for m in proposal.members.all()]
    avoided = tuple(
        experts.AvoidedName(str(a["name"]), str(a.get("reason", "")), str(a.get("unit", ""))) for a in proposal.avoided
    )
    return experts.Subject(proposal.number, proposal.title, (proposal.party_id, *partners), (*leader, *team), avoided)


def subjects_of(proposals: Iterable[Proposal]) -> list[experts.Subject]:
    """Proposals as the pool's rules of avoidance look at them, in their order."""
    return [_subject(p) for p in proposals]
