"""The desks of projects, area by area."""

from importlib import import_module
from importlib.util import find_spec

for _area in ("calls", "reviews", "proposals", "running", "challenges", "shares", "results"):
    if find_spec(f"keji.modules.projects.{_area}.desks"):
        import_module(f"keji.modules.projects.{_area}.desks")
