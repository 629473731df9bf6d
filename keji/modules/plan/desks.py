"""The plan's desks, area by area."""

from importlib import import_module
from importlib.util import find_spec

for _area in ("adopt", "track", "follow", "targets"):
    if find_spec(f"keji.modules.plan.desks_{_area}"):
        import_module(f"keji.modules.plan.desks_{_area}")
