"""What runs in the background or at night, area by area."""

from importlib import import_module
from importlib.util import find_spec

for _area in ("incubators",):
    if find_spec(f"keji.modules.platforms.{_area}.jobs"):
        import_module(f"keji.modules.platforms.{_area}.jobs")
