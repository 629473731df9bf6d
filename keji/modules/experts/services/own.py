"""What experts do themselves: confirm once a year, correct the own data, join by an invitation."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.people.models import Account, Grant
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import Source
from keji.kernel.records.saving import whole
from keji.modules.experts.models import Expert, ExpertInvitation
from keji.modules.experts.services.entry import confirmed_from
from keji.modules.experts.services.register import move, register_experts

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without what looks alike: I O 0 1
LETTERS, GROUP, VALID_DAYS, MOST_AT_ONCE = 12, 4, 30, 200
SECRET = "（已隐去）"
#: What experts may change by themselves; type and level are the bureau's to look at.
OWN_OF_PERSON = ("phone", "post")
OWN_OF_EXPERT = ("employer", "place", "keywords", "industries", "roles_elsewhere", "bank_card")


def confirm(expert: Expert, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> Expert:
    """The yearly confirmation, with what has changed. Twice the same day is once. Raises Refused for anybody else."""
    with writing(actor, at):
        fresh = Expert.objects.select_for_update(of=("self",)).select_related("person").get(pk=expert.pk)
        if not actor.is_system and fresh.person.account_id != actor.id:
            raise Refused("年度确认由专家本人办理")
        if fresh.state not in (Expert.State.ACTIVE, Expert.State.PAUSED):
            raise Refused(f"您当前是“{fresh.get_state_display()}”，不需要确认")
        before = Expert.objects.select_related("person").get(pk=expert.pk)
        changes: dict[str, list[Any]] = {}
        for name in OWN_OF_PERSON:
            if name in values and getattr(fresh.person, name) != values[name]:
                changes[name] = [SECRET, SECRET] if name == "phone" else [getattr(fresh.person, name), values[name]]
                setattr(fresh.person, name, values[name])
        for name in OWN_OF_EXPERT:
            if name in values and getattr(fresh, name) != values[name]:
                changes[name] = [SECRET, SECRET] if name == "bank_card" else [getattr(fresh, name), values[name]]
                setattr(fresh, name, values[name])
        if before.employer != fresh.employer:
            fresh.party = fresh.person.party = None  # matched anew by the bureau
            move(fresh, before, at)
        until = confirmed_from(day_of(at))
        if changes or fresh.confirmed_until != until:
            changes["confirmed_until"] = [fresh.confirmed_until, until]
            fresh.confirmed_until, fresh.updated_at = until, at
            fresh.person.save()
            fresh.save()
            log("年度确认", fresh, changes)
    return fresh


def digest_of(code: str) -> str:
    """What is kept of a code: without the house's key nobody finds the code from it, nor makes another."""
    plain = "".join(c for c in code.upper() if c in ALPHABET)
    return salted_hmac("keji.experts.invitation", plain, algorithm="sha256").hexdigest()


def invite(names: Sequence[str], *, actor: Actor, at: datetime) -> list[tuple[str, str, date]]:
    """A code for each person, shown this once. → [(name, code, last day)]."""
    if not actor.has(Role.OFFICER):
        raise Refused("专家邀请由业务科室发出")
    wanted = list(dict.fromkeys(n.strip() for n in names if n.strip()))
    if not wanted or len(wanted) > MOST_AT_ONCE:
        raise Refused(f"请写 1 至 {MOST_AT_ONCE} 个姓名，每行一个")
    until, made = day_of(at) + timedelta(days=VALID_DAYS), []
    with writing(actor, at):
        for name in wanted:
            letters = "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))
            code = "-".join(letters[i : i + GROUP] for i in range(0, LETTERS, GROUP))
            row = ExpertInvitation.objects.create(
                name=whole(name, 60, "姓名"), digest=digest_of(code), made_at=at, made_by=actor.name, expires_on=until
            )
            log("邀请专家", row, {"有效期至": [None, until]})
            made.append((row.name, code, until))
    return made


def invitation_for(code: str, on: date) -> ExpertInvitation | None:
    """The invitation a code opens today; None for a wrong, used or expired one: which of them is not told."""
    return ExpertInvitation.objects.filter(digest=digest_of(code), used_at=None, expires_on__gte=on).first()


def join(code: str, values: Mapping[str, Any], *, username: str, password: str, at: datetime) -> Expert:
    """Register oneself with a code: account, person and expert at once; the bureau then looks at the entry rules."""
    system = Actor.system("专家本人登记")
    with writing(system, at):
        found = invitation_for(code, day_of(at))
        row = ExpertInvitation.objects.select_for_update().filter(pk=found.pk if found else 0, used_at=None).first()
        if row is None:
            raise Refused("邀请码不对、已经用过或已过期，请向科技局核对")
        if row.name != values["name"]:
            raise Refused("姓名与邀请的不符，请向科技局核对")
        account = _account(username, str(values["name"]), password, at)
        made = register_experts([{**values, "agreed_on": day_of(at)}], actor=system, at=at, source=Source.PARTY)[0]
        if made.person.account_id is not None:
            raise Refused("您已经有账号，请直接登录")
        made.person.account = account
        made.person.save()
        Grant.objects.create(account=account, role=Role.EXPERT, from_on=day_of(at))
        row.used_at, row.expert = at, made
        row.save()
        log("使用邀请码", row, {"登记的专家": [None, made.number]})
    return made


def _account(username: str, name: str, password: str, at: datetime) -> Account:
    try:
        with transaction.atomic():
            account = Account.objects.create_user(
                username, password, name=name, password_changed_on=day_of(at), created_at=at
            )
    except IntegrityError:
        raise Refused(f"用户名“{username}”已经有人使用，请换一个") from None
    log("建立账号", account, {"用户名": [None, username]})
    return account
