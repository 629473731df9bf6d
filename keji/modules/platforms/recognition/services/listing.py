"""From the meeting's list to the public one: notice, official paper, and the platforms themselves."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.documents.letterhead import letterhead
from keji.kernel.documents.letters import close, draft_letter, framed, hold_to, letters, to_sign
from keji.kernel.documents.models import Paper
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, take
from keji.kernel.records.models import Source, next_numbers, stamp
from keji.kernel.records.notices import PublicNotice, contact_of, draft_notice, passing_refusal
from keji.lib.paper import model
from keji.modules.platforms.models import Application, Call, Platform
from keji.modules.platforms.numbers import keeper
from keji.modules.platforms.numbers import number as dated

KIND = "platform_list"
NOTICE_COLUMNS = ("序号", "中心名称", "建设依托单位", "归口管理部门")


def approved(call: Call) -> Any:
    return _of(call, "approved")


def publicised(call: Call) -> Any:
    return _of(call, "publicised")


def _of(call: Call, state: str) -> Any:
    rows = call.applications.filter(state=state).select_related("party", "region", "notice")
    return rows.order_by("region__order", "pk")


def listed(rows: list[Application]) -> list[list[str]]:
    """The four columns of notice and paper alike."""
    return [[str(n), row.name, row.party.name, keeper(row.region)] for n, row in enumerate(rows, 1)]


def subject(call: Call) -> str:
    return f"{call.year}年{call.batch}{call.get_level_display()}{call.get_kind_display()}"


def publicise(call: Call, contact: str, *, actor: Actor, at: datetime) -> PublicNotice:
    """Draft the notice of the approved ones; another person publishes it. Raises Refused with a sentence."""
    if not actor.has(Role.OFFICER):
        raise Refused("公示由业务科室发布")
    contact = contact_of(contact)
    with writing(actor, at):
        rows = list(approved(call).select_for_update(of=("self",)))
        if not rows:
            raise Refused("没有审议通过、等待公示的申请")
        body = f"经申报、推荐、审查和局党组会审议，拟认定下列{len(rows)}家，现予公示。"
        notice = draft_notice(
            title=f"{subject(call)}拟认定名单公示",
            body=body,
            matter=PublicNotice.Matter.PLATFORM,
            columns=NOTICE_COLUMNS,
            rows=listed(rows),
            numbers=[row.number for row in rows],
            contact=contact,
            workdays=call.publicity_days,
            actor=actor,
            at=at,
        )
        Application.objects.filter(pk__in=[row.pk for row in rows]).update(notice=notice)
        for row in rows:
            take("publicise", row, actor=actor, at=at)
        log("起草公示", call, {"公示": [None, f"{notice.number}，{len(rows)} 家"]})
    return notice


def papers_of(call: Call) -> Any:
    return letters(KIND, call.number)


def draft_refusal(call: Call, on: date) -> str:
    """Why the list cannot be drafted yet; "" when it can."""
    rows = list(publicised(call))
    if not rows:
        return "没有公示期满的申请"
    for row in rows:
        if why := passing_refusal(row.notice, on):
            return why
    left = call.applications.filter(state__in=["submitted", "recommended", "form_passed", "visited", "approved"])
    return f"还有 {left.count()} 份申请没有办完，请先办完再公布" if left.exists() else ""


def content_of(rows: list[Application]) -> dict[str, Any]:
    """What the paper is drafted with, and held to when it is signed."""
    return {"table": listed(rows), "applications": [row.pk for row in rows]}


def draft_list(call: Call, *, actor: Actor, at: datetime) -> Paper:
    """Draft the paper that publishes the list; an earlier draft is replaced."""
    if not actor.has(Role.OFFICER):
        raise Refused("公布文件由业务科室起草")
    with writing(actor, at):
        Call.objects.select_for_update(of=("self",)).get(pk=call.pk)
        if why := draft_refusal(call, day_of(at)):
            raise Refused(why)
        rows = list(publicised(call))
        title = f"关于公布{subject(call)}名单的通知"
        return draft_letter(KIND, call.number, title, content_of(rows), actor=actor, at=at)


def issue_list(call: Call, document_number: str, *, actor: Actor, at: datetime) -> Paper:
    """Issue the paper and make its platforms, in one transaction. Drafting and issuing are two people's work."""
    if not actor.has(Role.OFFICER, Role.LEADER):
        raise Refused("公布文件由业务科室或局领导签发")
    with writing(actor, at):
        call = Call.objects.select_for_update(of=("self",)).get(pk=call.pk)
        paper = to_sign(KIND, call.number, document_number, actor=actor, at=at)
        if why := draft_refusal(call, day_of(at)):
            raise Refused(why)
        rows = list(publicised(call).select_for_update(of=("self",)))
        hold_to(paper, content_of(rows))
        close(paper, as_document(paper, call), actor=actor)
        recognise(call, rows, paper.number, actor=actor, at=at)
        finish(call, paper, actor=actor, at=at)
    return paper


def recognise(call: Call, rows: list[Application], document: str, *, actor: Actor, at: datetime) -> list[Platform]:
    """The platforms of the listed applications, confirmed: the paper that names them is their confirmation."""
    years, on = dated("platform.valid_years", day_of(at)), day_of(at)
    taken = Platform.objects.exclude(state="void").filter(name__in=[row.name for row in rows], level=call.level).first()
    if taken is not None:
        raise Refused(f"名册里已有同名平台“{taken.name}”（{taken.number}），请先核对")
    made = []
    for row, serial in zip(rows, next_numbers(Platform.prefix, at.year, len(rows)), strict=True):
        platform = Platform(
            number=serial,
            party=row.party,
            region=row.region,
            kind=call.kind,
            level=call.level,
            name=row.name,
            field=row.field,
            recognised_on=on,
            valid_until=last_day(on, years),
            recognised_by=letterhead().issuer,
            document=document,
            reported_by_id=actor.id,
        )
        stamp(platform, actor=actor, at=at, state=Platform.State.CONFIRMED, source=Source.BUREAU)
        platform.save()
        log("认定", platform, {"认定文号": [None, document], "申请": [None, row.number]})
        Application.objects.filter(pk=row.pk).update(platform=platform)
        take("list", row, actor=actor, at=at)
        made.append(platform)
    return made


def last_day(on: date, years: int) -> date | None:
    """The last day of so many years from a day on; None for no end. A leap day's year ends on 28 February."""
    if not years:
        return None
    try:
        return on.replace(year=on.year + years) - timedelta(days=1)
    except ValueError:
        return date(on.year + years, 2, 28)


def finish(call: Call, paper: Paper, *, actor: Actor, at: datetime) -> None:
    """The batch ends with its paper; what was never submitted stays as the host left it."""
    Call.objects.filter(pk=call.pk).update(paper=paper)
    take("conclude", call, actor=actor, at=at)


def as_document(paper: Paper, call: Call) -> model.Paper:
    """The paper as the layout engine wants it: a short letter with the list as its attachment."""
    table = model.Table(
        [
            model.Column(NOTICE_COLUMNS[0], align="center", width=0.6),
            *(model.Column(c, align="left") for c in NOTICE_COLUMNS[1:]),
        ],
        paper.content["table"],
    )
    count, what = len(paper.content["table"]), call.get_kind_display()
    text = (
        f"根据{call.document or '有关规定'}，经单位申报、县区推荐、形式审查、现场审查、局党组会审议和公示，"
        f"现认定{paper.content['table'][0][1]}等{count}家为{call.get_level_display()}{what}（名单见附件）。"
    )
    ask = "各建设依托单位要加大研发投入、健全管理制度；各归口管理部门要加强指导和服务，按年度组织评估。"
    return framed(
        paper,
        addressee="各县区科学技术局、市开发区科技主管部门，各有关单位",
        body=[model.Text(text), model.Text(ask)],
        attachments=[model.Attachment(f"{subject(call)}名单", [table])],
    )
