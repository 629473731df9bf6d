"""Writes of assessment: the campaign, the host's self-report, the county's check item by item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from keji.kernel.audit.log import log, writing
from keji.kernel.documents.models import Attachment
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, take
from keji.kernel.records.models import Source, changed_fields, next_numbers, stamp
from keji.kernel.records.saving import fitted, locked
from keji.modules.platforms.assessment.services.scoring import must_mend
from keji.modules.platforms.files import evidence
from keji.modules.platforms.files.evidence import files_by_part
from keji.modules.platforms.models import Assessment, Campaign, Platform, SchemeItem, SelfReport
from keji.modules.platforms.numbers import city

Rows = Sequence[Mapping[str, Any]]
WRITING = ("invited", "returned")


def draft_campaigns(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[Campaign]:
    made = []
    with writing(actor, at):
        for row, number in zip(rows, next_numbers(Campaign.prefix, at.year, len(rows)), strict=True):
            record = Campaign(number=number, region=city(), **row)
            stamp(record, actor=actor, at=at, state=Campaign.State.DRAFT, source=Source.BUREAU)
            record.save()
            log("起草评估批次", record, {k: [None, v] for k, v in row.items() if v not in (None, "")})
            made.append(record)
    return made


def correct_campaign(record: Campaign, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> Campaign:
    with writing(actor, at):
        before = locked(record)
        for name, value in values.items():
            setattr(record, name, value)
        record.updated_at = at
        record.save()
        if changes := changed_fields(before, record, list(values)):
            log("修改评估批次", record, changes)
    return record


def platforms_of(campaign: Campaign) -> Any:
    """Platforms the campaign concerns: of its kind and level, recognised before its year's end and standing still."""
    rows = Platform.objects.standing_on(campaign.opens_on).filter(kind=campaign.scheme.kind, level=campaign.level)
    return rows.filter(recognised_on__year__lte=campaign.year).select_related("party").order_by("region__order", "pk")


def invite(campaign: Campaign, *, actor: Actor, at: datetime) -> list[Assessment]:
    """One assessment a platform, in bulk; called by the step that launches."""
    platforms = list(platforms_of(campaign))
    made = []
    for platform, number in zip(platforms, next_numbers(Assessment.prefix, at.year, len(platforms)), strict=True):
        record = Assessment(
            number=number, campaign=campaign, platform=platform, party=platform.party, region_id=platform.region_id
        )
        stamp(record, actor=actor, at=at, state=Assessment.State.INVITED, source=Source.BUREAU)
        made.append(record)
    Assessment.objects.bulk_create(made, batch_size=500)
    items = list(campaign.scheme.items.all())
    SelfReport.objects.bulk_create([SelfReport(assessment=a, item=i) for a in made for i in items], batch_size=500)
    for record in made:
        log("下达自评任务", record)
    return made


def close_sound(campaign: Campaign, *, actor: Actor, at: datetime) -> None:
    """When results are published, those with nothing to put right are done with."""
    Campaign.objects.filter(pk=campaign.pk).update(state=Campaign.State.PUBLISHED)  # what `close` asks for
    for record in campaign.assessments.filter(state="graded").select_related("campaign__scheme").order_by("pk"):
        if not must_mend(record) and not record.findings.exists():
            take("close", record, actor=actor, at=at)


def unanswered(record: Assessment) -> list[str]:
    """Names of items without a text, without points, or without the evidence they ask for."""
    reports = list(record.reports.select_related("item"))
    files = files_by_part(reports)
    return [
        r.item.name for r in reports if not r.text.strip() or r.points is None or (r.item.evidence and not files[r.pk])
    ]


def writing_refusal(record: Assessment, actor: Actor) -> str:
    """Why this actor may not write the self-report; "" when they may."""
    if not actor.is_system and record.party_id not in actor.parties:
        return "自评由平台依托单位填写"
    if record.state not in WRITING:
        return f"当前状态是“{record.get_state_display()}”，不能修改自评"
    return ""


def save_self_report(
    record: Assessment, answers: Mapping[int, tuple[str, Decimal | None]], *, actor: Actor, at: datetime
) -> int:
    """Keep what the host says: {key of a report: (text, points)}. Returns how many changed."""
    with writing(actor, at):
        fresh = locked(record)
        if why := writing_refusal(fresh, actor):
            raise Refused(why)
        changed = []
        for report in fresh.reports.select_related("item").filter(pk__in=list(answers)):
            text, points = answers[report.pk]
            if points is not None and not 0 <= points <= report.item.full:
                raise Refused(f"“{report.item.name}”自评分应在 0 到 {report.item.full} 之间")
            if (report.text, report.points) != (text.strip(), points):
                report.text, report.points = text.strip(), points
                report.agreed = None  # what was changed is checked anew
                changed.append(report)
        SelfReport.objects.bulk_update(changed, ["text", "points", "agreed"])
        if changed:
            log("填写自评", fresh, {"项目": [None, "、".join(r.item.name for r in changed)]})
    return len(changed)


def add_evidence(
    record: Assessment, report: int, file: UploadedFile | None, *, actor: Actor, at: datetime
) -> Attachment:
    with writing(actor, at):
        fresh = locked(record)
        if why := writing_refusal(fresh, actor):
            raise Refused(why)
        part = fresh.reports.select_related("item", "assessment").filter(pk=report).first()
        if part is None:
            raise Refused("没有这个指标")
        SelfReport.objects.filter(pk=part.pk).update(agreed=None)
        return evidence.add_file(part, file, actor=actor, at=at)


def save_checks(
    record: Assessment, answers: Mapping[int, tuple[bool | None, str]], *, actor: Actor, at: datetime
) -> None:
    """What the county says of each item: {key of a report: (agreed, remark)}; who does not agree says why."""
    with writing(actor, at):
        fresh = locked(record)
        if not actor.has(Role.COUNTY) or not fresh.access.reaches(actor, fresh.access.write, fresh):
            raise Refused("自评由平台所在县区核实")
        if fresh.state != Assessment.State.REPORTED:
            raise Refused(f"当前状态是“{fresh.get_state_display()}”，不能核实")
        rows = list(fresh.reports.select_related("item").filter(pk__in=list(answers)))
        for report in rows:
            report.agreed, report.remark = answers[report.pk][0], fitted(SelfReport, "remark", answers[report.pk][1])
            if report.agreed is False and not report.remark:
                raise Refused(f"“{report.item.name}”不认可，请写明原因")
        SelfReport.objects.bulk_update(rows, ["agreed", "remark"])
        said = sum(r.agreed is not None for r in rows)
        log("核实自评", fresh, {"核实": [None, f"{said} 项，其中不认可 {sum(r.agreed is False for r in rows)} 项"]})


def items_of(record: Assessment) -> list[SchemeItem]:
    return list(record.campaign.scheme.items.all())
