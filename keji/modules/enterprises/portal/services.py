"""Letting firms in: invitations with codes nobody can read back, claims, and a door that counts failed tries."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.parties.models import Party
from keji.kernel.people.models import Account
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import Source, next_numbers, stamp
from keji.modules.enterprises.portal.flow import open_to
from keji.modules.enterprises.portal.models import Claim, Invitation, Knock

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without what looks alike: I O 0 1
LETTERS, GROUP = 12, 4
VALID_DAYS = 30
MOST_TRIES, WINDOW = 8, timedelta(minutes=30)
MOST_AT_ONCE = 500


def digest_of(code: str) -> str:
    """What is kept of a code: without the house's key nobody finds the code from it, nor makes another."""
    plain = "".join(c for c in code.upper() if c in ALPHABET)
    return salted_hmac("keji.enterprises.invitation", plain, algorithm="sha256").hexdigest()


def new_code() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))
    return "-".join(letters[i : i + GROUP] for i in range(0, LETTERS, GROUP))


def invite(parties: Sequence[Party], *, actor: Actor, at: datetime) -> list[tuple[Party, str, date]]:
    """Make a code for each firm; what was handed out before and not used is void. → [(firm, code, last day)], once."""
    if not actor.is_system and not actor.has(Role.OFFICER, Role.COUNTY):
        raise Refused("邀请码由县区科技局或业务科室发出")
    if len(parties) > MOST_AT_ONCE:
        raise Refused(f"一次最多发 {MOST_AT_ONCE} 家，请分几次")
    until, made = day_of(at) + timedelta(days=VALID_DAYS), []
    with writing(actor, at):
        for party in parties:
            row = Invitation(party=party, digest="", made_at=at, made_by=actor.name, expires_on=until)
            if not row.access.reaches(actor, row.access.write, row):
                raise Refused(f"“{party.name}”不在您的县区范围内")
            code = new_code()
            row.digest = digest_of(code)
            Invitation.objects.filter(party=party, used_at=None, revoked_at=None).update(revoked_at=at)
            row.save()
            log("发出邀请码", row, {"有效期至": [None, until]})
            made.append((party, code, until))
    return made


def invitation_for(code: str, on: date) -> Invitation | None:
    """The invitation a code opens today; None for a wrong, used, revoked or expired one: which of them is not told."""
    rows = Invitation.objects.filter(digest=digest_of(code), used_at=None, revoked_at=None, expires_on__gte=on)
    return rows.select_related("party__merged_into").first()


def join(code: str, *, username: str, name: str, password: str, at: datetime) -> Account:
    """Open an account with a code; the code is spent in the same transaction."""
    system = Actor.system("企业开通")
    with writing(system, at):
        found = invitation_for(code, day_of(at))
        row = Invitation.objects.select_for_update(of=("self",)).filter(pk=found.pk if found else 0).first()
        if row is None or row.used_at or row.revoked_at:
            raise Refused("邀请码不对、已经用过或已过期，请向县区科技局核对")
        account = _account(username, name, password, at, active=True)
        open_to(account, row.party.merged_into or row.party, at)
        row.used_at, row.account = at, account
        row.save()
        log("使用邀请码", row, {"开通账号": [None, account.username]})
    return account


def _account(username: str, name: str, password: str, at: datetime, *, active: bool) -> Account:
    try:
        with transaction.atomic():
            account = Account.objects.create_user(
                username, password, name=name, is_active=active, password_changed_on=day_of(at), created_at=at
            )
    except IntegrityError:
        raise Refused(f"用户名“{username}”已经有人使用，请换一个") from None
    log("建立账号", account, {"用户名": [None, username]})
    return account


def claim(party: Party, values: dict[str, Any], *, at: datetime) -> Claim:
    """A firm asks for an account by itself; the account opens when its county has confirmed."""
    system = Actor.system("企业认领")
    with writing(system, at):
        if Claim.objects.filter(party=party, state=Claim.State.WAITING).count() >= 3:
            raise Refused("这家单位已有几份申请在等待核对，请联系县区科技局")
        account = _account(values["username"], values["name"], values["password"], at, active=False)
        row = Claim(
            party=party, region_id=party.region_id, account=account, contact=values["name"],
            position=values["position"], phone=values["phone"],
        )  # fmt: skip
        stamp(row, actor=system, at=at, state=Claim.State.WAITING, source=Source.PARTY)
        row.number = next_numbers(Claim.prefix, at.year)[0]
        row.save()
        log("申请认领", row, {"联系人": [None, row.contact]})
    return row


def too_many_tries(visitor: str, at: datetime) -> bool:
    """Has this visitor failed too often lately?"""
    return Knock.objects.filter(visitor=visitor, at__gt=at - WINDOW).count() >= MOST_TRIES


def knocked(visitor: str, at: datetime) -> None:
    """Note a failed try; old ones are forgotten."""
    Knock.objects.filter(at__lt=at - timedelta(hours=1)).delete()
    Knock.objects.create(visitor=visitor, at=at)


def visitor_of(request: Any) -> str:
    """Who stands at the door, as a digest: an address is personal and is not kept."""
    address = request.META.get("REMOTE_ADDR", "")
    if getattr(settings, "HTTPS", False):  # behind the house's own proxy, which writes the last address itself
        address = request.META.get("HTTP_X_FORWARDED_FOR", address).split(",")[-1].strip()
    return salted_hmac("keji.enterprises.door", address, algorithm="sha256").hexdigest()
