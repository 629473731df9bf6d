"""Writes of a proposal by those who file it, and the officer's form check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from keji.kernel.audit.log import log, writing
from keji.kernel.documents.handing_in import hand_in, take_off
from keji.kernel.documents.models import Attachment
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import Source, changed_fields, next_numbers, stamp
from keji.kernel.records.saving import locked, whole
from keji.modules.projects.models import Guideline, Material, Member, Partner, Proposal
from keji.modules.projects.proposals.flow import window_problem
from keji.modules.projects.proposals.services.known import known_of

EDITABLE = ("draft", "returned")
SECRET = ("contact_phone", "leader_id_number")
HIDDEN = "（已隐去）"


def apply_refusal(guideline: Guideline, party: Party, actor: Actor) -> str:
    """Why this unit cannot start a proposal now; "" when it can."""
    if not actor.is_system and party.pk not in actor.parties:
        return "您的账号不代表这个单位"
    if problem := window_problem(Proposal(guideline=guideline, state="draft")):
        return problem
    running = guideline.proposals.filter(party=party).exclude(state__in=["withdrawn", "declined"]).count()
    if running >= guideline.unit_quota:
        return f"{party.name}在这一指南已有 {running} 项申报，限报 {guideline.unit_quota} 项"
    return ""


def apply(guideline: Guideline, party: Party, title: str, *, actor: Actor, at: datetime) -> Proposal:
    """Start a proposal, filled in as far as the house knows. Raises Refused with a sentence."""
    title = whole(title, 80, "项目名称")
    if not title:
        raise Refused("请先写项目名称")
    with writing(actor, at):
        Guideline.objects.select_for_update(of=("self",)).get(pk=guideline.pk)  # one quota, one at a time
        if why := apply_refusal(guideline, party, actor):
            raise Refused(why)
        known = {name: value for name, (value, _) in known_of(party).items()}
        record = Proposal(guideline=guideline, party=party, region=party.region, title=title, **known)
        if len(guideline.themes) == 1:
            record.theme = guideline.themes[0]
        record.filled_by_id = actor.id
        stamp(record, actor=actor, at=at, state=Proposal.State.DRAFT, source=Source.PARTY)
        record.number = next_numbers(Proposal.prefix, at.year)[0]
        try:
            with transaction.atomic():
                record.save()
        except IntegrityError:
            raise Refused(f"{party.name}在这一指南已有同名申报，请继续填写那一份") from None
        log("开始申报", record)
    return record


def editing_refusal(record: Proposal, actor: Actor) -> str:
    """Why this actor may not change what a proposal says; its unit alone does, until it goes on."""
    if not actor.is_system and record.party_id not in actor.parties:
        return "申报书由申报单位填写"
    if record.state not in EDITABLE:
        return f"当前状态是“{record.get_state_display()}”，不能修改；需要修改时请先退回"
    return ""


def update_proposal(record: Proposal, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> Proposal:
    """Save what the authors wrote; `members` and `partners` are lists of {column: value}."""
    values = dict(values)
    members, partners = values.pop("members", None), values.pop("partners", None)
    with writing(actor, at):
        fresh = locked(record)
        if why := editing_refusal(fresh, actor):
            raise Refused(why)
        before = copy(fresh)
        for name, value in values.items():
            setattr(fresh, name, value)
        fresh.updated_at = at
        fresh.save()
        changes = changed_fields(before, fresh, list(values))
        if "contents" in changes:
            changes["contents"] = [_written_in(before), _written_in(fresh)]
        changes |= {name: [HIDDEN, HIDDEN] for name in SECRET if name in changes}
        if members is not None and _replace(fresh, Member, members):
            changes["项目组成员"] = [None, f"{len(members)} 人"]
        if partners is not None and _replace(fresh, Partner, partners):
            changes["合作单位"] = [None, f"{len(partners)} 家"]
        if changes:
            log("填写申报书", fresh, changes)
    return fresh  # type: ignore[no-any-return]


def _written_in(record: Proposal) -> list[str]:
    """The headings under which something is written."""
    return [s["title"] for s in record.guideline.sections if record.contents.get(s["code"])]


def _replace(record: Proposal, model: type[Any], rows: Sequence[Mapping[str, Any]]) -> bool:
    """Put these rows in place of the old ones; whether anything changed."""
    old = list(model.objects.filter(proposal=record))
    if [{k: getattr(o, k) for k in r} for o, r in zip(old, rows, strict=False)] == list(rows) and len(old) == len(rows):
        return False
    model.objects.filter(proposal=record).delete()
    model.objects.bulk_create([model(proposal=record, **row) for row in rows])
    return True


def autosave(record: Proposal, name: str, value: str, seen: str, *, actor: Actor, at: datetime) -> tuple[bool, str]:
    """Save one text while it is being written → (saved, what stands there now).

    `seen` is what the author's page showed before; when a colleague changed it meanwhile nothing is overwritten.
    """
    with writing(actor, at):
        fresh = Proposal.objects.select_for_update(of=("self",)).get(pk=record.pk)
        if why := editing_refusal(fresh, actor):
            raise Refused(why)
        codes = {s["code"]: s.get("most") or 0 for s in fresh.guideline.sections}
        if name != "abstract" and name not in codes:
            raise Refused("这一栏不能自动保存")
        now = fresh.abstract if name == "abstract" else fresh.contents.get(name, "")
        if _lines(now) != _lines(seen) and _lines(now) != _lines(value):
            return False, now
        most = 600 if name == "abstract" else codes[name] or 20_000
        if len(value) > most:
            raise Refused(f"已有 {len(value):,} 字，最多 {most:,} 字，超出的部分没有保存")
        if _lines(now) != _lines(value):
            if name == "abstract":
                fresh.abstract = value
            else:
                fresh.contents = fresh.contents | {name: value}
            fresh.updated_at = at
            fresh.save(update_fields=["abstract", "contents", "updated_at"])
            titles = {s["code"]: s["title"] for s in fresh.guideline.sections}
            log("自动保存申报书", fresh, {titles.get(name, name): [f"{len(now)} 字", f"{len(value)} 字"]})
    return True, value


def _lines(text: str) -> str:
    """A text as it compares: browsers send line ends of their own."""
    return text.replace("\r\n", "\n").strip()


def add_material(record: Proposal, code: str, file: UploadedFile | None, *, actor: Actor, at: datetime) -> Attachment:
    """Put a file to one item of the checklist; the same name becomes its next version."""
    with writing(actor, at):
        fresh = locked(record)
        if why := editing_refusal(fresh, actor):
            raise Refused(why)
        if not any(m["code"] == code for m in fresh.guideline.materials):
            raise Refused("材料清单里没有这一项")
        part, _ = Material.objects.get_or_create(proposal=fresh, code=code)
        return hand_in(fresh, part, file, actor=actor, at=at)


def drop_material(record: Proposal, attachment: Attachment, part: Material, *, actor: Actor, at: datetime) -> None:
    with writing(actor, at):
        fresh = locked(record)
        if why := editing_refusal(fresh, actor):
            raise Refused(why)
        take_off(fresh, part, attachment.pk, actor=actor, at=at)
