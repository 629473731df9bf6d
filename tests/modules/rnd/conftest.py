"""What the tests of this module share: projects, months, yearly statements, sheets as people fill them."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import take

SYSTEM = Actor.system()
PROJECT = {
    "name": "一体化压铸件成形工艺研发",
    "form": "self",
    "field": "manufacturing",
    "budget": Decimal(1_200_000),
    "starts": "202403",
    "ends": "202412",
    "source_code": "4",
    "cooperation_code": "6",
    "result_code": "3",
    "goal_code": "4",
    "year": 2024,
    "staff": 10,
    "person_months": Decimal(80),
    "stage_code": "",
}


@pytest.fixture
def draft(make_party: Any, now: Any) -> Callable[..., Any]:
    """draft(party=…, starts=…) → a project entered and not filed."""
    from keji.modules.rnd.services.projects import create_projects

    def make(*, actor: Actor = SYSTEM, party: Any = None, **values: Any) -> Any:
        row = {**PROJECT, "party": party or make_party(), **values}
        return create_projects([row], actor=actor, at=now, source="page")[0]

    return make


@pytest.fixture
def noted(draft: Any, now: Any) -> Callable[..., Any]:
    """noted(party=…) → a project filed, checked and noted."""

    def make(**values: Any) -> Any:
        record = draft(**values)
        for step in ("file", "check", "note"):
            record = take(step, record, actor=SYSTEM, at=now)
        return record

    return make


@pytest.fixture
def spend(now: Any) -> Callable[..., Any]:
    """spend(project, 2024, 5, staff_cost=…) → that month filled in."""
    from keji.modules.rnd.services.spending import save_month

    def make(project: Any, year: int, month: int, *, actor: Actor = SYSTEM, **amounts: Any) -> Any:
        values = {name: Decimal(value) for name, value in amounts.items()}
        return save_month(project, year, month, values, actor=actor, at=now)

    return make


@pytest.fixture
def stated(now: Any) -> Callable[..., Any]:
    """stated(party, 2023, revenue=…, project_count=…, rnd_expense=…, institutes=…) → a confirmed statement."""
    from keji.modules.rnd.services.statements import report_statements

    def make(party: Any, year: int, *, confirm: bool = True, **values: Any) -> Any:
        row = {"party": party, "year": year, **values}
        record = report_statements([row], actor=SYSTEM, at=now, source="sheet")[0]
        return take("confirm", record, actor=SYSTEM, at=now) if confirm else record

    return make


def workbook(headers: Any, rows: Any) -> bytes:
    """A real .xlsx as Excel would save it."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(list(headers))
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cells_of(content: bytes) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]
