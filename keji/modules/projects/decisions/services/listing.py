"""From the meeting's list to projects: public notice, official paper, and the projects it establishes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.documents.letters import close, draft_letter, framed, hold_to, letters, to_sign
from keji.kernel.documents.models import Paper
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, take
from keji.kernel.records.models import Source, next_numbers, stamp
from keji.kernel.records.notices import PublicNotice, contact_of, draft_notice, passing_refusal
from keji.lib.paper import model
from keji.modules.projects.models import Guideline, Project, Proposal
from keji.modules.projects.numbers import keeper, months_later, wan
from keji.modules.projects.proposals.services.limits import sanction

KIND = "project_list"
NOTICE_COLUMNS = ("序号", "项目名称", "承担单位", "推荐单位", "拟资助（万元）")
LEFT = ("submitted", "recommended", "returned", "form_passed", "reviewing", "reviewed", "approved")


def of_state(guideline: Guideline, state: str) -> Any:
    rows = guideline.proposals.filter(state=state).select_related("party", "region", "notice", "guideline", "leader")
    return rows.order_by("-score", "pk")


def table_of(rows: list[Proposal]) -> list[list[str]]:
    """The columns of notice and paper alike; no personal data."""
    return [[str(n), row.title, row.party.name, keeper(row.region), wan(row.grant)] for n, row in enumerate(rows, 1)]


def subject(guideline: Guideline) -> str:
    return f"{guideline.year}年度{guideline.programme}"


def publicise(guideline: Guideline, contact: str, *, actor: Actor, at: datetime) -> PublicNotice:
    """Draft the notice of what the meeting approved; another person publishes it. Raises Refused with a sentence."""
    if not actor.has(Role.OFFICER):
        raise Refused("公示由业务科室起草")
    contact = contact_of(contact)
    with writing(actor, at):
        Guideline.objects.select_for_update(of=("self",)).get(pk=guideline.pk)
        rows = list(of_state(guideline, "approved").select_for_update(of=("self",)))
        if not rows:
            raise Refused("没有同意立项、等待公示的项目")
        notice = draft_notice(
            title=f"{subject(guideline)}拟立项项目公示",
            body=f"经申报、推荐、形式审查、专家评审和集体研究，{subject(guideline)}拟立项{len(rows)}项，现予公示。",
            matter=PublicNotice.Matter.PROJECT,
            columns=NOTICE_COLUMNS,
            rows=table_of(rows),
            numbers=[row.number for row in rows],
            contact=contact,
            workdays=guideline.publicity_days,
            actor=actor,
            at=at,
        )
        Proposal.objects.filter(pk__in=[row.pk for row in rows]).update(notice=notice)
        for row in rows:
            take("publicise", row, actor=actor, at=at)
        log("起草公示", guideline, {"公示": [None, f"{notice.number}，{len(rows)} 项"]})
    return notice


def papers_of(guideline: Guideline) -> Any:
    return letters(KIND, guideline.number)


def draft_refusal(guideline: Guideline, on: date) -> str:
    """Why the paper cannot be drafted yet; "" when it can."""
    rows = list(of_state(guideline, "publicised"))
    if not rows:
        return "没有公示期满的项目"
    for row in rows:
        if why := passing_refusal(row.notice, on):
            return why
        if why := sanction(row, "undertake"):
            return f"“{row.title}”：{why}"
    left = guideline.proposals.filter(state__in=LEFT).count()
    return f"还有 {left} 份申报没有办完，请先办完再下达" if left else ""


def content_of(rows: list[Proposal]) -> dict[str, Any]:
    """What the paper is drafted with, and held to when it is signed."""
    return {"table": table_of(rows), "proposals": [row.pk for row in rows]}


def draft_paper(guideline: Guideline, *, actor: Actor, at: datetime) -> Paper:
    """Draft the paper that establishes the projects; an earlier draft is replaced."""
    if not actor.has(Role.OFFICER):
        raise Refused("立项文件由业务科室起草")
    with writing(actor, at):
        Guideline.objects.select_for_update(of=("self",)).get(pk=guideline.pk)
        if why := draft_refusal(guideline, day_of(at)):
            raise Refused(why)
        rows = list(of_state(guideline, "publicised"))
        title = f"关于下达{subject(guideline)}项目的通知"
        return draft_letter(KIND, guideline.number, title, content_of(rows), actor=actor, at=at)


def issue_paper(guideline: Guideline, document_number: str, *, actor: Actor, at: datetime) -> Paper:
    """Sign the paper and establish its projects, in one transaction. Drafting and signing are two people's work."""
    if not actor.has(Role.LEADER):
        raise Refused("立项文件由局领导签发")
    with writing(actor, at):
        guideline = Guideline.objects.select_for_update(of=("self",)).get(pk=guideline.pk)
        paper = to_sign(KIND, guideline.number, document_number, actor=actor, at=at)
        if why := draft_refusal(guideline, day_of(at)):
            raise Refused(why)
        rows = list(of_state(guideline, "publicised").select_for_update(of=("self",)))
        hold_to(paper, content_of(rows))
        close(paper, as_document(paper, guideline), actor=actor)
        establish(guideline, rows, paper.number, actor=actor, at=at)
        Guideline.objects.filter(pk=guideline.pk).update(paper=paper)
        take("conclude", guideline, actor=actor, at=at)
    return paper


def establish(
    guideline: Guideline, rows: list[Proposal], document: str, *, actor: Actor, at: datetime
) -> list[Project]:
    """The projects of these proposals, each with the money the meeting gave it."""
    on, made = day_of(at), []
    for row, serial in zip(rows, next_numbers(Project.prefix, at.year, len(rows)), strict=True):
        project = Project(
            number=serial, party=row.party, region=row.region, proposal=row, guideline=guideline,
            programme=guideline.programme, title=row.title, year=guideline.year, leader_name=row.leader_name,
            leader=row.leader, abstract=row.abstract, document=document, established_on=on, starts_on=on,
            ends_on=months_later(on, row.months or guideline.months_most) - timedelta(days=1),
            grant=row.grant or 0, own_money=row.own_money,
        )  # fmt: skip
        stamp(project, actor=actor, at=at, state=Project.State.ESTABLISHED, source=Source.BUREAU)
        project.save()
        log("立项", project, {"立项文号": [None, document], "申报": [None, row.number], "grant": [None, row.grant]})
        row.project = project
        take("establish", row, actor=actor, at=at)
        made.append(project)
    return made


def as_document(paper: Paper, guideline: Guideline) -> model.Paper:
    """The paper as the layout engine wants it: a short letter with the list as its attachment."""
    table = model.Table(
        [
            model.Column(NOTICE_COLUMNS[0], align="center"),
            model.Column("项目名称", align="left"),
            model.Column("承担单位", align="left"),
            model.Column("推荐单位", align="left"),
            model.Column("资助", align="right", unit="万元"),
        ],
        paper.content["table"],
    )
    count = len(paper.content["table"])
    text = (
        f"根据{guideline.document or '有关规定'}，经申报推荐、形式审查、专家评审、集体研究和公示，"
        f"现下达{subject(guideline)}项目{count}项（见附件）。"
    )
    ask = "各承担单位要在收到通知后30日内签订任务书，按任务书组织实施，专款专用；各推荐单位要加强督促和服务。"
    return framed(
        paper,
        addressee="各县区科学技术局、市开发区科技主管部门，各有关单位",
        body=[model.Text(text), model.Text(ask)],
        attachments=[model.Attachment(f"{subject(guideline)}项目表", [table])],
    )
