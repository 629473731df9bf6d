"""What other modules, the demonstration city and the assembly may ask of R&D filing."""

from __future__ import annotations

from keji.modules.rnd.models import RndProject, RndStatement, ZeroingCase
from keji.modules.rnd.services.projects import (
    add_equipment,
    correct_project,
    create_projects,
    file_all,
    step_in_bulk,
    update_year,
)
from keji.modules.rnd.services.spending import save_months
from keji.modules.rnd.services.statements import confirm_in_bulk as confirm_statements
from keji.modules.rnd.services.statements import report_statements
from keji.modules.rnd.services.zeroing import assign_cases, log_visit, recompute

__all__ = [
    "RndProject",
    "RndStatement",
    "ZeroingCase",
    "add_equipment",
    "assign_cases",
    "confirm_statements",
    "correct_project",
    "create_projects",
    "file_all",
    "log_visit",
    "recompute",
    "report_statements",
    "save_months",
    "step_in_bulk",
    "update_year",
]
