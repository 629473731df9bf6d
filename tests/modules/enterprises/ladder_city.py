"""Firms with just enough facts to be judged: one that meets 科技型中小企业评价, one short of it, one lacking a fact."""

from __future__ import annotations

from typing import Any

from keji.kernel import clock
from keji.kernel.facts.services import Said, state_facts
from keji.kernel.people.roles import Actor
from keji.kernel.rules.judging import assess
from keji.modules.enterprises import rungs  # noqa: F401  the rules enter the catalogue
from keji.modules.enterprises.ladder.services.prospects import refresh_prospects

SYSTEM = Actor.system()
WAN = 10_000
ITEMS = (
    *("rd_materials", "rd_depreciation", "rd_building_depreciation", "rd_amortisation", "rd_design"),
    *("rd_commissioning", "rd_outsourced", "rd_outsourced_abroad", "rd_other"),
)
GOOD = {
    "resident": 1, "restricted": 0, "serious_incident": 0, "research_dishonesty": 0, "listed_abnormal": 0,
    "hnte": 0, "award": 0, "institution": 0, "standard": 0, "class1_ip": 1, "class2_ip": 0, "class2_ip_used": 0,
}  # fmt: skip
LAST_YEAR = {
    "staff": 60, "part_time_6m": 0, "rnd_staff": 12, "rnd_part_time_6m": 0, "revenue": 4_680 * WAN,
    "assets": 1_690 * WAN, "total_cost": 4_000 * WAN, "rd_staff_cost": 240 * WAN, **dict.fromkeys(ITEMS, 0),
}  # fmt: skip


def say(party: Any, *, at: Any, year: int = 2023, without: tuple[str, ...] = (), **changed: int) -> None:
    """State a good firm's facts with some changed or left out."""
    known = {n: v for n, v in (GOOD | LAST_YEAR | changed).items() if n not in without}
    said = [Said(party, name, value, year if name in LAST_YEAR else 0) for name, value in known.items()]
    state_facts(said, actor=SYSTEM, at=at, origin="statistics")


def sift(*codes: str) -> Any:
    """Judge everybody and bring the list of prospects up to date, as the night does."""
    assess(codes or ("tech_sme",), on=clock.today(), at=clock.now())
    return refresh_prospects(on=clock.today(), actor=SYSTEM, at=clock.now())
