"""Findings, the notice that orders them put right, the host's answers and the officer's second look."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile

from keji.kernel.audit.log import log, writing
from keji.kernel.calendar.models import work_calendar
from keji.kernel.clock import day_of
from keji.kernel.documents import numbering
from keji.kernel.documents.letters import close, framed
from keji.kernel.documents.models import Attachment, Paper
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.saving import fitted, locked
from keji.lib.figures import plain_date
from keji.lib.paper import model
from keji.modules.platforms.files import evidence
from keji.modules.platforms.models import Assessment, Finding

KIND = "assessment_mending"


def add_finding(record: Assessment, text: str, *, actor: Actor, at: datetime) -> Finding:
    with writing(actor, at):
        fresh = _graded(record, actor)
        if not text.strip():
            raise Refused("请写明问题")
        finding = Finding.objects.create(assessment=fresh, text=fitted(Finding, "text", text))
        log("列出整改问题", finding, {"text": [None, finding.text]})  # not yet the host's to read
    return finding


def drop_finding(finding: Finding, *, actor: Actor, at: datetime) -> None:
    with writing(actor, at):
        _graded(finding.assessment, actor)
        log("删去整改问题", finding, {"text": [finding.text, None]})
        finding.delete()


def _graded(record: Assessment, actor: Actor) -> Assessment:
    fresh: Assessment = locked(record)
    if not actor.has(Role.OFFICER):
        raise Refused("整改问题由业务科室列出")
    if fresh.state != Assessment.State.GRADED:
        raise Refused(f"当前状态是“{fresh.get_state_display()}”，不能再改问题清单")
    return fresh


def official_number(document_number: str) -> str:
    """The number as it is printed. Raises Refused for one that is none, or that a paper or a draft has already."""
    official = numbering.official_number(document_number)
    if Assessment.objects.filter(state=Assessment.State.ORDERED, notice_number=official).exists():
        raise Refused(f"发文字号{official}已有一份待签发的整改通知在用")
    return official


def issue_notice(record: Assessment, *, actor: Actor, at: datetime) -> None:
    """The notice as a paper with its day; called by the step, which saves the record. Raises Refused."""
    official, on = record.notice_number, day_of(at)
    if Paper.objects.filter(number=official).exists():
        raise Refused(f"发文字号{official}已经用过，请退回修改")
    record.due_on = work_calendar().add(on, record.campaign.rectify_days)
    findings = [f.text for f in record.findings.all()]
    record.paper = Paper(
        kind=KIND,
        period=record.number,
        title=f"关于{record.platform.name}评估问题整改的通知",
        number=official,
        content={"findings": findings, "due_on": record.due_on.isoformat()},
        drafted_by=record.notice_drafter,
        issued_on=on,
        data_digest=hashlib.sha256("\n".join(findings).encode()).hexdigest(),
        created_at=at,
    )
    close(record.paper, as_document(record, findings), actor=actor)


def as_document(record: Assessment, findings: list[str]) -> model.Paper:
    assert record.due_on is not None and record.paper is not None
    opening = f"经{record.campaign.title}，{record.platform.name}评定为“{record.grade}”，存在以下问题："
    ending = f"请于{plain_date(record.due_on)}前完成整改，并报送整改结果和佐证材料。逾期未整改的，按有关规定处理。"
    return framed(
        record.paper,
        addressee=record.party.name,
        body=[
            model.Text(opening),
            *(model.Text(f"{place}. {text}") for place, text in enumerate(findings, 1)),
            model.Text(ending),
        ],
        copies_to=f"{record.region.name}科技主管部门",
        footnotes=(),
    )


def answering_refusal(record: Assessment, actor: Actor) -> str:
    if not actor.is_system and record.party_id not in actor.parties:
        return "整改情况由平台依托单位填写"
    if record.state != Assessment.State.MENDING:
        return f"当前状态是“{record.get_state_display()}”，不能填写整改情况"
    return ""


def answer(record: Assessment, answers: Mapping[int, str], *, actor: Actor, at: datetime) -> int:
    """What the host did about each finding still open. Returns how many changed."""
    with writing(actor, at):
        fresh = locked(record)
        if why := answering_refusal(fresh, actor):
            raise Refused(why)
        changed = []
        for finding in fresh.findings.exclude(settled=True).filter(pk__in=list(answers)):
            if finding.answer != (said := fitted(Finding, "answer", answers[finding.pk])):
                finding.answer, finding.answered_on = said, day_of(at)
                finding.settled = None
                changed.append(finding)
        Finding.objects.bulk_update(changed, ["answer", "answered_on", "settled"])
        if changed:
            log("填写整改情况", fresh, {"问题": [None, f"{len(changed)} 个"]})
    return len(changed)


def add_proof(finding: Finding, file: UploadedFile | None, *, actor: Actor, at: datetime) -> Attachment:
    with writing(actor, at):
        if why := answering_refusal(locked(finding.assessment), actor):
            raise Refused(why)
        return evidence.add_file(finding, file, actor=actor, at=at)


def review(record: Assessment, answers: Mapping[int, tuple[bool | None, str]], *, actor: Actor, at: datetime) -> None:
    """The second look, finding by finding and nothing else: {key: (settled, remark)}."""
    with writing(actor, at):
        fresh = locked(record)
        if not actor.has(Role.OFFICER):
            raise Refused("整改由业务科室复核")
        if fresh.state != Assessment.State.MENDED:
            raise Refused(f"当前状态是“{fresh.get_state_display()}”，不能复核")
        rows = list(fresh.findings.filter(pk__in=list(answers)))
        for finding in rows:
            finding.settled, finding.remark = answers[finding.pk][0], fitted(Finding, "remark", answers[finding.pk][1])
            if finding.settled is False and not finding.remark:
                raise Refused(f"“{finding.text[:20]}”没有改好，请写明哪里不行")
        Finding.objects.bulk_update(rows, ["settled", "remark"])
        log("复核整改", fresh, {"复核": [None, f"通过 {sum(f.settled is True for f in rows)} 个"]})


def days_late(record: Assessment, on: date) -> int:
    """By how many days a mending is past its time; 0 while it is not, or once the host has answered."""
    if record.state != "mending" or record.due_on is None:
        return 0
    return max((on - record.due_on).days, 0)
