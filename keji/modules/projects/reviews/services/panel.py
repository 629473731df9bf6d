"""Review batches and who sits on them. An expert stands behind a code everywhere but on their own sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from keji.kernel import clock
from keji.kernel.audit.log import log, writing
from keji.kernel.parties.models import Person
from keji.kernel.parties.standings import blocks
from keji.kernel.people.models import Grant
from keji.kernel.people.roles import BUREAU, Actor, Role
from keji.kernel.records.flow import Refused, take
from keji.kernel.records.models import Source, next_numbers, stamp
from keji.kernel.records.saving import locked, save_changes, whole
from keji.modules.projects.meetings.services.calling import meeting_of, open_meeting, seat
from keji.modules.projects.models import Guideline, Proposal, Review, ReviewBatch
from keji.modules.projects.numbers import city

Rows = Sequence[Mapping[str, Any]]
WATCHERS = (*BUREAU, Role.INSPECTOR, Role.COUNTY)


def draft_batches(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[ReviewBatch]:
    """Batches of {guideline, title, due_on, themes}: what passed the form check of these themes; [] for all."""
    made = []
    with writing(actor, at):
        for row, serial in zip(rows, next_numbers(ReviewBatch.prefix, at.year, len(rows)), strict=True):
            values = dict(row)
            themes = values.pop("themes", [])
            record = ReviewBatch(number=serial, region=city(), **values)
            stamp(record, actor=actor, at=at, state=ReviewBatch.State.DRAFT, source=Source.BUREAU)
            record.save()
            waiting = Proposal.objects.filter(guideline=record.guideline, state="form_passed", batch=None)
            if themes:
                waiting = waiting.filter(theme__in=themes)
            count = waiting.update(batch=record)
            log("组建评审批次", record, {"项目": [None, f"{count} 项"]})
            made.append(record)
    return made


def correct_batch(record: ReviewBatch, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> ReviewBatch:
    """Title and last day; the proposals stay as the batch took them up."""
    kept = {name: values[name] for name in ("title", "due_on") if name in values}
    found: ReviewBatch = save_changes(record, kept, "修改评审批次", actor=actor, at=at)
    return found


def waiting_themes(guideline: Guideline) -> list[str]:
    rows = Proposal.objects.filter(guideline=guideline, state="form_passed", batch=None)
    return sorted(set(rows.values_list("theme", flat=True)))


def assign_panel(
    batch: ReviewBatch, people: Sequence[Person], draw_number: str = "", *, actor: Actor, at: datetime
) -> list[Review]:
    """Give every proposal of the batch a sheet for each of these people. While the batch runs it adds substitutes.

    Raises Refused with a sentence when one of them may not judge one of the proposals.
    """
    if not actor.has(Role.OFFICER):
        raise Refused("评审专家由业务科室按抽取结果安排")
    draw_number = whole(draw_number, 24, "抽取编号")
    with writing(actor, at):
        fresh = locked(batch)
        if fresh.state == ReviewBatch.State.CLOSED:
            raise Refused("评审已结束，不能再安排专家")
        proposals = list(proposals_of(fresh))
        if not proposals:
            raise Refused("批次里没有项目")
        codes = dict(fresh.reviews.values_list("person", "code"))
        there = set(fresh.reviews.values_list("proposal", "person"))
        made = []
        for person in people:
            for proposal in proposals:
                if why := conflict(person, proposal):
                    raise Refused(why)
            code = codes.setdefault(person.pk, f"Z{len(codes) + 1:02d}")
            made += [
                Review(batch=fresh, proposal=p, person=person, code=code, draw_number=draw_number, state_since=at)
                for p in proposals
                if (p.pk, person.pk) not in there
            ]
        Review.objects.bulk_create(made, batch_size=500)
        if draw_number:
            fresh.draw_number = draw_number
        fresh.updated_at = at
        fresh.save(update_fields=["draw_number", "updated_at"])
        if fresh.state == ReviewBatch.State.RUNNING and (meeting := meeting_of(fresh)):
            seat(meeting)
        log("安排评审专家", fresh, {"专家": [None, f"{len(people)} 位"], "抽取编号": [None, draw_number or "未登记"]})
    return made


def drop_panel(batch: ReviewBatch, *, actor: Actor, at: datetime) -> None:
    """Take the whole panel off again, as long as nobody has seen the proposals."""
    with writing(actor, at):
        fresh = locked(batch)
        if not actor.has(Role.OFFICER):
            raise Refused("评审专家由业务科室安排")
        if fresh.state != ReviewBatch.State.DRAFT:
            raise Refused("评审已经开始，专家只能回避或替补，不能整体撤换")
        count = fresh.reviews.values("person").distinct().count()
        fresh.reviews.all().delete()
        log("撤去评审专家", fresh, {"专家": [f"{count} 位", None]})


def proposals_of(batch: ReviewBatch) -> Any:
    rows = batch.proposals.select_related("party", "leader", "guideline__scheme")
    return rows.prefetch_related("members", "partners", "party__names").order_by("pk")


def conflict(person: Person, proposal: Proposal) -> str:
    """Why this person may not judge this proposal; "" when they may. The sentence names no other expert."""
    return barred(person) or conflict_with(person, proposal)


def barred(person: Person) -> str:
    """Why this person may judge nothing at all; "" when they may."""
    on = clock.today()
    if why := blocks(person, "review", on):
        return f"{person.name}{why}"
    if person.account_id:
        watching = Grant.objects.filter(account=person.account_id, role__in=WATCHERS).in_force(on)
        if watching.exists():
            return f"{person.name}是管理或监督人员，不能担任评审专家"
    return ""


def conflict_with(person: Person, proposal: Proposal) -> str:
    """What stands between this person and this proposal, from the proposal's own page."""
    where = f"{proposal.number}"
    partners = {p.party_id for p in proposal.partners.all() if p.party_id}
    if person.party_id and person.party_id in {proposal.party_id, *partners}:
        return f"{person.name}与 {where} 的申报或合作单位同单位，应当回避"
    if proposal.leader_id == person.pk:
        return f"{person.name}是 {where} 的负责人，应当回避"
    unit = person.party.name if person.party else ""
    if any(m.name == person.name and (not m.unit or not unit or m.unit == unit) for m in proposal.members.all()):
        return f"{person.name}是 {where} 的项目组成员，应当回避"
    for named in proposal.avoided:
        if named.get("name") == person.name and (not named.get("unit") or not unit or named["unit"] == unit):
            return f"{where} 的申报单位申请{person.name}回避（{named.get('reason', '')}）"
    return ""


def panel_problem(batch: ReviewBatch) -> str:
    """Why the batch cannot start; "" when every proposal has a panel of odd size, large enough."""
    proposals = batch.proposals.count()
    if not proposals:
        return "批次里没有项目"
    sheets = Counter(batch.reviews.values_list("proposal", flat=True))
    counts = [sheets[pk] for pk in batch.proposals.values_list("pk", flat=True)]
    least, fewest = batch.guideline.scheme.panel_least, min(counts)
    if fewest < least:
        some = "" if fewest == max(counts) else f"有 {sum(n < least for n in counts)} 个项目不够："
        return f"{some}已安排 {fewest} 位专家，按评审方案至少 {least} 位"
    even = [n for n in counts if n % 2 == 0]
    return f"每个项目的专家人数应为单数，现在是 {even[0]} 位" if even else ""


def open_batch(batch: ReviewBatch, *, actor: Actor, at: datetime) -> None:
    """Its proposals are being reviewed from now on; each sheet's clock starts."""
    batch.state = ReviewBatch.State.RUNNING
    batch.save(update_fields=["state"])
    for proposal in proposals_of(batch):
        take("start_review", proposal, actor=actor, at=at)
    batch.reviews.update(state_since=at)
    open_meeting(batch, at)
