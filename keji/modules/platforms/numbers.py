"""This module's dated numbers as whole numbers, and the two names every paper needs."""

from __future__ import annotations

from datetime import date

from keji.kernel.parties.models import Party, Region
from keji.kernel.rules.models import ParameterValue, parameter
from keji.modules.platforms.models import Platform


def number(name: str, on: date) -> int:
    """The number in force on a day. Raises LookupError when there is none."""
    return int(parameter(name, on))


def unsure(names: list[str], on: date) -> list[str]:
    """Labels of those numbers nobody has checked against the text: pages say 待核."""
    found = []
    for name in names:
        rows = ParameterValue.objects.filter(name=name, from_on__lte=on, state=ParameterValue.State.IN_FORCE)
        newest = rows.order_by("-from_on").first()
        if newest is not None and not newest.certain:
            found.append(newest.label)
    return found


def city() -> Region:
    """The city whose house this is. Raises LookupError in a house that has none yet."""
    found = Region.objects.filter(level=Region.Level.CITY).first()
    if found is None:
        raise LookupError("还没有录入本市，请系统管理员先在“县区”中录入")
    return found


def centre_name(party: Party, kind: str, level: str) -> str:
    """`{企业全称}六安市企业研发中心`: the city's name comes from the tree of regions."""
    place = city().name if level == Platform.Level.CITY else str(Platform.Level(level).label)
    return f"{party.name}{place}{Platform.Kind(kind).label}"


def keeper(region: Region) -> str:
    """归口管理部门: the county's own bureau; a zone has a section for it."""
    return f"{region.name}科技主管部门" if region.level == Region.Level.ZONE else f"{region.name}科学技术局"
