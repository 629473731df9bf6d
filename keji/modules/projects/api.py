"""What other modules, the demonstration city and the assembly may ask of the projects."""

from __future__ import annotations

from typing import Any

from keji.kernel.records.checklist import save_checks as save_form_checks
from keji.modules.projects.calls.services.guidelines import create_programmes, draft_guidelines
from keji.modules.projects.calls.services.schemes import draft_schemes
from keji.modules.projects.challenges.services.bids import start_bid, talk, write_bid
from keji.modules.projects.challenges.services.challenges import argue, create_challenges
from keji.modules.projects.challenges.services.contracts import (
    confirm_stage,
    firm_pays,
    judge_stage,
    save_contract,
    sign_for_both,
)
from keji.modules.projects.challenges.services.evaluating import choose, firm_view, record_scores
from keji.modules.projects.challenges.services.evaluating import publicise as publicise_winner
from keji.modules.projects.decisions.services.deciding import record_meeting, waiting
from keji.modules.projects.decisions.services.listing import draft_paper, issue_paper, publicise
from keji.modules.projects.meetings.services.attending import call_substitute, record_absent, record_present, sign_in
from keji.modules.projects.meetings.services.attending import vote as vote_for_chair
from keji.modules.projects.meetings.services.calling import call_meeting, meeting_of
from keji.modules.projects.meetings.services.minutes import agree as agree_minutes
from keji.modules.projects.meetings.services.minutes import draw_up as draw_up_minutes
from keji.modules.projects.meetings.services.opinions import answer as answer_opinion
from keji.modules.projects.meetings.services.opinions import draft_opinion
from keji.modules.projects.meetings.services.paper_sheets import confirm_sheet, type_sheet
from keji.modules.projects.models import Guideline, Programme, Project, Proposal, Review, ReviewBatch
from keji.modules.projects.proposals.services.earlier import keep_earlier
from keji.modules.projects.proposals.services.proposals import add_material, apply, update_proposal
from keji.modules.projects.proposals.services.similarity import compare, judge
from keji.modules.projects.results.services.higher import report_higher
from keji.modules.projects.results.services.results import tell as tell_results
from keji.modules.projects.reviews.services.allocating import Options, facts_of, plan_for, usual
from keji.modules.projects.reviews.services.allocating import adopt as adopt_plan
from keji.modules.projects.reviews.services.blinding import digest_for as blind_digest
from keji.modules.projects.reviews.services.blinding import look as look_at_blind
from keji.modules.projects.reviews.services.drawing import ARGUE, drawn_experts, take_over_panel
from keji.modules.projects.reviews.services.drawing import ask_for_argue_draw as ask_argue_draw
from keji.modules.projects.reviews.services.drawing import ask_for_challenge_draw as ask_challenge_draw
from keji.modules.projects.reviews.services.drawing import ask_for_draw as ask_draw
from keji.modules.projects.reviews.services.expert_tasks import expert_tasks
from keji.modules.projects.reviews.services.panel import draft_batches
from keji.modules.projects.reviews.services.reviewing import explain, save_marks
from keji.modules.projects.reviews.services.reviewing import submit as submit_review
from keji.modules.projects.reviews.services.swapping import swap as swap_reviewer
from keji.modules.projects.running.services.accepting import ask as ask_acceptance
from keji.modules.projects.running.services.accepting import record_result
from keji.modules.projects.running.services.changes import ask as ask_change
from keji.modules.projects.running.services.payments import give_back, pay
from keji.modules.projects.running.services.register import register_projects
from keji.modules.projects.running.services.reports import file_report
from keji.modules.projects.running.services.taskbook import reach, save_task_book, sign_as
from keji.modules.projects.shares.services import agree as agree_share
from keji.modules.projects.shares.services import save_shares

__all__ = [
    "ARGUE",
    "Project",
    "Proposal",
    "add_material",
    "adopt_plan",
    "agree_minutes",
    "agree_share",
    "answer_opinion",
    "apply",
    "argue",
    "ask_acceptance",
    "ask_argue_draw",
    "ask_challenge_draw",
    "ask_change",
    "ask_draw",
    "blind_digest",
    "call_meeting",
    "call_substitute",
    "choose",
    "compare",
    "confirm_sheet",
    "confirm_stage",
    "create_challenges",
    "create_programmes",
    "draft_batches",
    "draft_guidelines",
    "draft_opinion",
    "draft_paper",
    "draft_schemes",
    "draw_up_minutes",
    "drawn_experts",
    "expert_tasks",
    "explain",
    "file_report",
    "firm_pays",
    "firm_view",
    "give_back",
    "issue_paper",
    "judge",
    "judge_stage",
    "keep_earlier",
    "look_at_blind",
    "meeting_of",
    "pay",
    "plan_for",
    "programme_called",
    "publicise",
    "publicise_winner",
    "reach",
    "record_absent",
    "record_meeting",
    "record_present",
    "record_result",
    "record_scores",
    "register_projects",
    "report_higher",
    "save_contract",
    "save_form_checks",
    "save_marks",
    "save_shares",
    "save_task_book",
    "sheets_of",
    "sign_as",
    "sign_for_both",
    "sign_in",
    "start_bid",
    "submit_review",
    "swap_reviewer",
    "take_over_panel",
    "talk",
    "tell_results",
    "type_sheet",
    "update_proposal",
    "usual_options",
    "vote_for_chair",
    "waiting",
    "write_bid",
]


def sheets_of(guideline: Guideline) -> Any:
    """The experts' sheets of a guideline, for whoever runs its review."""
    return Review.objects.filter(batch__guideline=guideline)


def programme_called(name: str) -> Programme:
    """A programme by its name. Raises Programme.DoesNotExist."""
    return Programme.objects.get(name=name)


def usual_options(batch: ReviewBatch) -> Options:
    """What sharing a batch out starts from."""
    return usual(batch, facts_of(batch))
