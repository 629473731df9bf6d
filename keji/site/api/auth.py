"""The door: a bearer token, the account it stands for, and how often it may knock."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from keji.kernel import clock
from keji.kernel.people.roles import Actor
from keji.site.api.models import Client
from keji.site.api.problems import Problem
from keji.site.api.services import count_call, digest_of

PER_MINUTE = 120
CHALLENGE = {"WWW-Authenticate": "Bearer"}


class Token(HttpBearer):
    """Finds the client by the digest of its token; leaves it on the request with the actor it acts as."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        client = Client.objects.select_related("account").filter(digest=digest_of(token.strip())).first()
        if client is None:
            raise Problem("token", "没有这个令牌，请核对是否抄写完整；遗失的请安全管理员重新发放。", headers=CHALLENGE)
        if why := client.refusal(clock.today()):
            raise Problem("token", f"{why}。", headers=CHALLENGE)
        now = clock.now()
        if count_call(client, now) > PER_MINUTE:
            wait = str(60 - int(now.timestamp()) % 60)
            sentence = f"每个令牌每分钟最多调用 {PER_MINUTE} 次，请 {wait} 秒后再试。"
            raise Problem("too-many-calls", sentence, headers={"Retry-After": wait})
        request.actor = client.actor(clock.today())  # type: ignore[attr-defined]
        return client


def caller(request: HttpRequest, verb: str) -> tuple[Client, Actor]:
    """Who is calling, if their token is for this verb ("read" or "write"). Raises Problem when it is not."""
    client: Client = request.auth  # type: ignore[attr-defined]
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if verb == "read" and not client.may_read:
        raise Problem("forbidden", "这个令牌只能报送，不能查询；需要查询时请安全管理员开通。")
    if verb == "write" and not client.may_write:
        raise Problem("forbidden", "这个令牌只能查询，不能报送；需要报送时请安全管理员开通。")
    if not actor.authorities:
        raise Problem("forbidden", "这个令牌代表的账号现在没有任何业务授权，请联系安全管理员。")
    return client, actor
