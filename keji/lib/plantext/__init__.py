"""Reads a plan document: clause tree, typed targets, what repeats or contradicts, and why other figures are none."""

from .document import read
from .exclusions import REASONS
from .model import Clause, Document, Exclusion, Group, Place, PlanError, Target, plain, to_json
from .sources import open_document

__all__ = [
    "REASONS", "Clause", "Document", "Exclusion", "Group", "Place", "PlanError", "Target", "open_document", "plain",
    "read", "to_json",
]  # fmt: skip
