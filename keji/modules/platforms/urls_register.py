"""The register's own pages, and the files of all areas."""

from __future__ import annotations

from django.urls import URLPattern, path

from keji.modules.platforms.views import files, register

urlpatterns: list[URLPattern] = [
    path("overview", register.overview, name="platform-overview"),
    path("standing", register.standing_list, name="platform-standing"),
    path("files/<int:pk>", files.show, name="platform-file"),
    path("files/<int:pk>/drop", files.drop, name="platform-file-drop"),
    path("papers/<int:pk>/<str:kind>", files.paper, name="platform-paper"),
]
