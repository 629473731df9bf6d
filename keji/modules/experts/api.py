"""What other modules, the demonstration city and the assembly may ask of the expert pool.

number = request_draw([Subject("SB-2024-0001", "…", parties=(12,), people=(PersonRef("王某", 7),))],
                      title="…", size=5, review_on=…, quotas=(QuotaRow(PLACE, OUTSIDE, 2),), actor=…, at=…)
panel_of(number)      # members only once it is opened, on the review day
mark_use(number, person, …)   # how somebody did, back from the review
"""

from __future__ import annotations

from keji.modules.experts.asking import (
    CATEGORIES,
    DISCIPLINE,
    IN_CITY,
    KIND,
    OUTSIDE,
    PLACE,
    AvoidedName,
    Member,
    Panel,
    PersonRef,
    QuotaRow,
    Subject,
)
from keji.modules.experts.models import Discipline, Draw, Expert
from keji.modules.experts.opening import (
    PublicDraw,
    frozen_file,
    outcome_file,
    published_draw,
    published_draws,
    verifier,
)
from keji.modules.experts.services.credit import mark_use
from keji.modules.experts.services.register import admit_many, register_experts
from keji.modules.experts.services.requests import panel_of, request_draw
from keji.modules.experts.services.ties import TieRow, record_ties

__all__ = [
    "CATEGORIES",
    "DISCIPLINE",
    "IN_CITY",
    "KIND",
    "OUTSIDE",
    "PLACE",
    "AvoidedName",
    "Discipline",
    "Draw",
    "Expert",
    "Member",
    "Panel",
    "PersonRef",
    "PublicDraw",
    "QuotaRow",
    "Subject",
    "TieRow",
    "admit_many",
    "frozen_file",
    "mark_use",
    "outcome_file",
    "panel_of",
    "published_draw",
    "published_draws",
    "record_ties",
    "register_experts",
    "request_draw",
    "verifier",
]
