"""The big city: how the demo's records become as many as a large city has, and the pages people wait for.

A file a module: `grow()` multiplies its records, `pages()` names its pages.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

NAMES = ("firms", "plan", "homes", "ladder", "platforms", "rnd", "experts", "projects", "race")


def parts() -> list[ModuleType]:
    return [import_module(f"benchmarks.city.{name}") for name in NAMES]
