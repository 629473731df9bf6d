"""What the assembly, boards of other modules and the demonstration city may ask of the plan."""

from __future__ import annotations

from typing import Any

from keji.desk.bulletins import waiting_items
from keji.kernel.people.roles import Actor
from keji.modules.plan.boards import county_board, leader_board, officer_board
from keji.modules.plan.models import FollowUp, Plan
from keji.modules.plan.services.adopt import read_plan
from keji.modules.plan.services.bulletin import LIFE, draft_bulletin, draft_correction, issue_bulletin, review_bulletin
from keji.modules.plan.services.follow import file_note
from keji.modules.plan.services.issued import printed_readings
from keji.modules.plan.services.months import freeze_month
from keji.modules.plan.services.progress import confirm_progress, file_progress
from keji.modules.plan.services.split import answer as answer_share
from keji.modules.plan.services.split import issue_split
from keji.modules.plan.services.split import propose as propose_split
from keji.modules.plan.services.split import suggest as suggest_split
from keji.modules.plan.services.targets import Assignment, assign, assign_item, settle, version_of
from keji.modules.plan.services.targets import correct as correct_target

__all__ = [
    "Assignment",
    "FollowUp",
    "Plan",
    "answer_share",
    "assign",
    "assign_item",
    "confirm_progress",
    "correct_target",
    "county_board",
    "draft_bulletin",
    "draft_correction",
    "file_note",
    "file_progress",
    "follow_ups",
    "freeze_month",
    "issue_bulletin",
    "issue_split",
    "leader_board",
    "officer_board",
    "printed_readings",
    "propose_split",
    "read_plan",
    "review_bulletin",
    "settle",
    "suggest_split",
    "version_of",
    "waiting_papers",
]


def waiting_papers(actor: Actor) -> list[dict[str, Any]]:
    """The monthly bulletins this actor may look over or sign, as lines of the to-do list."""
    return waiting_items(LIFE, "bulletin", actor)


def follow_ups(plan: Plan) -> list[FollowUp]:
    return list(FollowUp.objects.filter(item__plan=plan).select_related("section").order_by("item__order"))
