"""What other modules, the demonstration city and the assembly may ask of the enterprise registers."""

from __future__ import annotations

from keji.kernel.indicators.indicator import get
from keji.modules.enterprises.burden.services import measure as measure_burden
from keji.modules.enterprises.facts.desk_views import waiting as waiting_facts
from keji.modules.enterprises.facts.form import AGREED
from keji.modules.enterprises.firms.boards import firm_board
from keji.modules.enterprises.firms.panels import rehearsal_panel
from keji.modules.enterprises.ladder import doors as ladder
from keji.modules.enterprises.models import Certification, EnterpriseProfile
from keji.modules.enterprises.portal.services import claim, invite
from keji.modules.enterprises.rights.models import IpRight
from keji.modules.enterprises.rights.services import mark_used, register_rights
from keji.modules.enterprises.rungs import LADDER
from keji.modules.enterprises.titles.services import (
    confirm_all,
    confirm_in_bulk,
    correct_certification,
    create_parties,
    report_certifications,
    update_party,
)
from keji.modules.enterprises.verdicts.runs import judge_everybody, judge_soon
from keji.modules.enterprises.verdicts.services import keep as keep_judgement

__all__ = [
    "AGREED",
    "LADDER",
    "judge_everybody",
    "judge_soon",
    "keep_judgement",
    "rehearsal_panel",
    "Certification",
    "EnterpriseProfile",
    "IpRight",
    "claim",
    "confirm_all",
    "confirm_in_bulk",
    "correct_certification",
    "create_parties",
    "firm_board",
    "invite",
    "ladder",
    "mark_used",
    "measure_burden",
    "owner_of",
    "register_rights",
    "report_certifications",
    "update_party",
    "waiting_facts",
]


def owner_of(indicator: str) -> str:
    """The department that provides an indicator's figures. Raises KeyError for a code the catalogue does not have."""
    return get(indicator).owner
