"""The meeting that decides together: outcome, money and reason of every proposal on its list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, take
from keji.kernel.records.saving import whole
from keji.lib.figures import plain_date
from keji.modules.projects.meetings.services.opinions import unfavourable
from keji.modules.projects.models import Decision, DecisionMeeting, Guideline, Proposal
from keji.modules.projects.numbers import wan
from keji.modules.projects.reviews.services.scoring import exact_of

LEAST_PEOPLE = 3
#: {proposal's key: (outcome, grant in 元, reason)}
Decided = Mapping[int, tuple[str, int, str]]


def waiting(guideline: Guideline) -> Any:
    rows = guideline.proposals.filter(state="reviewed").select_related("party", "region", "guideline")
    return rows.order_by("-score", "pk")


def given(guideline: Guideline) -> int:
    """元 of the guideline's money already decided on."""
    rows = guideline.proposals.filter(state__in=["approved", "publicised", "established"])
    return sum(rows.values_list("grant", flat=True))


def record_meeting(
    guideline: Guideline,
    *,
    kind: str,
    held_on: date,
    minutes: str,
    attendees: Sequence[str],
    decisions: Decided,
    actor: Actor,
    at: datetime,
) -> DecisionMeeting:
    """Keep what a meeting decided and move the proposals; what is not named goes on waiting."""
    with writing(actor, at):
        if not actor.has(Role.OFFICER):
            raise Refused("会议决定由业务科室登记")
        fresh = Guideline.objects.select_for_update(of=("self",)).get(pk=guideline.pk)
        rows = {row.pk: row for row in waiting(fresh)}
        _check_meeting(fresh, held_on, minutes, attendees, decisions, at)
        if set(decisions) - set(rows):
            raise Refused("有的项目已经不在待决策名单里，请刷新后再登记")
        _check_decisions(fresh, rows, decisions)
        meeting = DecisionMeeting.objects.create(
            guideline=fresh, kind=kind, held_on=held_on, minutes=minutes.strip(), attendees=list(attendees),
            recorded_by=actor.name, recorded_at=at,
        )  # fmt: skip
        for key, (outcome, grant, reason) in decisions.items():
            money = grant if outcome == Decision.Outcome.APPROVED else 0
            Decision.objects.create(
                meeting=meeting, proposal=rows[key], outcome=outcome, grant=money, reason=whole(reason, 300, "理由")
            )
            if outcome == Decision.Outcome.APPROVED:
                Proposal.objects.filter(pk=key).update(grant=money)
                take("approve", rows[key], actor=actor, at=at)
            elif outcome == Decision.Outcome.DECLINED:
                take("turn_down", rows[key], actor=actor, at=at, reason=reason)
        log("登记集体决策", fresh, {"会议": [None, f"{meeting}，{len(decisions)} 项"]})
    return meeting


def _check_meeting(
    guideline: Guideline, held_on: date, minutes: str, attendees: Sequence[str], decisions: Decided, at: datetime
) -> None:
    if held_on > day_of(at):
        raise Refused(f"会议日期{plain_date(held_on)}在今天之后，请核对")
    if not minutes.strip():
        raise Refused("请填写会议纪要编号")
    if len(set(attendees)) < LEAST_PEOPLE:
        raise Refused(f"集体决策至少 {LEAST_PEOPLE} 人参会，请填全参会人员")
    if not decisions:
        raise Refused("请至少选择一个项目的决定")
    if guideline.meetings.filter(minutes=minutes.strip()).exists():
        raise Refused(f"会议纪要“{minutes.strip()}”已经登记过")


def _check_decisions(guideline: Guideline, rows: Mapping[int, Proposal], decisions: Decided) -> None:
    """Money within its limits, reasons where the outcome does not follow the scores."""
    approved = {k: grant for k, (outcome, grant, _) in decisions.items() if outcome == "approved"}
    for key, grant in approved.items():
        row = rows[key]
        if not 0 < grant <= min(row.asked, guideline.grant_most):
            most = wan(min(row.asked, guideline.grant_most))
            raise Refused(f"“{row.title}”的资助应大于 0、不超过 {most} 万元（申请额和单项上限中的较小者）")
    total = given(guideline) + sum(approved.values())
    if total > guideline.money:
        raise Refused(f"合计资助 {wan(total)} 万元，超过经费总额 {wan(guideline.money)} 万元")
    best_out = max((exact_of(rows[k]) or 0 for k, (o, _, _) in decisions.items() if o == "declined"), default=None)
    against = unfavourable(list(approved))
    for key, (outcome, _, reason) in decisions.items():
        row, score = rows[key], exact_of(rows[key]) or 0
        if outcome not in Decision.Outcome.values:
            raise Refused("请选择决定")
        if outcome != "approved" and not reason.strip():
            raise Refused(f"“{row.title}”不予立项或暂缓，请写明理由")
        if outcome == "approved" and not reason.strip():
            if key in against:
                raise Refused(f"“{row.title}”的专家组结论是“{against[key]}”，同意立项请写明理由")
            if score < guideline.scheme.pass_line:
                raise Refused(f"“{row.title}”评审得分不到及格线，同意立项请写明理由")
            if best_out is not None and score < best_out:
                raise Refused(f"“{row.title}”得分低于未立项的项目，同意立项请写明理由")
