"""What an expert writes: marks while the sheet is open, then the sheet once and for all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from keji.kernel.audit.log import log, writing
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, take
from keji.kernel.records.saving import whole
from keji.modules.projects.meetings.services.attending import seat_problem
from keji.modules.projects.models import Criterion, Mark, Review

LEAST_COMMENT = 10
#: {criterion's key: (points or None, comment)}
Given = Mapping[int, tuple[Decimal | None, str]]


def masked(review: Review, actor: Actor) -> Actor:
    """The expert as the log names them: by code, so that no page of history tells who judged what."""
    if actor.is_system or review.person.account_id != actor.id:
        return actor
    return replace(actor, name=f"评审专家 {review.code}")


def save_marks(
    review: Review,
    marks: Given,
    comment: str,
    *,
    actor: Actor,
    at: datetime,
) -> Review:
    """Keep what the sheet says so far: {criterion's key: (points or None, comment)}. Raises Refused with a sentence."""
    with writing(masked(review, actor), at):
        fresh: Review = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
        if why := writing_refusal(fresh, actor):
            raise Refused(why)
        criteria: dict[int, Criterion] = {c.pk: c for c in fresh.batch.guideline.scheme.criteria.all()}
        if odd := set(marks) - set(criteria):
            raise Refused(f"评审方案里没有这 {len(odd)} 项指标")
        for key, (points, _) in marks.items():
            if points is not None and not 0 <= points <= criteria[key].full:
                raise Refused(f"“{criteria[key].name}”应在 0 到 {criteria[key].full} 分之间")
        fresh.marks.all().delete()
        Mark.objects.bulk_create(
            [Mark(review=fresh, criterion_id=k, points=p, comment=whole(c, 500, "评语")) for k, (p, c) in marks.items()]
        )
        fresh.comment = whole(comment, 2000, "总体意见")
        fresh.save(update_fields=["comment"])
        log("填写评审表", fresh, {"已评": [None, f"{sum(p is not None for p, _ in marks.values())} 项"]})
    return fresh


def submit(review: Review, *, actor: Actor, at: datetime) -> Review:
    """Hand the sheet in, once; a second time is refused and changes nothing."""
    found: Review = take("submit", review, actor=masked(review, actor), at=at)
    return found


def recuse(review: Review, reason: str, *, actor: Actor, at: datetime) -> Review:
    found: Review = take("recuse", review, actor=masked(review, actor), at=at, reason=reason)
    return found


def writing_refusal(review: Review, actor: Actor) -> str:
    """Why this actor may not write on this sheet; "" when they may."""
    if not actor.is_system and review.person.account_id != actor.id:
        return "评审表由专家本人填写"
    if review.state != Review.State.ASSIGNED:
        return f"评审表{review.get_state_display()}，不能再改"
    if review.batch.state != "running":
        return f"评审{review.batch.get_state_display()}，不能再改"
    return seat_problem(review)


def sheet_problem(review: Review) -> str:
    """What the sheet lacks, as a sentence; "" when it may be handed in."""
    given = {m.criterion_id: (m.points, m.comment) for m in review.marks.all()}
    return marks_problem(review, given, review.comment)


def marks_problem(review: Review, given: Given, comment: str) -> str:
    """What {criterion's key: (points, comment)} and the comment on the whole lack to be a sheet; "" for nothing."""
    scheme = review.batch.guideline.scheme
    criteria: list[Criterion] = list(scheme.criteria.all())
    if odd := set(given) - {c.pk for c in criteria}:
        return f"评审方案里没有这 {len(odd)} 项指标"
    blank = [c.name for c in criteria if given.get(c.pk, (None, ""))[0] is None]
    if blank:
        return f"还有 {len(blank)} 项没有打分：{'、'.join(blank)}"
    for criterion in criteria:
        points, said = given[criterion.pk]
        assert points is not None
        if not 0 <= points <= criterion.full:
            return f"“{criterion.name}”应在 0 到 {criterion.full} 分之间"
        if points * 100 < scheme.pass_line * criterion.full and not said.strip():
            return f"“{criterion.name}”低于及格线，请写明理由"
    if len(comment.strip()) < LEAST_COMMENT:
        return f"请写总体意见，至少 {LEAST_COMMENT} 个字"
    return ""


def explain(review: Review, text: str, *, actor: Actor, at: datetime) -> Review:
    """Why a score is far from the others: said by its expert, or noted by the officer who asked them."""
    with writing(masked(review, actor), at):
        fresh: Review = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
        own = actor.is_system or fresh.person.account_id == actor.id
        if not own and not actor.has(Role.OFFICER):
            raise Refused("偏离说明由专家本人填写，或由业务科室记录")
        if not fresh.flagged or fresh.batch.state != "running":
            raise Refused("这份评审表现在不需要说明")
        if not text.strip():
            raise Refused("请写明理由")
        fresh.explanation = whole(text, 500, "说明")
        fresh.explained_by = "专家本人" if own else actor.name
        fresh.save(update_fields=["explanation", "explained_by"])
        log("说明评分偏离", fresh, {"explanation": [None, fresh.explanation]})
    return fresh
