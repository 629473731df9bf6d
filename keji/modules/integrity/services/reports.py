"""What comes in from those who report, with or without a name; the receipt; joining two reports of the same matter."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.documents.models import attach
from keji.kernel.people.crypto import fingerprint
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import next_numbers
from keji.kernel.records.notices.objections import PublicAct
from keji.kernel.records.notices.receiving import ASKING, VISITOR, clean_name, file_problem, note_act, too_many
from keji.kernel.records.saving import whole
from keji.modules.integrity.clocks import number
from keji.modules.integrity.models import Case, Report
from keji.modules.integrity.services.cases import make_case, own_refusal, recuse_conflicted

REPORTING = "integrity"
PREFIX = "JB"


def hand_in(
    *,
    token: UUID,
    accused: str,
    text: str,
    name: str = "",
    contact: str = "",
    file: UploadedFile | None = None,
    address: str,
    at: datetime,
) -> Report:
    """Take a report in and return it with its receipt; the same `token` and text twice is one report.

    Always by a visitor: even somebody who is logged in leaves no account here. Raises Refused with a sentence.
    """
    with writing(VISITOR, at):
        same = Report.objects.filter(token=token).first()
        if same is not None:
            if same.text == text.strip() and same.accused == accused.strip():
                return same
            token = uuid4()  # went back and wrote another one
        if file is not None and (why := file_problem(file)):
            raise Refused(why)
        if why := _too_many(address, at):
            raise Refused(why)
        note_act(REPORTING, address, at)
        return _take_in(
            "page", at=at, file=file, token=token, accused=accused, text=text, name=name, contact=contact, actor=VISITOR
        )


def _too_many(address: str, at: datetime) -> str:
    recent = PublicAct.objects.filter(kind=REPORTING, address=fingerprint(address), at__gt=at - timedelta(hours=1))
    if recent.count() < number("reports_per_hour", day_of(at)):
        return ""
    return "同一网络地址一小时内提交的次数过多，请稍后再试，或来信来访"


def register(channel: str, *, accused: str, text: str, name: str, contact: str, actor: Actor, at: datetime) -> Report:
    """A report that came by letter or telephone, entered by a case worker."""
    from keji.modules.integrity.models import Worker

    with writing(actor, at):
        if not actor.is_system and not Worker.objects.in_force_now().filter(account_id=actor.id).exists():
            raise Refused("举报由局领导指定的办案人员登记")
        if channel not in (Report.Channel.LETTER, Report.Channel.PHONE):
            raise Refused("请选择来信来访或来电")
        return _take_in(
            channel, at=at, token=uuid4(), accused=accused, text=text, name=name, contact=contact, actor=actor
        )


def _take_in(channel: str, *, at: datetime, actor: Actor, file: UploadedFile | None = None, **told: Any) -> Report:
    case = make_case(origin="report", gist="", received_on=day_of(at), actor=actor, at=at)
    made = Report.objects.create(
        case=case,
        number=next_numbers(PREFIX, day_of(at).year)[0],
        channel=channel,
        received_at=at,
        named=bool(told["name"].strip()),
        token=told["token"],
        name=whole(told["name"], 60, "姓名"),
        contact=whole(told["contact"], 100, "联系方式"),
        accused=told["accused"].strip(),
        text=told["text"].strip(),
    )
    if file is not None:
        attach(made, file, name=clean_name(file.name or "附件"), by="举报人", at=at, purpose="举报材料")
    log("收到举报", made, {"channel": [None, channel], "named": [None, made.named]})
    recuse_conflicted(case, at=at)
    return made


def find_by_receipt(number_typed: str, code: str, *, address: str, at: datetime) -> Report:
    """The report a receipt belongs to. Raises Refused; wrong tries are counted, and an unknown number answers alike."""
    if why := too_many(ASKING, address, at):
        raise Refused(why)
    found: Report | None = Report.objects.filter(number=number_typed.strip().upper()).select_related("case").first()
    if found is None or not found.is_code(code):
        note_act(ASKING, address, at)
        raise Refused("举报编号或查询码不对，请按回执逐字核对")
    return found


def word_of(report: Report) -> str:
    """How far it is, as the reporter may know: no more than the stage."""
    state = report.case.state
    if state == Case.State.RECEIVED:
        return "已收到，等待初核"
    if state == Case.State.CHECKING:
        return "正在初核"
    if state == Case.State.REFUSED:
        return "不予受理"
    if state == Case.State.TRANSFERRED:
        return "已转送其他机关"
    return "已办结" if state == Case.State.CLOSED else "已受理，正在调查处理"


def join(report: Report, into: Case, *, actor: Actor, at: datetime) -> Report:
    """Move a report to the case that is about the same; its own empty case ends. By the handler of both."""
    with writing(actor, at):
        first, second = sorted([report.case_id, into.pk])
        locked = {c.pk: c for c in Case.objects.select_for_update(of=("self",)).filter(pk__in=[first, second])}
        origin, target = locked[report.case_id], locked[into.pk]
        if origin.pk == target.pk:
            raise Refused("这件举报已经在本案中")
        for case in (origin, target):
            if why := own_refusal(case, actor, states=("checking", "investigating")):
                raise Refused(f"{case.number}：{why}")
        if origin.reports.count() > 1 or origin.subjects.exists():
            raise Refused(f"{origin.number}已有其他举报或当事人，不能并入")
        report.case = target
        report.save(update_fields=["case"])
        origin.state, origin.state_since, origin.closed_on = Case.State.CLOSED, at, day_of(at)
        origin.close_note = f"并入{target.number}"
        origin.save()
        log("并案", origin, {"state": ["checking", "closed"]})
        log("并入举报", target, {"举报": [None, report.number]})
        recuse_conflicted(target, at=at)
    return report
