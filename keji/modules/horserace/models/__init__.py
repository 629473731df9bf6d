"""Records of the horse race: schemes, monthly rounds, runs, and what follows from them."""

from keji.modules.horserace.models.extras import RaceAward, ReviewTask
from keji.modules.horserace.models.rounds import FigureQuestion, Hearing, RaceRound, RoundItem
from keji.modules.horserace.models.runs import RaceRun, RunPlace
from keji.modules.horserace.models.schemes import RaceScheme

__all__ = [
    "FigureQuestion",
    "Hearing",
    "RaceAward",
    "RaceRound",
    "RaceRun",
    "RaceScheme",
    "ReviewTask",
    "RoundItem",
    "RunPlace",
]
