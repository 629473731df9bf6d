"""The pages of projects, area by area."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
for _area in ("call", "proposal", "review", "meeting", "project", "challenge", "results"):
    if find_spec(f"keji.modules.projects.urls_{_area}"):
        urlpatterns += import_module(f"keji.modules.projects.urls_{_area}").urlpatterns
