"""The people of integrity cases, a firm and a scientist."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from keji.kernel.parties.models import Person
from keji.modules.integrity.services import cases
from tests.modules.integrity.telling import People, at


@pytest.fixture
def people(person: Any, actor_for: Any) -> People:
    roles = {
        "worker": "officer", "investigator": "officer", "reviewer": "officer", "stranger": "officer",
        "leader": "leader", "second_leader": "leader", "inspector": "inspector",
    }  # fmt: skip
    accounts = {name: person(role, f"case-{name}") for name, role in roles.items()}
    made = People(**{name: actor_for(account) for name, account in accounts.items()}, accounts=accounts)
    start = date(2024, 1, 2)
    cases.appoint_worker(accounts["worker"], from_on=start, actor=made.leader, at=at(start))
    return made


@pytest.fixture
def firm(make_party: Any) -> Any:
    return make_party("六安恒信检测有限公司")


@pytest.fixture
def scientist(make_party: Any, person: Any, now: Any) -> Any:
    """A professor with an account as expert."""
    school = make_party("皖西工学院", kind="institution")
    account = person("expert", "expert-ding", name="丁一鸣")
    return Person.objects.create(name="丁一鸣", party=school, account=account, created_at=now)
