"""评审会议记录: who sat where and when, in which order, what the panel said of each proposal and who did not agree."""

from __future__ import annotations

from django.utils import timezone

from keji.kernel.documents.letterhead import letterhead
from keji.lib.figures import plain_date
from keji.lib.panelscore import shown
from keji.lib.paper.model import Block, Column, Heading, Paper, Table, Text, numbered
from keji.modules.projects.meetings.services.attending import attendance, units_of
from keji.modules.projects.meetings.services.opinions import Standing, standings
from keji.modules.projects.models import Attendee, PanelMeeting, Review
from keji.modules.projects.reviews.services.scoring import scored


def as_paper(meeting: PanelMeeting) -> Paper:
    batch = meeting.batch
    scheme, known = batch.guideline.scheme, attendance(meeting)
    chair = meeting.chair
    assert chair is not None
    order = f"当众抽签排定，抽签数字 {meeting.digits}" + (f"；调整：{meeting.by_hand}" if meeting.by_hand else "")
    facts = [
        ["评审批次", f"{batch.title}（{batch.number}）"],
        ["项目指南", str(batch.guideline)],
        ["评审方案", scheme.title],
        ["时间", f"{plain_date(meeting.held_on)} {meeting.starts_at:%H:%M}"],
        ["地点", meeting.place],
        ["评审组长", f"{chair.person.name}（{meeting.elected}）"],
        ["会议秘书", meeting.secretary.name],
        ["到会", f"应到 {known.seats} 位，实到 {known.present} 位，按评审方案至少 {known.needed} 位"],
        ["评审次序", order],
    ]
    people = list(meeting.attendees.select_related("person__party", "instead_of__person"))
    units = units_of(people)
    body: list[Block] = [
        Heading(1, "会议情况"),
        Table([Column("项目", "left", 1.3), Column("内容", "left", 5)], facts),
        Heading(1, "评审专家"),
        Table([Column("姓名", "left", 1.2), Column("单位", "left", 3), Column("到会情况", "left", 3)],
              [[a.person.name, units[a.pk], _came(a)] for a in people]),
        Heading(1, "评审意见"),
    ]  # fmt: skip
    sheets: dict[int, list[Review]] = {}
    for sheet in Review.objects.filter(batch=batch).select_related("person").order_by("pk"):
        sheets.setdefault(sheet.proposal_id, []).append(sheet)
    for standing in standings(meeting):
        body += _of_item(standing, sheets.get(standing.item.proposal_id, []), scheme)
    body += [
        Heading(1, "签名"),
        Text(f"评审组长：{chair.person.name}　　　　会议秘书：{meeting.secretary.name}"),
    ]
    return Paper(
        title="科技计划项目评审会议记录",
        body=numbered(body),
        signer=letterhead().issuer,
        issued_on=meeting.held_on,
        sealed=False,
    )


def _came(row: Attendee) -> str:
    instead = f"，替补{row.instead_of.person.name}" if row.instead_of else ""
    if row.state == Attendee.State.ABSENT:
        return f"未到会：{row.reason}{instead}"
    at = f" {timezone.localtime(row.at):%H:%M}" if row.at else ""
    return f"{row.get_state_display()}{at}（{row.get_how_display()}）{instead}"


def _of_item(standing: Standing, sheets: list[Review], scheme: object) -> list[Block]:
    item = standing.item
    score = shown(scored([s for s in sheets if s.total is not None], scheme).score)  # type: ignore[arg-type]
    found: list[Block] = [
        Heading(2, item.proposal.title),
        Text(f"评审得分 {score} 分，{len(standing.voters)} 位专家评审。专家组结论：{item.conclusion}。"),
        Text(item.opinion),
        Text(f"表态：{standing.agreed} 位同意，{len(standing.dissents)} 位不同意。"),
    ]
    found += [Text(f"不同意见（{d.attendee.code}）：{d.words}") for d in standing.dissents]
    if away := [s for s in sheets if s.state == Review.State.RECUSED]:
        found.append(Text("没有评审：" + "；".join(f"{s.code} {s.reason or '回避'}" for s in away) + "。"))
    return found
