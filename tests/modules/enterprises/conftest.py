"""What the tests of this module share: certifications on file, codes that fit, sheets as people fill them."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest

from keji.kernel.people.roles import Actor

SYSTEM = Actor.system()
CERTIFICATION_HEADERS = ("统一社会信用代码", "资质类型", "证书（登记）编号", "发证（入库）日期", "批次")


def hnte_code(serial: int, year: int = 2024) -> str:
    return f"GR{year}34{serial:06d}"


def sme_code(serial: int, year: int = 2024) -> str:
    return f"{year}3415020{serial:07d}"


@pytest.fixture
def report(make_party: Any, now: Any) -> Callable[..., Any]:
    """report("hnte", date) → a reported certification of a new (or given) firm."""
    from keji.modules.enterprises.api import report_certifications

    serials = iter(range(1, 100_000))

    def make(kind: str, issued_on: date, *, party: Any = None, actor: Actor = SYSTEM, region: str = "341502") -> Any:
        serial = next(serials)
        codes = {"hnte": hnte_code, "tech_sme": sme_code}
        code = codes[kind](serial, issued_on.year) if kind in codes else f"{kind.upper()}{serial}"
        row = {
            "party": party or make_party(region=region),
            "kind": kind,
            "certificate_code": code,
            "issued_on": issued_on,
        }
        return report_certifications([row], actor=actor, at=now, source="page")[0]

    return make


@pytest.fixture
def confirmed(report: Any, now: Any) -> Callable[..., Any]:
    """confirmed("hnte", date, at=…) → a certification that counts, confirmed at that moment."""
    from keji.kernel.records.flow import take

    def make(kind: str, issued_on: date, *, at: Any = None, **kwargs: Any) -> Any:
        return take("confirm", report(kind, issued_on, **kwargs), actor=SYSTEM, at=at or now)

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
