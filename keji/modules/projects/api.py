"""What other modules, the demonstration city and the assembly may ask of the projects."""

from __future__ import annotations

from typing import Any

from keji.modules.projects.models import Guideline, Project, Proposal, Review
from keji.modules.projects.services.accepting import ask as ask_acceptance
from keji.modules.projects.services.accepting import record_result
from keji.modules.projects.services.changes import ask as ask_change
from keji.modules.projects.services.deciding import record_meeting, waiting
from keji.modules.projects.services.guidelines import create_programmes, draft_guidelines, keep_earlier
from keji.modules.projects.services.listing import draft_paper, issue_paper, publicise
from keji.modules.projects.services.panel import assign_panel, draft_batches
from keji.modules.projects.services.payments import give_back, pay
from keji.modules.projects.services.proposals import add_material, apply, save_form_checks, update_proposal
from keji.modules.projects.services.register import register_projects
from keji.modules.projects.services.reports import file_report
from keji.modules.projects.services.reviewing import explain, save_marks
from keji.modules.projects.services.reviewing import submit as submit_review
from keji.modules.projects.services.schemes import draft_schemes
from keji.modules.projects.services.similarity import compare, judge
from keji.modules.projects.services.taskbook import reach, save_task_book, sign_as

__all__ = [
    "Project",
    "Proposal",
    "add_material",
    "apply",
    "ask_acceptance",
    "ask_change",
    "assign_panel",
    "compare",
    "create_programmes",
    "draft_batches",
    "draft_guidelines",
    "draft_paper",
    "draft_schemes",
    "explain",
    "file_report",
    "give_back",
    "issue_paper",
    "judge",
    "keep_earlier",
    "pay",
    "publicise",
    "reach",
    "record_meeting",
    "record_result",
    "register_projects",
    "save_form_checks",
    "save_marks",
    "save_task_book",
    "sheets_of",
    "sign_as",
    "submit_review",
    "update_proposal",
    "waiting",
]


def sheets_of(guideline: Guideline) -> Any:
    """The experts' sheets of a guideline, for whoever runs its review."""
    return Review.objects.filter(batch__guideline=guideline)
