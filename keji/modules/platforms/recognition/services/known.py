"""What the house knows already of a unit: a form shows it with its source and asks only for the rest."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from keji.kernel import clock
from keji.kernel.clock import day_of
from keji.kernel.facts.models import STANDING, FactFile
from keji.kernel.facts.offers import offered
from keji.kernel.parties.models import Party
from keji.lib.figures import plain_date, to_decimal
from keji.modules.platforms.models import Application, PlatformYear

#: application's column ← column of a platform's confirmed year
FROM_YEARS = {"rnd_spend": "rnd_spend", "rnd_staff": "staff", "equipment_value": "equipment_value"}
FROM_BEFORE = (
    *("field", "direction", "leader", "data_year", "revenue", "rnd_spend", "staff", "rnd_staff"),
    *("site_area", "equipment_value", "ip_count"),
)


#: application's column ← (facts of the unit's file that make it up, how many of the file's steps make one: 1 or 万)
FROM_FILE: dict[str, tuple[tuple[str, ...], int]] = {
    "revenue": (("main_revenue",), 10_000),  # the file keeps 元
    "staff": (("staff",), 1),
    "rnd_staff": (("rnd_staff",), 1),
    "ip_count": (("class1_ip", "class2_ip"), 1),
}
#: Facts that make up what was spent on research in a year, as paid; one unknown part leaves the whole unknown.
SPENT = (
    *("rd_staff_cost", "rd_materials", "rd_depreciation", "rd_amortisation", "rd_design", "rd_commissioning"),
    *("rd_outsourced", "rd_outsourced_abroad", "rd_other"),
)


def known_of(party: Party) -> dict[str, tuple[Any, str]]:
    """{column of an application: (value, where it comes from)}, the newest source first."""
    found: dict[str, tuple[Any, str]] = {}
    if party.contact_name:
        found["contact_name"] = (party.contact_name, "来自单位档案")
    if party.contact_phone:
        found["contact_phone"] = (party.contact_phone, "来自单位档案")
    found |= _from_file(party)
    year = PlatformYear.objects.filter(party=party, state="confirmed").order_by("-year", "-pk").first()
    if year is not None:
        for name, column in FROM_YEARS.items():
            if (value := getattr(year, column)) is not None and name not in found:
                found[name] = (value, f"来自{year.year}年度平台年报（{year.number}）")
    before = Application.objects.filter(party=party).exclude(state="draft").order_by("-pk").first()
    if before is not None:
        source = f"来自{plain_date(day_of(before.created_at))}的申请（{before.number}）"
        for name in FROM_BEFORE:
            if (value := getattr(before, name)) not in (None, ""):
                found.setdefault(name, (value, source))
    return found


def _from_file(party: Party) -> dict[str, tuple[Any, str]]:
    """What the unit's own file says of its newest year, and as it stands."""
    found: dict[str, tuple[Any, str]] = {}
    files = list(FactFile.objects.filter(party=party).order_by("-year"))
    newest = next((file.year for file in files if file.year != STANDING), STANDING)
    for file in files:
        if file.year not in (newest, STANDING):
            continue
        source = f"来自一企一档{f'{file.year}年度' if file.year else ''}资料"
        for name, (facts, per) in FROM_FILE.items():
            values = [file.values[fact] for fact in facts if fact in file.values]
            if values:
                total = _in_wan(sum(values)) if per > 1 else sum(values)
                found.setdefault(name, (total, source))
    if newest != STANDING and "revenue" in found:
        found.setdefault("data_year", (newest, f"来自一企一档{newest}年度资料"))
    year = newest if newest != STANDING else clock.today().year - 1
    if spent := _spent(party, year, next((file.values for file in files if file.year == year), {})):
        found["rnd_spend"] = spent
        found.setdefault("data_year", (year, spent[1]))
    return found


def _spent(party: Party, year: int, on_file: dict[str, int]) -> tuple[Decimal, str] | None:
    """(万元, where it comes from) of a year's research spending: the file, else what the firm's filed projects say."""
    if all(name in on_file for name in SPENT):
        return _in_wan(sum(on_file[name] for name in SPENT)), f"来自一企一档{year}年度八项研发费用之和"
    at_hand = offered(party.pk, [year], clock.today())
    found = [at_hand[name, year] for name in SPENT if (name, year) in at_hand]
    if len(found) < len(SPENT):
        return None
    return _in_wan(sum(offer.value for offer in found)), f"{found[0].source}，八项之和"


def _in_wan(yuan: int) -> Decimal:
    """万元 as an application keeps them, to the second place."""
    return to_decimal(Fraction(yuan, 10_000), 2)
