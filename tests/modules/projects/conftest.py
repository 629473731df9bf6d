"""People who play a part in a project's life."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.modules.projects.telling import People


@pytest.fixture
def firm(make_party: Callable[..., Any]) -> Any:
    return make_party("六安明德机械有限公司", contact_name="王五")


@pytest.fixture
def people(person: Any, actor_for: Any, firm: Any) -> People:
    return People(
        officer=actor_for(person("officer", "officer-a")),
        second=actor_for(person("officer", "officer-b")),
        leader=actor_for(person("leader", "leader-a")),
        county=actor_for(person("county", "county-a", region="341502")),
        other_county=actor_for(person("county", "county-b", region="341525")),
        inspector=actor_for(person("inspector", "inspector-a")),
        unit=actor_for(person("enterprise", "unit-a", party=firm)),
    )
