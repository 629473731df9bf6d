"""What other modules, the demonstration city and the assembly may ask of the platforms."""

from __future__ import annotations

from keji.kernel.records.checklist import save_checks as save_form_checks
from keji.modules.platforms.assessment.services.assessment import (
    add_evidence,
    draft_campaigns,
    save_checks,
    save_self_report,
)
from keji.modules.platforms.assessment.services.mending import add_finding, answer, review
from keji.modules.platforms.assessment.services.schemes import draft_schemes, next_edition
from keji.modules.platforms.assessment.services.scoring import save_panelist
from keji.modules.platforms.cultivation.services import add_step, finish_step, name_candidates, record_tutor_visit
from keji.modules.platforms.incubators.operator_board import operator_board
from keji.modules.platforms.incubators.services.data import (
    add_facility_facts,
    add_financings,
    add_tenant_years,
    add_visits,
    confirm_roster,
    last_quarter,
)
from keji.modules.platforms.incubators.services.tenancy import remind as remind_tenancies
from keji.modules.platforms.incubators.services.tenancy import waiting_tenants
from keji.modules.platforms.incubators.services.tenants import confirm_tenants, correct_tenant, report_tenants
from keji.modules.platforms.models import (
    Application,
    Assessment,
    Call,
    Campaign,
    Cultivation,
    Platform,
    Scheme,
    Tenant,
)
from keji.modules.platforms.recognition.services.listing import draft_list, issue_list, publicise
from keji.modules.platforms.recognition.services.meeting import record_meeting, record_visit, waiting
from keji.modules.platforms.recognition.services.recognition import (
    add_material,
    apply,
    draft_calls,
    update_application,
)
from keji.modules.platforms.register.services import report_platforms, report_years

__all__ = [
    "remind_tenancies",
    "waiting_tenants",
    "Application",
    "Assessment",
    "Call",
    "Campaign",
    "Cultivation",
    "Platform",
    "Scheme",
    "Tenant",
    "add_evidence",
    "add_facility_facts",
    "add_financings",
    "add_finding",
    "add_material",
    "add_step",
    "add_tenant_years",
    "add_visits",
    "answer",
    "apply",
    "confirm_roster",
    "confirm_tenants",
    "correct_tenant",
    "draft_calls",
    "draft_campaigns",
    "draft_list",
    "draft_schemes",
    "finish_step",
    "issue_list",
    "last_quarter",
    "name_candidates",
    "next_edition",
    "operator_board",
    "publicise",
    "record_meeting",
    "record_tutor_visit",
    "record_visit",
    "report_platforms",
    "report_tenants",
    "report_years",
    "review",
    "save_checks",
    "save_form_checks",
    "save_panelist",
    "save_self_report",
    "update_application",
    "waiting",
]
