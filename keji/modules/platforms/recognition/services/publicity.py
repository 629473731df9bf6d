"""公示 of what the meeting approved. The only file that knows how the house keeps public notices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from keji.kernel.people.roles import Actor
from keji.kernel.records.notices import services as notices
from keji.kernel.records.notices.models import PublicNotice

COLUMNS = ("序号", "中心名称", "建设依托单位", "归口管理部门")


def draft_notice(
    title: str,
    body: str,
    numbers: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    workdays: int,
    contact: str,
    actor: Actor,
    at: datetime,
) -> PublicNotice:
    """A notice for so many working days; it is shown once another person publishes it."""
    return notices.draft_notice(
        title=title,
        body=body,
        matter=PublicNotice.Matter.PLATFORM,
        columns=COLUMNS,
        rows=rows,
        numbers=numbers,
        contact=contact,
        workdays=workdays,
        actor=actor,
        at=at,
    )


def ending_refusal(notice: PublicNotice | None, on: date) -> str:
    """Why a notice has not passed yet; "" when its days are over and every objection is answered."""
    return "还没有公示" if notice is None else notices.passing_refusal(notice, on)
