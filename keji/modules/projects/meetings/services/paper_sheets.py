"""Sheets signed on paper: one officer types what stands there, another holds it against the paper, then it counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from keji.kernel.audit.log import log, writing
from keji.kernel.documents.handing_in import file_problem
from keji.kernel.documents.models import keep
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused, take
from keji.kernel.records.saving import whole
from keji.modules.projects.meetings.services.attending import seat_problem
from keji.modules.projects.meetings.services.calling import by_officer, held_meeting
from keji.modules.projects.models import Mark, PaperSheet, Review
from keji.modules.projects.reviews.services.reviewing import marks_problem

Marks = Mapping[int, tuple[Decimal | None, str]]


def typing_refusal(review: Review) -> str:
    """Why no paper can be typed for this sheet; "" when it can."""
    if not review.batch.guideline.scheme.meets:
        return "网络评审由专家本人在线填写，不录入纸质评分表"
    if review.state != Review.State.ASSIGNED:
        return f"评审表{review.get_state_display()}，不能再录入"
    return seat_problem(review)


def type_sheet(
    review: Review, marks: Marks, comment: str, file: UploadedFile | None, *, actor: Actor, at: datetime
) -> PaperSheet:
    """Keep what the signed paper says, {criterion's key: (points, comment)}, with its scan; typed anew it replaces."""
    by_officer(actor)
    with writing(actor, at):
        batch, _ = held_meeting(review.batch)
        fresh = _fresh(review)
        if why := typing_refusal(fresh):
            raise Refused(why)
        old = PaperSheet.objects.filter(review=fresh).first()
        if file is None and old is None:
            raise Refused("请上传专家签名的纸质评分表扫描件")
        if file is not None and (problem := file_problem(file)):
            raise Refused(problem)
        if why := marks_problem(fresh, marks, comment):
            raise Refused(why)
        found = old or PaperSheet(review=fresh)
        if file is not None:
            found.page, found.page_name = keep(file.read()), (file.name or "评分表")[-200:]
        found.marks = {str(key): [f"{points}", whole(words, 500, "评语")] for key, (points, words) in marks.items()}
        found.comment, found.state, found.wrong = whole(comment, 2000, "总体意见"), PaperSheet.State.TYPED, ""
        found.typed_by_id, found.typed_name, found.typed_at = actor.id, actor.name, at
        found.save()
        told = {"评审表": [None, f"{fresh.code} {fresh.proposal.number}"], "扫描件": [None, found.page_id[:12]]}
        log("录入纸质评分表", batch, told)
    return found


def _fresh(review: Review) -> Review:
    rows = Review.objects.select_for_update(of=("self",)).select_related("batch__guideline__scheme", "proposal")
    found: Review = rows.get(pk=review.pk)
    return found


def _to_check(review: Review, actor: Actor) -> tuple[Review, PaperSheet]:
    fresh = _fresh(review)
    found = PaperSheet.objects.select_for_update(of=("self",)).filter(review=fresh).first()
    if found is None or found.state != PaperSheet.State.TYPED:
        raise Refused("没有待核对的纸质评分表")
    if not actor.is_system and found.typed_by_id == actor.id:
        raise Refused("录入和核对必须是两个人，请另一位同志对照纸质件核对")
    return fresh, found


def confirm_sheet(review: Review, *, actor: Actor, at: datetime) -> Review:
    """Another officer found it says what the paper says: now it is the expert's sheet."""
    by_officer(actor)
    with writing(actor, at):
        held_meeting(review.batch)
        fresh, found = _to_check(review, actor)
        fresh.marks.all().delete()
        Mark.objects.bulk_create(
            [
                Mark(review=fresh, criterion_id=int(key), points=Decimal(points), comment=words)
                for key, (points, words) in found.marks.items()
            ]
        )
        Review.objects.filter(pk=fresh.pk).update(comment=found.comment)
        found.state, found.checked_by_id, found.checked_name, found.checked_at = (
            PaperSheet.State.CONFIRMED, actor.id, actor.name, at,
        )  # fmt: skip
        found.save()
        done: Review = take("enter", fresh, actor=actor, at=at)
        told = {"评审表": [None, f"{fresh.code} {fresh.proposal.number}"], "录入": [None, found.typed_name]}
        log("核对纸质评分表", fresh.batch, told)
    return done


def return_sheet(review: Review, wrong: str, *, actor: Actor, at: datetime) -> PaperSheet:
    """It does not say what the paper says: typed again, with where it differs."""
    by_officer(actor)
    if not wrong.strip():
        raise Refused("请写明哪里与纸质件不一致")
    with writing(actor, at):
        held_meeting(review.batch)
        fresh, found = _to_check(review, actor)
        found.state, found.wrong = PaperSheet.State.RETURNED, whole(wrong, 300, "不符之处")
        found.save()
        told = {"评审表": [None, f"{fresh.code} {fresh.proposal.number}"]}
        log("退回纸质评分表", fresh.batch, told, reason=found.wrong)
    return found


def lines_of(review: Review) -> list[dict[str, Any]]:
    """[{criterion, points, comment}] as typed, for the page that types and the one that checks."""
    found = PaperSheet.objects.filter(review=review).first()
    typed = found.marks if found else {}
    return [
        {"criterion": c, "points": said[0], "comment": said[1]}
        for c in review.batch.guideline.scheme.criteria.all()
        for said in [typed.get(str(c.pk), ["", ""])]
    ]
