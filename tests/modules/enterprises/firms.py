"""Firms of the tests, as the rules see them: {fact: integer}, money written in 万元 and kept in 元."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from keji.lib.rules import vocabulary
from keji.lib.rules.vocabulary import Kind

YEAR = 2024
SPENDING = (
    *("rd_staff_cost", "rd_materials", "rd_depreciation", "rd_building_depreciation", "rd_amortisation"),
    *("rd_design", "rd_commissioning", "rd_outsourced", "rd_outsourced_abroad", "rd_other"),
)
PART_TIME = ("part_time_183", "part_time_6m", "rnd_part_time_183", "rnd_part_time_6m")
CLEAN = {"resident": 1, "restricted": 0, "serious_incident": 0, "research_dishonesty": 0, "listed_abnormal": 0}
NO_ROUTE = {"hnte": 0, "award": 0, "institution": 0, "standard": 0}


def stored(key: str, value: Any) -> int | None:
    """What the vocabulary keeps: 万元 become 元, everything else stays."""
    if value is None:
        return None
    fact = vocabulary.fact(key.partition("-")[0])
    return int(Decimal(str(value)) * 10_000) if fact.kind is Kind.MONEY else int(value)


def known(**facts: Any) -> dict[str, int]:
    """known(revenue=(3000, 3900, 4680), staff=60, class1_ip=1): three years, last year, or as it stands.

    None leaves a fact unknown. R&D items and part-time people that are not named are nothing.
    """
    found: dict[str, int | None] = {"year": YEAR}
    for name in SPENDING:
        found |= dict.fromkeys((f"{name}-1", f"{name}-2", f"{name}-3"), 0)
    found |= {f"{name}-1": 0 for name in PART_TIME}
    for name, value in facts.items():
        fact = vocabulary.fact(name)
        if isinstance(value, tuple):
            found |= {f"{name}-{back}": stored(name, v) for back, v in zip((3, 2, 1), value, strict=True)}
        else:
            found[f"{name}-1" if fact.annual else name] = stored(name, value)
    return {k: v for k, v in found.items() if v is not None}
