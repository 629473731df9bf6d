"""What other parts of the house may ask of the horse race."""

from __future__ import annotations

from typing import Any

from keji.desk.bulletins import waiting_items
from keji.kernel.people.roles import Actor
from keji.modules.horserace.models import RaceRound, RaceRun
from keji.modules.horserace.services import papers
from keji.modules.horserace.services.appraisals import propose as propose_appraisal
from keji.modules.horserace.services.appraisals import public_appraisals, regrade
from keji.modules.horserace.services.extras import claim_awards, set_tasks
from keji.modules.horserace.services.hearing import agree
from keji.modules.horserace.services.questions import answer, ask
from keji.modules.horserace.services.rounds import check_item, correct_reported, dues, open_rounds
from keji.modules.horserace.services.schemes import draft_schemes, draft_starter, rehearse, retire_schemes, save_content
from keji.modules.horserace.services.weighing import save_ballot, save_pairs

__all__ = [
    "agree",
    "answer",
    "ask",
    "check_item",
    "claim_awards",
    "correct_reported",
    "draft_schemes",
    "draft_starter",
    "dues",
    "open_rounds",
    "papers",
    "propose_appraisal",
    "public_appraisals",
    "public_runs",
    "regrade",
    "rehearse",
    "retire_schemes",
    "round_of",
    "save_ballot",
    "save_content",
    "save_pairs",
    "set_tasks",
    "waiting_papers",
]


def waiting_papers(actor: Actor) -> list[dict[str, Any]]:
    """The race's papers this actor may look over or sign, as lines of the to-do list."""
    return waiting_items(papers.LIFE, "race-paper", actor)


def public_runs() -> list[RaceRun]:
    """Runs whose results everybody may read, with their files: published ones and those a correction replaced."""
    found = RaceRun.objects.filter(state__in=("published", "superseded"), published_on__isnull=False)
    return list(
        found.select_related("file", "supersedes").prefetch_related("places__region").order_by("-published_on", "-pk")
    )


def round_of(period: str) -> RaceRound:
    """The round of a month such as 2024-09. RaceRound.DoesNotExist when there is none."""
    found: RaceRound = RaceRound.objects.get(period=period)
    return found
