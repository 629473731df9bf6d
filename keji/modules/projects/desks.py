"""The desks of projects, area by area."""

from importlib import import_module
from importlib.util import find_spec

for _area in ("call", "proposal", "project", "challenge", "results"):
    if find_spec(f"keji.modules.projects.desks_{_area}"):
        import_module(f"keji.modules.projects.desks_{_area}")
