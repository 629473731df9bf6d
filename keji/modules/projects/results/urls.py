"""Telling one year's results of one project."""

from __future__ import annotations

from django.urls import URLPattern, path

from keji.modules.projects.results import views

urlpatterns: list[URLPattern] = [
    path("projects/<int:pk>/results/<int:year>", views.tell, name="project-results-tell"),
]
