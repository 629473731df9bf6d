"""The rules of platforms, area by area; with their dated numbers and documents."""

from importlib import import_module
from importlib.util import find_spec

for _area in ("recognition", "cultivation", "assessment", "incubator"):
    if find_spec(f"keji.modules.platforms.regulations.{_area}"):
        import_module(f"keji.modules.platforms.regulations.{_area}")
