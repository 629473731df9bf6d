"""What the API's tests share: a system with a token, and how it calls."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client as Browser

from keji.kernel import clock
from keji.kernel.people.roles import Actor, Role

GUARD = Actor.system("安全管理员")


class Caller:
    """Another system: `get` and `post` answer (status, content)."""

    def __init__(self, token: str = "", client: Any = None) -> None:
        self.token, self.client = token, client
        self.browser = Browser(raise_request_exception=False)

    def call(self, method: str, path: str, **kwargs: Any) -> Any:
        if self.token:
            kwargs.setdefault("headers", {})["Authorization"] = f"Bearer {self.token}"
        return self.browser.generic(method, f"/api/v1{path}", **kwargs)

    def get(self, path: str, **params: Any) -> tuple[int, Any]:
        answer = self.call("GET", path, query_params=params)
        return answer.status_code, answer.json()

    def post(self, path: str, rows: Any, key: str = "batch-0001", **params: Any) -> tuple[int, Any]:
        headers = {"Idempotency-Key": key} if key else {}
        body = json.dumps({"rows": rows}, ensure_ascii=False).encode()
        answer = self.call(
            "POST", path, data=body, content_type="application/json", headers=headers, query_params=params
        )
        return answer.status_code, answer.json()

    def every(self, path: str, **params: Any) -> list[Any]:
        """All pages, one after the other."""
        found: list[Any] = []
        while True:
            status, page = self.get(path, **params)
            assert status == 200, page
            found += page["items"]
            if page["next"] is None:
                return found
            params["after"] = page["next"]


@pytest.fixture
def connect(db: Any) -> Callable[..., Caller]:
    """connect(account) → a system that acts as that account, may read and write, with a token for this year."""
    from keji.site.api.models import Client
    from keji.site.api.services import create_clients, issue_token

    def make(account: Any, **fields: Any) -> Caller:
        row = {
            "name": f"对接系统{Client.objects.count() + 1}",
            "purpose": "交换数据",
            "account": account,
            "may_read": True,
            "may_write": True,
            "from_on": date(2024, 1, 1),
            "until_on": date(2024, 12, 31),
        }
        client, *_ = create_clients([row | fields], actor=GUARD, at=clock.now())
        client.refresh_from_db()
        token = ""
        if not client.refusal(max(clock.today(), client.from_on)):
            token = issue_token(client, actor=GUARD, at=clock.now(), seen=0)
        return Caller(token, client)

    return make


@pytest.fixture
def unhurried(monkeypatch: Any) -> None:
    """No limit of calls: the clock stands still in tests, so the minute never ends."""
    monkeypatch.setattr("keji.site.api.auth.PER_MINUTE", 10**6)


@pytest.fixture
def certified(make_party: Any) -> Callable[..., list[Any]]:
    """certified("341502", 3) → certifications of three new firms of that county, reported by the platform."""
    from keji.modules.enterprises.api import report_certifications

    def make(region: str, count: int = 1) -> list[Any]:
        rows = []
        for _ in range(count):
            party = make_party(region=region)
            rows.append(
                {
                    "party": party,
                    "kind": "hnte",
                    # Keys run on from test to test; the codes written in the documents are low.
                    "certificate_code": f"GR202434{900_000 + party.pk}",
                    "issued_on": date(2024, 10, 29),
                }
            )
        return report_certifications(rows, actor=Actor.system(), at=clock.now(), source="page")

    return make


#: Every role that does business, with what its grant needs.
BUSINESS = [r for r in Role if r not in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)]
