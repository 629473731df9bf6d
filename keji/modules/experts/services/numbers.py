"""This module's dated numbers, and the place its records belong to."""

from __future__ import annotations

from datetime import date

from keji.kernel.parties.models import Region
from keji.kernel.rules.models import ParameterValue, parameter


def number(name: str, on: date) -> int:
    """The number in force on a day. Raises LookupError when there is none."""
    return int(parameter(name, on))


def unsure(on: date) -> list[str]:
    """Labels of this module's numbers nobody has checked against the text: pages say 待核."""
    rows = ParameterValue.objects.filter(name__startswith="experts.", state="in_force", from_on__lte=on, certain=False)
    return list(dict.fromkeys(rows.order_by("name").values_list("label", flat=True)))


def city() -> Region:
    """The city whose house this is. Raises LookupError in a house that has none yet."""
    found = Region.objects.filter(level=Region.Level.CITY).first()
    if found is None:
        raise LookupError("还没有设置本市，请先由系统管理员录入县区")
    return found
