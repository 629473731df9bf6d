"""What others may ask of research integrity: handing in a report, reading its receipt; the demo's hands."""

from keji.modules.integrity.models import (
    Activity,
    Case,
    CatalogueItem,
    Edition,
    Member,
    Report,
    Sanction,
    Subject,
    Worker,
)
from keji.modules.integrity.services.cases import (
    add_member,
    add_subject,
    appoint_worker,
    find_person,
    open_cases,
    serve_subject,
    set_basis,
)
from keji.modules.integrity.services.education import report_activities
from keji.modules.integrity.services.figures import watched
from keji.modules.integrity.services.findings import add_sanction, factors, mark_done, save_finding
from keji.modules.integrity.services.mine import appeal
from keji.modules.integrity.services.reports import find_by_receipt, hand_in, word_of
from keji.modules.integrity.services.watching import observe

__all__ = [
    "Activity",
    "Case",
    "CatalogueItem",
    "Edition",
    "Member",
    "Report",
    "Sanction",
    "Subject",
    "Worker",
    "add_member",
    "add_sanction",
    "add_subject",
    "appeal",
    "appoint_worker",
    "factors",
    "find_by_receipt",
    "find_person",
    "hand_in",
    "mark_done",
    "observe",
    "open_cases",
    "report_activities",
    "save_finding",
    "serve_subject",
    "set_basis",
    "watched",
    "word_of",
]
