"""5,000 platforms with their years, houses with their firms."""

from __future__ import annotations

from benchmarks.city.common import by_region, changed, plain, searched, sorted_by
from benchmarks.city.twins import multiply
from benchmarks.web import Page

PLATFORMS = 5_000


def grow() -> None:
    from keji.modules.platforms import models as m

    kinds = [m.Platform, m.PlatformYear, m.FacilityFacts, m.Tenant, m.TenantYear, m.Financing, m.RosterConfirmation]
    names = {"platform.name": "t.name || x.r", "tenant.firm": "NULL"}
    multiply([*kinds, m.Assessment], to=PLATFORMS, of=m.Platform, other=names)


def pages() -> list[Page]:
    return [
        Page("platforms, as opened", "chengguo", plain("/d/platforms/")),
        Page("platforms, sorted, page 2", "chengguo", sorted_by("platforms", "name -recognised_on party valid_until")),
        Page("platforms, searched", "chengguo", searched("platforms")),
        Page("platforms of a region", "chengguo", by_region("/d/platforms/")),
        Page("platforms of a county", "jinan", plain("/d/platforms/")),
        Page("years of platforms", "chengguo", plain("/d/platform-years/")),
        Page("assessments of platforms", "chengguo", plain("/d/assessments/")),
        Page("incubators", "chengguo", plain("/platforms/incubators")),
        Page("incubators, after a tenant", "chengguo", changed("/platforms/incubators", "platforms.Tenant")),
        Page("tenants", "chengguo", plain("/d/tenants/")),
        Page("tenants, searched", "chengguo", searched("tenants")),
    ]
