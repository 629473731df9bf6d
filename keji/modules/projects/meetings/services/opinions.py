"""专家组意见: drafted by the chair, agreed to or not by each expert; it stands once more than half of them agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, Q

from keji.kernel.audit.log import log, writing
from keji.kernel.documents.handing_in import file_problem
from keji.kernel.documents.models import keep
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused
from keji.kernel.records.saving import whole
from keji.modules.projects.meetings.services.calling import by_officer, held_meeting, masked_as
from keji.modules.projects.models import AgendaItem, Assent, Attendee, PanelMeeting, Review, ReviewBatch
from keji.modules.projects.models.meeting import How

LEAST_OPINION, LEAST_DISSENT = 20, 5


@dataclass
class Standing:
    """How the panel stands to one item: who has a say in it (their sheet is in), and what each said."""

    item: AgendaItem
    voters: list[Attendee] = field(default_factory=list)
    seats: int = 0  # sheets first given out; a substitute's takes the place of another
    waiting: int = 0  # sheets not handed in
    said: dict[int, Assent] = field(default_factory=dict)  # by attendee

    @property
    def agreed(self) -> int:
        return sum(self.said[v.pk].agrees for v in self.voters if v.pk in self.said)

    @property
    def silent(self) -> list[Attendee]:
        return [v for v in self.voters if v.pk not in self.said]

    @property
    def dissents(self) -> list[Assent]:
        return [self.said[v.pk] for v in self.voters if v.pk in self.said and not self.said[v.pk].agrees]

    @property
    def stands(self) -> bool:
        return bool(self.item.opinion) and not self.silent and self.agreed * 2 > len(self.voters)

    def problem(self) -> str:
        """Why there is no common opinion yet, of which item; "" when it stands."""
        name = f"“{self.item.proposal.title}”"
        if self.waiting:
            return f"{name}还有 {self.waiting} 份评审表没有提交"
        if not self.item.opinion:
            return f"{name}还没有专家组意见"
        if self.silent:
            return f"{name}还有 {len(self.silent)} 位专家没有表态"
        return "" if self.stands else f"{name}的专家组意见没有过半数专家同意，请修改后重新表态"


def standings(meeting: PanelMeeting) -> list[Standing]:
    """Every item of the agenda, in its order; a handful of queries however long it is."""
    people = {a.person_id: a for a in meeting.attendees.select_related("person__party")}
    found = {i.proposal_id: Standing(i) for i in meeting.items.select_related("proposal__party")}
    sheets = Review.objects.filter(batch=meeting.batch_id).order_by("code")
    for proposal, person, state in sheets.values_list("proposal", "person", "state"):
        if proposal not in found:
            continue
        found[proposal].waiting += state == Review.State.ASSIGNED
        found[proposal].seats += person in people and people[person].instead_of_id is None
        if state == Review.State.SUBMITTED and person in people:
            found[proposal].voters.append(people[person])
    for assent in Assent.objects.filter(item__meeting=meeting).select_related("attendee", "item"):
        found[assent.item.proposal_id].said[assent.attendee_id] = assent
    return sorted(found.values(), key=lambda s: (s.item.order, s.item.pk))


def standing_of(meeting: PanelMeeting, item: AgendaItem) -> Standing:
    return next(s for s in standings(meeting) if s.item.pk == item.pk)


def loosen(meeting: PanelMeeting) -> None:
    """What is said changes: minutes drawn up before no longer tell it. Refused once the chair has agreed to them."""
    if meeting.agreed_at is not None:
        raise Refused("组长已确认会议记录，不能再改")
    if meeting.docx_id:
        meeting.docx = meeting.pdf = meeting.minutes_at = None
        meeting.minutes_by = ""
        meeting.save()


def may_draft(meeting: PanelMeeting, standing: Standing, mine: Attendee) -> bool:
    """The chair drafts; where the chair keeps away from a proposal, any other of those who judged it."""
    if all(v.pk != mine.pk for v in standing.voters):
        return False
    return meeting.chair_id == mine.pk or all(v.pk != meeting.chair_id for v in standing.voters)


def draft_opinion(
    item: AgendaItem, mine: Attendee, conclusion: str, opinion: str, *, actor: Actor, at: datetime
) -> AgendaItem:
    """The chair writes what the panel says; what others said of an earlier draft no longer counts."""
    with writing(masked_as(mine.code, actor), at):
        batch, meeting, fresh, standing = _open(item)
        if not actor.is_system and mine.person.account_id != actor.id:
            raise Refused("专家组意见由组长起草")
        if not may_draft(meeting, standing, mine):
            raise Refused("专家组意见由组长起草；组长回避的项目由其他评审专家起草")
        _draft(batch, fresh, conclusion, opinion, mine.code, How.OWN, at)
        Assent.objects.create(item=fresh, attendee=mine, agrees=True, how=How.OWN, at=at)
    return fresh


def _open(item: AgendaItem) -> tuple[ReviewBatch, PanelMeeting, AgendaItem, Standing]:
    """The item while something can be said of it. Refused while sheets are out or once the chair agreed."""
    batch, meeting = held_meeting(item.meeting.batch)
    loosen(meeting)
    fresh = AgendaItem.objects.select_for_update(of=("self",)).select_related("proposal").get(pk=item.pk)
    fresh.meeting = meeting
    standing = standing_of(meeting, fresh)
    if standing.waiting:
        raise Refused(standing.problem())
    return batch, meeting, fresh, standing


def _draft(
    batch: ReviewBatch, item: AgendaItem, conclusion: str, opinion: str, who: str, how: str, at: datetime
) -> None:
    if conclusion not in batch.guideline.scheme.said:
        raise Refused(f"结论应是：{'、'.join(batch.guideline.scheme.said)}")
    if len(opinion.strip()) < LEAST_OPINION:
        raise Refused(f"专家组意见至少写 {LEAST_OPINION} 个字")
    item.assents.all().delete()
    before = item.conclusion
    item.conclusion, item.opinion = conclusion, whole(opinion, 2000, "专家组意见")
    item.drafted_by, item.drafted_at, item.how = who, at, how
    item.save()
    log("起草专家组意见", batch, {item.proposal.number: [before or None, conclusion]})


def answer(
    item: AgendaItem, mine: Attendee, agrees: bool, words: str, *, seen: str = "", actor: Actor, at: datetime
) -> Assent:
    """An expert agrees to the draft, or says in their own words why not; until the chair agrees to the minutes.

    `seen`: when the draft they read was written, in ISO; another draft by now is not what they speak of.
    """
    with writing(masked_as(mine.code, actor), at):
        batch, _, fresh, standing = _open(item)
        if not actor.is_system and mine.person.account_id != actor.id:
            raise Refused("表态由专家本人办理")
        if not fresh.opinion:
            raise Refused("组长还没有起草专家组意见")
        if seen and fresh.drafted_at and fresh.drafted_at.isoformat() != seen:
            raise Refused("专家组意见刚刚有修改，请看过再表态")
        if all(v.pk != mine.pk for v in standing.voters):
            raise Refused("您没有评审这个项目，不用表态")
        found = _keep(fresh, mine, agrees, words, How.OWN, at)
        log("对专家组意见表态", batch, {f"{fresh.proposal.number} {mine.code}": [None, _said(found)]})
    return found


def _said(row: Assent) -> str:
    return "同意" if row.agrees else "不同意，已写明意见"


def _keep(item: AgendaItem, mine: Attendee, agrees: bool, words: str, how: str, at: datetime) -> Assent:
    if not agrees and len(words.strip()) < LEAST_DISSENT:
        raise Refused(f"不同意的请写明意见，至少 {LEAST_DISSENT} 个字；会写入会议记录")
    kept = "" if agrees else whole(words, 500, "不同意见")
    values = {"agrees": agrees, "words": kept, "how": how, "at": at}
    return Assent.objects.update_or_create(item=item, attendee=mine, defaults=values)[0]


def record_on_paper(
    item: AgendaItem,
    conclusion: str,
    opinion: str,
    said: Mapping[int, tuple[bool, str]],
    file: UploadedFile | None,
    *,
    actor: Actor,
    at: datetime,
) -> AgendaItem:
    """The secretary keeps an opinion signed on paper: {attendee: (agrees, words)} of all who judged, and its scan."""
    by_officer(actor)
    with writing(actor, at):
        batch, _, fresh, standing = _open(item)
        if file is None and not fresh.page_id:
            raise Refused("请上传专家签名的专家组意见扫描件")
        if file is not None and (problem := file_problem(file)):
            raise Refused(problem)
        if set(said) != {v.pk for v in standing.voters}:
            raise Refused("请登记每一位评审专家的表态")
        if file is not None:
            fresh.page, fresh.page_name = keep(file.read()), (file.name or "专家组意见")[-200:]
        _draft(batch, fresh, conclusion, opinion, actor.name, How.NOTED, at)
        for voter in standing.voters:
            _keep(fresh, voter, *said[voter.pk], How.NOTED, at)
        log("登记纸质专家组意见", batch, {fresh.proposal.number: [None, (fresh.page_id or "")[:12]]})
    return fresh


def told(proposals: Sequence[int]) -> dict[int, dict[str, Any]]:
    """{proposal: {conclusion, dissents: how many}} of those a panel that met spoke of."""
    rows = AgendaItem.objects.filter(proposal__in=proposals).exclude(conclusion="")
    rows = rows.annotate(against=Count("assents", filter=Q(assents__agrees=False)))
    return {r.proposal_id: {"conclusion": r.conclusion, "dissents": r.against} for r in rows}


def unfavourable(proposals: Sequence[int]) -> dict[int, str]:
    """{proposal: conclusion} where a panel that met did not speak for it."""
    rows = AgendaItem.objects.filter(proposal__in=proposals).exclude(conclusion="")
    rows = rows.select_related("meeting__batch__guideline__scheme")
    return {r.proposal_id: r.conclusion for r in rows if r.conclusion != r.meeting.batch.guideline.scheme.said[0]}
