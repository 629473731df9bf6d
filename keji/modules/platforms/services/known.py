"""What the house knows already of a unit: a form shows it with its source and asks only for the rest."""

from __future__ import annotations

from typing import Any

from keji.kernel.parties.models import Party
from keji.lib.figures import plain_date
from keji.modules.platforms.models import Application, PlatformYear

#: application's column ← column of a platform's confirmed year
FROM_YEARS = {"rnd_spend": "rnd_spend", "rnd_staff": "staff", "equipment_value": "equipment_value"}
FROM_BEFORE = (
    *("field", "direction", "leader", "data_year", "revenue", "rnd_spend", "staff", "rnd_staff"),
    *("site_area", "equipment_value", "ip_count"),
)


def known_of(party: Party) -> dict[str, tuple[Any, str]]:
    """{column of an application: (value, where it comes from)}, the newest source first."""
    found: dict[str, tuple[Any, str]] = {}
    if party.contact_name:
        found["contact_name"] = (party.contact_name, "来自单位档案")
    if party.contact_phone:
        found["contact_phone"] = (party.contact_phone, "来自单位档案")
    year = PlatformYear.objects.filter(party=party, state="confirmed").order_by("-year", "-pk").first()
    if year is not None:
        for name, column in FROM_YEARS.items():
            if (value := getattr(year, column)) is not None:
                found[name] = (value, f"来自{year.year}年度平台年报（{year.number}）")
    before = Application.objects.filter(party=party).exclude(state="draft").order_by("-pk").first()
    if before is not None:
        source = f"来自{plain_date(before.created_at.date())}的申请（{before.number}）"
        for name in FROM_BEFORE:
            if (value := getattr(before, name)) not in (None, ""):
                found.setdefault(name, (value, source))
    return found
