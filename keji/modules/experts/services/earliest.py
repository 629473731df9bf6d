"""From which day on a panel may be drawn: the later, the fewer days a name has to leak in."""

from __future__ import annotations

from datetime import date
from typing import Any

from keji.kernel import clock
from keji.kernel.calendar.models import work_calendar
from keji.kernel.rules.models import ParameterValue
from keji.lib.figures import plain_date
from keji.modules.experts.services.numbers import number

NAME = "experts.draw_earliest_workdays"


def earliest_draw(draw: Any) -> date:
    """So many working days before the review day; the review day itself is not counted."""
    return work_calendar().add(draw.review_on, -number(NAME, clock.today()))


def too_early(draw: Any) -> str:
    """Why it may not be drawn yet; "" when it may. There is no exception by reason: the number of days is a dated
    number two people change, and what was frozen stays frozen until the day comes."""
    first = earliest_draw(draw)
    if clock.today() >= first:
        return ""
    days = number(NAME, clock.today())
    return f"最早在评审前 {days} 个工作日（{plain_date(first)}）抽取，以免名单过早外泄；请监督人届时再来"


def is_sure() -> bool:
    """Has somebody checked the number of days against its text?"""
    today = clock.today()
    rows = ParameterValue.objects.filter(name=NAME, state="in_force", from_on__lte=today).order_by("-from_on")
    return bool(rows.values_list("certain", flat=True).first())
