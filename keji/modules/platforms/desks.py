"""The desks of platforms, area by area."""

from importlib import import_module
from importlib.util import find_spec

for _area in ("register", "recognition", "cultivation", "assessment", "incubators"):
    if find_spec(f"keji.modules.platforms.{_area}.desks"):
        import_module(f"keji.modules.platforms.{_area}.desks")
