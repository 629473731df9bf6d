"""The enterprises' pages, area by area."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
for _area in ("firms", "verdicts", "facts", "rights", "portal", "ladder", "burden"):
    if find_spec(f"keji.modules.enterprises.{_area}.urls"):
        urlpatterns += import_module(f"keji.modules.enterprises.{_area}.urls").urlpatterns
