"""The decision on a guideline's proposals, its notice, and the paper that establishes projects."""

from __future__ import annotations

from django.urls import URLPattern, path

from keji.modules.projects.decisions import views

urlpatterns: list[URLPattern] = [
    path("guidelines/<int:pk>/meeting", views.meeting, name="guideline-meeting"),
    path("guidelines/<int:pk>/publicise", views.publicise, name="guideline-publicise"),
    path("guidelines/<int:pk>/draft", views.draft, name="guideline-draft"),
    path("guidelines/<int:pk>/issue", views.issue, name="guideline-issue"),
    path("guidelines/<int:pk>/paper.<str:kind>", views.paper, name="guideline-paper"),
]
