"""What other modules, the demonstration city and the assembly may ask of platforms."""

from __future__ import annotations

from keji.modules.platforms.models import Platform, Tenant
from keji.modules.platforms.services.incubator_data import (
    add_facility_facts,
    add_financings,
    add_tenant_years,
    add_visits,
    confirm_roster,
    last_quarter,
)
from keji.modules.platforms.services.register import report_platforms
from keji.modules.platforms.services.tenants import confirm_tenants, correct_tenant, report_tenants

__all__ = [
    "Platform",
    "Tenant",
    "add_facility_facts",
    "add_financings",
    "add_tenant_years",
    "add_visits",
    "confirm_roster",
    "confirm_tenants",
    "correct_tenant",
    "last_quarter",
    "report_platforms",
    "report_tenants",
]
