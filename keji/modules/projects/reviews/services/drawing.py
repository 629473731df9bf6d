"""Panels of review batches, of 论证 and of 评榜 come from draws of the pool: asked for here, used once opened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Required, TypedDict, Unpack

from keji.kernel.audit.log import log, writing
from keji.kernel.parties.models import Person
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.saving import locked
from keji.modules.experts import api as experts
from keji.modules.projects.models import Bid, Challenge, Proposal, Review, ReviewBatch
from keji.modules.projects.reviews.services.panel import assign_panel, proposals_of

#: Which column keeps a draw's number: the panel that judges, or the one that argues about a problem.
PANEL, ARGUE = "draw_number", "argue_draw"
SAID_OF = {PANEL: ("评榜专家", "评榜得分"), ARGUE: ("论证专家", "凝练论证")}


class Wanted(TypedDict, total=False):
    """The panel asked for. `outside`, `finance`: how many at least from outside the city, and finance experts."""

    size: Required[int]
    review_on: Required[date]
    outside: int
    finance: int
    substitutes: int  # 3 unless told


def ask_for_draw(batch: ReviewBatch, *, actor: Actor, at: datetime, **wanted: Unpack[Wanted]) -> str:
    """Ask for a panel over everything in the batch; → the draw's number, noted on the batch.

    Raises Refused with a sentence.
    """
    with writing(actor, at):
        fresh = locked(batch)
        if fresh.state != ReviewBatch.State.DRAFT:
            raise Refused("评审已经开始，不能再申请抽取")
        subjects = subjects_of(proposals_of(fresh))
        if not subjects:
            raise Refused("批次里没有项目")
        blind = fresh.guideline.scheme.blind
        return _asked(fresh, fresh.title, subjects, wanted, blind=blind, actor=actor, at=at)


def ask_for_challenge_draw(challenge: Challenge, *, actor: Actor, at: datetime, **wanted: Unpack[Wanted]) -> str:
    """Ask for the experts who judge the bids on one problem; → the draw's number. Raises Refused with a sentence."""
    with writing(actor, at):
        fresh: Challenge = locked(challenge)
        if fresh.state != Challenge.State.EVALUATING:
            raise Refused(f"当前状态是“{fresh.get_state_display()}”，进入评榜后才能申请抽取评榜专家")
        bids = fresh.bids.filter(state=Bid.State.SUBMITTED).select_related("party").order_by("pk")
        subjects = [_bid_subject(fresh, bid) for bid in bids]
        return _asked(fresh, f"“{fresh.title}”评榜", subjects, wanted, actor=actor, at=at)


def ask_for_argue_draw(challenge: Challenge, *, actor: Actor, at: datetime, **wanted: Unpack[Wanted]) -> str:
    """Ask for the experts who argue about one problem; → the draw's number. Nobody of the asking firm is drawn."""
    with writing(actor, at):
        fresh: Challenge = locked(challenge)
        if fresh.state != Challenge.State.FILED:
            raise Refused(f"当前状态是“{fresh.get_state_display()}”，报送后、论证前才能申请抽取论证专家")
        subjects = [experts.Subject(fresh.number, fresh.title, (fresh.party_id,))]
        return _asked(fresh, f"“{fresh.title}”凝练论证", subjects, wanted, field=ARGUE, actor=actor, at=at)


def _asked(
    record: Any,
    title: str,
    subjects: Sequence[experts.Subject],
    wanted: Wanted,
    *,
    blind: bool = False,
    field: str = PANEL,
    actor: Actor,
    at: datetime,
) -> str:
    """Ask the pool, and note the number on the record that needs the panel; one running draw at a time."""
    known = getattr(record, field)
    if known and _state_of(known) not in ("", experts.Draw.State.CANCELLED):
        raise Refused(f"已申请抽取 {known}，需要重抽请先在专家库取消")
    outside = experts.QuotaRow(experts.PLACE, experts.OUTSIDE, wanted.get("outside", 0))
    finance = experts.QuotaRow(experts.KIND, "财务", wanted.get("finance", 0))
    number = experts.request_draw(
        subjects,
        title=title,
        size=wanted["size"],
        review_on=wanted["review_on"],
        quotas=[quota for quota in (outside, finance) if quota.least],
        substitutes=wanted.get("substitutes", 3),
        blind=blind,
        actor=actor,
        at=at,
    )
    setattr(record, field, number)
    record.updated_at = at
    record.save(update_fields=[field, "updated_at"])
    log("申请抽取专家", record, {"抽取编号": [None, number]})
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


def employers(batch: ReviewBatch) -> dict[int, str]:
    """{person: where they work, as the pool knows it} of the batch's opened draw; {} while it is sealed."""
    try:
        return {m.person: m.employer for m in experts.panel_of(batch.draw_number).members}
    except LookupError:
        return {}


def drawn_experts(challenge: Challenge, field: str = PANEL) -> list[dict[str, str]]:
    """[{name, unit}] of a problem's opened draw; [] while its names are sealed or it was not drawn here.

    `field`: PANEL for those who judge the bids, ARGUE for those who argue about the problem.
    """
    try:
        drawn = experts.panel_of(getattr(challenge, field))
    except LookupError:
        return []
    return [{"name": m.name, "unit": m.employer} for m in drawn.members]


def sealed_problem(challenge: Challenge, panel: Sequence[Mapping[str, str]], field: str = PANEL) -> str:
    """Why this panel may not judge the bids (argue): the draw's is another, or still sealed; "" when it may."""
    known, (who, what) = draw_of(challenge, field), SAID_OF[field]
    if not known or known["state"] == experts.Draw.State.CANCELLED:
        return ""
    if not known["opened"]:
        return f"抽取 {known['number']} 现为“{known['label']}”，评审日启封后才能登记{what}"
    drawn = {(p["name"], p["unit"]) for p in drawn_experts(challenge, field)}
    if drawn == {(p["name"], p["unit"]) for p in panel}:
        return ""
    return f"{who}应与抽取 {known['number']} 的结果一致：{'、'.join(sorted(name for name, _ in drawn))}"


def draw_of(record: ReviewBatch | Challenge, field: str = PANEL) -> dict[str, Any]:
    """How the record's draw stands: {number, label, opened}; {} when there is none in the house's pool."""
    number = getattr(record, field)
    if not number:
        return {}
    try:
        drawn = experts.panel_of(number)
    except LookupError:
        return {}
    return {"number": drawn.number, "label": drawn.state_label, "opened": drawn.opened, "state": drawn.state}


def may_ask(actor: Actor, batch: ReviewBatch) -> bool:
    known = draw_of(batch)
    again = not known or known["state"] == experts.Draw.State.CANCELLED
    return actor.has(Role.OFFICER) and batch.state == ReviewBatch.State.DRAFT and again


def may_ask_for_bids(actor: Actor, challenge: Challenge) -> bool:
    known = draw_of(challenge)
    again = not known or known["state"] == experts.Draw.State.CANCELLED
    return actor.has(Role.OFFICER) and challenge.state == Challenge.State.EVALUATING and again


def may_ask_to_argue(actor: Actor, challenge: Challenge) -> bool:
    known = draw_of(challenge, ARGUE)
    again = not known or known["state"] == experts.Draw.State.CANCELLED
    return actor.has(Role.OFFICER) and challenge.state == Challenge.State.FILED and again


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


def _bid_subject(challenge: Challenge, bid: Bid) -> experts.Subject:
    """One bid under review; the firm that asks stands beside every bidder, nobody of either may judge."""
    people = [experts.PersonRef(bid.leader_name, None, bid.party.name)] if bid.leader_name else []
    return experts.Subject(bid.number, f"{bid.party.name}应榜方案", (bid.party_id, challenge.party_id), tuple(people))


def subjects_of(proposals: Iterable[Proposal]) -> list[experts.Subject]:
    """Proposals as the pool's rules of avoidance look at them, in their order."""
    return [_subject(p) for p in proposals]
