"""What this module keeps, area by area."""

from keji.modules.projects.models.acceptance import Acceptance
from keji.modules.projects.models.challenge import Bid, BidScore, Challenge, Contract, Stage, Talk
from keji.modules.projects.models.change import Change
from keji.modules.projects.models.guideline import Guideline
from keji.modules.projects.models.meeting import AgendaItem, Assent, Attendee, PanelMeeting, PaperSheet
from keji.modules.projects.models.money import BudgetLine, Milestone, Payment, TaskBook, YearReport
from keji.modules.projects.models.programme import Criterion, Programme, ReviewScheme
from keji.modules.projects.models.project import Project
from keji.modules.projects.models.proposal import EarlierProject, Likeness, Material, Member, Partner, Proposal
from keji.modules.projects.models.results import HigherProject, ResultYear
from keji.modules.projects.models.review import Decision, DecisionMeeting, Mark, Review, ReviewBatch
from keji.modules.projects.models.share import Share

__all__ = [
    "Acceptance",
    "AgendaItem",
    "Assent",
    "Attendee",
    "Bid",
    "BidScore",
    "BudgetLine",
    "Challenge",
    "Change",
    "Contract",
    "Criterion",
    "Decision",
    "DecisionMeeting",
    "EarlierProject",
    "Guideline",
    "HigherProject",
    "Likeness",
    "Mark",
    "Material",
    "Member",
    "Milestone",
    "PanelMeeting",
    "PaperSheet",
    "Partner",
    "Payment",
    "Programme",
    "Project",
    "Proposal",
    "ResultYear",
    "Review",
    "ReviewBatch",
    "ReviewScheme",
    "Share",
    "Stage",
    "Talk",
    "TaskBook",
    "YearReport",
]
