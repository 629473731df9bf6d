"""What other modules, the demonstration city and the assembly may ask of the enterprise registers."""

from __future__ import annotations

from keji.kernel.indicators.indicator import get
from keji.modules.enterprises.boards import firm_board
from keji.modules.enterprises.models import Certification, EnterpriseProfile, SmeFacts
from keji.modules.enterprises.panels import rehearsal_panel
from keji.modules.enterprises.rules_runs import judge_everybody, judge_soon
from keji.modules.enterprises.rules_services import keep as keep_judgement
from keji.modules.enterprises.rungs import LADDER
from keji.modules.enterprises.services import (
    confirm_all,
    confirm_in_bulk,
    correct_certification,
    create_parties,
    report_certifications,
    save_facts,
    update_party,
)

__all__ = [
    "LADDER",
    "judge_everybody",
    "judge_soon",
    "keep_judgement",
    "rehearsal_panel",
    "Certification",
    "EnterpriseProfile",
    "SmeFacts",
    "confirm_all",
    "confirm_in_bulk",
    "correct_certification",
    "create_parties",
    "firm_board",
    "owner_of",
    "report_certifications",
    "save_facts",
    "update_party",
]


def owner_of(indicator: str) -> str:
    """The department that provides an indicator's figures. Raises KeyError for a code the catalogue does not have."""
    return get(indicator).owner
