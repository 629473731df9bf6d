"""The tracker, whose figures count registers of the whole city."""

from __future__ import annotations

from benchmarks.city.common import changed, one_of, plain
from benchmarks.web import Page


def grow() -> None:
    """Nothing to add: a city has one plan."""


def pages() -> list[Page]:
    from keji.modules.plan.models import PlanTarget

    counted = PlanTarget.objects.filter(basis="indicator", dropped=False, merged_into=None, plan__state="adopted")
    return [
        Page("tracker", "guihua", plain("/plan/")),
        Page("tracker, after a certificate", "guihua", changed("/plan/", "enterprises.Certification")),
        Page("tracker of a county", "jinan", plain("/plan/")),
        Page("tracker of a frozen month", "guihua", plain("/plan/?period=2024-10")),
        Page("one target", "guihua", one_of("/plan/targets/{}", list(counted.values_list("pk", flat=True)))),
    ]
