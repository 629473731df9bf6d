"""tests/access.txt: every page against every role, written by this test and reviewed like code.

`KEJI_WRITE_ACCESS=1 pytest tests/site/test_access_matrix.py` writes it anew; a difference is a change of rights.
"""

from __future__ import annotations

import os
import re
from fractions import Fraction
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from keji.demo.year import tell_the_year
from keji.desk.desk import desks
from keji.kernel.documents.models import Paper
from keji.kernel.people.models import Account
from keji.kernel.people.roles import Role

FILE = Path(__file__).parents[1] / "access.txt"
pytestmark = pytest.mark.django_db

#: One person for each role; roles without an account in the demo city get one of their own.
PEOPLE = {
    Role.LEADER: "juzhang",
    Role.OFFICER: "gaoxin",
    Role.COUNTY: "jinan",
    Role.ENTERPRISE: "qiye",
    Role.INSPECTOR: "jijian",
    Role.EXPERT: "zhuanjia",
    Role.SYSTEM_ADMIN: "xitong",
    Role.SECURITY_ADMIN: "anquan",
    Role.AUDIT_ADMIN: "shenji",
}
WORDS = {200: "开", 302: "转", 401: "令牌", 403: "拒", 404: "无", 405: "提交", 422: "开"}
FIRST: dict[str, str] = {}  # desk → the key of its first record
#: Papers of several kinds share one table, so key 1 need not be of the kind a page shows.
PAPERS = {"/plan/bulletins/": "bulletin", "/horserace/papers/": "race_month"}
LEFT_OUT = {"setup", "login", "login-second", "logout"}
#: These ask for a token and know no log-in; tests/site/api compares role and desk there.
BY_TOKEN = "/api/v1/records/"


def addresses() -> list[str]:
    """Every address, with the keys of a record of another county's where it takes one."""
    found = []

    def walk(patterns, prefix=""):
        for entry in patterns:
            route = prefix + str(entry.pattern)
            if isinstance(entry, URLResolver):
                walk(entry.url_patterns, route)
            elif isinstance(entry, URLPattern) and entry.name not in LEFT_OUT and "<slug:desk>" not in route:
                found.append("/" + route)

    walk(get_resolver().url_patterns)
    for desk in desks().values():
        found.append(f"/d/{desk.name}/")
        found += [f"/d/{desk.name}/new"] if desk.create else []
        found += [f"/d/{desk.name}/{rest}" for rest in ("upload", "template") if desk.upload]
        first = desk.model._default_manager.order_by("pk").first()
        if first is not None:
            FIRST[desk.name] = str(first.pk)
            found += [f"/d/{desk.name}/<first>", f"/d/{desk.name}/<first>/edit"]
    return sorted({route for route in found if not route.startswith(BY_TOKEN)})


def filled(route: str) -> str | None:
    """The route with its parameters filled in; None for one that needs more than a key."""
    if "<str:" in route or "<slug:" in route:
        return None
    if "<first>" in route:
        return route.replace("<first>", FIRST[route.split("/")[2]])
    kind = next((kind for start, kind in PAPERS.items() if route.startswith(start)), "")
    first = Paper.objects.filter(kind=kind, state=Paper.State.ISSUED).order_by("pk").first() if kind else None
    return re.sub(r"<(int:)?(\w+)>", str(first.pk) if first else "1", route)


def matrix() -> str:
    roles = list(PEOPLE)
    lines = ["页面 × 角色：开=能打开，提交=只接受提交，转=转到别处，令牌=只凭令牌，拒=没有权限，无=看不到", ""]
    lines.append(" | ".join(["页面".ljust(44), *(r.label for r in roles)]))
    clients = {}
    for role in roles:
        clients[role] = Client(raise_request_exception=False)
        clients[role].force_login(
            Account.objects.get(username=PEOPLE[role]), backend="django.contrib.auth.backends.ModelBackend"
        )
    for route in addresses():
        address = filled(route)
        if address is None:
            continue
        answers = [clients[role].get(address).status_code for role in roles]
        assert 500 not in answers, f"{address}: {dict(zip(PEOPLE.values(), answers, strict=True))}"
        lines.append(" | ".join([route.ljust(44), *(WORDS.get(a, str(a)) for a in answers)]))
    return "\n".join(lines) + "\n"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="rights do not depend on the database, keys of rows do")
def test_who_may_open_what_is_as_reviewed():
    tell_the_year(scale=Fraction(1, 20))
    found = matrix()
    if os.environ.get("KEJI_WRITE_ACCESS"):
        FILE.write_text(found, encoding="utf-8")
    assert found == FILE.read_text(encoding="utf-8"), "权限有变化：核对后用 KEJI_WRITE_ACCESS=1 重写 tests/access.txt"
