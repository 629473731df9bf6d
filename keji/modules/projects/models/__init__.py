"""What this module keeps, area by area."""

from keji.modules.projects.models.acceptance import Acceptance
from keji.modules.projects.models.change import Change
from keji.modules.projects.models.guideline import Guideline
from keji.modules.projects.models.money import BudgetLine, Milestone, Payment, TaskBook, YearReport
from keji.modules.projects.models.programme import Criterion, Programme, ReviewScheme
from keji.modules.projects.models.project import Project
from keji.modules.projects.models.proposal import EarlierProject, Likeness, Material, Member, Partner, Proposal
from keji.modules.projects.models.review import Decision, DecisionMeeting, Mark, Review, ReviewBatch

__all__ = [
    "Acceptance",
    "BudgetLine",
    "Change",
    "Milestone",
    "Payment",
    "TaskBook",
    "YearReport",
    "Criterion",
    "Decision",
    "DecisionMeeting",
    "EarlierProject",
    "Guideline",
    "Likeness",
    "Mark",
    "Material",
    "Member",
    "Partner",
    "Programme",
    "Project",
    "Proposal",
    "Review",
    "ReviewBatch",
    "ReviewScheme",
]
