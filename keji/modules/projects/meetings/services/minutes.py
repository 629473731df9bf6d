"""评审会议记录: drawn up once everything is said, agreed to by the chair, then the batch may close."""

from __future__ import annotations

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile

from keji.kernel.audit.log import log, writing
from keji.kernel.documents.handing_in import file_problem
from keji.kernel.documents.models import keep
from keji.kernel.documents.setting import typeset
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused
from keji.lib.paper.model import PaperError
from keji.modules.projects.meetings.services.attending import going_problem
from keji.modules.projects.meetings.services.calling import by_officer, held_meeting, masked_as, meeting_of
from keji.modules.projects.meetings.services.opinions import standings
from keji.modules.projects.models import Attendee, PanelMeeting, ReviewBatch
from keji.modules.projects.models.meeting import How


def unsaid(meeting: PanelMeeting) -> str:
    """What still has to happen at the meeting before its minutes can be drawn up; "" when all is said."""
    if why := going_problem(meeting):
        return why
    if left := meeting.attendees.filter(state=Attendee.State.EXPECTED).count():
        return f"还有 {left} 位专家没有签到，没有到会的请登记原因"
    share = meeting.batch.guideline.scheme.quorum
    top, bottom = (int(part) for part in share.split("/"))
    for standing in standings(meeting):
        if why := standing.problem():
            return why
        if len(standing.voters) * bottom < standing.seats * top:
            least = -(-standing.seats * top // bottom)
            return f"“{standing.item.proposal.title}”有效评审 {len(standing.voters)} 份，按评审方案至少 {least} 份"
    return ""


def closing_problem(batch: ReviewBatch) -> str:
    """Why a batch whose panel met cannot be closed yet; "" when it can."""
    meeting = meeting_of(batch)
    if meeting is None:
        return "还没有召集评审会议"
    meeting.batch = batch
    if why := unsaid(meeting):
        return why
    if not meeting.docx_id:
        return "请生成会议记录"
    return "" if meeting.agreed_at else "会议记录还没有经组长确认"


def draw_up(batch: ReviewBatch, *, actor: Actor, at: datetime) -> PanelMeeting:
    """Set the minutes as Word and PDF; drawn up anew until the chair has agreed."""
    from keji.modules.projects.meetings.paper import as_paper

    by_officer(actor)
    with writing(actor, at):
        fresh, meeting = held_meeting(batch)
        if meeting.agreed_at is not None:
            raise Refused("组长已确认会议记录，不能再改")
        if why := unsaid(meeting):
            raise Refused(why)
        try:
            paper = as_paper(meeting)
            meeting.docx, meeting.pdf = keep(typeset(paper, "docx")), keep(typeset(paper, "pdf"))
        except PaperError as problem:
            raise Refused(str(problem).rstrip("。")) from None
        meeting.minutes_by, meeting.minutes_at = actor.name, at
        meeting.save()
        log("生成评审会议记录", fresh, {"会议记录": [None, (meeting.docx_id or "")[:12]]})
    return meeting


def agree(mine: Attendee, digest: str, *, actor: Actor, at: datetime) -> PanelMeeting:
    """The chair agrees to the minutes they read: `digest` is that of the Word file."""
    with writing(masked_as(mine.code, actor), at):
        batch, meeting = held_meeting(mine.meeting.batch)
        own = actor.is_system or mine.person.account_id == actor.id
        if not own or meeting.chair_id != mine.pk:
            raise Refused("会议记录由组长确认")
        _ready(meeting)
        if meeting.docx_id != digest:
            raise Refused("会议记录刚刚重新生成，请看过再确认")
        _agreed(batch, meeting, How.OWN, at)
    return meeting


def agree_on_paper(batch: ReviewBatch, file: UploadedFile | None, *, actor: Actor, at: datetime) -> PanelMeeting:
    """The chair signed the printed minutes: the secretary keeps the scan."""
    by_officer(actor)
    if problem := file_problem(file):
        raise Refused(f"请上传组长签名的会议记录扫描件：{problem}" if file is None else problem)
    assert file is not None
    with writing(actor, at):
        fresh, meeting = held_meeting(batch)
        _ready(meeting)
        meeting.signed_page = keep(file.read())
        _agreed(fresh, meeting, How.NOTED, at)
    return meeting


def _ready(meeting: PanelMeeting) -> None:
    if not meeting.docx_id:
        raise Refused("会议记录还没有生成")
    if meeting.agreed_at is not None:
        raise Refused("会议记录已经确认")


def _agreed(batch: ReviewBatch, meeting: PanelMeeting, how: str, at: datetime) -> None:
    meeting.agreed_at, meeting.agreed_how = at, how
    meeting.save()
    digest = (meeting.docx_id or "")[:12]
    log("组长确认会议记录", batch, {"会议记录": [None, digest], "方式": [None, How(how).label]})
