"""Writes of recognition up to the visit: the batch, the application and its materials, the form check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from keji.kernel import clock
from keji.kernel.audit.log import log, writing
from keji.kernel.documents.models import Attachment
from keji.kernel.parties.models import Party, Standing
from keji.kernel.parties.standings import blocks
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import Source, changed_fields, next_numbers, stamp
from keji.kernel.records.saving import locked
from keji.modules.platforms.files import evidence
from keji.modules.platforms.models import Application, Call, Material, Platform
from keji.modules.platforms.numbers import centre_name, city
from keji.modules.platforms.recognition.flow import window_problem
from keji.modules.platforms.recognition.services.known import known_of

Rows = Sequence[Mapping[str, Any]]
SECRET = "（已隐去）"
EDITABLE = ("draft", "returned")


def draft_calls(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[Call]:
    """Draft batches; another officer announces them."""
    made = []
    with writing(actor, at):
        for row, number in zip(rows, next_numbers(Call.prefix, at.year, len(rows)), strict=True):
            record = Call(number=number, region=city(), drafted_by_id=actor.id, **row)
            stamp(record, actor=actor, at=at, state=Call.State.DRAFT, source=Source.BUREAU)
            record.save()
            log("起草认定通知", record, {k: [None, _told(k, v)] for k, v in row.items() if v not in (None, "")})
            made.append(record)
    return made


def correct_call(record: Call, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> Call:
    with writing(actor, at):
        before = locked(record)
        for name, value in values.items():
            setattr(record, name, value)
        record.drafted_by_id, record.updated_at = actor.id, at
        record.save()
        changes = changed_fields(before, record, list(values))
        if changes:
            log("修改认定通知", record, {k: [_told(k, v) for v in pair] for k, pair in changes.items()})
    return record


def _told(name: str, value: Any) -> Any:
    """Lists of a call as the log shows them: the names of materials, required ones marked."""
    if name != "materials":
        return value
    return [f"*{m['name']}" if m["required"] else m["name"] for m in value]


def apply_refusal(call: Call, party: Party, actor: Actor) -> str:
    """Why this unit cannot start an application in this batch now; "" when it can."""
    if not actor.is_system and party.pk not in actor.parties:
        return "您的账号不代表这个单位"
    if problem := window_problem(Application(call=call, state="draft")):
        return problem
    if why := blocks(party, Standing.Verb.RECOGNISE, clock.today()):
        return f"{party.name}{why}"
    if running := call.applications.filter(party=party).exclude(state="withdrawn").first():
        return f"{party.name}在本批次已有申请（{running.number}）"
    held = Platform.objects.standing_on(clock.today()).filter(party=party, kind=call.kind, level=call.level).first()
    return (
        f"{party.name}已有{held.get_level_display()}{held.get_kind_display()}（{held.number}），不必重复申报"
        if held
        else ""
    )


def apply(call: Call, party: Party, *, actor: Actor, at: datetime) -> Application:
    """Start an application, filled in as far as the house knows. Raises Refused with a sentence."""
    if why := apply_refusal(call, party, actor):
        raise Refused(why)
    known = {name: value for name, (value, _) in known_of(party).items()}
    record = Application(call=call, party=party, region=party.region, **known)
    record.name = centre_name(party, call.kind, call.level)
    stamp(record, actor=actor, at=at, state=Application.State.DRAFT, source=Source.PARTY)
    with writing(actor, at):
        record.number = next_numbers(Application.prefix, at.year)[0]
        try:
            with transaction.atomic():
                record.save()
        except IntegrityError:
            raise Refused(f"{party.name}在本批次已有申请，请刷新后继续填写") from None
        log("开始申报", record)
    return record


def editing_refusal(record: Application, actor: Actor) -> str:
    """Why this actor may not change what an application says; the host alone does, until it is submitted."""
    if not actor.is_system and record.party_id not in actor.parties:
        return "申请由申报单位填写"
    if record.state not in EDITABLE:
        return f"当前状态是“{record.get_state_display()}”，不能修改；需要修改时请县区退回"
    return ""


def update_application(record: Application, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> Application:
    with writing(actor, at):
        before = copy(locked(record))
        if why := editing_refusal(before, actor):
            raise Refused(why)
        for name, value in values.items():
            setattr(record, name, value)
        record.updated_at = at
        record.save()
        changes = changed_fields(before, record, list(values))
        if "contact_phone" in changes:
            changes["contact_phone"] = [SECRET, SECRET]
        if changes:
            log("填写申请", record, changes)
    return record


def add_material(
    record: Application, code: str, file: UploadedFile | None, *, actor: Actor, at: datetime
) -> Attachment:
    """Put a file to one item of the checklist."""
    with writing(actor, at):
        fresh = locked(record)
        if why := editing_refusal(fresh, actor):
            raise Refused(why)
        named = next((m for m in fresh.call.materials if m["code"] == code), None)
        if named is None:
            raise Refused("材料清单里没有这一项")
        part, _ = Material.objects.get_or_create(application=fresh, code=code)
        return evidence.add_file(part, file, actor=actor, at=at)
