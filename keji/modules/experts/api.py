"""What other modules, the demonstration city and the assembly may ask of the expert pool.

number = request_draw([Subject("XS-2024-0001", "…", parties=(12,), people=(PersonRef("王某", 7),))],
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
    Profile,
    QuotaRow,
    Subject,
)
from keji.modules.experts.models import Discipline, Draw, ExitCase, Expert, Seat
from keji.modules.experts.opening import (
    PublicDraw,
    frozen_file,
    outcome_file,
    published_draw,
    published_draws,
    verifier,
)
from keji.modules.experts.services.credit import mark_use, propose_exits
from keji.modules.experts.services.drawing import draw_with_witness, observe
from keji.modules.experts.services.freezing import Terms, freeze_draw
from keji.modules.experts.services.matching import clashes, profiles_of
from keji.modules.experts.services.own import confirm, invite
from keji.modules.experts.services.own_tasks import expert_tasks
from keji.modules.experts.services.register import admit_many, match_employers, register_experts
from keji.modules.experts.services.requests import panel_of, request_draw
from keji.modules.experts.services.seats import answer
from keji.modules.experts.services.standing_in import stand_in
from keji.modules.experts.services.supervision import COLUMNS as DRAW_COLUMNS
from keji.modules.experts.services.supervision import draw_counts, draw_rows
from keji.modules.experts.services.ties import TieRow, declare_tie, record_ties

__all__ = [
    "DRAW_COLUMNS",
    "CATEGORIES",
    "DISCIPLINE",
    "IN_CITY",
    "KIND",
    "OUTSIDE",
    "PLACE",
    "AvoidedName",
    "Discipline",
    "Draw",
    "ExitCase",
    "Expert",
    "Member",
    "Panel",
    "PersonRef",
    "Profile",
    "PublicDraw",
    "QuotaRow",
    "Seat",
    "Subject",
    "Terms",
    "TieRow",
    "admit_many",
    "answer",
    "clashes",
    "confirm",
    "declare_tie",
    "expert_tasks",
    "draw_counts",
    "draw_rows",
    "draw_with_witness",
    "freeze_draw",
    "frozen_file",
    "invite",
    "mark_use",
    "match_employers",
    "observe",
    "outcome_file",
    "panel_of",
    "profiles_of",
    "propose_exits",
    "published_draw",
    "published_draws",
    "record_ties",
    "register_experts",
    "request_draw",
    "stand_in",
    "verifier",
]
