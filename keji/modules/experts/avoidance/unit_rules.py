"""Rules about the expert's own part: on the applicant's side, at the applicant's unit, named by the applicant."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from keji.lib.draw import State
from keji.lib.figures import plain_date
from keji.modules.experts.avoidance.base import Case, Found, plain_name, rule
from keji.modules.experts.models import Employment


@rule("own", "本人或本人团队申报", State.AVOIDED)
def own(case: Case) -> Iterator[Found]:
    """The expert stands on the applicant's side of something in the same batch."""
    for side in case.experts.values():
        for subject, ref in case.subjects_of_person(side.person, side.name, side.employer):
            sure = ref.person == side.person
            doubt = "" if sure else "（按姓名和单位比对，不能排除同名）"
            yield side.key, subject.said, f"是{subject.said}的申报人员{doubt}"
            break


@rule("same_unit", "同一单位", State.AVOIDED)
def same_unit(case: Case) -> Iterator[Found]:
    """Works for the applicant or a co-operator on the review day."""
    for side in case.experts.values():
        for subject in case.subjects_of_unit(side.party, side.employer):
            yield side.key, side.number, f"所在单位{side.employer}是{subject.said}的申报或合作单位"
            break
    for row in _employments(case, still=True):
        for subject in case.subjects_of_unit(row.party_id, row.employer):
            yield row.expert_id, f"任职经历 {row.pk}", f"在{subject.said}的申报或合作单位{row.employer}任职"
            break


@rule("former_unit", "曾在同一单位", State.AVOIDED)
def former_unit(case: Case) -> Iterator[Found]:
    """Left the unit less than the window ago: avoided only if the last day lies after its start."""
    for row in _employments(case, still=False):
        for subject in case.subjects_of_unit(row.party_id, row.employer):
            left = plain_date(row.until_on)
            sentence = f"{left}才离开{subject.said}的申报或合作单位{row.employer}，至评审日未满{case.window_years}年"
            yield row.expert_id, f"任职经历 {row.pk}", sentence
            break


def _employments(case: Case, *, still: bool) -> Iterator[Employment]:
    """Employments that last on the review day, or that ended inside the window, at units under review."""
    keys = {key for subject in case.subjects for key in subject.parties}
    names = {name for subject in case.subjects for name in subject.names}
    running = Q(until_on=None) | Q(until_on__gte=case.on)
    when = running if still else Q(until_on__gt=case.window_start, until_on__lt=case.on)
    for row in Employment.objects.filter(when).order_by("pk"):
        if row.expert_id in case.experts and (row.party_id in keys or plain_name(row.employer) in names):
            yield row


@rule("named", "申报单位申请回避", State.AVOIDED)
def named(case: Case) -> Iterator[Found]:
    """Named by an applicant with a reason, at most three a subject; checked when the panel was asked for."""
    for subject in case.subjects:
        for wish in subject.avoided:
            for side in case.by_name.get(plain_name(wish.name), []):
                unit = plain_name(wish.unit)
                if not unit or unit == plain_name(side.employer):
                    yield side.key, subject.said, f"{subject.said}申请回避：{wish.reason}"
