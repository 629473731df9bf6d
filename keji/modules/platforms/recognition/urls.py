"""Recognition: pages of one application and of a whole batch."""

from __future__ import annotations

from django.urls import URLPattern, path

from keji.modules.platforms.recognition.views import batch, recognition

urlpatterns: list[URLPattern] = [
    path("calls/<int:pk>/apply/<int:party>", recognition.start, name="platform-apply"),
    path("calls/<int:pk>/meeting", batch.meeting, name="platform-meeting"),
    path("calls/<int:pk>/publicise", batch.publicise, name="platform-publicise"),
    path("calls/<int:pk>/draft", batch.draft, name="platform-draft-list"),
    path("calls/<int:pk>/issue", batch.issue, name="platform-issue-list"),
    path("applications/<int:pk>/materials/<str:code>", recognition.material, name="platform-material"),
    path("applications/<int:pk>/check", recognition.check, name="platform-form-check"),
    path("applications/<int:pk>/visit", recognition.visit, name="platform-visit"),
]
