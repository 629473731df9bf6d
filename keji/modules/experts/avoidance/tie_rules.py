"""Rules about ties to people and units under review, from declarations and records alike.

A sentence never repeats whom a family declaration names.
"""

from __future__ import annotations

from collections.abc import Iterator

from keji.lib.draw import State
from keji.lib.figures import plain_date
from keji.modules.experts.avoidance.base import Case, Found, SubjectFacts, rule
from keji.modules.experts.models import Tie

Kind = Tie.Kind


def _ties(case: Case, *kinds: str) -> Iterator[Tie]:
    rows = Tie.objects.filter(withdrawn_at=None, kind__in=kinds).order_by("pk")
    return (tie for tie in rows if tie.expert_id in case.experts)


def _touched(case: Case, tie: Tie) -> SubjectFacts | None:
    """The first subject this tie reaches: by the person it names, or by the unit."""
    for subject, _ in case.subjects_of_person(tie.person_id, tie.whom, tie.unit):
        return subject
    return next(case.subjects_of_unit(tie.party_id, tie.unit), None) if _speaks_of_unit(tie) else None


def _speaks_of_unit(tie: Tie) -> bool:
    """Interests, families and other ties count for the whole unit; mentors and co-authors for the person alone."""
    return tie.kind in (Kind.KIN, Kind.INTEREST, Kind.OTHER) or not (tie.whom or tie.person_id)


def _found(case: Case, tie: Tie, what: str) -> Iterator[Found]:
    if subject := _touched(case, tie):
        yield tie.expert_id, f"关系 {tie.pk}", f"与{subject.said}的申报方{what}（{tie.get_origin_display()}）"


@rule("kin", "近亲属", State.AVOIDED)
def kin(case: Case) -> Iterator[Found]:
    """Spouse, direct blood, collateral within three generations, near in-laws; without a time limit."""
    for tie in _ties(case, Kind.KIN):
        yield from _found(case, tie, "有近亲属关系")


@rule("mentor", "导师学生", State.AVOIDED)
def mentor(case: Case) -> Iterator[Found]:
    """Tutor or student of somebody on the applicant's side; without a time limit."""
    for tie in _ties(case, Kind.MENTOR):
        yield from _found(case, tie, "有导师学生关系")


@rule("worked_together", "合著或合作", State.AVOIDED)
def worked_together(case: Case) -> Iterator[Found]:
    """A paper or project in common inside the window; one without a day counts as inside."""
    for tie in _ties(case, Kind.COAUTHOR, Kind.COPROJECT):
        last = tie.until_on or tie.on
        if last is None:
            yield from _found(case, tie, f"有{tie.get_kind_display()}，未写明日期")
        elif last > case.window_start:
            what = f"{plain_date(last)}有{tie.get_kind_display()}，至评审日未满{case.window_years}年"
            yield from _found(case, tie, what)


@rule("interest", "经济利益", State.AVOIDED)
def interest(case: Case) -> Iterator[Found]:
    """Shares, an advisory post or other economic interest that has not ended before the review day."""
    for tie in _ties(case, Kind.INTEREST):
        if tie.until_on is None or tie.until_on >= case.on:
            yield from _found(case, tie, "有经济利益、持股或顾问关系")


@rule("declared", "本人申报应回避", State.AVOIDED)
def declared(case: Case) -> Iterator[Found]:
    for tie in _ties(case, Kind.OTHER):
        if tie.until_on is None or tie.until_on >= case.on:
            yield from _found(case, tie, "有本人申报的应回避关系")
