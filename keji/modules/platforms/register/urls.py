"""The register's own pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from keji.modules.platforms.register import views

urlpatterns: list[URLPattern] = [
    path("overview", views.overview, name="platform-overview"),
    path("standing", views.standing_list, name="platform-standing"),
]
