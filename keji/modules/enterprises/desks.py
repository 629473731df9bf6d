"""The enterprises' desks, area by area."""

from importlib import import_module
from importlib.util import find_spec

for _area in ("firms", "facts", "rights", "portal", "ladder"):
    if find_spec(f"keji.modules.enterprises.{_area}.desks"):
        import_module(f"keji.modules.enterprises.{_area}.desks")
