"""Innovation platforms, how they are recognised and assessed, and what lives inside the incubators."""

from keji.modules.platforms.models.assessment import Assessment, Campaign, Finding, Mark, Panelist, SelfReport
from keji.modules.platforms.models.cultivation import Cultivation, CultivationStep, TutorVisit
from keji.modules.platforms.models.incubator import FacilityFacts, Tenant
from keji.modules.platforms.models.platform import HOST_ACCESS, Platform
from keji.modules.platforms.models.recognition import Application, Call, Decision, Material, Meeting, SiteVisit
from keji.modules.platforms.models.scheme import Band, Scheme, SchemeItem
from keji.modules.platforms.models.tenant_data import Financing, GraduateVisit, RosterConfirmation, TenantYear
from keji.modules.platforms.models.year import PlatformYear

__all__ = [
    "HOST_ACCESS",
    "Application",
    "Assessment",
    "Band",
    "Call",
    "Campaign",
    "Cultivation",
    "CultivationStep",
    "Decision",
    "FacilityFacts",
    "Financing",
    "Finding",
    "GraduateVisit",
    "Mark",
    "Material",
    "Meeting",
    "Panelist",
    "Platform",
    "PlatformYear",
    "RosterConfirmation",
    "Scheme",
    "SchemeItem",
    "SelfReport",
    "SiteVisit",
    "Tenant",
    "TenantYear",
    "TutorVisit",
]
