"""The pages of projects, area by area."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
for _area in ("decisions", "proposals", "reviews", "meetings", "running", "challenges", "shares", "results"):
    if find_spec(f"keji.modules.projects.{_area}.urls"):
        urlpatterns += import_module(f"keji.modules.projects.{_area}.urls").urlpatterns
