"""Records of the horse race: schemes, monthly rounds, runs, and what follows from them."""

from keji.modules.horserace.models.appraisals import Appraisal, AppraisalLine
from keji.modules.horserace.models.extras import RaceAward, ReviewTask
from keji.modules.horserace.models.rounds import FigureQuestion, Hearing, RaceRound, RoundItem
from keji.modules.horserace.models.runs import RaceRun, RunPlace
from keji.modules.horserace.models.schemes import RaceScheme

__all__ = [
    "Appraisal",
    "AppraisalLine",
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
