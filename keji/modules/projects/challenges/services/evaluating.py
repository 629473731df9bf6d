"""评榜: the asking firm's view and the experts' points make one exact score; the choice, and its public notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of, today
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, take
from keji.kernel.records.notices import PublicNotice, contact_of, draft_notice
from keji.kernel.records.saving import whole
from keji.lib.panelscore import panel_score
from keji.modules.projects.models import Bid, BidScore, Challenge
from keji.modules.projects.numbers import number, wan
from keji.modules.projects.reviews.services.drawing import sealed_problem

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Standing:
    """One bid as it stands: place from 1, exact total, or None while something is missing."""

    bid: Bid
    total: Fraction | None
    experts: Fraction | None
    place: int


def _running(challenge: Challenge) -> Challenge:
    fresh = Challenge.objects.select_for_update(of=("self",)).get(pk=challenge.pk)
    if fresh.state != Challenge.State.EVALUATING:
        raise Refused(f"当前状态是“{fresh.get_state_display()}”，不在评榜")
    return fresh


def firm_view(bid: Bid, *, points: Decimal, willing: bool, comment: str, actor: Actor, at: datetime) -> Bid:
    """The asking firm gives a bid points (0–100) and says whether it would work with the bidder, and why."""
    with writing(actor, at):
        challenge = _running(bid.challenge)
        if not actor.is_system and challenge.party_id not in actor.parties:
            raise Refused("出题单位意见由出题单位填写")
        if not 0 <= points <= HUNDRED:
            raise Refused("评分应在 0 到 100 之间")
        if len(comment.strip()) < 5:
            raise Refused("请写明评分理由")
        fresh = Bid.objects.select_for_update(of=("self",)).get(pk=bid.pk)
        fresh.firm_points, fresh.firm_willing, fresh.firm_comment = points, willing, whole(comment, 500, "意见")
        fresh.updated_at = at
        fresh.save(update_fields=["firm_points", "firm_willing", "firm_comment", "updated_at"])
        _score(challenge, [fresh])
        log("填写出题单位意见", challenge)
    return fresh


def record_scores(
    challenge: Challenge,
    panel: Sequence[Mapping[str, str]],
    points: Mapping[int, Sequence[Decimal]],
    opinions: Mapping[int, str],
    *,
    draw_number: str = "",
    actor: Actor,
    at: datetime,
) -> None:
    """Keep the panel's points: {bid: one a panel member, in order} and {bid: its opinion}; all bids at once.

    Entered again they replace what was there, until somebody is chosen. Raises Refused with a sentence.
    """
    with writing(actor, at):
        fresh = _running(challenge)
        if not actor.has(Role.OFFICER):
            raise Refused("评榜得分由业务科室登记")
        bids = list(fresh.bids.filter(state="submitted").select_for_update(of=("self",)).order_by("pk"))
        if why := sealed_problem(fresh, panel) or _panel_problem(fresh, bids, panel):
            raise Refused(why)
        for bid in bids:
            given = points.get(bid.pk, ())
            if len(given) != len(panel) or not all(0 <= p <= HUNDRED for p in given):
                raise Refused(f"{bid}应有 {len(panel)} 位专家的得分，每个在 0 到 100 之间")
            if len(opinions.get(bid.pk, "").strip()) < 5:
                raise Refused(f"请写明专家组对{bid}的意见")
        BidScore.objects.filter(bid__challenge=fresh).delete()
        BidScore.objects.bulk_create(
            BidScore(bid=bid, expert=p["name"], unit=p["unit"], points=value)
            for bid in bids
            for p, value in zip(panel, points[bid.pk], strict=True)
        )
        for bid in bids:
            bid.opinion = whole(opinions[bid.pk], 500, "评榜意见")
            bid.save(update_fields=["opinion"])
        fresh.draw_number, fresh.updated_at = whole(draw_number, 24, "抽取编号") or fresh.draw_number, at
        fresh.save(update_fields=["draw_number", "updated_at"])
        _score(fresh, bids)
        log("登记评榜得分", fresh, {"评榜": [None, f"{len(bids)} 家，{len(panel)} 位专家"]})


def _panel_problem(challenge: Challenge, bids: Sequence[Bid], panel: Sequence[Mapping[str, str]]) -> str:
    least = number("challenge_panel_least", today())
    if len({(p["name"], p["unit"]) for p in panel}) < len(panel):
        return "评榜专家有重复"
    if len(panel) < least or len(panel) % 2 == 0:
        return f"评榜专家应为单数，至少 {least} 位，现在是 {len(panel)} 位"
    units = {challenge.party.name: "出题单位"} | {bid.party.name: "应榜单位" for bid in bids}
    own = next((p for p in panel if p["unit"] in units), None)
    return f"{own['name']}来自{units[own['unit']]}，应当回避" if own else ""


def experts_score(bid: Bid) -> Fraction | None:
    """The experts' points: highest and lowest dropped from a size on, exact; None before they are entered."""
    points = [row.points for row in bid.scores.all()]
    return panel_score(points, drop_from=number("drop_from", today())).score if points else None


def _score(challenge: Challenge, bids: Sequence[Bid]) -> None:
    """Total = the firm's points × its weight + the experts' × the rest, per hundred."""
    weight = number("challenge_firm_weight", today())
    for bid in bids:
        experts = experts_score(Bid.objects.prefetch_related("scores").get(pk=bid.pk))
        known = experts is not None and bid.firm_points is not None
        total = (Fraction(bid.firm_points or 0) * weight + (experts or 0) * (100 - weight)) / 100
        bid.exact_score = f"{total.numerator}/{total.denominator}" if known else ""
        bid.save(update_fields=["exact_score"])


def ranking(challenge: Challenge) -> list[Standing]:
    """Bids the best first; equal totals share a place, those without a total come last."""
    rows = list(
        challenge.bids.filter(state__in=("submitted", "won", "lost")).select_related("party").prefetch_related("scores")
    )
    totals = {row.pk: Fraction(row.exact_score) if row.exact_score else None for row in rows}
    rows.sort(key=lambda r: (totals[r.pk] is None, -(totals[r.pk] or 0), r.pk))
    return [
        Standing(
            bid=row,
            total=(mine := totals[row.pk]),
            experts=experts_score(row),
            place=0 if mine is None else 1 + sum(t is not None and t > mine for t in totals.values()),
        )
        for row in rows
    ]


def choose(bid: Bid, *, reason: str, actor: Actor, at: datetime) -> Challenge:
    """Name the winner. Not the first by points: then with a reason; never against the firm's will. Raises Refused."""
    with writing(actor, at):
        challenge = _running(bid.challenge)
        if not actor.has(Role.OFFICER):
            raise Refused("拟中榜由业务科室按评榜结果登记")
        found = ranking(challenge)
        waiting = [s for s in found if s.bid.state == "submitted"]
        if lacking := [s.bid for s in waiting if s.total is None]:
            what = "出题单位意见" if lacking[0].firm_points is None else "专家得分"
            raise Refused(f"{lacking[0]}还没有{what}")
        mine = next((s for s in waiting if s.bid.pk == bid.pk), None)
        if mine is None:
            raise Refused("这家单位不在候选之列")
        if not mine.bid.firm_willing:
            raise Refused(f"出题单位不愿与{mine.bid.party.name}合作，不能选定")
        first = min(s.place for s in waiting)
        if mine.place != first and len(reason.strip()) < 10:
            raise Refused("选定的不是得分最高的，请写明理由（至少 10 个字）")
        challenge.winner, challenge.choice = mine.bid, whole(reason, 500, "理由")
        challenge.save(update_fields=["winner", "choice"])
        found_challenge: Challenge = take("choose", challenge, actor=actor, at=at)
    return found_challenge


def publicise(challenge: Challenge, contact: str, *, actor: Actor, at: datetime) -> PublicNotice:
    """Draft the notice of the winner; another person publishes it."""
    if not actor.has(Role.OFFICER):
        raise Refused("公示由业务科室起草")
    contact = contact_of(contact)
    with writing(actor, at):
        fresh = Challenge.objects.select_for_update(of=("self",)).get(pk=challenge.pk)
        if fresh.state != Challenge.State.CHOSEN or fresh.winner is None:
            raise Refused(f"当前状态是“{fresh.get_state_display()}”，不能起草公示")
        notice = draft_notice(
            title=f"“{fresh.title}”揭榜挂帅拟中榜单位公示",
            body="经发榜、揭榜、双方对接和评榜，拟由下列单位中榜，现予公示。",
            matter=PublicNotice.Matter.PROJECT,
            columns=("榜单", "出题单位", "拟中榜单位", "榜金（万元）"),
            rows=[[fresh.title, fresh.party.name, fresh.winner.party.name, wan(fresh.winner.price)]],
            numbers=[fresh.number],
            contact=contact,
            workdays=number("publicity_days", day_of(at)),
            actor=actor,
            at=at,
        )
        fresh.notice = notice
        fresh.save(update_fields=["notice"])
        take("publicise", fresh, actor=actor, at=at)
    return notice


def out(bid: Any, *, actor: Actor, at: datetime) -> None:
    """An objection to this bid was right: it is out, the others stay in."""
    take("lose", bid, actor=actor, at=at)
