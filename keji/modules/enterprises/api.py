"""What other modules, the demonstration city and the assembly may ask of the enterprise registers."""

from __future__ import annotations

from keji.modules.enterprises.models import Certification, EnterpriseProfile, SmeFacts
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
    "Certification",
    "EnterpriseProfile",
    "SmeFacts",
    "confirm_all",
    "confirm_in_bulk",
    "correct_certification",
    "create_parties",
    "report_certifications",
    "save_facts",
    "update_party",
]
