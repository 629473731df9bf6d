"""The records of research integrity."""

from keji.modules.integrity.models.case import (
    Case,
    CasePaper,
    Member,
    Observation,
    Sanction,
    Subject,
    Worker,
    last_month_day,
)
from keji.modules.integrity.models.catalogue import CatalogueItem, Edition, Line
from keji.modules.integrity.models.education import Activity
from keji.modules.integrity.models.report import Lookup, Report

__all__ = [
    "Activity",
    "Case",
    "CasePaper",
    "CatalogueItem",
    "Edition",
    "Line",
    "Lookup",
    "Member",
    "Observation",
    "Report",
    "Sanction",
    "Subject",
    "Worker",
    "last_month_day",
]
