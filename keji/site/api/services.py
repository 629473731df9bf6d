"""Every write about clients: making and changing one, giving it a token, counting its calls."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import changed_fields
from keji.kernel.records.saving import locked
from keji.site.api.models import Client

PREFIX = "keji_"
HINT = len(PREFIX) + 4
#: How soon an end is near enough to speak of.
SOON = timedelta(days=14)


def digest_of(token: str) -> str:
    """What is stored of a token. It is 256 random bits: nothing slower than one SHA-256 is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def create_clients(
    rows: Sequence[Mapping[str, Any]], *, actor: Actor, at: datetime, source: str = "page"
) -> list[Client]:
    """Put clients on file; each still needs a token."""
    made = []
    with writing(actor, at):
        for row in rows:
            record = Client.objects.create(**row, created_at=at, state_since=at)
            log("新建对接系统", record, {k: [None, v] for k, v in row.items()})
            made.append(record)
    return made


def update_client(record: Client, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> Client:
    """Change what is said of it. Only the named columns are saved: its token and its count go on beside."""
    with writing(actor, at):
        before = locked(record)
        for name, value in values.items():
            setattr(record, name, value)
        record.save(update_fields=list(values))
        if changes := changed_fields(before, record, list(values)):
            log("修改对接系统", record, changes)
    return record


def issue_token(client: Client, *, actor: Actor, at: datetime, seen: int) -> str:
    """A new token, told once and never again; the one before it stops working.

    `seen` is how often one had been issued when the page was made: a second press of the button is refused, or it
    would silently kill the token the first press has just shown.
    """
    with writing(actor, at):
        fresh = Client.objects.select_for_update(of=("self",)).get(pk=client.pk)
        if not actor.has(Role.SECURITY_ADMIN):
            raise Refused("令牌由安全管理员发放")
        if why := fresh.refusal(max(day_of(at), fresh.from_on)):
            raise Refused(f"不能发放：{why}")
        if fresh.issues != seen:
            raise Refused("刚刚已经发放过令牌；没有抄下来的，请再发放一次，原令牌随即失效")
        token = PREFIX + secrets.token_urlsafe(32)
        fresh.hint, fresh.digest = token[:HINT], digest_of(token)
        fresh.issues, fresh.issued_at = seen + 1, at
        fresh.save(update_fields=["hint", "digest", "issues", "issued_at"])
        log("发放令牌" if seen == 0 else "重新发放令牌", fresh, {"hint": [client.hint or None, fresh.hint]})
    return token


def count_call(client: Client, at: datetime) -> int:
    """Note one use; returns how many calls this token has made within this minute of the clock."""
    minute = int(at.timestamp()) // 60
    rows = Client.objects.filter(pk=client.pk)
    same = {"calls": F("calls") + 1, "last_used_at": at}
    if not rows.filter(minute=minute).update(**same):
        fresh = rows.exclude(minute=minute).update(minute=minute, calls=1, last_used_at=at)
        if not fresh:  # another worker opened this minute in between
            rows.filter(minute=minute).update(**same)
    return rows.values_list("calls", flat=True).get()


def ending_soon(on: date) -> list[Client]:
    """Clients with a token that ends within two weeks."""
    rows = Client.objects.filter(state=Client.State.ACTIVE, until_on__range=(on, on + SOON))
    return list(rows.exclude(digest="").order_by("until_on", "name"))
