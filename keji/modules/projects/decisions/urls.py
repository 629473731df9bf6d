"""Guidelines: what is done for all proposals together."""

from __future__ import annotations

from django.urls import URLPattern, path

from keji.modules.projects.decisions import views as call

urlpatterns: list[URLPattern] = [
    path("guidelines/<int:pk>/compare", call.compare, name="guideline-compare"),
    path("guidelines/<int:pk>/meeting", call.meeting, name="guideline-meeting"),
    path("guidelines/<int:pk>/publicise", call.publicise, name="guideline-publicise"),
    path("guidelines/<int:pk>/draft", call.draft, name="guideline-draft"),
    path("guidelines/<int:pk>/issue", call.issue, name="guideline-issue"),
    path("guidelines/<int:pk>/paper.<str:kind>", call.paper, name="guideline-paper"),
]
