"""Innovation platforms, how they are recognised and assessed, and what lives inside the incubators."""

from keji.modules.platforms.models.incubator import FacilityFacts, Tenant
from keji.modules.platforms.models.platform import HOST_ACCESS, Platform
from keji.modules.platforms.models.tenant_data import Financing, GraduateVisit, RosterConfirmation, TenantYear

__all__ = [
    "HOST_ACCESS",
    "FacilityFacts",
    "Financing",
    "GraduateVisit",
    "Platform",
    "RosterConfirmation",
    "Tenant",
    "TenantYear",
]
