"""A small pool of experts and the people who keep it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from keji.kernel.people.roles import Actor
from keji.modules.experts.models import Discipline, Draw, Expert
from keji.modules.experts.services import freezing_job
from keji.modules.experts.services.register import register_experts
from keji.modules.experts.services.requests import request_draw
from tests.modules.experts.telling import REVIEW, People

SYSTEM = Actor.system("测试")


@pytest.fixture(autouse=True)
def nobody_works_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker runs beside these tests: pages do not wait for one."""
    monkeypatch.setattr(freezing_job, "SOON_SECONDS", 0.0)


@pytest.fixture
def people(person: Any, actor_for: Any) -> People:
    return People(
        officer=actor_for(person("officer", "officer-a", name="申请人")),
        second=actor_for(person("officer", "officer-b", name="第二人")),
        contact=actor_for(person("officer", "officer-c", name="联络人")),
        leader=actor_for(person("leader", "leader-a")),
        inspector=actor_for(person("inspector", "inspector-a", name="监督人甲")),
        other_inspector=actor_for(person("inspector", "inspector-b", name="监督人乙")),
    )


@pytest.fixture
def make_experts(city: Any, now: datetime) -> Callable[..., list[Expert]]:
    """make_experts(12, kind="technical", …) → admitted experts of as many employers outside the names of firms."""

    def make(count: int = 1, *, admit: bool = True, **fields: Any) -> list[Expert]:
        first = Expert.objects.count() + 1
        rows = []
        for n in range(first, first + count):
            row: dict[str, Any] = {
                "name": f"专家{n:03d}", "employer": f"某某大学{n:03d}", "party": None, "born_on": date(1975, 3, 1),
                "phone": f"138{n:08d}", "kind": "technical", "level": "associate", "in_city": n % 5 > 1,
                "discipline": Discipline.objects.get(code="510"), "agreed_on": date(2024, 1, 2),
            }  # fmt: skip
            row |= {k: v(n) if callable(v) else v for k, v in fields.items()}
            rows.append(row)
        made = register_experts(rows, actor=SYSTEM, at=now)
        if admit:
            Expert.objects.filter(pk__in=[e.pk for e in made]).update(
                state="active", joined_on=date(2024, 1, 2), confirmed_until=date(2025, 12, 31)
            )
        return list(Expert.objects.filter(pk__in=[e.pk for e in made]).select_related("person").order_by("pk"))

    return make


@pytest.fixture
def ask(people: People, now: datetime) -> Callable[..., Draw]:
    """ask([subject], size=3, …) → a requested draw."""

    def make(subjects: list[Any], **values: Any) -> Draw:
        defaults: dict[str, Any] = {
            "title": "2024年度科技计划项目评审",
            "size": 3,
            "review_on": REVIEW,
            "substitutes": 2,
        }
        number = request_draw(subjects, **(defaults | values), actor=people.officer, at=now)
        return Draw.objects.get(number=number)

    return make
