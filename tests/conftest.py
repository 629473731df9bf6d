"""What all tests share: a data folder of their own, a stopped clock, people with roles, a small city."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

# Before Django reads its settings: tests never touch the house's own data folder.
_folder = os.environ.setdefault("KEJI_DATA", tempfile.mkdtemp(prefix="keji-test-"))
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from collections.abc import Callable, Iterator  # noqa: E402
from contextlib import ExitStack  # noqa: E402
from datetime import date, datetime  # noqa: E402
from typing import Any  # noqa: E402

import pytest  # noqa: E402
from hypothesis import HealthCheck, settings  # noqa: E402

# How fast a machine is today says nothing about a property.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

_stack = ExitStack()


def pytest_configure(config: Any) -> None:
    """KEJI_TEST_DB=postgresql runs the suite on a PostgreSQL server that lives as long as the run."""
    if os.environ.get("KEJI_TEST_DB") == "postgresql" and not hasattr(config, "workerinput"):
        from tests.postgres import server

        os.environ["KEJI_DATABASE_URL"] = _stack.enter_context(server())


def pytest_unconfigure(config: Any) -> None:
    _stack.close()


START = datetime(2024, 11, 12, 9, 30)
PASSWORD = "Keji-2024"


@pytest.fixture(autouse=True)
def stopped_clock() -> Iterator[None]:
    from keji.kernel import clock

    with clock.stopped_at(START):
        yield


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    from keji.kernel.audit.unchanged import forget

    forget()


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any, tmp_path: Path) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def now() -> datetime:
    from keji.kernel import clock

    return clock.now()


@pytest.fixture
def city(db: Any) -> Any:
    """六安: seven counties and the development zone."""
    from keji.kernel.parties.models import Region

    city = Region.objects.create(code="341500", level="city", name="六安市", short_name="六安")
    for order, (code, name, level) in enumerate(
        [
            ("341502", "金安区", "county"),
            ("341503", "裕安区", "county"),
            ("341504", "叶集区", "county"),
            ("341522", "霍邱县", "county"),
            ("341523", "舒城县", "county"),
            ("341524", "金寨县", "county"),
            ("341525", "霍山县", "county"),
            ("341500-KFQ", "六安经济技术开发区", "zone"),
        ],
        start=1,
    ):
        Region.objects.create(code=code, level=level, name=name, short_name=name[:2], order=order, parent=city)
    return city


@pytest.fixture
def person(city: Any) -> Callable[..., Any]:
    """person("county", region="341502") → an account with that role from 2020 on."""
    from keji.kernel.people.models import Account, Grant

    def make(role: str, username: str = "", *, name: str = "", party: Any = None, region: str | None = None) -> Any:
        username = username or f"{role}-{Account.objects.count() + 1}"
        account = Account.objects.create_user(username, PASSWORD, name=name or username)
        Grant.objects.create(account=account, role=role, region_id=region, party=party, from_on=date(2020, 1, 1))
        return account

    return make


@pytest.fixture
def enter(client: Any) -> Callable[[Any], Any]:
    """enter(account) → a client logged in as that account."""

    def login(account: Any) -> Any:
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return login


@pytest.fixture
def actor_for() -> Callable[[Any], Any]:
    from keji.kernel import clock

    return lambda account: account.actor(clock.today())


@pytest.fixture
def make_party(city: Any, now: datetime) -> Callable[..., Any]:
    """make_party("某某公司", region="341502") → a party with a valid made-up code."""
    from keji.kernel.parties.models import Party
    from keji.lib.codes import make_uscc, organisation_check

    def make(name: str = "", *, region: str = "341502", kind: str = "enterprise", **fields: Any) -> Any:
        serial = Party.objects.count() + 1
        body = f"MA{serial:06d}"
        code = make_uscc(f"91{region[:6]}{body}{organisation_check(body)}")
        return Party.objects.create(
            uscc=code, name=name or f"六安第{serial}科技有限公司", kind=kind, region_id=region, created_at=now, **fields
        )

    return make
