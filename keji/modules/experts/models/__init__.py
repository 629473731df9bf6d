"""Experts, what ties them to others, how they did, and the draws."""

from keji.modules.experts.models.credit import ExitCase, Use
from keji.modules.experts.models.draw import Draw, DrawSubject
from keji.modules.experts.models.expert import Discipline, Employment, Expert, ExpertInvitation
from keji.modules.experts.models.frozen import DrawResult, FrozenPool, PoolEntry, Seat, WitnessNote
from keji.modules.experts.models.tie import Tie

__all__ = [
    "Discipline",
    "Draw",
    "DrawResult",
    "DrawSubject",
    "Employment",
    "ExitCase",
    "Expert",
    "ExpertInvitation",
    "FrozenPool",
    "WitnessNote",
    "PoolEntry",
    "Seat",
    "Tie",
    "Use",
]
