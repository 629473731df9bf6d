"""From the experts' sheets to a score and a place; exact until it is printed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q

from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import take_all
from keji.lib.panelscore import PanelScore, panel_score, places, shown
from keji.modules.projects.models import Guideline, Proposal, Review, ReviewBatch, ReviewScheme

SUBMITTED, ASSIGNED = Review.State.SUBMITTED, Review.State.ASSIGNED


def scored(reviews: Sequence[Review], scheme: ReviewScheme) -> PanelScore:
    """The panel's score of one proposal from its submitted sheets. ValueError when there is none."""
    totals = [r.total for r in reviews if r.total is not None]
    return panel_score(totals, drop_from=scheme.drop_from, deviation=scheme.deviation)


def flag(review: Review) -> None:
    """Once the last sheet on a proposal is in, mark those far from the median; `review` is the one being written."""
    others = list(Review.objects.filter(proposal=review.proposal_id).exclude(pk=review.pk).order_by("pk"))
    if any(other.state == ASSIGNED for other in others):
        return
    sheets = [r for r in others if r.state == SUBMITTED] + ([review] if review.total is not None else [])
    if not sheets:
        return
    far = scored(sheets, review.batch.guideline.scheme).flagged
    for place, sheet in enumerate(sheets):
        flagged = place in far
        if sheet is review:
            review.flagged = flagged
        elif sheet.flagged != flagged:
            Review.objects.filter(pk=sheet.pk).update(flagged=flagged)


def closing_problem(batch: ReviewBatch) -> str:
    """Why the batch cannot be closed; "" when every proposal has its panel's sheets and every outlier its reason.

    Where the panel meets, how many of it must have judged is the scheme's quorum, and all must be said and minuted.
    """
    if left := batch.reviews.filter(state=ASSIGNED).count():
        return f"还有 {left} 份评审表没有提交"
    scheme = batch.guideline.scheme
    if not scheme.meets and (short := _short(batch, scheme.panel_least)):
        return f"有 {short} 个项目的有效评审不足 {scheme.panel_least} 份，请安排替补专家"
    if silent := batch.reviews.filter(flagged=True, explanation="").count():
        return f"有 {silent} 份评分偏离较大还没有说明"
    if scheme.meets:
        from keji.modules.projects.meetings.services.minutes import closing_problem as of_meeting

        return of_meeting(batch)
    return ""


def _short(batch: ReviewBatch, least: int) -> int:
    """How many of the batch's proposals have fewer submitted sheets than that."""
    counted = Count("reviews", filter=Q(reviews__state=SUBMITTED))
    found: int = batch.proposals.annotate(sheets=counted).filter(sheets__lt=least).count()
    return found


def close_batch(batch: ReviewBatch, *, actor: Actor, at: datetime) -> None:
    """Keep every proposal's exact score; they go to the meeting."""
    sheets: dict[int, list[Review]] = {}
    for row in batch.reviews.filter(state=SUBMITTED).order_by("pk"):
        sheets.setdefault(row.proposal_id, []).append(row)
    scheme, rows = batch.guideline.scheme, list(batch.proposals.order_by("pk"))
    for proposal in rows:
        found = scored(sheets[proposal.pk], scheme).score
        proposal.exact_score, proposal.score = f"{found.numerator}/{found.denominator}", shown(found, 4)
    Proposal.objects.bulk_update(rows, ["exact_score", "score"], batch_size=200)
    take_all("close_review", rows, actor=actor, at=at)


def exact_of(proposal: Proposal) -> Fraction | None:
    return Fraction(proposal.exact_score) if proposal.exact_score else None


def ranked(guideline: Guideline) -> list[tuple[int, Proposal]]:
    """(place, proposal) of every scored proposal of a guideline, the best first; equal scores share a place."""
    rows = [
        (Fraction(p.exact_score), p)
        for p in guideline.proposals.exclude(exact_score="").select_related("party", "region", "guideline")
    ]
    rows.sort(key=lambda pair: (-pair[0], pair[1].pk))
    return [(place, row) for place, (_, row) in zip(places([s for s, _ in rows]), rows, strict=True)]


def places_of(guideline: Guideline) -> dict[int, int]:
    """{proposal: place} of every scored one; equal scores share a place."""
    rows = [
        (pk, Fraction(exact))
        for pk, exact in guideline.proposals.exclude(exact_score="").values_list("pk", "exact_score")
    ]
    rows.sort(key=lambda pair: (-pair[1], pair[0]))
    return {pk: place for place, (pk, _) in zip(places([s for _, s in rows]), rows, strict=True)}


def progress(batch: ReviewBatch) -> dict[str, Any]:
    """How far the panel is, by code and by proposal: [{code, done, all}], totals; names nobody."""
    experts: dict[str, list[int]] = {}
    for code, state in batch.reviews.order_by("code").values_list("code", "state"):
        line = experts.setdefault(code, [0, 0, 0])
        line[0] += state == SUBMITTED
        line[1] += state != Review.State.RECUSED
        line[2] += state == Review.State.RECUSED
    lines = [{"code": c, "done": d, "all": a, "recused": r} for c, (d, a, r) in experts.items()]
    return {"experts": lines, "done": sum(x["done"] for x in lines), "all": sum(x["all"] for x in lines)}
