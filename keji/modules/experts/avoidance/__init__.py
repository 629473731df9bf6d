"""Who may not judge what. One function a rule, each answering for the whole pool at once; import lays them out."""

from keji.modules.experts.avoidance import pool_rules, tie_rules, unit_rules  # noqa: F401 - they register themselves
from keji.modules.experts.avoidance.base import Case, Hit, Side, SubjectFacts, rules, standing_of

__all__ = ["Case", "Hit", "Side", "SubjectFacts", "rules", "standing_of"]
