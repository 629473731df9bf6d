"""Telling one year's results of one project."""

from __future__ import annotations

from django.urls import URLPattern, path

from keji.modules.projects.results import views as results

urlpatterns: list[URLPattern] = [
    path("projects/<int:pk>/results/<int:year>", results.tell, name="project-results-tell"),
]
