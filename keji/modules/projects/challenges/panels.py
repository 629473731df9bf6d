"""What stands on the pages of a problem and a bid: each reader sees their side of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from keji.desk.guard import actor_of
from keji.kernel import clock
from keji.kernel.documents.models import attachments_of
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Role
from keji.lib.panelscore import shown
from keji.modules.projects.challenges.services import bids, contracts, evaluating
from keji.modules.projects.models import Bid, Challenge, Contract
from keji.modules.projects.models.access import APPLICANTS, OVERSEERS
from keji.modules.projects.numbers import unsure, wan
from keji.modules.projects.reviews.forms import DrawForm
from keji.modules.projects.reviews.services import drawing

CHALLENGE_TONES = {
    "draft": "gray", "filed": "amber", "refined": "amber", "agreed": "blue", "open": "green", "matching": "blue",
    "evaluating": "violet", "chosen": "violet", "publicised": "teal", "contracted": "blue", "done": "green",
    "failed": "red", "dropped": "plain", "withdrawn": "plain",
}  # fmt: skip
BID_TONES = {"draft": "gray", "submitted": "blue", "won": "green", "lost": "plain", "withdrawn": "plain"}
NUMBERS = ["challenge_firm_percent", "challenge_open_days", "challenge_panel_least", "challenge_firm_weight"]


def list_panel(request: HttpRequest, record: Challenge) -> dict[str, Any]:
    """The list as everybody reads it, and the door for whoever may answer."""
    actor = actor_of(request)
    units = []
    if record.state == "open" and actor.has(*APPLICANTS):
        for party in Party.objects.filter(pk__in=actor.parties).exclude(pk=record.party_id).order_by("pk"):
            bid = record.bids.filter(party=party).exclude(state="withdrawn").first()
            units.append({"party": party, "bid": bid, "refusal": "" if bid else bids.bid_refusal(record, party, actor)})
    oversees = actor.has(*OVERSEERS)
    return {
        "record": record,
        "prize": wan(record.prize),
        "firm": wan(record.firm_money),
        "bureau": wan(record.bureau_money),
        "units": units,
        "may_argue": actor.has(Role.OFFICER) and record.state == "filed",
        "panel": record.panel if oversees else [],
        "draw": drawing.draw_of(record, drawing.ARGUE) if oversees else {},
        "ask": DrawForm(initial={"size": 3}) if drawing.may_ask_to_argue(actor, record) else None,
        "argued": record.argued if oversees or record.party_id in actor.parties else "",
        "unsure": unsure(NUMBERS, clock.today()),
    }


def bids_panel(request: HttpRequest, record: Challenge) -> dict[str, Any]:
    """Talks and evaluation: the bureau sees all, the firm its own view, a bidder only its own bid."""
    actor = actor_of(request)
    seen = {b.pk for b in Bid.objects.visible_to(actor).filter(challenge=record)}
    rows = [s for s in evaluating.ranking(record) if s.bid.pk in seen] if record.state != "open" else []
    oversees, firm = actor.has(*OVERSEERS), record.party_id in actor.parties
    decided = record.state not in ("matching", "evaluating")
    lines = [
        {
            "bid": s.bid,
            "price": wan(s.bid.price),
            "talks": list(s.bid.talks.all()),
            "place": s.place if oversees else 0,
            "total": shown(s.total) if s.total is not None and oversees else None,
            "experts": shown(s.experts) if s.experts is not None and oversees else None,
            "sees_firm": oversees or firm,
            "winner": decided and s.bid.pk == record.winner_id and s.bid.state == "submitted",
            "tone": BID_TONES[s.bid.state],
        }
        for s in rows
        if oversees or firm or s.bid.party_id in actor.parties
    ]
    officer, may_draw = actor.has(Role.OFFICER), drawing.may_ask_for_bids(actor, record)
    return {
        "record": record,
        "lines": lines,
        "sealed": record.state == "open",
        "before": record.state in ("draft", "filed", "refined", "agreed", "dropped", "withdrawn"),
        "today": clock.today(),
        "may_talk": (officer or firm) and record.state == "matching",
        "may_view": firm and record.state == "evaluating",
        "may_score": officer and record.state == "evaluating",
        "draw": drawing.draw_of(record) if oversees else {},
        "ask": DrawForm(initial={"size": 3, "outside": 1, "finance": 0}) if may_draw else None,
        "may_publicise": officer and record.state == "chosen",
        "notice": record.notice if record.state != "draft" else None,
        "choice": record.choice if oversees else "",
    }


def contract_panel(request: HttpRequest, record: Challenge) -> dict[str, Any]:
    """The contract and its stages, for its three parties and whoever watches."""
    actor = actor_of(request)
    row = Contract.objects.filter(challenge=record).select_related("project").first()
    side, officer = contracts.side_of(record, actor), actor.has(Role.OFFICER)
    sees = side != "" or actor.has(*OVERSEERS)
    running = row is not None and row.project is not None and row.project.state in ("signed", "accepting", "mending")
    stages = []
    for stage in row.stages.select_related("milestone") if row is not None and sees else ():
        done = stage.milestone is not None and stage.milestone.done_on is not None
        paid = sum(p.amount for p in stage.milestone.payments.filter(direction="out")) if stage.milestone else 0
        stages.append(
            {
                "stage": stage,
                "firm": wan(stage.firm_amount),
                "bureau": wan(stage.bureau_amount),
                "bureau_paid": wan(paid) if paid else "",
                "done_on": stage.milestone.done_on if stage.milestone else None,
                "may_judge": running and side == "firm" and done and not stage.confirmed_on,
                "may_confirm": running and officer and bool(stage.passed) and not stage.confirmed_on,
                "may_pay": running and side == "firm" and stage.confirmed_on and not stage.firm_paid_on,
            }
        )
    own_project = row is not None and row.project is not None and side != "firm"
    return {
        "record": record,
        "contract": row if sees else None,
        "sees": sees,
        "stages": stages,
        "firm": wan(row.firm_money) if row else "",
        "bureau": wan(row.bureau_money) if row else "",
        "today": clock.today(),
        "may_write": sees and not contracts.writing_refusal(record, actor),
        "may_sign": row is not None and record.state == "publicised"
        and ((side == "winner" and not row.winner_at) or (side == "firm" and row.winner_at and not row.firm_at)),
        "project": row.project if row is not None and sees and own_project else None,
        "may_check": officer and row is not None and row.project is not None and row.project.state == "accepting",
    }  # fmt: skip


def bid_panel(request: HttpRequest, bid: Bid) -> dict[str, Any]:
    """A bid as its bidder wrote it."""
    actor = actor_of(request)
    pairs = list(zip(bid.challenge.wanted, [*bid.answers, *[""] * len(bid.challenge.wanted)], strict=False))
    may = not bids.editing_refusal(bid, actor)
    return {
        "bid": bid,
        "pairs": pairs,
        "files": list(attachments_of(bid)),
        "may_write": may,
        "problem": bids.first_problem(bid) if may else "",
    }
