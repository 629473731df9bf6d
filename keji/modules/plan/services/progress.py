"""Progress of targets that no indicator counts: filed by the lead section or a county, confirmed by another person."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.parties.models import Region
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.lib.figures import Period
from keji.modules.plan.models import Plan, PlanTarget, TargetProgress


def filing_refusal(target: PlanTarget, region: Region, actor: Actor) -> str:
    """Why this actor may not file progress of this target for this region; "" when they may."""
    if target.basis == PlanTarget.Basis.INDICATOR:
        return "这个目标由系统按台账计数，不用填报；数不对时请更正相应台账记录"
    if target.plan.state != Plan.State.ADOPTED or not target.tracked:
        return "只有执行中的工作要点的目标可以填报进展"
    if actor.is_system:
        return ""
    if actor.has(Role.OFFICER):
        sections = actor.sections
        if target.section_id is None or target.section_id in sections:
            return ""
        return f"这个目标由{target.section}牵头，进展由牵头科室填报"
    if target.by_county and actor.has(Role.COUNTY):
        return "" if region.code in actor.regions else "只能填报本县区的进展"
    return "目标进展由牵头科室填报" if not target.by_county else "目标进展由牵头科室和县区填报"


def file_progress(
    target: PlanTarget,
    region: Region,
    period: Period,
    *,
    value: Decimal | None = None,
    done: bool = False,
    done_on: date | None = None,
    evidence: str,
    actor: Actor,
    at: datetime,
) -> TargetProgress:
    """File (or file again) one month's figure. Filing again takes an earlier confirmation back: it was for another."""
    if why := filing_refusal(target, region, actor):
        raise Refused(why)
    if period.start > day_of(at):
        raise Refused(f"{period.label}还没有到，不能填报")
    milestone = target.basis == PlanTarget.Basis.MILESTONE or target.op == "milestone"
    if not milestone and value is None:
        raise Refused("请填写累计完成数；本月确实没有进展的填上月末的累计数")
    if done and (done_on is None or done_on > day_of(at)):
        raise Refused("请填写完成日期，且不能晚于今天")
    if not evidence.strip():
        raise Refused("请写明依据，如文件名称、文号或统计报表")
    with writing(actor, at):
        row = (
            TargetProgress.objects.select_for_update().filter(target=target, region=region, period=str(period)).first()
        )
        before = [row.value, row.done] if row else [None, None]
        row = row or TargetProgress(target=target, region=region, period=str(period))
        row.value, row.done, row.done_on = value, done, done_on if done else None
        row.evidence, row.filed_by, row.filer_id, row.filed_at = evidence.strip(), actor.name, actor.id, at
        row.confirmed_by, row.confirmed_at = "", None
        row.save()
        log("填报目标进展", row, {"累计完成": [before[0], value], "已完成": [before[1], done]}, reason=row.evidence)
    return row


def confirming_refusal(progress: TargetProgress, actor: Actor) -> str:
    """Why this actor may not confirm; "" when they may. Filing and confirming are two people's work."""
    if progress.confirmed_at is not None:
        return f"已由{progress.confirmed_by}确认"
    if actor.is_system:
        return ""
    if not actor.has(Role.OFFICER, Role.LEADER):
        return "由业务科室或局领导确认"
    return "填报和确认必须是两个人" if progress.filer_id == actor.id else ""


def confirm_progress(progress: TargetProgress, *, actor: Actor, at: datetime) -> TargetProgress:
    """From now on the figure counts."""
    with writing(actor, at):
        row = TargetProgress.objects.select_for_update().get(pk=progress.pk)
        if why := confirming_refusal(row, actor):
            raise Refused(why)
        row.confirmed_by, row.confirmed_at = actor.name, at
        row.save(update_fields=["confirmed_by", "confirmed_at"])
        log("确认目标进展", row, {"累计完成": [None, row.value]})
    return row
