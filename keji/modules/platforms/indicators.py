"""The numbers this module feeds, area by area."""

from importlib import import_module
from importlib.util import find_spec

for _area in ("register", "incubators"):
    if find_spec(f"keji.modules.platforms.{_area}.indicators"):
        import_module(f"keji.modules.platforms.{_area}.indicators")
