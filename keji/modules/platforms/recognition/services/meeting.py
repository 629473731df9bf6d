"""The site visit and the party group's decision, recorded as they happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, take
from keji.kernel.records.saving import fitted, locked
from keji.lib.figures import plain_date
from keji.modules.platforms.files import evidence
from keji.modules.platforms.models import Application, Call, Decision, Meeting, SiteVisit
from keji.modules.platforms.numbers import number


def record_visit(
    record: Application,
    *,
    visited_on: date,
    people: Sequence[str],
    findings: str,
    passed: bool,
    actor: Actor,
    at: datetime,
    photos: Sequence[UploadedFile] = (),
) -> SiteVisit:
    """Record a visit and take the step its conclusion asks for. Raises Refused with a sentence."""
    names = list(dict.fromkeys(name.strip() for name in people if name.strip()))
    with writing(actor, at):
        fresh = locked(record)
        if fresh.state != Application.State.FORM_PASSED:
            raise Refused(f"当前状态是“{fresh.get_state_display()}”，不能登记现场审查")
        least = number("platform.visitors_least", day_of(at))
        if len(names) < least:
            raise Refused(f"现场审查至少 {least} 人，请写全审查人员（每行一人）")
        if visited_on > day_of(at):
            raise Refused(f"审查日期{plain_date(visited_on)}在今天之后，请核对")
        if not findings.strip():
            raise Refused("请写明现场看到的情况")
        visit = SiteVisit.objects.create(
            application=fresh,
            visited_on=visited_on,
            people=names,
            findings=findings.strip(),
            passed=passed,
            recorded_by=actor.name,
        )
        log(
            "登记现场审查",
            fresh,
            {"审查人员": [None, "、".join(names)], "结论": [None, "通过" if passed else "不通过"]},
        )
        for photo in photos:
            evidence.add_file(visit, photo, actor=actor, at=at)
        take(
            "pass_visit" if passed else "fail_visit",
            fresh,
            actor=actor,
            at=at,
            reason="" if passed else findings.strip()[:400],
        )
    return visit


def waiting(call: Call) -> Any:
    """Applications of a batch that wait for a meeting."""
    return call.applications.filter(state="visited").select_related("party", "region").order_by("region__order", "pk")


def record_meeting(
    call: Call,
    *,
    held_on: date,
    minutes: str,
    attendees: Sequence[str],
    decisions: Mapping[int, tuple[str, str]],
    actor: Actor,
    at: datetime,
) -> Meeting:
    """Record a meeting with its decision on each application ({key: (outcome, reason)}) and take their steps.

    Only what is listed proceeds; an application the meeting did not reach, or deferred, goes on waiting.
    """
    names = list(dict.fromkeys(name.strip() for name in attendees if name.strip()))
    if not actor.has(Role.OFFICER):
        raise Refused("党组会审议由业务科室登记")
    if not minutes.strip():
        raise Refused("请填写会议纪要编号")
    if not names:
        raise Refused("请填写参会人员（每行一人）")
    if held_on > day_of(at):
        raise Refused(f"会议日期{plain_date(held_on)}在今天之后，请核对")
    if not decisions:
        raise Refused("没有填写任何一家的审议决定")
    with writing(actor, at):
        rows = {row.pk: row for row in waiting(call).select_for_update(of=("self",))}
        if set(decisions) - set(rows):
            raise Refused("名单已有变化：有的申请不在待审议状态，请刷新后重新登记")
        if call.meetings.filter(minutes=minutes.strip()).exists():
            raise Refused(f"会议纪要{minutes.strip()}已经登记过")
        meeting = Meeting.objects.create(
            call=call,
            held_on=held_on,
            minutes=minutes.strip(),
            attendees=names,
            recorded_by=actor.name,
            recorded_at=at,
        )
        for key, (outcome, reason) in decisions.items():
            _decide(meeting, rows[key], outcome, reason.strip(), actor=actor, at=at)
        log("登记党组会审议", call, {"会议纪要": [None, meeting.minutes], "审议": [None, f"{len(decisions)} 家"]})
    return meeting


def _decide(meeting: Meeting, row: Application, outcome: str, reason: str, *, actor: Actor, at: datetime) -> None:
    if outcome not in Decision.Outcome.values:
        raise Refused(f"请为“{row.party}”选择审议决定")
    if outcome != Decision.Outcome.APPROVED and not reason:
        raise Refused(f"“{row.party}”{Decision.Outcome(outcome).label}，请写明理由")
    said = fitted(Decision, "reason", reason)
    Decision.objects.create(meeting=meeting, application=row, outcome=outcome, reason=said)
    if outcome == Decision.Outcome.APPROVED:
        take("approve", row, actor=actor, at=at)
    elif outcome == Decision.Outcome.DECLINED:
        take("turn_down", row, actor=actor, at=at, reason=reason)
    else:
        log("暂缓审议", row, reason=reason)
