"""Reads a plan document: clause tree, typed targets, what repeats or contradicts, and why other figures are none."""

from .document import read
from .model import Clause, Document, Exclusion, Group, Place, PlanError, Target, plain, to_json

__all__ = ["Clause", "Document", "Exclusion", "Group", "Place", "PlanError", "Target", "plain", "read", "to_json"]
