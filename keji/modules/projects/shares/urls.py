"""Pages of a joint project's shares."""

from __future__ import annotations

from django.urls import URLPattern, path

from keji.modules.projects.shares import views

urlpatterns: list[URLPattern] = [
    path("projects/<int:pk>/shares", views.write_shares, name="project-shares-write"),
    path("shares/<int:pk>/agree", views.agree_share, name="share-agree"),
]
