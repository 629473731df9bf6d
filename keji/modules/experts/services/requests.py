"""Asking for a panel, and learning who is on it once it is opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import Source, next_numbers, stamp
from keji.kernel.records.saving import whole
from keji.lib.draw import DrawError, Quota, Request
from keji.lib.figures import plain_date
from keji.modules.experts.asking import (
    CATEGORIES,
    DISCIPLINE,
    IN_CITY,
    KIND,
    OUTSIDE,
    PLACE,
    Member,
    Panel,
    QuotaRow,
    Subject,
)
from keji.modules.experts.models import Discipline, Draw, DrawSubject, Expert, Seat
from keji.modules.experts.services.numbers import city, number

KINDS = {label: value for value, label in Expert.Kind.choices}


def request_draw(
    subjects: Sequence[Subject],
    *,
    title: str,
    size: int,
    review_on: date,
    quotas: Sequence[QuotaRow] = (),
    disciplines: Sequence[str] = (),
    employer_cap: int = 1,
    substitutes: int = 3,
    venue: str = "",
    contact: int | None = None,
    blind: bool = False,
    instead_of: Draw | None = None,
    actor: Actor,
    at: datetime,
) -> str:
    """Ask for a panel over `subjects`; → the draw's number. Another officer may freeze it, the inspector draws.

    `size` is odd; `disciplines`: first-level codes technical and industry experts must have one of, () for all;
    `contact`: account of whoever calls the experts; `blind`: the experts asked are not told whose work it is.
    Raises Refused with a sentence.
    """
    with writing(actor, at):
        if not actor.has(Role.OFFICER):
            raise Refused("抽取由业务科室申请")
        if not title.strip() or not subjects:
            raise Refused("请写明评审事项和至少一个评审对象")
        if review_on < day_of(at):
            raise Refused(f"评审日期{plain_date(review_on)}已过，请核对")
        rows = check_request(size, quotas, employer_cap, substitutes)
        _check_disciplines(disciplines)
        most = number("experts.avoid_names_most", day_of(at))
        for subject in subjects:
            _check_subject(subject, most)
        if contact is not None and contact == actor.id:
            raise Refused("申请人不能兼任联络人，请另选一位同志")
        draw = Draw(
            title=whole(title, 160, "评审事项"), review_on=review_on, venue=whole(venue, 120, "评审地点"), size=size,
            substitutes=substitutes, employer_cap=employer_cap, quotas=[asdict(q) for q in rows],
            disciplines=sorted(set(disciplines)), blind=blind, requested_by_id=actor.id, contact_id=contact,
            region=city(), instead_of=instead_of,
        )  # fmt: skip
        draw.number = next_numbers(Draw.prefix, day_of(at).year)[0]
        stamp(draw, actor=actor, at=at, state=Draw.State.REQUESTED, source=Source.BUREAU)
        draw.save()
        DrawSubject.objects.bulk_create(
            [
                DrawSubject(
                    draw=draw, number=whole(s.number, 24, "评审对象的编号"),
                    title=whole(s.title, 200, "评审对象的名称"), parties=list(s.parties),
                    people=[asdict(p) for p in s.people], avoided=[asdict(a) for a in s.avoided],
                )
                for s in subjects
            ]
        )  # fmt: skip
        told = {"title": [None, draw.title], "size": [None, size], "评审对象": [None, f"{len(subjects)} 个"]}
        log("申请抽取", draw, told)
    return str(draw.number)


def check_request(size: int, quotas: Sequence[QuotaRow], cap: int, substitutes: int) -> list[QuotaRow]:
    """The quotas in order, most cut to the size. Refused where the request contradicts itself."""
    known = {c: set(v) for c, v in quota_values().items()}
    for q in quotas:
        if q.category not in CATEGORIES or q.value not in known[q.category]:
            raise Refused(f"名额要求里没有{q.category}“{q.value}”")
    rows = [QuotaRow(q.category, q.value, q.least, min(q.most, size)) for q in quotas]
    try:
        lib = tuple(Quota(q.category, q.value, q.least, q.most) for q in rows)
        Request(size=size, quotas=lib, employer_cap=cap, substitutes=substitutes).check()
    except DrawError as why:
        raise Refused(str(why).rstrip("。")) from None
    for category in CATEGORIES:
        if (asked := sum(q.least for q in rows if q.category == category)) > size:
            raise Refused(f"{category}各项下限合计 {asked} 人，多于评审组 {size} 人，请调低")
    return rows


def quota_values() -> dict[str, list[str]]:
    """What a quota may name in each category; disciplines by their first-level code."""
    codes = list(Discipline.objects.filter(parent=None).values_list("code", flat=True))
    return {KIND: list(KINDS), DISCIPLINE: codes, PLACE: [IN_CITY, OUTSIDE]}


def _check_disciplines(codes: Sequence[str]) -> None:
    known = set(Discipline.objects.filter(code__in=codes, parent=None).values_list("code", flat=True))
    if odd := sorted(set(codes) - known):
        raise Refused(f"没有一级学科代码 {'、'.join(odd)}")


def _check_subject(subject: Subject, most: int) -> None:
    if not subject.title.strip():
        raise Refused("每个评审对象都要有名称")
    if len(subject.avoided) > most:
        raise Refused(f"“{subject.title}”申请回避 {len(subject.avoided)} 人，最多 {most} 人")
    for avoided in subject.avoided:
        if not avoided.name.strip() or not avoided.reason.strip():
            raise Refused(f"“{subject.title}”申请回避的每一人都要写明姓名和理由")


def panel_of(number: str) -> Panel:
    """How a draw stands, with its members once it is opened. Raises LookupError for an unknown number."""
    draw = Draw.objects.filter(number=number).first()
    if draw is None:
        raise LookupError(f"没有编号为 {number} 的抽取")
    members: tuple[Member, ...] = ()
    if draw.opened:
        seats = Seat.objects.filter(draw=draw).exclude(state=Seat.State.DECLINED).select_related("expert__person")
        members = tuple(
            Member(
                s.expert.person_id,
                s.expert.person.account_id,
                s.expert.number,
                s.expert.person.name,
                s.expert.employer,
            )
            for s in seats
        )
    return Panel(draw.number, draw.state, draw.get_state_display(), draw.opened, members)
