"""The pages of platforms, area by area."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
for _area in ("register", "files", "recognition", "cultivation", "assessment", "incubators"):
    if find_spec(f"keji.modules.platforms.{_area}.urls"):
        urlpatterns += import_module(f"keji.modules.platforms.{_area}.urls").urlpatterns
