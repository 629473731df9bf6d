"""Bids: one unit's answer to a problem, sealed until the closing day; and the talks between firm and bidder."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from keji.kernel import clock
from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.documents.handing_in import file_problem
from keji.kernel.documents.models import Attachment, attach
from keji.kernel.parties.models import Party
from keji.kernel.parties.standings import blocks
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import Source, changed_fields, next_numbers, stamp
from keji.kernel.records.saving import locked, whole
from keji.lib.figures import plain_date
from keji.modules.projects.models import Bid, Challenge, Talk
from keji.modules.projects.numbers import wan

COLUMNS = ("leader_name", "plan", "answers", "price", "months", "partners", "promised")


def bid_refusal(challenge: Challenge, party: Party, actor: Actor) -> str:
    """Why this unit cannot bid now; "" when it can. Title, degree and age of anybody are not asked."""
    if not actor.is_system and party.pk not in actor.parties:
        return "您的账号不代表这个单位"
    if why := window_problem(challenge):
        return why
    if challenge.party_id == party.pk:
        return "出题单位不能揭自己的榜"
    if challenge.bids.filter(party=party).exclude(state="withdrawn").exists():
        return f"{party.name}已经应榜"
    return blocks(party, "apply", clock.today())


def window_problem(challenge: Challenge) -> str:
    if challenge.state != Challenge.State.OPEN:
        return f"“{challenge}”{challenge.get_state_display()}，不接收应榜"
    assert challenge.closes_on is not None
    return f"揭榜已于{plain_date(challenge.closes_on)}截止" if clock.today() > challenge.closes_on else ""


def start_bid(challenge: Challenge, party: Party, *, actor: Actor, at: datetime) -> Bid:
    """Start a bid. Raises Refused with a sentence."""
    with writing(actor, at):
        fresh = Challenge.objects.select_for_update(of=("self",)).get(pk=challenge.pk)
        if why := bid_refusal(fresh, party, actor):
            raise Refused(why)
        record = Bid(challenge=fresh, party=party, region=party.region, months=fresh.months)
        stamp(record, actor=actor, at=at, state=Bid.State.DRAFT, source=Source.PARTY)
        record.number = next_numbers(Bid.prefix, at.year)[0]
        try:
            with transaction.atomic():
                record.save()
        except IntegrityError:
            raise Refused(f"{party.name}已经应榜") from None
        log("开始应榜", record)
    return record


def editing_refusal(record: Bid, actor: Actor) -> str:
    if not actor.is_system and record.party_id not in actor.parties:
        return "应榜书由揭榜单位填写"
    if record.state != Bid.State.DRAFT:
        return f"当前状态是“{record.get_state_display()}”，不能修改；截止前可以撤回后重新应榜"
    return window_problem(record.challenge)


def write_bid(record: Bid, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> Bid:
    with writing(actor, at):
        fresh = locked(record)
        if why := editing_refusal(fresh, actor):
            raise Refused(why)
        before = copy(fresh)
        for name in COLUMNS:
            if name in values:
                setattr(fresh, name, values[name])
        fresh.updated_at = at
        fresh.save()
        if changes := changed_fields(before, fresh, COLUMNS):
            log("填写应榜书", fresh, {name: ["（略）", "（略）"] for name in changes})
    return fresh  # type: ignore[no-any-return]


def add_file(record: Bid, file: UploadedFile | None, *, actor: Actor, at: datetime) -> Attachment:
    """A file to a draft; after handing in none is added."""
    if problem := file_problem(file):
        raise Refused(problem)
    assert file is not None
    with writing(actor, at):
        fresh = locked(record)
        if why := editing_refusal(fresh, actor):
            raise Refused(why)
        made = attach(fresh, file, name=file.name or "附件", by=actor.name, at=at)
        log("上传应榜材料", fresh, {"材料": [None, made.name]})
    return made


def first_problem(record: Bid) -> str:
    """Why a bid cannot be handed in; "" when it can."""
    challenge = record.challenge
    if why := window_problem(challenge) or blocks(record.party, "apply", clock.today()):
        return why
    if not record.leader_name or len(record.plan.strip()) < 20:
        return "请填写项目负责人和解决方案（至少 20 个字）"
    if len(record.answers) != len(challenge.wanted) or not all(a.strip() for a in record.answers):
        return f"成果要求有 {len(challenge.wanted)} 条，请逐条响应"
    if not 0 < record.price <= challenge.prize:
        return f"报价应大于 0、不超过榜金 {wan(challenge.prize)} 万元"
    if not record.months or record.months > challenge.months:
        return f"完成时间不超过 {challenge.months} 个月"
    return "" if record.promised else "还没有作科研诚信承诺"


def talk(bid: Bid, *, held_on: date, note: str, actor: Actor, at: datetime) -> Talk:
    """The firm and a bidder met; the officer or the firm notes it. The same note twice is one."""
    with writing(actor, at):
        challenge = Challenge.objects.select_for_update(of=("self",)).get(pk=bid.challenge_id)
        if not actor.has(Role.OFFICER) and challenge.party_id not in actor.parties:
            raise Refused("对接情况由业务科室或出题单位登记")
        if challenge.state != Challenge.State.MATCHING:
            raise Refused(f"当前状态是“{challenge.get_state_display()}”，不能登记对接")
        assert challenge.closes_on is not None
        if not challenge.closes_on < held_on <= day_of(at):
            raise Refused("对接日期应在揭榜截止之后、今天以前")
        if len(note.strip()) < 5:
            raise Refused("请写明对接情况")
        row, made = Talk.objects.get_or_create(
            bid=bid, held_on=held_on, note=whole(note, 500, "洽谈情况"), defaults={"noted_by": actor.name}
        )
        if made:
            log("登记双方对接", bid, {"日期": [None, str(held_on)]})
    return row
