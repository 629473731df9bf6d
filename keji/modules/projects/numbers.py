"""This module's dated numbers, days and money in words."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from decimal import Decimal

from keji.kernel.parties.models import Region
from keji.kernel.rules.models import ParameterValue, parameter
from keji.lib.indirect import Slices


def number(name: str, on: date) -> int:
    """The whole number `project.<name>` in force on a day. Raises LookupError when there is none."""
    return int(parameter(f"project.{name}", on))


def exact(name: str, on: date) -> Decimal:
    return parameter(f"project.{name}", on)


def unsure(names: list[str], on: date) -> list[str]:
    """Labels of those numbers nobody has checked against the text: pages say 待核."""
    rows = ParameterValue.objects.filter(
        name__in=[f"project.{n}" for n in names], from_on__lte=on, state=ParameterValue.State.IN_FORCE
    )
    newest = {row.name: row for row in rows.order_by("from_on")}
    return [newest[key].label for name in names if (key := f"project.{name}") in newest and not newest[key].certain]


def slices(on: date) -> Slices:
    """Indirect costs: the three slices in force on a day."""
    return (
        (number("indirect_edge_1", on), number("indirect_rate_1", on)),
        (number("indirect_edge_2", on), number("indirect_rate_2", on)),
        (None, number("indirect_rate_3", on)),
    )


def months_later(day: date, months: int) -> date:
    """The same day so many months on (or back); the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def wan(yuan: int | None) -> str:
    """元 as 万元, exactly: 1500000 → 150, 12345 → 1.2345; — for nothing."""
    if yuan is None:
        return "—"
    text = f"{Decimal(yuan) / 10_000:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def city() -> Region:
    """The city whose house this is. Raises LookupError in a house that has none yet."""
    found = Region.objects.filter(level=Region.Level.CITY).first()
    if found is None:
        raise LookupError("还没有录入本市，请系统管理员先在“县区”中录入")
    return found


def keeper(region: Region) -> str:
    """归口管理部门: the county's own bureau; a zone has a section for it."""
    return f"{region.name}科技主管部门" if region.level == Region.Level.ZONE else f"{region.name}科学技术局"
