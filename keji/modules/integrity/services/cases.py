"""Writes of a case beside its steps: opening, people, subjects, the edition, service.

The log names the case, not whom it is about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.parties.models import Party, Person, Region
from keji.kernel.people.models import Account, Grant, Notice
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import Source, next_numbers, stamp
from keji.kernel.records.saving import locked, whole
from keji.lib.figures import plain_date
from keji.modules.integrity import editions
from keji.modules.integrity.conflict import conflict, watched
from keji.modules.integrity.models import Case, Edition, Member, Subject, Worker

Rows = Sequence[Mapping[str, Any]]
FOLLOWED = ("checking", "investigating", "reported")  # while facts are still being found
NOT_YOURS = "由本案承办人办理"


def make_case(
    *, origin: str, gist: str, received_on: date, line: str = "misconduct", actor: Actor, at: datetime
) -> Case:
    """A new case nobody has taken yet; inside `writing`."""
    city = Region.objects.filter(level=Region.Level.CITY).first()
    record = Case(
        number=next_numbers(Case.prefix, day_of(at).year)[0],
        region=city,
        origin=origin,
        gist=gist.strip(),
        received_on=received_on,
        line=line,
    )
    stamp(record, actor=actor, at=at, state=Case.State.RECEIVED, source=Source.BUREAU)
    record.created_by_id = actor.id or None
    record.save()
    log("收到线索", record, {"origin": [None, record.origin]})
    return record


def open_cases(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[Case]:
    """Cases from clues other than reports: {origin, line, received_on, gist}."""
    made = []
    with writing(actor, at):
        if not actor.is_system and not Worker.objects.in_force_now().filter(account_id=actor.id).exists():
            raise Refused("线索由局领导指定的办案人员登记")
        for row in rows:
            record = make_case(**row, actor=actor, at=at)
            recuse_conflicted(record, at=at)
            made.append(record)
    return made


def appoint_worker(
    account: Account, *, from_on: date, until_on: date | None = None, actor: Actor, at: datetime
) -> Worker:
    """Name somebody who takes in reports. Raises Refused unless a head does it, for an officer."""
    with writing(actor, at):
        if not actor.has(Role.LEADER):
            raise Refused("办案人员由局领导指定")
        if not Grant.objects.filter(account=account, role=Role.OFFICER).in_force(day_of(at)).exists():
            raise Refused(f"{account.name}不是业务科室人员")
        if Worker.objects.in_force(day_of(at)).filter(account=account).exists():
            raise Refused(f"{account.name}已经是办案人员")
        made = Worker.objects.create(account=account, from_on=from_on, until_on=until_on)
        log("指定办案人员", made, {"account": [None, account]})
    return made


def release_worker(worker: Worker, *, actor: Actor, at: datetime) -> None:
    """From tomorrow on no longer a case worker; what they handle stays theirs until a head changes it."""
    with writing(actor, at):
        if not actor.has(Role.LEADER):
            raise Refused("办案人员由局领导调整")
        worker.until_on = max(day_of(at), worker.from_on)
        worker.save(update_fields=["until_on"])
        log("不再担任办案人员", worker, {"until_on": [None, worker.until_on]})


def own_refusal(case: Case, actor: Actor, *parts: str, states: Sequence[str] = ()) -> str:
    """Why this actor may not write in the case's file now; "" when they may."""
    if not actor.is_system and not case.has_member(actor.id, *(parts or ("handler",))):
        return NOT_YOURS
    if states and case.state not in states:
        return f"当前状态是“{case.get_state_display()}”，不能再改"
    return ""


def held(case: Case, actor: Actor, *parts: str, states: Sequence[str] = ()) -> Case:
    """The row, locked, when the actor may write in it. Raises Refused with a sentence."""
    fresh: Case = locked(case)
    if why := own_refusal(fresh, actor, *parts, states=states):
        raise Refused(why)
    return fresh


def add_member(case: Case, account: Account, part: str, *, declared: bool, actor: Actor, at: datetime) -> Member:
    """Bring somebody in: the handler names investigators, a head names a new handler and reviewers."""
    with writing(actor, at):
        fresh: Case = locked(case)
        head = actor.is_system or (
            actor.has(Role.LEADER) and Case.objects.visible_to(actor).filter(pk=case.pk).exists()
        )
        if part == Member.Part.INVESTIGATOR:
            if not head and not fresh.has_member(actor.id, "handler"):
                raise Refused("调查人员由承办人或局领导指定")
        elif part in (Member.Part.HANDLER, Member.Part.REVIEWER):
            if not head:
                raise Refused("承办人和复查人员由局领导指定")
        else:
            raise Refused("请选择分工")
        if not Grant.objects.filter(account=account, role=Role.OFFICER).in_force(day_of(at)).exists():
            raise Refused(f"{account.name}不是业务科室人员")
        if not declared:
            raise Refused("没有作出利益冲突声明的不能参加办案")
        if fresh.members.filter(account=account).exists():
            raise Refused(f"{account.name}已参加过本案或须回避；承办、调查和复查必须是不同的人")
        if why := conflict(fresh, account):
            raise Refused(why)
        if part == Member.Part.HANDLER:
            for old in fresh.members_of("handler"):
                _leave(old, at)
        made = Member.objects.create(case=fresh, account=account, part=part, declared=True, joined_at=at)
        log("增加办案人员", fresh, {made.get_part_display(): [None, account.name]})
        Notice.objects.create(
            account=account,
            text=f"您参加办理 {fresh.number}：{made.get_part_display()}",
            url=f"/r/{fresh.number}",
            at=at,
        )
    return made


def _leave(member: Member, at: datetime) -> None:
    member.left_at = at
    member.save(update_fields=["left_at"])


def recuse(case: Case, account: Account, *, actor: Actor, at: datetime) -> None:
    """Somebody keeps out: by their own word, or by a head's."""
    with writing(actor, at):
        if not actor.is_system and actor.id != account.pk and not actor.has(Role.LEADER):
            raise Refused("本人申请回避，或由局领导决定")
        fresh: Case = locked(case)
        _recuse(fresh, account, at)
        log("回避", fresh, {"人员": [None, account.name]})


def _recuse(case: Case, account: Account, at: datetime) -> None:
    for member in case.members.filter(account=account, left_at__isnull=True):
        if member.part == Member.Part.RECUSED:
            return
        _leave(member, at)
    Member.objects.create(case=case, account=account, part=Member.Part.RECUSED, joined_at=at)


def recuse_conflicted(case: Case, *, at: datetime) -> None:
    """Shut the file to everybody who could reach it and must keep out. The log does not say why; inside `writing`."""
    shut = [
        a for a in watched(case) if conflict(case, a) and not case.members.filter(account=a, part="recused").exists()
    ]
    for account in shut:
        _recuse(case, account, at)
    if shut:
        log("按规定回避", case, {"人数": [None, len(shut)]})


def add_subject(
    case: Case, *, party: Party | None = None, person: Person | None = None, actor: Actor, at: datetime
) -> Subject:
    """Name a unit or a person the case is about; whoever must keep out for it is out at once."""
    with writing(actor, at):
        fresh = held(case, actor, "handler", "investigator", states=FOLLOWED)
        if (party is None) == (person is None):
            raise Refused("请写明一个单位或一个人")
        over = {"person": person} if person else {"party": party}
        if fresh.subjects.filter(**over).exists():
            raise Refused("这名当事人已经登记")
        told = fresh.accepted_on and day_of(at)
        made: Subject = fresh.subjects.create(place=fresh.subjects.count() + 1, told_on=told, **over)
        log("登记当事人", fresh, {"当事人": [None, f"第 {made.place} 名"]})
        recuse_conflicted(fresh, at=at)
        if told:
            from keji.modules.integrity.services import papers

            papers.issue(fresh, "acceptance", actor=actor, at=at, only=made)
    return made


def find_person(name: str, unit: Party | None, *, post: str = "", at: datetime) -> Person:
    """The person of this name in this unit, entered when the house does not know them; inside `writing`.

    Raises Refused when the name fits several: identity is never guessed. The new row has no entry of its own in the
    log: a name beside the handler's next act would tell the log's readers whom a sealed case is about.
    """
    rows = list(Person.objects.filter(name=name.strip(), party=unit)[:2])
    if len(rows) > 1:
        raise Refused(f"{unit or '名册'}里有多个“{name}”，请先在人员名册中核对")
    if rows:
        return rows[0]
    return Person.objects.create(name=name.strip(), party=unit, post=post, created_at=at)


def set_basis(
    case: Case, *, line: str, conduct_on: date, edition: Edition, reason: str = "", actor: Actor, at: datetime
) -> Case:
    """Fix when the conduct ended and on which edition the case is handled. Raises Refused with a sentence."""
    with writing(actor, at):
        fresh = held(case, actor, states=FOLLOWED)
        if conduct_on > fresh.received_on:
            raise Refused(f"行为日期晚于收到线索的日期（{plain_date(fresh.received_on)}），请核对")
        choice = editions.edition_for(line, conduct_on, day_of(at))
        if edition not in choice.allowed:
            raise Refused(f"{edition.number}在行为日期和今天都不在施行期内；{choice.note or '请重新选择'}")
        if (edition != choice.substance) and not reason.strip():
            raise Refused("没有适用行为时的版本，请写明理由（如新规定处理较轻）")
        if fresh.subjects.exclude(violations=[]).exists() and fresh.edition_id not in (None, edition.pk):
            raise Refused("已按原版本登记认定情况，请先清除各当事人的认定再换版本")
        before = fresh.edition
        fresh.line, fresh.conduct_on, fresh.edition = line, conduct_on, edition
        fresh.edition_reason, fresh.updated_at = reason.strip(), at
        fresh.save()
        log("确定适用版本", fresh, {"edition": [before and before.number, edition.number]})
    return fresh


def serve_subject(subject: Subject, *, on: date, how: str, to: str, actor: Actor, at: datetime) -> Subject:
    """Register that the decision reached a subject; the days for an appeal run from here."""
    from keji.modules.integrity.services import papers

    with writing(actor, at):
        fresh = held(subject.case, actor, "handler", "reviewer")
        subject = Subject.objects.select_for_update(of=("self",)).select_related("case").get(pk=subject.pk)
        review = fresh.state == Case.State.REVIEWED
        if fresh.state not in (Case.State.DECIDED, Case.State.REVIEWED):
            raise Refused(f"当前状态是“{fresh.get_state_display()}”，现在没有要送达的决定")
        if (subject.review_served_on if review else subject.served_on) is not None:
            raise Refused("已经登记过送达")
        decided = fresh.reviewed_on if review else fresh.decided_on
        if decided is not None and not decided <= on <= day_of(at):
            raise Refused(f"送达日期应在{plain_date(decided)}和今天之间")
        if review:
            subject.review_served_on = on
        else:
            subject.served_on = on
        subject.served_how, subject.served_to = whole(how, 60, "送达方式"), to.strip()
        subject.save()
        papers.issue_receipt(fresh, subject, on=on, actor=actor)
        log("登记送达", fresh, {"当事人": [None, f"第 {subject.place} 名"], "送达日期": [None, plain_date(on)]})
        for account in accounts_of(subject):
            Notice.objects.create(
                account=account, text="有一份科研诚信处理文书已送达您或您的单位", url="/integrity/mine", at=at
            )
    return subject


def accounts_of(subject: Subject) -> list[Account]:
    """Who acts for a subject here: the person's own account, or those of the unit."""
    if subject.person is not None:
        return [subject.person.account] if subject.person.account else []
    return list(Account.objects.filter(grants__party=subject.party, is_active=True).distinct())
