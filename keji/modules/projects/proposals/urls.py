"""Pages of one proposal."""

from __future__ import annotations

from django.urls import URLPattern, path

from keji.modules.projects.proposals import views

urlpatterns: list[URLPattern] = [
    path("guidelines/<int:pk>/compare", views.compare, name="guideline-compare"),
    path("guidelines/<int:pk>/apply/<int:party>", views.start, name="proposal-start"),
    path("proposals/<int:pk>/write", views.write, name="proposal-write"),
    path("proposals/<int:pk>/autosave", views.autosave, name="proposal-autosave"),
    path("proposals/<int:pk>/materials/<str:code>", views.material, name="proposal-material"),
    path("proposals/<int:pk>/check", views.check, name="proposal-check"),
    path("proposals/<int:pk>/paper.<str:kind>", views.paper, name="proposal-paper"),
    path("proposal-files/<int:pk>", views.file, name="proposal-file"),
    path("proposal-files/<int:pk>/drop", views.drop_file, name="proposal-drop-file"),
    path("likeness/<int:pk>/judge", views.judge, name="likeness-judge"),
]
