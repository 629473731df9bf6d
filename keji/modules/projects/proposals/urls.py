"""Pages of one proposal."""

from __future__ import annotations

from django.urls import URLPattern, path

from keji.modules.projects.proposals import views as proposal

urlpatterns: list[URLPattern] = [
    path("guidelines/<int:pk>/apply/<int:party>", proposal.start, name="proposal-start"),
    path("proposals/<int:pk>/write", proposal.write, name="proposal-write"),
    path("proposals/<int:pk>/autosave", proposal.autosave, name="proposal-autosave"),
    path("proposals/<int:pk>/materials/<str:code>", proposal.material, name="proposal-material"),
    path("proposals/<int:pk>/check", proposal.check, name="proposal-check"),
    path("proposals/<int:pk>/paper.<str:kind>", proposal.paper, name="proposal-paper"),
    path("proposal-files/<int:pk>", proposal.file, name="proposal-file"),
    path("proposal-files/<int:pk>/drop", proposal.drop_file, name="proposal-drop-file"),
    path("likeness/<int:pk>/judge", proposal.judge, name="likeness-judge"),
]
